//! What github-action-benchmark reads with `tool: customSmallerIsBetter`.
//!
//! Source: <https://github.com/benchmark-action/github-action-benchmark>, `src/extract.ts`: an array of
//! name, unit, value, range and extra.

use paceline_stats::Run;
use paceline_stats::summary::RowSummary;
use serde::Serialize;

use super::document;
use super::label::labels;
use crate::ReportError;
use crate::cell::mib;

/// Two entries for each valid row: its mean time, and, where it is known, its peak memory.
///
/// # Errors
///
/// When a value has no form in JSON, which would be a bug.
pub fn github(run: &Run) -> Result<String, ReportError> {
    let rows = run.rows().iter().zip(labels(run));
    document(&rows.flat_map(|(row, label)| entries(row, &label)).collect::<Vec<_>>())
}

#[derive(Serialize)]
struct Entry {
    name: String,
    unit: &'static str,
    value: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<String>,
    extra: String,
}

fn entries(row: &RowSummary, label: &str) -> Vec<Entry> {
    let Some(seconds) = &row.seconds else { return Vec::new() };
    let mean = seconds.mean();
    // The farther end: the chart's bar is as long to both sides.
    let range = row.interval.map(|interval| (interval.high - mean).max(mean - interval.low));
    let time = Entry {
        name: format!("{label} / time"),
        unit: "s",
        value: mean,
        range: range.map(|range| format!("± {range:.6}")),
        extra: extra(row, seconds.len()),
    };
    let memory = row.memory.as_ref().map(|memory| Entry {
        name: format!("{label} / memory"),
        unit: "MiB",
        value: mib(memory.peak_bytes),
        range: memory
            .half_width_bytes()
            .map(|bytes| format!("± {:.2}", bytes / f64::from(1 << 20))),
        extra: match memory.peaks.len() {
            1 => "peak of the whole process tree, one reading".to_owned(),
            readings => format!("peak of the whole process tree, mean of {readings} readings"),
        },
    });
    [time].into_iter().chain(memory).collect()
}

/// The lines of the tooltip.
fn extra(row: &RowSummary, rounds: usize) -> String {
    let ideal = row.breakdown.map(|breakdown| format!("vs ideal: {:.3}", breakdown.vs_ideal));
    let lanes = row.lanes.map(|lanes| format!("in flight: {} -> {}", lanes.asked, lanes.seen));
    [format!("rounds: {rounds}")]
        .into_iter()
        .chain(ideal)
        .chain(lanes)
        .collect::<Vec<_>>()
        .join("\n")
}
