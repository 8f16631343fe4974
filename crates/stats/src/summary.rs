//! From a journal to the rows of a report.

mod memory;
mod seen;
mod state;
mod takes;

use std::collections::HashMap;

use paceline_core::{Family, WorkloadSpec};
use paceline_journal::{EndReason, Journal, Purpose, Row, Sample};
use paceline_protocol::Measured;

pub use self::memory::RowMemory;
pub use self::seen::{LanesSeen, NoiseSeen};
use self::state::state;
pub use self::state::{RowState, too_little_memory};
use self::takes::{Take, counted};
pub(crate) use self::takes::{by_row, measured};
use crate::bootstrap::{Bootstrap, Interval};
use crate::ideal::{Breakdown, computes};
use crate::latency::{Arrivals, Latency};
use crate::power::minimum_detectable_ratio;
use crate::ratio::log_ratios;
use crate::{Level, Series, flags};

/// What the samples of a run come to. A [`Run`](crate::Run) has one.
#[derive(Debug, Clone)]
pub struct Summary {
    /// How the run ended.
    pub ending: Ending,
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
    /// The places of its samples among those of the journal, in the order of the run, but for those that were
    /// run for their memory alone.
    pub samples: Vec<usize>,
    /// Those of them whose times are in `seconds`, in the order of their rounds.
    pub standing: Vec<usize>,
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

/// Whether the mean of every valid row of an unfinished run is known within `precision`: half the width of its
/// interval, as a fraction of the mean.
#[must_use]
pub fn is_precise(journal: &Journal, precision: f64) -> bool {
    let is_known =
        |row: &RowSummary| row.relative_half_width().is_none_or(|half| half <= precision);
    Summary::of(journal).rows.iter().all(is_known)
}

impl Summary {
    pub(crate) fn of(journal: &Journal) -> Self {
        let samples = by_row(&journal.header.plan.rows, &journal.samples);
        let in_sequence = InSequence::of(journal, &samples);
        let rows: Vec<RowSummary> = journal
            .header
            .plan
            .rows
            .iter()
            .zip(samples)
            .map(|(row, places)| RowSummary::of(row, places, &in_sequence, journal))
            .collect();
        let ending = match journal.end.as_ref().map(|end| end.reason) {
            Some(EndReason::Completed) => Ending::Completed,
            Some(EndReason::Budget) => Ending::Budget,
            Some(EndReason::Precision) => Ending::Precision,
            Some(EndReason::Interrupted) => Ending::Interrupted,
            None => Ending::CutShort,
        };
        Self { minimum_detectable_ratio: detectable(&rows), rounds: journal.rounds(), rows, ending }
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
    fn relative_half_width(&self) -> Option<f64> {
        match (&self.state, &self.seconds, self.interval) {
            (RowState::Valid, Some(seconds), Some(interval)) => {
                Some((interval.high - interval.low) / 2.0 / seconds.mean())
            }
            (RowState::Valid, ..) => Some(f64::INFINITY),
            _ => None,
        }
    }

    fn of<'a>(
        row: &'a Row,
        places: Vec<usize>,
        in_sequence: &InSequence<'a>,
        journal: &Journal,
    ) -> Self {
        let (places, for_memory): (Vec<usize>, Vec<usize>) =
            places.into_iter().partition(|at| journal.samples[*at].purpose == Purpose::Time);
        let of = |places: &[usize]| -> Vec<&Sample> {
            places.iter().map(|at| &journal.samples[*at]).collect()
        };
        let samples = of(&places);
        let all = [samples.clone(), of(&for_memory)].concat();
        let state = state(&all);
        let is_valid = state == RowState::Valid;
        let stands =
            counted(places.iter().copied().zip(samples.iter().copied()), &journal.header.host);
        let noise = NoiseSeen::of(&samples, &stands, &journal.header.host);
        let counted = if is_valid { stands } else { Vec::new() };
        let totals: Vec<f64> =
            counted.iter().map(|take| take.measured.total_ns() as f64 / 1e9).collect();
        // The only series without values is an empty one, and nanoseconds are finite.
        let seconds = Series::new(totals).ok();
        let rounds: Vec<(u32, u64)> =
            counted.iter().map(|take| (take.sample.round, take.sample.seed)).collect();
        let measurements: Vec<&Measured> = counted.iter().map(|take| take.measured).collect();
        let bootstrap = Bootstrap::seeded(journal.header.plan.seed);
        Self {
            row: row.clone(),
            interval: seconds.as_ref().and_then(|seconds| bootstrap.mean_interval(seconds)),
            flags: seconds.as_ref().map_or(Vec::new(), |seconds| flags_of(seconds, &rounds)),
            breakdown: breakdown(row, &counted, in_sequence, journal),
            latency: Latency::of(&measurements),
            arrivals: Arrivals::of(&measurements),
            memory: RowMemory::of_samples(all.iter().copied(), journal.header.plan.seed)
                .filter(|_| is_valid),
            lanes: LanesSeen::of(&samples),
            noise,
            retried: samples
                .iter()
                .filter_map(|s| measured(s))
                .map(|m| m.items.retried.len())
                .sum(),
            standing: counted.iter().map(|take| take.at).collect(),
            samples: places,
            seconds,
            rounds,
            state,
        }
    }
}

/// The rows of one work: of one workload with its parameters, and of one revision.
type Work<'a> = (&'a WorkloadSpec, Option<&'a str>);

fn work(row: &Row) -> Work<'_> {
    (&row.case.spec, row.revision.as_deref())
}

