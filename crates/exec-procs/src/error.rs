//! Why the pool cannot do what it was asked.

use std::error::Error;
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
    #[error("find room for {lanes} children: they take {need} {what}, {limit} allows {have}")]
    TooFew { lanes: usize, what: &'static str, need: u64, limit: &'static str, have: u64 },
    /// There is no folder for the sockets of handshakes.
    #[error("find a folder for sockets: {} cannot be used: {reason}", folder.display())]
    SocketFolder { folder: PathBuf, reason: String },
    /// Only some of the lanes came up.
    #[error("{reached} of {lanes} lanes came up")]
    TooFewLanes { lanes: usize, reached: usize, first: Box<PoolError> },
    /// The operating system refused something.
    #[error("{what}")]
    System { what: &'static str, source: io::Error },
    /// No channel could be made.
    #[error("make a channel")]
    NoChannel { source: Broken },
    /// The thread of a lane panicked while it started.
    #[error("start a lane: its thread panicked")]
    LanePanicked,
    /// A child did not become ready in time.
    #[error(
        "start child process {pid}: it was not ready within {} s{}",
        within.as_secs_f64(), quoted(last_words)
    )]
    TooLate { pid: u32, within: Duration, last_words: String },
    /// A child ended before it was ready.
    #[error(
        "start child process {pid}: it ended before it was ready ({status}){}",
        quoted(last_words)
    )]
    Ended { pid: u32, status: String, last_words: String },
    /// A child is not the same executable as its parent.
    #[error(
        "start child process {pid}: it is another build than its parent, whose file was replaced"
    )]
    OtherBuild { pid: u32 },
    /// A child could not build the workload.
    #[error("start child process {pid}: it cannot {reason}")]
    Unfit { pid: u32, reason: String },
}

impl PoolError {
    /// Only `reached` of `lanes` lanes came up; `self` is the error of the first of the others.
    ///
    /// The error has the counts only if a limit may be the cause. A child that is late, of another build or
    /// unfit is wrong in itself, however many others are right.
    pub(crate) fn with_counts(self, lanes: usize, reached: usize) -> Self {
        match self {
            Self::System { .. } | Self::Ended { .. } => {
                Self::TooFewLanes { lanes, reached, first: Box::new(self) }
            }
            other => other,
        }
    }

    /// The same as an error of starting lanes.
    pub(crate) fn into_start(self) -> ExecError {
        let executor = EXECUTOR_ID;
        match self {
            Self::TooFewLanes { lanes: asked, reached, first } => {
                let (reason, source) = first.into_words();
                ExecError::TooFewLanes { executor, asked, reached, reason, source }
            }
            other => {
                let (reason, source) = other.into_words();
                ExecError::Start { executor, reason, source }
            }
        }
    }

    fn into_words(self) -> (String, Option<Box<dyn Error + Send + Sync>>) {
        let reason = self.to_string();
        let source: Option<Box<dyn Error + Send + Sync>> = match self {
            Self::System { source, .. } => Some(Box::new(source)),
            Self::NoChannel { source } => Some(Box::new(source)),
            _ => None,
        };
        (reason, source)
    }
}

fn quoted(last_words: &str) -> String {
    match last_words {
        "" => String::new(),
        words => format!("; its last words on standard error: {words}"),
    }
}
