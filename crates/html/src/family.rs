//! The families of executors as the page tells them apart: by colour, by mark and in words.

use paceline_core::Family as Declared;

/// The family of a row's executor, with false async apart: as far as a reader must tell rows apart at a
/// glance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Family {
    Sequential,
    /// Asynchronous code that awaits one item after the other.
    FalseAsync,
    Async,
    Threads,
    Multiproc,
    /// An executor whose id declares no family.
    Other,
}

/// What the ids of executors that await one item after the other begin with.
const FALSE_ASYNC: &str = "async-false";

impl Family {
    pub(crate) const ALL: [Self; 6] = [
        Self::Sequential,
        Self::FalseAsync,
        Self::Async,
        Self::Threads,
        Self::Multiproc,
        Self::Other,
    ];

    pub(crate) fn of(executor: &str) -> Self {
        match Declared::of(executor) {
            Some(Declared::Sequential) => Self::Sequential,
            Some(Declared::Async) if executor.starts_with(FALSE_ASYNC) => Self::FalseAsync,
            Some(Declared::Async) => Self::Async,
            Some(Declared::Threads) => Self::Threads,
            Some(Declared::Multiproc) => Self::Multiproc,
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
            Self::Multiproc => "s-procs",
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
            Self::Multiproc => "multiproc",
            Self::Other => "other",
        }
    }

    /// What a lane of it is.
    pub(crate) fn lane(self) -> &'static str {
        match self {
            Self::Threads => "thread",
            Self::Multiproc => "process",
            Self::Async | Self::FalseAsync => "task",
            Self::Sequential | Self::Other => "lane",
        }
    }

    /// Several of them.
    pub(crate) fn lanes(self) -> String {
        let lane = self.lane();
        format!("{lane}{}", if self == Self::Multiproc { "es" } else { "s" })
    }

    /// What an executor's id says beyond its family: `rayon` of `threads-rayon`. The whole id where it
    /// says no family.
    pub(crate) fn engine(executor: &str) -> &str {
        let prefix = match Self::of(executor) {
            Self::FalseAsync => FALSE_ASYNC,
            _ => Declared::of(executor).map_or("", Declared::id_prefix),
        };
        executor.strip_prefix(prefix).unwrap_or(executor).trim_start_matches('-')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_family_and_an_engine() {
        let read = |id| (Family::of(id), Family::engine(id));
        assert_eq!(read("seq"), (Family::Sequential, ""));
        assert_eq!(read("async-false-tokio"), (Family::FalseAsync, "tokio"));
        assert_eq!(read("async-tokio-mt"), (Family::Async, "tokio-mt"));
        assert_eq!(read("procs-ipc"), (Family::Multiproc, "ipc"));
        assert_eq!(read("mpi-cluster"), (Family::Other, "mpi-cluster"));
    }
}
