//! Whether something disturbed a sample, judged by causes alone.
//!
//! A sample is never judged by its time: that would throw away what is being measured. What counts
//! is whether the machine was taken from it while it ran, which the kernel counts.

use std::fmt;

use paceline_journal::{Sample, SampleOutcome};
use paceline_measure::HostFacts;

/// A share of the cores' time above which stolen time is a disturbance.
pub const STEAL_LIMIT: f64 = 0.02;
/// A share of the sample's time above which being held back by a CPU quota is a disturbance.
pub const THROTTLING_LIMIT: f64 = 0.01;
/// A share of the cores' time above which other processes' CPU time is a disturbance.
pub const OTHERS_LIMIT: f64 = 0.05;
/// A share by which the frequency may fall during a sample.
pub const FREQUENCY_LIMIT: f64 = 0.10;
/// Steal and busy time are counted in ticks, usually of 10 ms, on every core. Less than this cannot be
/// told from rounding, so that samples of a few milliseconds are in effect not judged by them.
pub const TICKS_NS: f64 = 60e6;

/// A cause outside the case.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Disturbance {
    /// The hypervisor gave this share of the cores' time to other machines.
    Steal(f64),
    /// A CPU quota held the processes back for this share of the time.
    Throttling(f64),
    /// Other processes took this share of the cores' time.
    Others(f64),
    /// The frequency fell by this share.
    Frequency(f64),
}

impl Disturbance {
    /// The share that it took.
    #[must_use]
    pub fn share(&self) -> f64 {
        let (Self::Steal(share)
        | Self::Throttling(share)
        | Self::Others(share)
        | Self::Frequency(share)) = self;
        *share
    }

    /// Whether both are of one kind.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

impl fmt::Display for Disturbance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (share, what) = match self {
            Self::Steal(share) => (share, "of the cores' time stolen by the hypervisor"),
            Self::Throttling(share) => (share, "of the time held back by a CPU quota"),
            Self::Others(share) => (share, "of the cores' time used by other processes"),
            Self::Frequency(share) => (share, "lost in clock frequency"),
        };
        write!(f, "{:.0} % {what}", share * 100.0)
    }
}

/// What disturbed `sample` on `host` beyond the limits of this module. Empty for the round that warms
/// up, whose times are not used, and for facts that the host does not tell.
#[must_use]
pub fn disturbances(sample: &Sample, host: &HostFacts) -> Vec<Disturbance> {
    let SampleOutcome::Measured { measured, noise, .. } = &sample.outcome else {
        return Vec::new();
    };
    if sample.is_warmup() {
        return Vec::new();
    }
    // The window is longer than the sample: the worker starts, and checks its receipts.
    let time_ns = noise.window_ns.unwrap_or_else(|| measured.total_ns()).max(1) as f64;
    let cores_ns = time_ns * host.usable_cores.max(1) as f64;
    let beyond = |ns: f64, whole_ns: f64, limit: f64, floor_ns: f64| {
        (ns > floor_ns && ns > limit * whole_ns).then_some(ns / whole_ns)
    };
    let steal = noise.steal_ns.and_then(|ns| beyond(ns as f64, cores_ns, STEAL_LIMIT, TICKS_NS));
    let throttling =
        noise.throttled_ns.and_then(|ns| beyond(ns as f64, time_ns, THROTTLING_LIMIT, 0.0));
    let others =
        noise.others_cpu_ns.and_then(|ns| beyond(ns as f64, cores_ns, OTHERS_LIMIT, TICKS_NS));
    let frequency =
        noise.frequency_before_hz.zip(noise.frequency_after_hz).and_then(|(before, after)| {
            let (before, after) = (before as f64, after as f64);
            beyond(before - after, before, FREQUENCY_LIMIT, 0.0)
        });
    [
        steal.map(Disturbance::Steal),
        throttling.map(Disturbance::Throttling),
        others.map(Disturbance::Others),
        frequency.map(Disturbance::Frequency),
    ]
    .into_iter()
    .flatten()
    .collect()
}
