//! From a journal to the rows of a report.

mod memory;
mod seen;
mod standing;
mod state;
mod takes;

use paceline_core::Family;
use paceline_journal::{EndReason, Journal, Row, RunHeader, Sample};
use paceline_protocol::Measured;

pub use self::memory::RowMemory;
pub use self::seen::{LanesSeen, NoiseSeen};
pub use self::standing::standing;
pub use self::state::{RowState, too_little_memory};
use self::state::state;
use self::takes::{counted, measured};
use crate::bootstrap::{Bootstrap, Interval};
use crate::ideal::{Breakdown, computes};
use crate::latency::{Arrivals, Latency};
use crate::power::minimum_detectable_ratio;
use crate::ratio::log_ratios;
use crate::{Level, Series, flags};

/// Everything a report shows of one run.
#[derive(Debug, Clone)]
pub struct Summary {
    /// What was run, and where.
    pub header: RunHeader,
    /// How the run ended.
    pub ending: Ending,
    /// The line of the journal that was torn, if one was.
    pub torn_line: Option<usize>,
    /// The counted rounds that were begun.
    pub rounds: u32,
    /// The rows in the plan's order.
    pub rows: Vec<RowSummary>,
    /// The smallest ratio between two rows of the same workload that the rounds can tell from 1 with a
    /// power of 80 % at a level of 95 %, in the middle of all rows. `None` for too few rounds.
    pub minimum_detectable_ratio: Option<f64>,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Every planned round was run.
    Completed,
    /// Its budget of time was used up.
    Budget,
    /// Every mean was as precise as was asked.
    Precision,
    /// The user stopped it.
    Interrupted,
    /// The journal has no end: the driver was killed, or is still at work.
    CutShort,
}

/// One row.
#[derive(Debug, Clone)]
pub struct RowSummary {
    /// Its name and case.
    pub row: Row,
    /// Whether it may be shown, and if not, why.
    pub state: RowState,
    /// The time of each counted round in seconds: startup, run and shutdown together. `None` unless
    /// the row is valid and at least one counted round was run.
    pub seconds: Option<Series>,
    /// The rounds of `seconds`, with the seed of each.
    pub rounds: Vec<(u32, u64)>,
    /// The 95 % bootstrap confidence interval of the mean of `seconds`.
    pub interval: Option<Interval>,
    /// What the mean hides.
    pub flags: Vec<Flag>,
    /// The time taken apart, where an ideal is known.
    pub breakdown: Option<Breakdown>,
    /// How long its items took, over the counted rounds. `None` unless the row is valid and its journal
    /// tells.
    pub latency: Option<Latency>,
    /// What came of its arrivals, in open loop.
    pub arrivals: Option<Arrivals>,
    /// The memory of its process tree. `None` unless the row is valid and a round that reads it was run
    /// on a system that can tell.
    pub memory: Option<RowMemory>,
    /// The concurrency, if any sample of the row was measured.
    pub lanes: Option<LanesSeen>,
    /// What disturbed its samples.
    pub noise: NoiseSeen,
    /// Items that were lost with their child and run again, over all samples.
    pub retried: usize,
}

/// Something about a row's times that its mean does not tell. Nothing is left out of the mean for it.
#[derive(Debug, Clone, PartialEq)]
pub enum Flag {
    /// These rounds lie more than 1.5 interquartile ranges outside the quartiles.
    Outliers(Vec<u32>),
    /// Times rise or fall over the rounds: Spearman's rho, and its p-value.
    Drift {
        /// The rank correlation with the round.
        rho: f64,
        /// How likely it is by chance.
        p_value: f64,
    },
    /// Times fall into two groups.
    TwoModes {
        /// How likely it is by chance.
        p_value: f64,
    },
}

impl Summary {
    /// Summarises a journal: the same one always gives the same summary.
    #[must_use]
    pub fn of(journal: &Journal) -> Self {
        let rows: Vec<RowSummary> =
            journal.header.rows.iter().map(|row| RowSummary::of(row, journal)).collect();
        let ending = match journal.end.as_ref().map(|end| end.reason) {
            Some(EndReason::Completed) => Ending::Completed,
            Some(EndReason::Budget) => Ending::Budget,
            Some(EndReason::Precision) => Ending::Precision,
            Some(EndReason::Interrupted) => Ending::Interrupted,
            None => Ending::CutShort,
        };
        Self {
            minimum_detectable_ratio: detectable(&rows),
            rounds: journal.samples.iter().map(|sample| sample.round).max().unwrap_or(0),
            rows,
            ending,
            torn_line: journal.torn_line,
            header: journal.header.clone(),
        }
    }
}

impl RowSummary {
    /// Whether the row was run and must not be shown as a result.
    #[must_use]
    pub fn is_invalid(&self) -> bool {
        matches!(self.state, RowState::Invalid(_) | RowState::Broken(_))
    }

    /// Half the width of the mean's confidence interval, as a fraction of the mean. `None` while no
    /// interval is known; infinite for a valid row that has no interval yet.
    #[must_use]
    pub fn relative_half_width(&self) -> Option<f64> {
        match (&self.state, &self.seconds, self.interval) {
            (RowState::Valid, Some(seconds), Some(interval)) => {
                Some((interval.high - interval.low) / 2.0 / seconds.mean())
            }
            (RowState::Valid, ..) => Some(f64::INFINITY),
            _ => None,
        }
    }

