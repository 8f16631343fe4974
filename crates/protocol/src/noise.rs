//! What disturbed the machine while something was measured on it.

use serde::{Deserialize, Serialize};

/// Disturbances between the start and the finish of a measurement; what cannot be read is `None`.
///
/// They are causes to look for, not corrections: none may be subtracted from a measured time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noise {
    /// The time between start and finish, in nanoseconds: what the rest is a share of.
    pub window_ns: Option<u64>,
    /// CPU time that the hypervisor gave to other machines while this one wanted it, in nanoseconds
    /// summed over cores. Counted in ticks, usually of 10 ms.
    pub steal_ns: Option<u64>,
    /// Time for which CPU quotas of the control groups held back the processes in them, in nanoseconds.
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
    /// This is the system's busy time, counted in ticks, minus the exact time of the children that the
    /// measuring process has waited for in the window. Their descendants and their untimed work count as
    /// theirs. So the value may be wrong by a few ticks a core, and slightly negative. It includes the
    /// measuring process itself, its children that go on, and interrupts.
    pub others_cpu_ns: Option<i64>,
    /// The frequency of the fastest core at the start, in hertz. The fastest, since idle cores slow down.
    pub frequency_before_hz: Option<u64>,
    /// The same at the finish.
    pub frequency_after_hz: Option<u64>,
}

/// The tasks that a pressure reading is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PressureScope {
    /// Those of the control group that the driver and the measured processes run in.
    Cgroup,
    /// All tasks of the machine.
    System,
}
