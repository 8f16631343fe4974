//! How much of a resource the system lets this process have.

use crate::cgroup::Cgroup;
use paceline_protocol::{Ceiling, ResourceLimit};

/// The limits that may keep this process from starting one more thread or process. A limit is `None` if it is
/// not set or cannot be read.
///
/// When the system refuses a thread, it does not say which limit was met.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ThreadLimits {
    /// How many processes and threads its user may have (`RLIMIT_NPROC`).
    pub processes: Option<u64>,
    /// How many processes and threads the control group may have (`pids.max`).
    pub cgroup_processes: Option<u64>,
    /// How large its address space may be, in bytes (`RLIMIT_AS`). The stack of each thread is part of it.
    pub address_space_bytes: Option<u64>,
    /// Memory that it can still allocate, in bytes.
    pub available_memory_bytes: Option<u64>,
}

impl ThreadLimits {
    /// Reads all of them as they are now.
    #[must_use]
    pub fn gather() -> Self {
        Self {
            processes: processes().and_then(enforced),
            cgroup_processes: Cgroup::of_self().pids_limit(),
            address_space_bytes: address_space_bytes(),
            available_memory_bytes: super::available_memory_bytes(),
        }
    }
}

/// What a limit enforces now, if anything is.
fn enforced(limit: ResourceLimit) -> Option<u64> {
    match limit.soft {
        Ceiling::At(most) => Some(most),
        Ceiling::Unlimited => None,
    }
}

/// How large the address space of this process may be, in bytes (`RLIMIT_AS`); `None` without a limit.
#[must_use]
pub fn address_space_bytes() -> Option<u64> {
    address_space().and_then(enforced)
}

#[cfg(unix)]
mod unix {
    use nix::sys::resource::{RLIM_INFINITY, Resource, getrlimit};
    use paceline_protocol::{Ceiling, ResourceLimit};

    pub(in crate::host) fn open_files() -> Option<ResourceLimit> {
        limit(Resource::RLIMIT_NOFILE)
    }

    pub(in crate::host) fn processes() -> Option<ResourceLimit> {
        limit(Resource::RLIMIT_NPROC)
    }

    pub(in crate::host) fn address_space() -> Option<ResourceLimit> {
        limit(Resource::RLIMIT_AS)
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
    use paceline_protocol::ResourceLimit;

    pub(in crate::host) fn open_files() -> Option<ResourceLimit> {
        None
    }

    pub(in crate::host) fn processes() -> Option<ResourceLimit> {
        None
    }

    pub(in crate::host) fn address_space() -> Option<ResourceLimit> {
        None
    }
}

#[cfg(not(unix))]
pub(super) use absent::{address_space, open_files, processes};
#[cfg(unix)]
pub(super) use unix::{address_space, open_files, processes};
