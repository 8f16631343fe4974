//! The run on disk: a file `journal.ndjson` with one JSON object a line.
//!
//! The journal stands between running and reporting. The driver appends to it and never reads it back;
//! statistics and reports read it and know nothing else. So a report is a pure function of a journal,
//! and any old run can be shown again.
//!
//! - Each line names its format version, so that one line tells whether this build can read it.
//! - The first record is the run's header with the whole plan; a sample names its row. One that was run
//!   for its memory alone is a record of another kind, so that older readers take no times from it.
//! - A line is appended in one write after every sample, before anything is shown. A run that is cut
//!   short, however, leaves whole lines and at most one torn one at the end, which the reader reports
//!   and passes over.
//! - What is read is consistent: rows have names of their own, every sample belongs to one and is there
//!   once, and the columns of its items are of one length. Anything else is an error that names the line.

mod plan;
mod record;
mod lock;
mod writer;
mod reader;

pub use lock::is_being_written;
pub use plan::{Conduct, MatrixName, Plan, RateSearch, Row, StopRule};
pub use reader::{Journal, JournalError};
pub use record::{
    Digest, End, EndReason, FORMAT, Purpose, Record, RunHeader, Sample, SampleOutcome,
};
pub use writer::{FILE_NAME, Writer};
