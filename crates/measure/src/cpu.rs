//! CPU time of this process and of the children it has waited for.

use serde::{Deserialize, Serialize};

/// CPU time consumed by this process and by its reaped descendants, in nanoseconds.
///
/// The source is `getrusage(2)` for `RUSAGE_SELF` plus `RUSAGE_CHILDREN`, which resolves
/// microseconds. A descendant counts from the moment it has been waited for, by its own parent, all
/// the way up to this process; one that is still running, or was left to another reaper, is not in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CpuTimes {
    /// Time spent in user mode, in nanoseconds.
    pub user_ns: u64,
    /// Time spent in the kernel on behalf of the process, in nanoseconds.
    pub system_ns: u64,
}

impl CpuTimes {
    /// The times up to now; `None` where the system does not offer `getrusage`.
    #[must_use]
    pub fn now() -> Option<Self> {
        read()
    }

    /// What was consumed between `earlier` and this reading, both of the same process.
    ///
    /// Returns `None` if `earlier` is in truth the later one.
    #[must_use]
    pub fn since(self, earlier: Self) -> Option<Self> {
        Some(Self {
            user_ns: self.user_ns.checked_sub(earlier.user_ns)?,
            system_ns: self.system_ns.checked_sub(earlier.system_ns)?,
        })
    }

    /// User and system time together, in nanoseconds.
    #[must_use]
    pub fn total_ns(self) -> u64 {
        self.user_ns + self.system_ns
    }
}

#[cfg(unix)]
fn read() -> Option<CpuTimes> {
    use nix::sys::resource::{UsageWho, getrusage};

    let own = getrusage(UsageWho::RUSAGE_SELF).ok()?;
    let children = getrusage(UsageWho::RUSAGE_CHILDREN).ok()?;
    Some(CpuTimes {
        user_ns: in_ns(own.user_time())? + in_ns(children.user_time())?,
        system_ns: in_ns(own.system_time())? + in_ns(children.system_time())?,
    })
}

#[cfg(unix)]
fn in_ns(time: nix::sys::time::TimeVal) -> Option<u64> {
    use nix::sys::time::TimeValLike;

    u64::try_from(time.num_microseconds()).ok()?.checked_mul(1_000)
}

#[cfg(not(unix))]
fn read() -> Option<CpuTimes> {
    None
}

#[cfg(test)]
mod tests {
    use super::CpuTimes;

    #[test]
    fn a_difference_is_taken_per_mode() {
        let earlier = CpuTimes { user_ns: 1_000, system_ns: 50 };
        let later = CpuTimes { user_ns: 4_000, system_ns: 60 };
        let spent = later.since(earlier).unwrap();
        assert_eq!(spent, CpuTimes { user_ns: 3_000, system_ns: 10 });
        assert_eq!(spent.total_ns(), 3_010);
    }

    #[test]
    fn readings_in_the_wrong_order_have_no_difference() {
        let earlier = CpuTimes { user_ns: 1_000, system_ns: 50 };
        let later = CpuTimes { user_ns: 4_000, system_ns: 60 };
        assert_eq!(earlier.since(later), None);
    }
}
