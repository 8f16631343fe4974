//! What a run says of the machine it happened on.

use serde::{Deserialize, Serialize};

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
    /// Cores that this process may use, by affinity and quota.
    pub usable_cores: usize,
    /// The CPU time that the control group allows per unit of time, in cores; `None` without quota.
    pub cpu_quota_cores: Option<f64>,
    /// Physical memory, in bytes.
    pub total_memory_bytes: Option<u64>,
    /// Memory free for this process when the facts were gathered.
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
    /// How many cores are summed over in what the kernel counts for the whole machine, at least 1: all of
    /// them, whether or not this process may use them. Where that is not known, those that it may use.
    #[must_use]
    pub fn all_cores(&self) -> usize {
        self.logical_cores.unwrap_or(1).max(self.usable_cores).max(1)
    }
}

/// A resource limit of this process, inherited by its children.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResourceLimit {
    /// What is enforced now.
    pub soft: Ceiling,
    /// How far the process may raise the soft limit by itself.
    pub hard: Ceiling,
}

/// One bound of a limit. Having no bound is a fact too, not a missing value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ceiling {
    /// No more than this many.
    At(u64),
    /// As many as there are.
    Unlimited,
}
