//! What a check found out about a promise.

use std::io;
use std::time::Duration;

use paceline_core::{ExecError, SpecError};

/// What a check found when no promise was broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The promise was kept.
    Kept,
    /// The promise is not this executor's, or cannot be looked at here, for this reason.
    Skipped(&'static str),
}

/// How a promise was broken, or why it could not be looked at.
#[derive(Debug, thiserror::Error)]
pub enum Breach {
    /// The executor itself reported that it broke.
    #[error(transparent)]
    Machinery(#[from] ExecError),
    /// The executor did not come back.
    #[error("come back within {0:?}")]
    Hung(Duration),
    /// The executor panicked outside any item.
    #[error("keep a panic out of the calling thread: {0}")]
    Panicked(String),
    /// Receipts or leftovers show that the promise was broken.
    #[error("keep its promise: {0}")]
    Seen(String),
    /// The workload of the check could not be built.
    #[error(transparent)]
    Spec(#[from] SpecError),
    /// The check could not make what it needs.
    #[error("prepare the check: {0}")]
    Prepare(#[from] io::Error),
}

impl Breach {
    /// Kept if `reasons` is empty; else all of them in one breach.
    pub(crate) fn unless_none(reasons: Vec<String>) -> Result<Verdict, Self> {
        if reasons.is_empty() { Ok(Verdict::Kept) } else { Err(Self::Seen(reasons.join("; "))) }
    }
}
