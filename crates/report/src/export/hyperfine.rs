//! The JSON of hyperfine's `--export-json`, for scripts and services that read it.
//!
//! Source: hyperfine 1.x, `src/benchmark/benchmark_result.rs`.

use std::collections::BTreeMap;

use paceline_protocol::Measured;
use paceline_stats::summary::{RowMemory, RowSummary};
use paceline_stats::{Run, Series};
use serde::Serialize;

use super::document;
use crate::ReportError;

/// The valid rows as hyperfine's results, a row's name being its command. Times are in seconds.
///
/// `memory_usage_byte` has a value for each round that reads memory: one, unless the run was told to read
/// it more often. `user` and `system` are means over the counted rounds, and null where the system cannot
/// tell them.
///
/// # Errors
///
/// When a value has no form in JSON, which would be a bug.
pub fn hyperfine(run: &Run) -> Result<String, ReportError> {
    let results = run.rows().iter().filter_map(|row| Outcome::of(row, run)).collect();
    document(&Export { results })
}

#[derive(Serialize)]
struct Export<'a> {
    results: Vec<Outcome<'a>>,
}

#[derive(Serialize)]
struct Outcome<'a> {
    command: &'a str,
    mean: f64,
    stddev: Option<f64>,
    median: f64,
    user: Option<f64>,
    system: Option<f64>,
    min: f64,
    max: f64,
    times: &'a [f64],
    #[serde(skip_serializing_if = "Option::is_none")]
    memory_usage_byte: Option<Vec<u64>>,
    exit_codes: Vec<i32>,
    parameters: BTreeMap<&'static str, String>,
}

impl<'a> Outcome<'a> {
    fn of(row: &'a RowSummary, run: &Run) -> Option<Self> {
        let seconds = row.seconds.as_ref()?;
        let counted: Vec<&Measured> = run.standing(row).map(|(_, measured)| measured).collect();
        Some(Self {
            command: &row.row.name,
            mean: seconds.mean(),
            stddev: seconds.standard_deviation(),
            median: seconds.median(),
            user: mean_s(&counted, |measured| measured.user_ns),
            system: mean_s(&counted, |measured| measured.system_ns),
            min: seconds.min(),
            max: seconds.max(),
            times: seconds.values(),
            memory_usage_byte: row.memory.as_ref().map(RowMemory::peaks_bytes),
            // The worker of a valid sample ended well: a sample without an answer is broken.
            exit_codes: vec![0; seconds.len()],
            parameters: parameters(row),
        })
    }
}

fn mean_s(counted: &[&Measured], part_ns: fn(&Measured) -> Option<u64>) -> Option<f64> {
    let parts: Option<Vec<f64>> =
        counted.iter().map(|measured| part_ns(measured).map(|ns| ns as f64 / 1e9)).collect();
    Series::new(parts?).ok().map(|parts| parts.mean())
}

fn parameters(row: &RowSummary) -> BTreeMap<&'static str, String> {
    let case = &row.row.case;
    let mut parameters = BTreeMap::from([
        ("workload", case.spec.workload.clone()),
        ("executor", case.executor.clone()),
        ("batch", case.batch.to_string()),
    ]);
    parameters.extend(row.lanes.map(|lanes| ("width", lanes.asked.to_string())));
    parameters
}
