//! What runs items: one concurrency strategy and its lanes.

use std::fmt;
use std::num::NonZeroUsize;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::job::Job;
use crate::workload::WorkloadSpec;

/// The environment variable that names a worker's own folder for sockets. TMPDIR stays the user's, since
/// programs of items find and leave files there.
pub const SOCKET_FOLDER: &str = "PACELINE_SOCKETS";

/// One concurrency strategy.
///
/// It decides which item runs when and on which lane. It never sees what an item does, and never tells
/// how well it did: that is read from the receipts.
pub trait Executor: Sync {
    /// The name by which matrices and reports know it: the family's prefix, then the engine
    /// ("async-tokio", "threads-rayon", "procs-ipc"). [`Family::of`] reads the prefix.
    fn id(&self) -> &'static str;

    /// One sentence for `cargo xtask list`: the engine and how it is used.
    fn about(&self) -> &'static str;

    /// The most items that this strategy can have in flight whatever width is asked, or `None` when
    /// only the asked width limits it, as for most. `Some(1)` for strategies that run one item after
    /// the other; one that forgets to say so does not reach its width, which the conformance suite sees.
    fn ceiling(&self) -> Option<usize> {
        None
    }

    /// Brings the lanes up: [`Setup::lanes`] threads, tasks or processes, ready for items.
    ///
    /// # Errors
    ///
    /// When the lanes cannot be brought up. When only some of them came up, the error is
    /// [`ExecError::TooFewLanes`]. No lane is left behind, as far as the engine can end them.
    fn start(&self, setup: &Setup<'_>) -> Result<Box<dyn Lanes>, ExecError>;
}

/// Lanes that are up. They can run one job after another.
///
/// Dropping lanes must end them too, for the sake of early returns; [`Lanes::shutdown`] is the way
/// that can report what went wrong.
pub trait Lanes {
    /// How many lanes are up, as far as the executor decides it (a task-based strategy: how many tasks
    /// it will have at once).
    fn started(&self) -> usize;

    /// Runs every task of `job` and returns when all are settled, also those that failed.
    ///
    /// # Errors
    ///
    /// When the machinery itself broke. An item that fails or panics is no error here: its receipt
    /// says so.
    fn run(&mut self, job: &Arc<Job>) -> Result<(), ExecError>;

    /// Ends the lanes and waits until they are gone, as far as the engine lets anyone wait. Lanes that
    /// end without a way to fail do so when they are dropped, and need no more than that.
    ///
    /// # Errors
    ///
    /// When a lane cannot be ended, or when the end shows that a lane never came up.
    fn shutdown(self: Box<Self>) -> Result<(), ExecError> {
        Ok(())
    }
}

/// What an executor is told before it starts its lanes.
#[derive(Debug, Clone, Copy)]
pub struct Setup<'a> {
    /// The most items that may be in flight at once.
    pub width: NonZeroUsize,
    /// How many tasks the first job will have; more lanes than that would only idle.
    pub tasks: usize,
    /// The workload, for lanes that have to rebuild it elsewhere.
    pub spec: &'a WorkloadSpec,
}

impl Setup<'_> {
    /// How many lanes to start: `min(width, tasks)`, as a pool's "max workers", and never none.
    #[must_use]
    pub fn lanes(&self) -> usize {
        self.width.get().min(self.tasks).max(1)
    }
}

/// The four kinds of strategy, which are also the groups that `--only` accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::exhaustive_enums, reason = "reports must give a new family words and a mark")]
pub enum Family {
    /// One item after the other on the calling thread.
    #[serde(rename = "sequential")]
    Sequential,
    /// Tasks on an asynchronous runtime.
    #[serde(rename = "async")]
    Async,
    /// A pool of threads.
    #[serde(rename = "threads")]
    Threads,
    /// A pool of child processes.
    #[serde(rename = "multiproc")]
    Multiproc,
}

impl Family {
    /// All families, in the order of the reference table.
    pub const ALL: [Self; 4] = [Self::Sequential, Self::Async, Self::Threads, Self::Multiproc];

