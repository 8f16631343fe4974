//! The JSON of pyperf.
//!
//! Source: pyperf 2.10, `pyperf/_bench.py`. What is common to all runs stands at the benchmark or at the
//! root, and what a run says of itself goes before it.

use std::collections::HashSet;
use std::path::Path;

use paceline_stats::Series;
use paceline_stats::compare::{Side, SideRow};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::ForeignError;
use crate::json::parse;

/// Reads a file of pyperf. A run without values only calibrates, and is passed over.
pub(crate) fn read(path: &Path, bytes: &[u8]) -> Result<Side, ForeignError> {
    let file: File = parse(path, "pyperf's JSON", bytes)?;
    // Older versions have other fields for the same; the version was a number then.
    if file.version != "1.0" && file.version != 6 {
        let found = file.version.to_string();
        return Err(ForeignError::Version { path: path.to_owned(), found });
    }
    let mut names = HashSet::new();
    let mut rows = Vec::new();
    for (index, benchmark) in file.benchmarks.iter().enumerate() {
        let scopes = [&benchmark.metadata, &file.metadata];
        let of_run = benchmark.runs.first().map(|run| &run.metadata);
        let name = text("name", of_run.into_iter().chain(scopes));
        let at = |reason: String| ForeignError::Benchmark {
            path: path.to_owned(),
            benchmark: name.clone().unwrap_or_else(|| format!("number {}", index + 1)),
            reason,
        };
        let Some(name) = name.clone() else { return Err(at("it has no name".to_owned())) };
        if !names.insert(name.clone()) {
            return Err(at("it is there twice".to_owned()));
        }
        let seconds = seconds(benchmark, scopes).map_err(at)?;
        rows.push(SideRow { name, case: None, seconds, rounds: Vec::new(), memory: None });
    }
    let caveats = vec![origin(path, &file)];
    Ok(Side { name: path.display().to_string(), run: None, caveats, rows })
}

/// The mean of each run's values, in seconds; `None` if no run has any.
fn seconds(benchmark: &Benchmark, scopes: [&Metadata; 2]) -> Result<Option<Series>, String> {
    let mut means = Vec::new();
    for (run, number) in benchmark.runs.iter().zip(1..) {
        let unit = text("unit", [&run.metadata].into_iter().chain(scopes));
        if let Some(unit) = unit.filter(|unit| unit != "second") {
            return Err(format!("run {number} counts in the unit `{unit}`, not in seconds"));
        }
        if let Some(index) = run.values.iter().position(|value| *value <= 0.0) {
            return Err(format!("value {} of run {number} is {} s", index + 1, run.values[index]));
        }
        if !run.values.is_empty() {
            let values = Series::new(run.values.as_slice())
                .map_err(|error| format!("run {number}: {error}"))?;
            means.push(values.mean());
        }
    }
    // A mean of checked values is one of them at most, so only a benchmark without any has no series.
    Ok(Series::new(means).ok())
}

/// Where the numbers come from, as far as the file tells.
fn origin(path: &Path, file: &File) -> String {
    let scopes = || {
        let first = file.benchmarks.first();
        let of_run = first.and_then(|benchmark| benchmark.runs.first()).map(|run| &run.metadata);
        of_run.into_iter().chain(first.map(|benchmark| &benchmark.metadata)).chain([&file.metadata])
    };
    let version = text("perf_version", scopes()).map(|text| format!(" {text}")).unwrap_or_default();
    let cores = scopes().find_map(|metadata| metadata.get("cpu_count")).and_then(Value::as_u64);
    let host: Vec<String> = [
        text("cpu_model_name", scopes()),
        cores.map(|cores| format!("{cores} cores")),
        text("platform", scopes()),
    ]
    .into_iter()
    .flatten()
    .collect();
    let host = match host.is_empty() {
        true => "a machine that it does not name".to_owned(),
        false => host.join(", "),
    };
    format!("{} comes from pyperf{version}, on {host}", path.display())
}

/// The first text that any of the scopes has under `key`.
fn text<'a>(key: &str, mut scopes: impl Iterator<Item = &'a Metadata>) -> Option<String> {
    scopes.find_map(|metadata| metadata.get(key)).and_then(Value::as_str).map(str::to_owned)
}

type Metadata = Map<String, Value>;

#[derive(Deserialize)]
struct File {
    version: Value,
    benchmarks: Vec<Benchmark>,
    #[serde(default)]
    metadata: Metadata,
}

#[derive(Deserialize)]
struct Benchmark {
    runs: Vec<Run>,
    #[serde(default)]
    metadata: Metadata,
}

#[derive(Deserialize)]
struct Run {
    /// In the benchmark's unit, for one iteration of its loop.
    #[serde(default)]
    values: Vec<f64>,
    #[serde(default)]
    metadata: Metadata,
}
