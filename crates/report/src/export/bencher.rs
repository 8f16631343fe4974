//! Bencher Metric Format, which Bencher's `json` adapter reads.
//!
//! Source: <https://bencher.dev/docs/reference/bencher-metric-format>. The measure `latency` is in
//! nanoseconds there; `peak-memory` is a measure of ours, in bytes.

use std::collections::BTreeMap;

use paceline_stats::Run;
use paceline_stats::summary::RowSummary;
use serde::Serialize;

use super::document;
use super::label::labels;
use crate::ReportError;

/// The valid rows as Bencher's benchmarks, with mean time and peak memory and their 95 % intervals.
///
/// # Errors
///
/// When a value has no form in JSON, which would be a bug.
pub fn bencher(run: &Run) -> Result<String, ReportError> {
    let benchmarks: BTreeMap<String, Measures> = labels(run)
        .into_iter()
        .zip(run.rows())
        .filter_map(|(label, row)| Some((label, Measures::of(row)?)))
        .collect();
    document(&benchmarks)
}

#[derive(Serialize)]
struct Measures {
    latency: Metric,
    #[serde(rename = "peak-memory", skip_serializing_if = "Option::is_none")]
    peak_memory: Option<Metric>,
}

#[derive(Serialize)]
struct Metric {
    value: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    lower_value: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    upper_value: Option<f64>,
}

impl Measures {
    fn of(row: &RowSummary) -> Option<Self> {
        let ns = |seconds: f64| seconds * 1e9;
        let latency = Metric {
            value: ns(row.seconds.as_ref()?.mean()),
            lower_value: row.interval.map(|interval| ns(interval.low)),
            upper_value: row.interval.map(|interval| ns(interval.high)),
        };
        let peak_memory = row.memory.as_ref().map(|memory| Metric {
            value: memory.peak_bytes as f64,
            lower_value: memory.interval.map(|interval| interval.low),
            upper_value: memory.interval.map(|interval| interval.high),
        });
        Some(Self { latency, peak_memory })
    }
}