/// The counted rounds, in their order, of the row that does a work in sequence: the first that there is.
struct InSequence<'a>(HashMap<Work<'a>, Vec<Take<'a>>>);

impl<'a> InSequence<'a> {
    /// `samples` are the places of each row's.
    fn of(journal: &'a Journal, samples: &[Vec<usize>]) -> Self {
        let mut of_work = HashMap::new();
        for (row, places) in journal.header.plan.rows.iter().zip(samples) {
            if Family::of(&row.case.executor) == Some(Family::Sequential) {
                of_work.entry(work(row)).or_insert_with(|| {
                    let samples = places.iter().map(|at| (*at, &journal.samples[*at]));
                    let samples = || samples.clone().filter(|(_, s)| s.purpose == Purpose::Time);
                    let state = state(&samples().map(|(_, sample)| sample).collect::<Vec<_>>());
                    // A row that is not valid says nothing of the work.
                    let is_valid = state == RowState::Valid;
                    counted(samples().filter(|_| is_valid), &journal.header.host)
                });
            }
        }
        Self(of_work)
    }

    /// Those of the work of `row`; empty without a valid row.
    fn of_work(&self, row: &'a Row) -> &[Take<'a>] {
        self.0.get(&work(row)).map_or(&[], Vec::as_slice)
    }
}

/// The mean over all rounds; `None` if any of them has no ideal, since the parts would not sum to the
/// row's mean then.
fn breakdown<'a>(
    row: &'a Row,
    counted: &[Take<'_>],
    in_sequence: &InSequence<'a>,
    journal: &Journal,
) -> Option<Breakdown> {
    let cores = journal.header.host.usable_cores;
    let of_work = in_sequence.of_work(row);
    let is_known = computes(row.group.as_deref(), of_work.iter().map(|take| take.measured));
    let in_sequence = if is_known { of_work } else { &[] };
    let of_round = |take: &Take<'_>| {
        let same = in_sequence.binary_search_by_key(&take.sample.round, |other| other.sample.round);
        let of_same = same.ok().map(|at| in_sequence[at].measured);
        Breakdown::of(&row.case, take.measured, of_same, cores)
    };
    let rounds: Option<Vec<Breakdown>> = counted.iter().map(of_round).collect();
    Breakdown::mean(&rounds?)
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

/// The rows of each workload with its parameters, in the order in which they come first.
#[must_use]
pub fn by_workload<'a>(
    rows: impl IntoIterator<Item = &'a RowSummary>,
) -> Vec<(&'a WorkloadSpec, Vec<&'a RowSummary>)> {
    let mut places: HashMap<&WorkloadSpec, usize> = HashMap::new();
    let mut workloads: Vec<(&WorkloadSpec, Vec<&RowSummary>)> = Vec::new();
    for row in rows {
        let spec = &row.row.case.spec;
        let place = *places.entry(spec).or_insert_with(|| {
            workloads.push((spec, Vec::new()));
            workloads.len() - 1
        });
        workloads[place].1.push(row);
    }
    workloads
}

/// The middle of what can be told between each row and the first valid one of its workload.
fn detectable(rows: &[RowSummary]) -> Option<f64> {
    let mut ratios: Vec<f64> = by_workload(rows).iter().flat_map(|(_, rows)| told(rows)).collect();
    ratios.sort_by(f64::total_cmp);
    ratios.get(ratios.len() / 2).copied()
}

/// What can be told between the first of `rows` that is valid and each of the others.
fn told(rows: &[&RowSummary]) -> Vec<f64> {
    let mut valid = rows.iter().filter_map(|row| Some((row, row.seconds.as_ref()?)));
    let Some((reference, of_reference)) = valid.next() else { return Vec::new() };
    let told =
        valid.filter(|(row, _)| row.rounds == reference.rounds).filter_map(|(_, seconds)| {
            let logs = log_ratios(seconds, of_reference).ok()?;
            let deviation = logs.standard_deviation()?;
            minimum_detectable_ratio(deviation, logs.len(), Level::NINETY_FIVE, Level::EIGHTY)
        });
    told.collect()
}
