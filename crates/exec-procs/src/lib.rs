//! A pool of child processes over ipc-channel.

mod child;
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
