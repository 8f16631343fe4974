//! CPU time of this process and of the children it has waited for.

use std::ops::Add;

/// CPU time consumed by processes, in nanoseconds.
///
/// The source is `getrusage(2)`, which resolves microseconds. A descendant counts from the moment it has been waited for, by its own parent, all
/// the way up to this process; one that is still running, or was left to another reaper, is not in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CpuTimes {
    /// Time spent in user mode, in nanoseconds.
    pub user_ns: u64,
    /// Time spent in the kernel on behalf of the process, in nanoseconds.
    pub system_ns: u64,
}

impl CpuTimes {
    /// The times of this process and of its reaped descendants up to now (`RUSAGE_SELF` plus
    /// `RUSAGE_CHILDREN`); `None` where the system does not offer `getrusage`.
    #[must_use]
    pub fn now() -> Option<Self> {
        Some(read(Whose::Own)? + Self::of_children()?)
    }

    /// Those of its reaped descendants alone (`RUSAGE_CHILDREN`).
    #[must_use]
    pub fn of_children() -> Option<Self> {
        read(Whose::Children)
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

impl Add for CpuTimes {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { user_ns: self.user_ns + other.user_ns, system_ns: self.system_ns + other.system_ns }
    }
}

/// Whose times are read.
#[derive(Clone, Copy)]
enum Whose {
    Own,
    Children,
}

#[cfg(unix)]
fn read(whose: Whose) -> Option<CpuTimes> {
    use nix::sys::resource::{UsageWho, getrusage};

    let usage = getrusage(match whose {
        Whose::Own => UsageWho::RUSAGE_SELF,
        Whose::Children => UsageWho::RUSAGE_CHILDREN,
    });
    let usage = usage.ok()?;
    Some(CpuTimes { user_ns: in_ns(usage.user_time())?, system_ns: in_ns(usage.system_time())? })
}

#[cfg(unix)]
fn in_ns(time: nix::sys::time::TimeVal) -> Option<u64> {
    use nix::sys::time::TimeValLike;

    u64::try_from(time.num_microseconds()).ok()?.checked_mul(1_000)
}

#[cfg(not(unix))]
fn read(_: Whose) -> Option<CpuTimes> {
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
