//! What disturbed a measurement while it ran.

mod own;
mod pressure;
mod system;

pub use own::{Own, OwnNoise};
pub use pressure::PressureScope;

use crate::cgroup::{Cgroup, Throttling};
use crate::cpu::CpuTimes;
use crate::host::SYSFS;
use crate::sysfs;
use pressure::Pressure;
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::time::Instant;
use system::SystemCpu;

/// Disturbances between the start and the finish of a [`NoiseProbe`]; what cannot be read is `None`.
///
/// They are causes to look for, not corrections: none may be subtracted from a measured time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noise {
    /// The time between start and finish, in nanoseconds: what the rest is a share of.
    pub window_ns: Option<u64>,
    /// CPU time that the hypervisor gave to other machines while this one wanted it, in nanoseconds
    /// summed over cores. Counted in ticks, usually of 10 ms.
    pub steal_ns: Option<u64>,
    /// Time that CPU quotas of the control groups held the processes in them back, in nanoseconds.
    pub throttled_ns: Option<u64>,
    /// Quota periods in which that happened.
    pub throttled_periods: Option<u64>,
    /// Time during which at least one task waited for a core, in nanoseconds.
    ///
    /// It includes the measured processes' own lanes waiting for each other: with more lanes than
    /// cores it is high on a quiet machine too, and says something only between equal cases.
    pub cpu_pressure_ns: Option<u64>,
    /// Whose tasks [`Noise::cpu_pressure_ns`] is about.
    pub cpu_pressure_scope: Option<PressureScope>,
    /// CPU time of everything but the measured processes, in nanoseconds summed over cores.
    ///
    /// The whole system's busy time, which is counted in ticks, minus the exact time of the children
    /// that the measuring process has waited for in the window, with their descendants: what they do
    /// untimed is theirs, too. So it may be wrong by a few ticks a core, and slightly negative. The
    /// measuring process itself is in it, as are its children that go on, and interrupts.
    pub others_cpu_ns: Option<i64>,
    /// The frequency of the fastest core at the start, in hertz. The fastest, since idle cores slow down.
    pub frequency_before_hz: Option<u64>,
    /// The same at the finish.
    pub frequency_after_hz: Option<u64>,
}

/// The state of all counters at the start of a measurement.
///
/// It is meant for the process that drives the measured ones. Control groups are this process's own:
/// those of the measured processes too, unless they were moved.
#[derive(Debug)]
pub struct NoiseProbe {
    cgroup: Cgroup,
    before: Counters,
}

/// One reading of everything that is compared.
#[derive(Debug)]
struct Counters {
    /// Always there but in tests.
    at: Option<Instant>,
    cpu: Option<SystemCpu>,
    /// Of the children that this process has waited for.
    children: Option<CpuTimes>,
    throttling: Option<Throttling>,
    pressure: Option<Pressure>,
    frequency_hz: Option<u64>,
}

impl NoiseProbe {
    /// Reads all counters.
    #[must_use]
    pub fn start() -> Self {
        let cgroup = Cgroup::of_self();
        let before = Counters::read(&cgroup);
        Self { cgroup, before }
    }

    /// Reads them again and tells the difference. The measured processes are the children that this process
    /// has started and waited for in between.
    #[must_use]
    pub fn finish(self) -> Noise {
        difference(&self.before, &Counters::read(&self.cgroup))
    }
}

impl Counters {
    fn read(cgroup: &Cgroup) -> Self {
        Self {
            at: Some(Instant::now()),
            cpu: SystemCpu::now(),
            children: CpuTimes::of_children(),
            throttling: cgroup.throttling(),
            pressure: Pressure::now(cgroup.cpu_pressure_file().as_deref()),
            frequency_hz: fastest_core_hz(Path::new(SYSFS)),
        }
    }
}

fn difference(before: &Counters, after: &Counters) -> Noise {
    let cpu = before.cpu.zip(after.cpu);
    let throttling = before.throttling.zip(after.throttling);
    // A file that appeared or vanished meanwhile leaves two readings of different things.
    let pressure = before.pressure.zip(after.pressure).filter(|(a, b)| a.scope == b.scope);
    let children = before.children.zip(after.children).and_then(|(a, b)| b.since(a));
    let busy_ns = cpu.and_then(|(a, b)| b.busy_ns.checked_sub(a.busy_ns));
    Noise {
        window_ns: before.at.zip(after.at).and_then(|(start, finish)| {
            u64::try_from(finish.duration_since(start).as_nanos()).ok()
        }),
        steal_ns: cpu.and_then(|(a, b)| b.steal_ns?.checked_sub(a.steal_ns?)),
        throttled_ns: throttling.and_then(|(a, b)| b.waited_ns.checked_sub(a.waited_ns)),
        throttled_periods: throttling.and_then(|(a, b)| b.periods.checked_sub(a.periods)),
        cpu_pressure_ns: pressure.and_then(|(a, b)| b.some_ns.checked_sub(a.some_ns)),
        cpu_pressure_scope: pressure.map(|(_, after)| after.scope),
        others_cpu_ns: busy_ns
            .zip(children)
            .and_then(|(busy_ns, children)| busy_ns.checked_signed_diff(children.total_ns())),
        frequency_before_hz: before.frequency_hz,
        frequency_after_hz: after.frequency_hz,
    }
}

fn fastest_core_hz(sysfs: &Path) -> Option<u64> {
    sysfs::entries(&sysfs.join("devices/system/cpu/cpufreq"), "policy")
        .iter()
        .filter_map(|policy| sysfs::value::<u64>(&policy.join("scaling_cur_freq")))
        .max()?
        .checked_mul(1_000)
}

#[cfg(test)]
mod tests;
