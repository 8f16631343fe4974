//! What disturbed a process, as only the process itself can tell.

use std::collections::BTreeMap;

/// A reading of this process's own counters, to be taken before and after its work.
///
/// One reading opens a file per thread; take it outside of what is timed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Own {
    /// How often this process and its reaped descendants lost a core.
    involuntary_switches: Option<u64>,
    /// Time that each live thread has waited for a core, in nanoseconds, by thread id.
    run_delays_ns: Option<BTreeMap<i32, u64>>,
}

/// What disturbed this process between two readings; what cannot be read is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OwnNoise {
    /// How often a thread of this process or of its reaped descendants lost its core although it could have
    /// gone on.
    pub involuntary_switches: Option<u64>,
    /// Time that this process's threads were ready to run and had no core, in nanoseconds.
    ///
    /// A lower bound: it is summed over the threads alive at the second reading. A thread that ended
    /// before took its count with it, and child processes are not in it.
    pub run_delay_ns: Option<u64>,
}

impl Own {
    /// Reads the counters of this process: `getrusage(2)` of itself and its reaped descendants, and
    /// `/proc/self/task/*/schedstat`.
    #[must_use]
    pub fn now() -> Self {
        Self { involuntary_switches: involuntary_switches(), run_delays_ns: run_delays_ns() }
    }

    /// What happened between `earlier` and this reading.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> OwnNoise {
        let switches = earlier.involuntary_switches.zip(self.involuntary_switches);
        let delays = earlier.run_delays_ns.as_ref().zip(self.run_delays_ns.as_ref());
        OwnNoise {
            involuntary_switches: switches.and_then(|(a, b)| b.checked_sub(a)),
            run_delay_ns: delays.map(|(earlier, later)| delay_between(earlier, later)),
        }
    }
}

fn delay_between(earlier: &BTreeMap<i32, u64>, later: &BTreeMap<i32, u64>) -> u64 {
    let gained = |(thread, now): (&i32, &u64)| {
        // A count below the earlier one belongs to a new thread with a used id: all of it is new.
        earlier.get(thread).and_then(|before| now.checked_sub(*before)).unwrap_or(*now)
    };
    later.iter().map(gained).sum()
}

#[cfg(unix)]
fn involuntary_switches() -> Option<u64> {
    use nix::sys::resource::{UsageWho, getrusage};

    let own = getrusage(UsageWho::RUSAGE_SELF).ok()?;
    let children = getrusage(UsageWho::RUSAGE_CHILDREN).ok()?;
    let sum = own.involuntary_context_switches() + children.involuntary_context_switches();
    u64::try_from(sum).ok()
}

#[cfg(not(unix))]
fn involuntary_switches() -> Option<u64> {
    None
}

/// The run-queue delay of every live thread; `None` if the kernel does not count it.
#[cfg(target_os = "linux")]
fn run_delays_ns() -> Option<BTreeMap<i32, u64>> {
    let threads = procfs::process::Process::myself().ok()?.tasks().ok()?;
    let delays: BTreeMap<i32, u64> = threads
        .flatten()
        .filter_map(|thread| Some((thread.tid, thread.schedstat().ok()?.run_delay)))
        .collect();
    // This thread is alive, so an empty list means that there is no such count.
    (!delays.is_empty()).then_some(delays)
}

#[cfg(not(target_os = "linux"))]
fn run_delays_ns() -> Option<BTreeMap<i32, u64>> {
    None
}

#[cfg(test)]
mod tests {
    use super::{Own, OwnNoise};
    use std::collections::BTreeMap;

    fn own(switches: u64, delays: &[(i32, u64)]) -> Own {
        Own {
            involuntary_switches: Some(switches),
            run_delays_ns: Some(BTreeMap::from_iter(delays.iter().copied())),
        }
    }

    #[test]
    fn threads_count_from_the_first_reading_or_from_their_birth() {
        let earlier = own(1, &[(1, 100), (2, 50)]);
        let later = own(4, &[(1, 130), (3, 7)]);
        let expected = OwnNoise { involuntary_switches: Some(3), run_delay_ns: Some(37) };
        assert_eq!(later.since(&earlier), expected);
    }

    #[test]
    fn a_thread_id_used_again_counts_from_zero() {
        let delay = own(0, &[(2, 20)]).since(&own(0, &[(2, 50)])).run_delay_ns;
        assert_eq!(delay, Some(20));
    }

    #[test]
    fn what_was_not_read_is_absent() {
        let blind = Own { involuntary_switches: None, run_delays_ns: None };
        assert_eq!(own(1, &[(1, 1)]).since(&blind), OwnNoise::default());
    }
}