    /// The family that an executor's id declares by its prefix, if it declares one.
    #[must_use]
    pub fn of(executor_id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|family| {
            let prefix = family.id_prefix();
            executor_id
                .strip_prefix(prefix)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
        })
    }

    /// What the ids of this family's executors begin with.
    #[must_use]
    pub fn id_prefix(self) -> &'static str {
        match self {
            Self::Sequential => "seq",
            Self::Async => "async",
            Self::Threads => "threads",
            Self::Multiproc => "procs",
        }
    }

    /// The name of the group.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sequential => "sequential",
            Self::Async => "async",
            Self::Threads => "threads",
            Self::Multiproc => "multiproc",
        }
    }
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The machinery of an executor broke. Failures of items never end up here.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExecError {
    /// The lanes could not be brought up.
    #[error("start the lanes of {executor}: {reason}")]
    Start {
        /// The executor's id.
        executor: &'static str,
        /// What was being done, naming the lane or the limit.
        reason: String,
        /// The error underneath, if there is one.
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
    /// Only some of the lanes came up, so the row would run at a smaller width than it claims.
    #[error("start the lanes of {executor}: {reached} of {asked} came up: {reason}")]
    TooFewLanes {
        /// The executor's id.
        executor: &'static str,
        /// How many lanes were asked for.
        asked: usize,
        /// How many of them came up.
        reached: usize,
        /// What the next one failed at.
        reason: String,
        /// The error underneath, if there is one.
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
    /// The lanes broke while a job was running.
    #[error("run on the lanes of {executor}: {reason}")]
    Run {
        /// The executor's id.
        executor: &'static str,
        /// What broke.
        reason: String,
    },
    /// The lanes could not be ended.
    #[error("end the lanes of {executor}: {reason}")]
    Shutdown {
        /// The executor's id.
        executor: &'static str,
        /// What stayed behind.
        reason: String,
    },
}

impl ExecError {
    /// The lanes of `executor` could not be brought up, because of `source`.
    #[must_use]
    pub fn start(
        executor: &'static str,
        reason: impl fmt::Display,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self::Start { executor, reason: reason.to_string(), source: Some(source.into()) }
    }

    /// Only `reached` of the `asked` lanes of `executor` came up, since the system refused to start a thread
    /// for the next one with `source`.
    #[must_use]
    pub fn too_few_threads(
        executor: &'static str,
        (reached, asked): (usize, usize),
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        let (reason, source) = ("start a thread".to_owned(), Some(source.into()));
        Self::TooFewLanes { executor, asked, reached, reason, source }
    }

    /// The lanes of `executor` broke while a job was running.
    #[must_use]
    pub fn run(executor: &'static str, reason: impl fmt::Display) -> Self {
        Self::Run { executor, reason: reason.to_string() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_is_read_from_the_prefix_of_an_id() {
        assert_eq!(Family::of("seq"), Some(Family::Sequential));
        assert_eq!(Family::of("async-false-tokio"), Some(Family::Async));
        assert_eq!(Family::of("threads-rayon"), Some(Family::Threads));
        assert_eq!(Family::of("procs-ipc"), Some(Family::Multiproc));
        assert_eq!(Family::of("sequence"), None);
        assert_eq!(Family::of("fibers"), None);
    }

    #[test]
    fn no_more_lanes_start_than_there_are_tasks_and_never_none() {
        let spec = WorkloadSpec::new("noop");
        let lanes = |width, tasks| {
            let width = NonZeroUsize::new(width).expect("widths in this test are positive");
            Setup { width, tasks, spec: &spec }.lanes()
        };
        assert_eq!(lanes(8, 50), 8);
        assert_eq!(lanes(1024, 50), 50);
        assert_eq!(lanes(8, 0), 1);
    }

    #[test]
    fn too_few_threads_are_told_with_how_many_came_up_and_what_the_system_said() {
        let refused = std::io::Error::from(std::io::ErrorKind::WouldBlock);
        let said = refused.to_string();
        let error = ExecError::too_few_threads("threads-fake", (190, 1_000), refused);
        let text = "start the lanes of threads-fake: 190 of 1000 came up: start a thread";
        assert_eq!(error.to_string(), text);
        let source = std::error::Error::source(&error).expect("the system said something");
        assert_eq!(source.to_string(), said);
    }
}
