//! The machine that a run happened on, as far as it bears on the numbers.

mod limits;
mod power;
mod processor;
mod system;

pub use limits::{Ceiling, ResourceLimit, ThreadLimits, address_space_bytes};

use crate::cgroup::Cgroup;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// Where Linux shows its devices and settings; absent elsewhere.
pub(crate) const SYSFS: &str = "/sys";

/// What is known of the host. A fact that cannot be read is `None`, never zero or a guess.
///
/// Neither the name of the host nor of its user is among them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HostFacts {
    /// The operating system that this program was built for, such as `linux`.
    pub os: String,
    /// The processor architecture that this program was built for, such as `x86_64`.
    pub arch: String,
    /// The release of the running kernel.
    pub kernel_release: Option<String>,
    /// The processor's own name for its model.
    pub cpu_model: Option<String>,
    /// Logical cores of the machine, whether or not this process may use them.
    pub logical_cores: Option<usize>,
    /// Cores that this process may use: see [`usable_cores`].
    pub usable_cores: usize,
    /// The CPU time that the control group allows per unit of time, in cores; `None` without quota.
    pub cpu_quota_cores: Option<f64>,
    /// Physical memory, in bytes.
    pub total_memory_bytes: Option<u64>,
    /// Memory free for this process when the facts were gathered: see [`available_memory_bytes`].
    pub available_memory_bytes: Option<u64>,
    /// Whether the machine is itself a virtual one.
    pub virtualised: Option<bool>,
    /// How the kernel chooses the clock frequency; several, joined by commas, if cores differ.
    pub governor: Option<String>,
    /// Whether cores may run above their nominal frequency.
    pub turbo: Option<bool>,
    /// Whether the machine runs on its battery at the moment.
    pub on_battery: Option<bool>,
    /// Mean number of runnable or blocked tasks over the last 1, 5 and 15 minutes.
    pub load_average: Option<[f32; 3]>,
    /// How many files this process may have open (`RLIMIT_NOFILE`).
    pub open_files: Option<ResourceLimit>,
    /// How many processes and threads its user may have (`RLIMIT_NPROC`).
    pub processes: Option<ResourceLimit>,
    /// How many processes and threads the control group may have; `None` without a limit.
    pub cgroup_processes: Option<u64>,
}

impl HostFacts {
    /// Reads all facts as they are now.
    #[must_use]
    pub fn gather() -> Self {
        let sysfs = Path::new(SYSFS);
        let cgroup = Cgroup::of_self();
        let processor = processor::identify(sysfs);
        Self {
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

    /// How many cores are summed over in what the kernel counts for the whole machine, at least 1: all of
    /// them, whether or not this process may use them. Where that is not known, those that it may use.
    #[must_use]
    pub fn all_cores(&self) -> usize {
        self.logical_cores.unwrap_or(1).max(self.usable_cores).max(1)
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
