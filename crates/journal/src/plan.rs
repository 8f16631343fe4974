//! What is run and how: settled before the first process starts, and never changed afterwards.

use std::time::Duration;

use paceline_core::Schedule;
use paceline_protocol::{Case, PoolLimits};
use serde::{Deserialize, Serialize};

/// Everything that is settled before the first process starts. A run that is resumed has the same.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Plan {
    /// The matrix.
    pub matrix: MatrixName,
    /// The scale of its parameters.
    pub scale: String,
    /// The seed of the order and of the rounds' inputs.
    pub seed: u64,
    /// How it is carried out. On disk, its fields stand beside the others.
    #[serde(flatten)]
    pub conduct: Conduct,
    /// What `--only` selected by, as typed.
    pub only: Vec<String>,
    /// The rows of the report in order, each with its case. The seeds in them are 0: a sample has its
    /// round's.
    pub rows: Vec<Row>,
}

impl Plan {
    /// Warm-up and counted rounds together.
    #[must_use]
    pub fn all_rounds(&self) -> u32 {
        self.conduct.stop.rounds + 1
    }

    /// How many samples all rounds have, if none is taken again. A search has no warm-up, and has at most this
    /// many.
    #[must_use]
    pub fn samples(&self) -> usize {
        let a_row = match self.conduct.search {
            Some(_) => self.conduct.stop.rounds,
            None => self.all_rounds() + self.conduct.memory_rounds - 1,
        };
        self.rows.len() * a_row as usize
    }
}

/// How a plan is carried out.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Conduct {
    /// When the run ends by itself. Before the counted rounds, one more round warms up and measures memory.
    pub stop: StopRule,
    /// How often a disturbed sample is taken again, at the end of its round.
    pub retakes: u32,
    /// In how many rounds memory is read: in the warm-up round, and in those that follow, by samples that are
    /// run for it alone.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub memory_rounds: u32,
    /// How long a case may take, in milliseconds.
    pub timeout_ms: Option<u64>,
    /// The limits that process pools keep for their children.
    pub pool: PoolLimits,
    /// In open loop: when items arrive. With `search`, each round has its own rate instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schedule: Option<Schedule>,
    /// Set when the run looks for the highest rate that each row holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub search: Option<RateSearch>,
}

impl Conduct {
    /// So many counted rounds, undisturbed or not, without other limits.
    #[must_use]
    pub fn rounds(rounds: u32) -> Self {
        let stop = StopRule { rounds, budget_ms: None, precision: None, least_rounds: rounds };
        let pool = PoolLimits::default();
        let (timeout_ms, schedule, search) = (None, None, None);
        Self { stop, retakes: 0, memory_rounds: 1, timeout_ms, pool, schedule, search }
    }

    /// How long a case may take.
    #[must_use]
    pub fn timeout(&self) -> Option<Duration> {
        self.timeout_ms.map(Duration::from_millis)
    }
}

/// Every run reads memory in the round that warms up.
fn one() -> u32 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_one(number: &u32) -> bool {
    *number == one()
}

/// When a run ends by itself: at the first of these, but after at least `least_rounds`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct StopRule {
    /// Counted rounds, after one that warms up.
    pub rounds: u32,
    /// Time for all rounds together, in milliseconds. A run that is resumed has it anew.
    pub budget_ms: Option<u64>,
    /// The half-width of the confidence interval of every row's mean, as a fraction of the mean.
    pub precision: Option<f64>,
    /// Counted rounds that are run in any case.
    pub least_rounds: u32,
}

/// The search for the highest rate at which a row holds a limit. Every round of such a run tries one
/// rate for each row that is not settled; the rate stands in the sample.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RateSearch {
    /// Which share of the items must be within the limit: 0.99 for p99.
    pub quantile: f64,
    /// The limit, in nanoseconds.
    pub limit_ns: u64,
    /// The lowest rate that is tried, in arrivals per second.
    pub lowest_per_s: f64,
    /// The highest rate that is tried.
    pub highest_per_s: f64,
    /// How long items arrive at each rate, in milliseconds.
    pub for_ms: u64,
}

/// A matrix's name and the title of its table.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MatrixName {
    /// The name, as `--matrix` takes it.
    pub name: String,
    /// The title.
    pub title: String,
}

/// One row of the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// The row's name, which no other row of the run has: at most [`Row::LONGEST_NAME_BYTES`] long.
    pub name: String,
    /// What it runs.
    pub case: Case,
    /// The git revision whose worker runs it, where that is not the checkout's own.
    pub revision: Option<String>,
    /// Whether the matrix calls its work `io` or `cpu`, if it says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
}

impl Row {
    /// The longest name that a reader accepts, in bytes.
    pub const LONGEST_NAME_BYTES: usize = 1_000;
}
