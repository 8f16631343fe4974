//! Everything, for programs.

use paceline_core::Family;
use paceline_journal::RunHeader;
use paceline_measure::TreeMemory;
use paceline_stats::Summary;
use paceline_stats::summary::{Ending, RowState, RowSummary};
use serde::Serialize;

/// The version of this form. It rises when a field changes its meaning or goes.
const FORMAT: u32 = 1;

/// The summary as one JSON document. Times are in seconds, sizes in bytes; what is not known is null.
///
/// # Errors
///
/// When a value has no form in JSON, which would be a bug.
pub fn json(summary: &Summary) -> serde_json::Result<String> {
    let document = Document {
        format: FORMAT,
        run: &summary.header,
        ending: match summary.ending {
            Ending::Completed => "completed",
            Ending::Interrupted => "interrupted",
            Ending::CutShort => "cut_short",
        },
        rows: summary.rows.iter().map(Row::of).collect(),
    };
    serde_json::to_string_pretty(&document).map(|text| text + "\n")
}

#[derive(Serialize)]
struct Document<'a> {
    format: u32,
    run: &'a RunHeader,
    ending: &'static str,
    rows: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    name: &'a str,
    workload: &'a str,
    executor: &'a str,
    family: Option<Family>,
    batch: usize,
    state: &'static str,
    reasons: Vec<&'a str>,
    mean_s: Option<f64>,
    round_s: &'a [f64],
    memory: Option<&'a TreeMemory>,
    in_flight: Option<InFlight>,
}

#[derive(Serialize)]
struct InFlight {
    asked: usize,
    started: usize,
    seen_peak: usize,
    seen_mean: f64,
}

impl<'a> Row<'a> {
    fn of(row: &'a RowSummary) -> Self {
        let (state, reasons) = match &row.state {
            RowState::Valid => ("valid", [].as_slice()),
            RowState::Invalid(reasons) => ("invalid", reasons.as_slice()),
            RowState::Broken(reasons) => ("broken", reasons.as_slice()),
            RowState::Skipped(reason) => ("skipped", std::slice::from_ref(reason)),
            RowState::NotRun => ("not_run", [].as_slice()),
        };
        let case = &row.row.case;
        Self {
            name: &row.row.name,
            workload: &case.spec.workload,
            executor: &case.executor,
            family: Family::of(&case.executor),
            batch: case.batch.get(),
            state,
            reasons: reasons.iter().map(String::as_str).collect(),
            mean_s: row.seconds.as_ref().map(paceline_stats::Series::mean),
            round_s: row.seconds.as_ref().map_or(&[], |seconds| seconds.values()),
            memory: row.memory.as_ref(),
            in_flight: row.lanes.map(|lanes| InFlight {
                asked: lanes.asked,
                started: lanes.started,
                seen_peak: lanes.seen,
                seen_mean: lanes.mean,
            }),
        }
    }
}
