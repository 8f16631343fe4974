//! The memory of a process tree.

use serde::{Deserialize, Serialize};

/// The memory of a process tree over the time it was watched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TreeMemory {
    /// The largest sum over all processes that any one sweep found, in bytes.
    pub peak_bytes: u64,
    /// What was summed.
    pub kind: MemoryKind,
    /// Sweeps that found at least one process of the tree alive.
    pub samples: u64,
    /// Mean time from the beginning of one such sweep to the next, in microseconds; `None` for one.
    pub mean_interval_us: Option<u64>,
    /// Every process that was seen with memory of its own, in the order they started.
    pub processes: Vec<ProcessPeak>,
}

/// The quantity that a memory figure sums.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MemoryKind {
    /// Proportional set size: a page shared by n processes counts 1/n in each.
    Pss,
    /// Resident set size: a shared page counts in full in each process, so the sum is too high.
    Rss,
}

/// The peak of one process by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcessPeak {
    /// The process id.
    pub pid: u32,
    /// The largest resident set that the kernel recorded (`VmHWM`), as last seen, in bytes.
    ///
    /// It belongs to the program that runs, and so never carries the peak of whoever launched it.
    pub peak_rss_bytes: u64,
}
