//! The heart of Paceline: what is run, what runs it, and how the run proves itself.
//!
//! A [`Workload`] is a numbered batch of independent items. An [`Executor`] is one concurrency
//! strategy; it schedules items and knows nothing of what an item does. Between them stands the
//! [`Job`], the only door to an item: it claims the item, stamps the time, catches a panic and
//! writes the [`Receipt`]. [`verify`] then holds the receipts against what the row claims.
//!
//! Invariants that the rest of the workspace builds on:
//!
//! - An item is executed at most once per job, whatever an executor does. Asking for it again leaves
//!   a second receipt, which [`verify`] reports.
//! - Concurrency is computed from the spans in the receipts ([`Concurrency::of`]), never taken from
//!   what an executor says about itself.
//! - Only [`WorkloadSpec`]s, item numbers and receipts cross a process border; each is plain data.
//! - Spans are nanoseconds of one clock that all processes of a machine share ([`clock`]).
//! - In open loop no item begins before it arrives, and its latency counts from its arrival.
//!
//! The modules, in reading order:

// Other crates match these enums. An enum that they should match exhaustively says why.
#![warn(clippy::exhaustive_enums)]

mod arrivals;
pub mod clock;
mod concurrency;
mod executor;
mod io;
mod item;
mod job;
mod limits;
mod param;
mod receipt;
mod verify;
mod workload;

pub use arrivals::Schedule;
pub use concurrency::Concurrency;
pub use executor::{ExecError, Executor, Family, Lanes, SOCKET_FOLDER, Setup};
pub use io::{AsyncIo, AsyncStream, BoxFuture, Sink};
pub use item::{Checksum, Digest, ItemError, ItemIndex, ItemResult, Task};
pub use job::{Job, panic_message, remote};
pub use limits::{address_space_bytes, raise_open_files};
pub use param::Param;
pub use receipt::{LaneId, Outcome, Receipt, Span};
pub use verify::{Expected, Items, Violation, digest, verify};
pub use workload::{SpecError, Workload, WorkloadSpec};
