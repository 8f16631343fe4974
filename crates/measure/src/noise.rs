//! What disturbed a measurement while it ran.

mod own;
mod pressure;
mod system;

pub use own::{Own, OwnNoise};

use crate::cgroup::{Cgroup, Throttling};
use crate::cpu::CpuTimes;
use crate::host::SYSFS;
use crate::sysfs;
use paceline_protocol::Noise;
use pressure::Pressure;
use std::path::Path;
use std::time::Instant;
use system::SystemCpu;

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
