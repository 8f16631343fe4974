//! How a plan is carried out.

use std::time::Duration;

use paceline_core::Schedule;
use paceline_journal::{RateSearch, StopRule};
use paceline_protocol::PoolLimits;

/// How a plan is carried out.
#[derive(Debug, Clone, Copy)]
pub struct Conduct {
    /// When the run ends by itself. One round more comes before the counted ones, to warm up and to
    /// measure memory.
    pub stop: StopRule,
    /// How often a disturbed sample is taken again.
    pub retakes: u32,
    /// In how many rounds memory is read: in the one that warms up, and, by samples that are run for it
    /// alone, in those that follow.
    pub memory_rounds: u32,
    /// How long a case may take.
    pub timeout: Option<Duration>,
    /// What process pools are told of their children.
    pub pool: PoolLimits,
    /// In open loop: when items arrive.
    pub schedule: Option<Schedule>,
    /// The rate that is looked for, if one is.
    pub search: Option<RateSearch>,
}

impl Conduct {
    /// So many counted rounds, undisturbed or not, without other limits.
    pub fn rounds(rounds: u32) -> Self {
        let stop = StopRule { rounds, budget_ms: None, precision: None, least_rounds: rounds };
        let pool = PoolLimits::default();
        let (timeout, schedule, search) = (None, None, None);
        Self { stop, retakes: 0, memory_rounds: 1, timeout, pool, schedule, search }
    }
}
