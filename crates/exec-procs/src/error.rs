//! Why the pool cannot do what it was asked.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use paceline_core::ExecError;

use crate::EXECUTOR_ID;
use crate::wire::Broken;

/// What kept a pool or one of its children from coming up.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PoolError {
    /// A limit of the operating system is lower than what the pool takes.
    #[error("{need} {what} are needed, and {limit} allows {have}")]
    TooFew { limit: &'static str, what: &'static str, need: u64, have: u64 },
    /// There is no folder for the sockets of handshakes.
    #[error("find a folder for sockets: {} (TMPDIR) cannot be used: {reason}", folder.display())]
    SocketFolder { folder: PathBuf, reason: String },
    /// The operating system refused something.
    #[error("{what}: {source}")]
    System { what: &'static str, source: io::Error },
    /// A channel broke while it was set up.
    #[error("{what}: {source}")]
    Channel { what: &'static str, source: Broken },
    /// A child did not become ready in time.
    #[error(
        "start a child: process {pid} was not ready within {} s{}",
        within.as_secs_f64(), quoted(last_words)
    )]
    TooLate { pid: u32, within: Duration, last_words: String },
    /// A child ended before it was ready.
    #[error(
        "start a child: process {pid} ended before it was ready ({status}){}",
        quoted(last_words)
    )]
    Ended { pid: u32, status: String, last_words: String },
    /// A child is not the same executable as its parent.
    #[error("start a child: the executable was replaced since this process started")]
    OtherBuild,
    /// The lane's number is larger than its pool.
    #[error("find a page for a lane beyond the board")]
    NoPage,
    /// A child could not build the workload.
    #[error("start a child: it cannot {0}")]
    Unfit(String),
}

impl PoolError {
    /// The same as an error of starting lanes.
    pub(crate) fn into_start(self) -> ExecError {
        ExecError::Start { executor: EXECUTOR_ID, reason: self.to_string(), source: None }
    }
}

fn quoted(last_words: &str) -> String {
    match last_words {
        "" => String::new(),
        words => format!("; its last words on standard error: {words}"),
    }
}
