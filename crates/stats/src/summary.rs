//! From a journal to the rows of a report.

use paceline_core::wire::Measured;
use paceline_journal::{EndReason, Journal, Row, RunHeader, Sample, SampleOutcome};
use paceline_measure::TreeMemory;

use crate::Series;

/// Everything a report shows of one run.
#[derive(Debug, Clone)]
pub struct Summary {
    /// What was run, and where.
    pub header: RunHeader,
    /// How the run ended.
    pub ending: Ending,
    /// The rows in the plan's order.
    pub rows: Vec<RowSummary>,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Every planned round was run.
    Completed,
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
    /// The memory of its process tree. `None` unless the row is valid and the round that measures it
    /// was run on a system that can tell.
    pub memory: Option<TreeMemory>,
    /// The concurrency, if any sample of the row was measured.
    pub lanes: Option<LanesSeen>,
}

impl RowSummary {
    /// Whether the row was run and must not be shown as a result.
    #[must_use]
    pub fn is_invalid(&self) -> bool {
        matches!(self.state, RowState::Invalid(_) | RowState::Broken(_))
    }
}

/// Whether a row may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowState {
    /// Every sample proved its work.
    Valid,
    /// The receipts of a sample show what the row must not claim; each reason names its round.
    Invalid(Vec<String>),
    /// A sample could not be run; each reason names its round.
    Broken(Vec<String>),
    /// It was not started, for want of memory.
    Skipped(String),
    /// The run ended before its first sample.
    NotRun,
}

/// The concurrency of a row: what was asked, started and seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LanesSeen {
    /// The width asked for.
    pub asked: usize,
    /// The most lanes started in any round.
    pub started: usize,
    /// The highest peak of items in flight in any round.
    pub seen: usize,
    /// The mean of items in flight, averaged over the rounds.
    pub mean: f64,
}

impl Summary {
    /// Summarises a journal: the same one always gives the same summary.
    #[must_use]
    pub fn of(journal: &Journal) -> Self {
        let rows = journal.header.rows.iter().map(|row| {
            let of_row = |sample: &&Sample| sample.row == row.name;
            summarise(row, &journal.samples.iter().filter(of_row).collect::<Vec<_>>())
        });
        let ending = match journal.end.as_ref().map(|end| end.reason) {
            Some(EndReason::Completed) => Ending::Completed,
            Some(EndReason::Interrupted) => Ending::Interrupted,
            None => Ending::CutShort,
        };
        Self { rows: rows.collect(), ending, header: journal.header.clone() }
    }
}

fn summarise(row: &Row, samples: &[&Sample]) -> RowSummary {
    let state = state(samples);
    let measured: Vec<(&Sample, &Measured)> = samples
        .iter()
        .filter_map(|sample| match &sample.outcome {
            SampleOutcome::Measured { measured, .. } => Some((*sample, &**measured)),
            _ => None,
        })
        .collect();
    let is_valid = state == RowState::Valid;
    let seconds: Vec<f64> = measured
        .iter()
        .filter(|(sample, _)| is_valid && !sample.is_warmup())
        .map(|(_, measured)| measured.total_ns() as f64 / 1e9)
        .collect();
    let memory = samples.iter().find_map(|sample| match &sample.outcome {
        SampleOutcome::Measured { memory, .. } if is_valid => memory.clone(),
        _ => None,
    });
    let measured: Vec<&Measured> = measured.into_iter().map(|(_, measured)| measured).collect();
    RowSummary {
        row: row.clone(),
        // The only series without values is an empty one, and nanoseconds are finite.
        seconds: Series::new(seconds).ok(),
        memory,
        lanes: lanes_seen(&measured),
        state,
    }
}

fn state(samples: &[&Sample]) -> RowState {
    let mut invalid = Vec::new();
    let mut broken = Vec::new();
    let mut skipped = None;
    for sample in samples {
        let round = match sample.is_warmup() {
            true => "warm-up".to_owned(),
            false => format!("round {}", sample.round),
        };
        match &sample.outcome {
            SampleOutcome::Measured { measured, .. } => {
                let reasons = measured.violations.iter();
                invalid.extend(reasons.map(|violation| format!("{round}: {violation}")));
            }
            SampleOutcome::Broken { reason } => broken.push(format!("{round}: {reason}")),
            SampleOutcome::TooLittleMemory { need_bytes, have_bytes } => {
                skipped = Some(too_little_memory(*need_bytes, *have_bytes));
            }
        }
    }
    match (invalid.is_empty(), broken.is_empty(), skipped) {
        (_, false, _) => RowState::Broken(broken),
        (false, true, _) => RowState::Invalid(invalid),
        (true, true, Some(reason)) => RowState::Skipped(reason),
        (true, true, None) if samples.is_empty() => RowState::NotRun,
        (true, true, None) => RowState::Valid,
    }
}

fn too_little_memory(need_bytes: u64, have_bytes: u64) -> String {
    let mib = |bytes: u64| bytes as f64 / f64::from(1 << 20);
    format!(
        "it needs about {:.0} MiB of memory and {:.0} MiB are available",
        mib(need_bytes),
        mib(have_bytes)
    )
}

fn lanes_seen(measured: &[&Measured]) -> Option<LanesSeen> {
    let mean = measured.iter().map(|m| m.seen.mean).sum::<f64>() / measured.len() as f64;
    Some(LanesSeen {
        asked: measured.first()?.asked,
        started: measured.iter().map(|m| m.started).max()?,
        seen: measured.iter().map(|m| m.seen.peak).max()?,
        mean,
    })
}
