//! Child processes over ipc-channel: a pool that runs its own binary again.
//!
//! [`ProcsIpc`] gives every lane a process. A child is the same executable as its parent; a binary that
//! starts pools calls [`serve_if_child`] first thing in `main`, and in a child that call does the rest.
//! What crosses the border is plain data: the workload's spec, numbers of items, and receipts.
//!
//! ```text
//!             parent                                     child, one per lane
//!  +--------------------------------+           +--------------------------------+
//!  | Ledger: what waits             |           |                                |
//!  |    |        ^                  |   tasks   |                                |
//!  |    v        | what was not     | --------> | main thread: one item after    |
//!  | Lane        | begun            | <-------- | the other, through the job's   |
//!  | (a thread)  |                  |  receipts | door                           |
//!  |    |     Flight: what the      |           |    |                           |
//!  |    |     child has             |           |    | notes every item          |
//!  |    v                           |   page    |    v                           |
//!  | Job: receipts    after a death | <=======> | begun, done, marks             |
//!  |                                |           |                                |
//!  | Warden (one thread): deadlines |   leash   | leash thread: ends the process |
//!  |                                | --------> | when the parent is gone        |
//!  +--------------------------------+           +--------------------------------+
//! ```
//!
//! # What holds, whatever a child does
//!
//! - **Every item is in exactly one place**: in the queue, in the flight of one lane, or settled by one
//!   receipt. The books see to that (`ledger`) and know neither processes nor channels.
//! - **A death is read exactly.** A child notes in shared memory when an item begins and when it is
//!   done (`page`). So whenever it dies, its parent knows which items were done, with their
//!   checksums, which one was in work, and which had not begun. The first are receipts, the second is
//!   lost, the third go out again. No item runs twice unless [`Options::retry_lost`] asks for it.
//! - **There is one way to die.** A closed channel, a deadline and nonsense all lead to the same three
//!   steps: kill, wait, then decide (`lane`).
//! - **Nothing outlives its owner.** A child is waited for by whoever drops it, and ends when its
//!   parent does: it holds a leash, the read end of a pipe, and the kernel is asked to kill it, too
//!   (`serve`).
//! - **A lane only ever waits for its child, and for that without a limit.** All deadlines are kept by
//!   one thread, which kills (`warden`); death is what wakes a lane.
//! - **Whatever ipc-channel or the system may panic at is either checked before (`os`) or one more
//!   broken channel (`wire`).**
//!
//! docs/process-pool.md tells why each of these was chosen over its alternatives, and what was measured.
//!
//! # In reading order
//!
//! `executor` and `pool` are the traits of paceline-core; `lane` is the state machine that
//! everything turns on. Below it stand `child`, `handshake` and `door`, the parent's side of one process,
//! and `serve`, the child's; `wire` and `page` are what the two share. `run`, `ledger` and
//! `pace` decide who gets which items, and `warden`, `process` and `os` deal with the system.

mod child;
mod door;
mod error;
mod executor;
mod handshake;
mod lane;
mod ledger;
mod os;
mod pace;
mod page;
mod pool;
mod process;
mod run;
mod serve;
mod warden;
mod wire;

pub use executor::{Options, ProcsIpc};
pub use serve::serve_if_child;

/// The name by which matrices and reports know this executor.
const EXECUTOR_ID: &str = "procs-ipc";