    fn of(row: &Row, journal: &Journal) -> Self {
        let samples: Vec<&Sample> =
            journal.samples.iter().filter(|sample| sample.row == row.name).collect();
        let for_memory: Vec<&Sample> =
            journal.memory_samples.iter().filter(|sample| sample.row == row.name).collect();
        let state = state(&samples, &for_memory);
        let is_valid = state == RowState::Valid;
        let readings = samples.iter().chain(&for_memory).copied();
        let counted = if is_valid { counted(&samples, journal) } else { Vec::new() };
        let totals: Vec<f64> =
            counted.iter().map(|(_, measured)| measured.total_ns() as f64 / 1e9).collect();
        // The only series without values is an empty one, and nanoseconds are finite.
        let seconds = Series::new(totals).ok();
        let rounds: Vec<(u32, u64)> =
            counted.iter().map(|(sample, _)| (sample.round, sample.seed)).collect();
        let measurements: Vec<&Measured> = counted.iter().map(|(_, measured)| *measured).collect();
        let bootstrap = Bootstrap::seeded(journal.header.seed);
        Self {
            row: row.clone(),
            interval: seconds.as_ref().and_then(|seconds| bootstrap.mean_interval(seconds)),
            flags: seconds.as_ref().map_or(Vec::new(), |seconds| flags_of(seconds, &rounds)),
            breakdown: breakdown(row, &counted, journal),
            latency: Latency::of(&measurements),
            arrivals: Arrivals::of(&measurements),
            memory: RowMemory::of_samples(readings, journal.header.seed).filter(|_| is_valid),
            lanes: LanesSeen::of(&samples),
            noise: NoiseSeen::of(&samples, journal),
            retried: samples
                .iter()
                .filter_map(|s| measured(s))
                .map(|m| m.items.retried.len())
                .sum(),
            seconds,
            rounds,
            state,
        }
    }
}

/// The mean over all rounds; `None` if any of them has no ideal, since the parts would not sum to the
/// row's mean then. A sequential row that is not valid says nothing of the work, so it gives none.
fn breakdown(row: &Row, counted: &[(&Sample, &Measured)], journal: &Journal) -> Option<Breakdown> {
    let cores = journal.header.host.usable_cores;
    let mut in_sequence = sequential(row, journal);
    if !computes(row.group.as_deref(), in_sequence.iter().map(|(_, measured)| *measured)) {
        in_sequence.clear();
    }
    let of_round = |(sample, measured_here): &(&Sample, &Measured)| {
        let mut rounds = in_sequence.iter();
        let of_same = rounds.find(|(other, _)| other.round == sample.round);
        Breakdown::of(&row.case, measured_here, of_same.map(|(_, measured)| *measured), cores)
    };
    let rounds: Option<Vec<Breakdown>> = counted.iter().map(of_round).collect();
    Breakdown::mean(&rounds?)
}

/// The counted rounds of the valid row that does the work of `row` in sequence; empty without one.
fn sequential<'a>(row: &Row, journal: &'a Journal) -> Vec<(&'a Sample, &'a Measured)> {
    let is_sequential = |candidate: &&Row| {
        Family::of(&candidate.case.executor) == Some(Family::Sequential)
            && candidate.case.spec == row.case.spec
            && candidate.revision == row.revision
    };
    let Some(found) = journal.header.rows.iter().find(is_sequential) else { return Vec::new() };
    let samples: Vec<&Sample> =
        journal.samples.iter().filter(|sample| sample.row == found.name).collect();
    if state(&samples, &[]) == RowState::Valid { counted(&samples, journal) } else { Vec::new() }
}

fn flags_of(seconds: &Series, rounds: &[(u32, u64)]) -> Vec<Flag> {
    let outliers: Vec<u32> =
        flags::outliers(seconds).into_iter().map(|position| rounds[position].0).collect();
    let drift = flags::drift(seconds).filter(flags::Drift::is_flagged);
    let modes = flags::modes(seconds).filter(flags::Modes::is_flagged);
    [
        (!outliers.is_empty()).then_some(Flag::Outliers(outliers)),
        drift.map(|drift| Flag::Drift { rho: drift.rho, p_value: drift.p_value }),
        modes.map(|modes| Flag::TwoModes { p_value: modes.p_value }),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The middle of what can be told between each row and the first valid one of its workload.
fn detectable(rows: &[RowSummary]) -> Option<f64> {
    let mut ratios: Vec<f64> = rows
        .iter()
        .filter_map(|row| {
            let mut of_workload =
                rows.iter().filter(|other| other.row.case.spec == row.row.case.spec);
            let reference = of_workload.find(|other| other.seconds.is_some())?;
            if reference.row.name == row.row.name || reference.rounds != row.rounds {
                return None;
            }
            let logs = log_ratios(row.seconds.as_ref()?, reference.seconds.as_ref()?).ok()?;
            let deviation = logs.standard_deviation()?;
            minimum_detectable_ratio(deviation, logs.len(), Level::NINETY_FIVE, Level::EIGHTY)
        })
        .collect();
    ratios.sort_by(f64::total_cmp);
    ratios.get(ratios.len() / 2).copied()
}
