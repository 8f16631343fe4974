//! The JSON that pyperf reads: `pyperf show`, `stats`, `hist`, `compare_to`.
//!
//! Source: pyperf 2.10, `pyperf/_bench.py` and `pyperf/_metadata.py`. A run there is one process, as a
//! sample is here, so each round becomes a run with one value, and the round that warms up becomes a run
//! without values, which pyperf counts as calibration and leaves out.

use jiff::Timestamp;
use paceline_journal::{Sample, SampleOutcome};
use paceline_protocol::HostFacts;
use paceline_stats::Run;
use paceline_stats::summary::RowSummary;
use serde::Serialize;
use serde_json::{Map, Value};

use super::document;
use super::label::labels;
use crate::ReportError;
use crate::cell::{name, state_and_reasons};

/// The version of pyperf's format.
const FORMAT: &str = "1.0";

/// The run for pyperf. Rows without a valid time, or with one of zero, are named under the key
/// `paceline_left_out` and are otherwise missing: pyperf has no benchmark without values above zero.
///
/// # Errors
///
/// [`ReportError::NoResult`] when no row is left: pyperf refuses such a file.
pub fn pyperf(run: &Run) -> Result<String, ReportError> {
    let (shown, left_out): (Vec<_>, Vec<_>) =
        run.rows().iter().zip(labels(run)).partition(|(row, _)| has_result(row));
    if shown.is_empty() {
        return Err(ReportError::NoResult { form: "pyperf's JSON" });
    }
    let left_out: Vec<String> = left_out.iter().map(|(row, label)| reason(row, label)).collect();
    document(&Suite {
        version: FORMAT,
        benchmarks: shown.iter().map(|(row, label)| Benchmark::of(row, label, run)).collect(),
        metadata: of_suite(run, &left_out.join("; ")),
    })
}

fn has_result(row: &RowSummary) -> bool {
    row.seconds.as_ref().is_some_and(|seconds| seconds.min() > 0.0)
}

fn reason(row: &RowSummary, label: &str) -> String {
    let (state, reasons) = state_and_reasons(&row.state);
    match (state, reasons.first()) {
        ("valid", _) => format!("{label}: no time above zero"),
        (_, Some(reason)) => format!("{label}: {state}, {}", name(reason)),
        (_, None) => format!("{label}: {state}"),
    }
}

/// What holds for every run, under pyperf's own keys where it has one.
fn of_suite(run: &Run, left_out: &str) -> Map<String, Value> {
    let header = run.header();
    let host = &header.host;
    let platform: Vec<&str> = [host.os.as_str()]
        .into_iter()
        .chain(host.kernel_release.as_deref())
        .chain([host.arch.as_str()])
        .collect();
    let texts = [
        ("unit", "second".to_owned()),
        ("platform", platform.join("-")),
        ("cpu_model_name", host.cpu_model.clone().unwrap_or_default()),
        ("cpu_config", cpu_config(host)),
        // Scripts that print the two expect them in every file.
        ("perf_version", format!("paceline {}", header.paceline)),
        ("python_version", header.rustc.clone()),
        ("paceline_run", header.run_id.clone()),
        ("paceline_matrix", header.plan.matrix.name.clone()),
        ("paceline_scale", header.plan.scale.clone()),
        ("paceline_seed", header.plan.seed.to_string()),
        ("paceline_revision", header.revision.clone().unwrap_or_default()),
        ("paceline_left_out", left_out.to_owned()),
    ];
    let mut metadata: Map<String, Value> = texts
        .into_iter()
        .filter_map(|(key, value)| Some((key.to_owned(), one_line(&value)?)))
        .collect();
    if let Some(cores) = host.logical_cores {
        metadata.insert("cpu_count".to_owned(), cores.into());
    }
    if let Some([one_minute, ..]) = host.load_average.filter(|[load, ..]| *load >= 0.0) {
        metadata.insert("load_avg_1min".to_owned(), f64::from(one_minute).into());
    }
    metadata
}

/// A value as pyperf takes it: on one line and not empty.
fn one_line(value: &str) -> Option<Value> {
    let line = name(value).trim().to_owned();
    (!line.is_empty()).then(|| line.into())
}

fn cpu_config(host: &HostFacts) -> String {
    let governor = host.governor.as_ref().map(|governor| format!("governor:{governor}"));
    let turbo = host.turbo.map(|on| format!("turbo:{}", if on { "on" } else { "off" }));
    governor.into_iter().chain(turbo).collect::<Vec<_>>().join(", ")
}

#[derive(Serialize)]
struct Suite {
    version: &'static str,
    benchmarks: Vec<Benchmark>,
    metadata: Map<String, Value>,
}

#[derive(Serialize)]
struct Benchmark {
    runs: Vec<Process>,
    metadata: Map<String, Value>,
}

impl Benchmark {
    fn of(row: &RowSummary, label: &str, run: &Run) -> Self {
        let case = &row.row.case;
        let mut metadata = Map::new();
        metadata.insert("name".to_owned(), label.into());
        metadata.insert("loops".to_owned(), 1.into());
        for (key, value) in
            [("paceline_executor", &case.executor), ("paceline_workload", &case.spec.workload)]
        {
            metadata.extend(one_line(value).map(|value| (key.to_owned(), value)));
        }
        let memory = row.memory.as_ref().and_then(|memory| memory.peaks_bytes().into_iter().max());
        if let Some(largest) = memory.filter(|bytes| *bytes > 0) {
            metadata.insert("mem_max_rss".to_owned(), largest.into());
        }
        let warmup = run.samples(row).find(|sample| sample.is_warmup());
        let warmup = warmup.and_then(Process::warming_up);
        let counted = run.standing(row);
        let counted =
            counted.map(|(sample, measured)| Process::counted(sample, measured.total_ns()));
        Self { runs: warmup.into_iter().chain(counted).collect(), metadata }
    }
}

/// What pyperf calls a run.
#[derive(Serialize)]
struct Process {
    /// Loops and seconds a loop.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warmups: Vec<(u32, f64)>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    values: Vec<f64>,
    metadata: Map<String, Value>,
}

impl Process {
    fn warming_up(sample: &Sample) -> Option<Self> {
        let SampleOutcome::Measured { measured, .. } = &sample.outcome else { return None };
        let mut run = Self::counted(sample, measured.total_ns());
        run.warmups = vec![(1, seconds(measured.total_ns()))];
        run.values.clear();
        // With this key, the run is one that looked for the number of loops; without, pyperf guesses.
        run.metadata.insert("calibrate_loops".to_owned(), 1.into());
        Some(run)
    }

    fn counted(sample: &Sample, total_ns: u64) -> Self {
        let mut metadata = Map::new();
        metadata.insert("duration".to_owned(), seconds(total_ns).into());
        metadata.insert("paceline_round".to_owned(), sample.round.into());
        metadata.extend(date(sample.started_unix_ms).map(|date| ("date".to_owned(), date.into())));
        Self { warmups: Vec::new(), values: vec![seconds(total_ns)], metadata }
    }
}

fn seconds(ns: u64) -> f64 {
    ns as f64 / 1e9
}

/// The time in UTC as pyperf writes times, which has no zone; `None` beyond the calendar's end.
fn date(unix_ms: u64) -> Option<String> {
    // Python's calendar ends with the year 9999, as this one does.
    let time = Timestamp::from_millisecond(i64::try_from(unix_ms).ok()?).ok()?;
    Some(time.strftime("%Y-%m-%d %H:%M:%S%.6f").to_string())
}
