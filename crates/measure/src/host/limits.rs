//! How much of a resource the system lets this process have.

use serde::{Deserialize, Serialize};

/// A resource limit of this process, inherited by its children.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResourceLimit {
    /// What is enforced now.
    pub soft: Ceiling,
    /// How far the process may raise the soft limit by itself.
    pub hard: Ceiling,
}

/// One bound, which may be none: that is a fact too, and not an absent one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ceiling {
    /// No more than this many.
    At(u64),
    /// As many as there are.
    Unlimited,
}

#[cfg(unix)]
mod unix {
    use super::{Ceiling, ResourceLimit};
    use nix::sys::resource::{RLIM_INFINITY, Resource, getrlimit};

    pub(in crate::host) fn open_files() -> Option<ResourceLimit> {
        limit(Resource::RLIMIT_NOFILE)
    }

    pub(in crate::host) fn processes() -> Option<ResourceLimit> {
        limit(Resource::RLIMIT_NPROC)
    }

    fn limit(resource: Resource) -> Option<ResourceLimit> {
        let (soft, hard) = getrlimit(resource).ok()?;
        let ceiling = |limit| {
            if limit == RLIM_INFINITY { Ceiling::Unlimited } else { Ceiling::At(limit) }
        };
        Some(ResourceLimit { soft: ceiling(soft), hard: ceiling(hard) })
    }
}

#[cfg(not(unix))]
mod absent {
    use super::ResourceLimit;

    pub(in crate::host) fn open_files() -> Option<ResourceLimit> {
        None
    }

    pub(in crate::host) fn processes() -> Option<ResourceLimit> {
        None
    }
}

#[cfg(not(unix))]
pub(super) use absent::{open_files, processes};
#[cfg(unix)]
pub(super) use unix::{open_files, processes};
