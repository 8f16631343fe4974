//! Whether something disturbed a sample, judged by causes alone.
//!
//! A sample is never judged by its time: that would throw away what is being measured. What counts
//! is whether the machine was taken from it while it ran, which the kernel counts.
//!
//! Steal and other processes' time are counted for the whole machine, so they are shares of the time of all its
//! cores, also where a run may use only some of them.
//!
//! Two of the counts come in ticks. A sample that is so short that its limit is below what ticks can tell is
//! neither disturbed nor calm: [`is_too_short`].

use std::fmt;

use paceline_journal::{Sample, SampleOutcome};
use paceline_protocol::Measured;
use paceline_protocol::{HostFacts, Noise};

/// A share of all cores' time above which stolen time is a disturbance.
pub const STEAL_LIMIT: f64 = 0.02;
/// A share of the sample's time above which being held back by a CPU quota is a disturbance.
pub const THROTTLING_LIMIT: f64 = 0.01;
/// A share of all cores' time above which other processes' CPU time is a disturbance.
pub const OTHERS_LIMIT: f64 = 0.05;
/// A share by which the frequency may fall during a sample.
pub const FREQUENCY_LIMIT: f64 = 0.10;
/// The tick in which the kernel shows CPU time in `/proc/stat`, in nanoseconds: `USER_HZ` is 100 a second,
/// whatever the kernel's own clock (proc(5), time(7)).
pub const TICK_NS: f64 = 10e6;
/// The fields of `/proc/stat` whose sum is the busy time, each cut down to whole ticks by itself: user, nice,
/// system, irq, softirq.
const BUSY_FIELDS: f64 = 5.0;

/// How exactly the difference of two readings of ticks is known, in nanoseconds: what is less cannot be told
/// from rounding.
///
/// Each field is rounded once for all cores, which moves a difference by less than a tick; and each core
/// adds its time to them when its own clock ticks, which is at most a tick late at either end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Resolution {
    /// Of stolen time.
    pub steal_ns: f64,
    /// Of other processes' time.
    pub others_ns: f64,
}

impl Resolution {
    /// That of `host`, of which every core counts, whether or not it may be used.
    #[must_use]
    pub fn of(host: &HostFacts) -> Self {
        let cores = host.all_cores() as f64;
        Self { steal_ns: (1.0 + cores) * TICK_NS, others_ns: (BUSY_FIELDS + cores) * TICK_NS }
    }

    /// From which length on a sample on `host` can be judged by both at their limits, in nanoseconds.
    #[must_use]
    pub fn least_sample_ns(&self, host: &HostFacts) -> f64 {
        let cores = host.all_cores() as f64;
        let of = |resolution_ns: f64, limit: f64| resolution_ns / (limit * cores);
        of(self.steal_ns, STEAL_LIMIT).max(of(self.others_ns, OTHERS_LIMIT))
    }
}

/// A cause outside the case.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Disturbance {
    /// The hypervisor gave this share of all cores' time to other machines.
    Steal(f64),
    /// A CPU quota held the processes back for this share of the time.
    Throttling(f64),
    /// Other processes took this share of all cores' time.
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
    let time_ns = window_ns(measured, noise);
    let cores_ns = time_ns * host.all_cores() as f64;
    let beyond = |ns: f64, whole_ns: f64, limit: f64, floor_ns: f64| {
        (ns > floor_ns && ns > limit * whole_ns).then_some(ns / whole_ns)
    };
    let Resolution { steal_ns, others_ns } = Resolution::of(host);
    let steal = noise.steal_ns.and_then(|ns| beyond(ns as f64, cores_ns, STEAL_LIMIT, steal_ns));
    let throttling =
        noise.throttled_ns.and_then(|ns| beyond(ns as f64, time_ns, THROTTLING_LIMIT, 0.0));
    let others =
        noise.others_cpu_ns.and_then(|ns| beyond(ns as f64, cores_ns, OTHERS_LIMIT, others_ns));
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

/// Whether `sample` is too short to tell if something counted in ticks disturbed it: even a disturbance
/// beyond its limit could be rounding. `false` where nothing of the kind is counted, for what is long
/// enough or disturbed for certain, and for the round that warms up.
#[must_use]
pub fn is_too_short(sample: &Sample, host: &HostFacts) -> bool {
    let SampleOutcome::Measured { measured, noise, .. } = &sample.outcome else { return false };
    if sample.is_warmup() {
        return false;
    }
    let cores_ns = window_ns(measured, noise) * host.all_cores() as f64;
    let resolution = Resolution::of(host);
    let hides =
        |told: bool, limit: f64, resolution_ns: f64| told && limit * cores_ns < resolution_ns;
    let hidden = hides(noise.steal_ns.is_some(), STEAL_LIMIT, resolution.steal_ns)
        || hides(noise.others_cpu_ns.is_some(), OTHERS_LIMIT, resolution.others_ns);
    hidden && disturbances(sample, host).is_empty()
}

/// What disturbances are a share of. The window is longer than the sample: the worker starts, and checks its
/// receipts.
fn window_ns(measured: &Measured, noise: &Noise) -> f64 {
    noise.window_ns.unwrap_or_else(|| measured.total_ns()).max(1) as f64
}
