//! The remote API that the IO-heavy rows talk to, as data: records, and how long answers take.
//!
//! The workload `api` waits as this crate says and stays in its own process; `paceline-api-server` waits
//! likewise and answers over HTTP, and the workload `http` asks it. All three draw from the same seed
//! through the same code, so a row over sockets meets the latencies of its simulated twin, and ends with
//! the same checksums.
//!
//! Invariants:
//!
//! - **Nothing is shared between draws.** A record, a latency or a choice depends on the seed, the
//!   record's id and the purpose, never on what was asked before.
//! - **Only a PUT raises a revision**, so a record tells by itself whether it was stored.
//! - **The API keeps no state.** What a PUT stores is handed back, so a lost item can be run again.
//!
//! The modules, in reading order:

mod record;
mod remote;
mod stream;

pub use record::{Record, company_name, is_updated};
pub use remote::{Operation, Remote, RemoteError};
