//! The machine that a run happened on, as far as it bears on the numbers.

mod limits;
mod power;
mod processor;
mod system;

pub use limits::{ThreadLimits, address_space_bytes};

use crate::cgroup::Cgroup;
use paceline_protocol::HostFacts;
use std::path::Path;

/// Where Linux shows its devices and settings; absent elsewhere.
pub(crate) const SYSFS: &str = "/sys";

/// Reads all facts as they are now.
#[must_use]
pub fn facts() -> HostFacts {
    let sysfs = Path::new(SYSFS);
    let cgroup = Cgroup::of_self();
    let processor = processor::identify(sysfs);
    HostFacts {
        os: std::env::consts::OS.to_owned(),
        arch: std::env::consts::ARCH.to_owned(),
        kernel_release: system::kernel_release(),
        cpu_model: processor.model,
        logical_cores: processor.logical_cores,
        usable_cores: usable_cores(),
        cpu_quota_cores: cgroup.cpu_quota_cores(),
        total_memory_bytes: system::total_memory_bytes(),
        available_memory_bytes: available_memory_bytes(),
        virtualised: processor.virtualised,
        governor: processor::governor(sysfs),
        turbo: processor::turbo(sysfs),
        on_battery: power::on_battery(sysfs),
        load_average: system::load_average(),
        open_files: limits::open_files(),
        processes: limits::processes(),
        cgroup_processes: cgroup.pids_limit(),
    }
}

/// Memory that this process can still allocate without pushing out others, in bytes.
///
/// The smaller of the kernel's own estimate (`MemAvailable`) and what the control group's limit
/// leaves; `None` if neither is known.
#[must_use]
pub fn available_memory_bytes() -> Option<u64> {
    let machine = system::available_memory_bytes();
    let group = Cgroup::of_self().memory_left_bytes();
    machine.into_iter().chain(group).min()
}

/// The number of lanes that can make progress at the same instant, at least 1.
///
/// On Linux it respects CPU affinity and the control group's quota (rounded down); the quota as a
/// fraction is in [`HostFacts::cpu_quota_cores`]. If the system gives no answer it is 1.
#[must_use]
pub fn usable_cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}
