//! The families of executors as the page tells them apart: by colour, by mark and in words.

use paceline_core::Family;

/// The family of a row's executor, with false async apart: as far as a reader must tell rows apart at a
/// glance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Strategy {
    Sequential,
    /// Asynchronous code that awaits one item after the other.
    FalseAsync,
    Async,
    Threads,
    Processes,
    /// An executor whose id declares no family.
    Other,
}

impl Strategy {
    pub(crate) const ALL: [Self; 6] = [
        Self::Sequential,
        Self::FalseAsync,
        Self::Async,
        Self::Threads,
        Self::Processes,
        Self::Other,
    ];

    pub(crate) fn of(executor: &str) -> Self {
        match Family::of(executor) {
            Some(Family::Sequential) => Self::Sequential,
            Some(Family::Async) if executor.starts_with("async-false") => Self::FalseAsync,
            Some(Family::Async) => Self::Async,
            Some(Family::Threads) => Self::Threads,
            Some(Family::Multiproc) => Self::Processes,
            None => Self::Other,
        }
    }

    /// The class that gives its colour.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Sequential => "s-seq",
            Self::FalseAsync => "s-false",
            Self::Async => "s-async",
            Self::Threads => "s-threads",
            Self::Processes => "s-procs",
            Self::Other => "s-other",
        }
    }

    /// Its name in legends.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Sequential => "sequential",
            Self::FalseAsync => "false async",
            Self::Async => "async",
            Self::Threads => "threads",
            Self::Processes => "multiproc",
            Self::Other => "other",
        }
    }

    /// What a lane of it is.
    pub(crate) fn lane(self) -> &'static str {
        match self {
            Self::Threads => "thread",
            Self::Processes => "process",
            Self::Async | Self::FalseAsync => "task",
            Self::Sequential | Self::Other => "lane",
        }
    }
}
