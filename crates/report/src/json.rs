//! Everything, for programs.

use paceline_core::Family;
use paceline_journal::RunHeader;
use paceline_protocol::{MemoryKind, ProcessPeak};
use paceline_stats::ideal::Breakdown;
use paceline_stats::latency::{Arrivals, Latency};
use paceline_stats::summary::{Ending, RowMemory, RowSummary};
use paceline_stats::{Run, Series};
use serde::Serialize;

use crate::cell::state_and_reasons;
use crate::notes::flag;

/// The version of this form. It rises when a field changes its meaning or goes.
const FORMAT: u32 = 1;

/// The run as one JSON document. Times are in seconds, sizes in bytes; what is not known is null.
///
/// # Errors
///
/// When a value has no form in JSON, which would be a bug.
pub fn json(run: &Run) -> serde_json::Result<String> {
    let document = Document {
        format: FORMAT,
        run: run.header(),
        ending: match run.summary().ending {
            Ending::Completed => "completed",
            Ending::Budget => "budget",
            Ending::Precision => "precision",
            Ending::Interrupted => "interrupted",
            Ending::CutShort => "cut_short",
        },
        minimum_detectable_ratio: run.summary().minimum_detectable_ratio,
        rows: run.rows().iter().map(Row::of).collect(),
    };
    serde_json::to_string_pretty(&document).map(|text| text + "\n")
}

#[derive(Serialize)]
struct Document<'a> {
    format: u32,
    run: &'a RunHeader,
    ending: &'static str,
    minimum_detectable_ratio: Option<f64>,
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
    reasons: &'a [String],
    revision: Option<&'a str>,
    mean_s: Option<f64>,
    mean_low_s: Option<f64>,
    mean_high_s: Option<f64>,
    median_s: Option<f64>,
    min_s: Option<f64>,
    max_s: Option<f64>,
    coefficient_of_variation: Option<f64>,
    rounds: Vec<u32>,
    round_s: &'a [f64],
    flags: Vec<String>,
    ideal: Option<Ideal>,
    latency: Option<LatencyOfItems>,
    open_loop: Option<OpenLoop>,
    noise: Noise,
    memory: Option<Memory<'a>>,
    in_flight: Option<InFlight>,
}

/// The mean of all readings, and the first of them in full.
#[derive(Serialize)]
struct Memory<'a> {
    peak_bytes: u64,
    peak_low_bytes: Option<f64>,
    peak_high_bytes: Option<f64>,
    kind: MemoryKind,
    samples: u64,
    mean_interval_us: Option<u64>,
    processes: &'a [ProcessPeak],
    rounds: Vec<u32>,
    round_peak_bytes: Vec<u64>,
}

impl<'a> Memory<'a> {
    fn of(memory: &'a RowMemory) -> Self {
        Self {
            peak_bytes: memory.peak_bytes,
            peak_low_bytes: memory.interval.map(|interval| interval.low),
            peak_high_bytes: memory.interval.map(|interval| interval.high),
            kind: memory.kind,
            samples: memory.first.samples,
            mean_interval_us: memory.first.mean_interval_us,
            processes: &memory.first.processes,
            rounds: memory.rounds.iter().map(|(round, _)| *round).collect(),
            round_peak_bytes: memory.peaks_bytes(),
        }
    }
}

#[derive(Serialize)]
struct InFlight {
    asked: usize,
    started: usize,
    seen_peak: usize,
    seen_mean: f64,
    server_peak: Option<u64>,
}

#[derive(Serialize)]
struct Ideal {
    vs_ideal: f64,
    list_makespan_s: f64,
    lower_bound_s: f64,
    imbalance_s: f64,
    startup_s: f64,
    dispatch_s: f64,
    shutdown_s: f64,
}

impl Ideal {
    fn of(breakdown: &Breakdown) -> Self {
        Self {
            vs_ideal: breakdown.vs_ideal,
            list_makespan_s: breakdown.makespan_s(),
            lower_bound_s: breakdown.lower_bound_s,
            imbalance_s: breakdown.imbalance_s,
            startup_s: breakdown.startup_s,
            dispatch_s: breakdown.dispatch_s,
            shutdown_s: breakdown.shutdown_s,
        }
    }
}

#[derive(Serialize)]
struct LatencyOfItems {
    items: u64,
    p50_s: f64,
    p90_s: f64,
    p99_s: f64,
    p999_s: f64,
    max_s: f64,
}

impl LatencyOfItems {
    fn of(latency: Latency) -> Self {
        let Latency { items, p50_s, p90_s, p99_s, p999_s, max_s } = latency;
        Self { items, p50_s, p90_s, p99_s, p999_s, max_s }
    }
}

#[derive(Serialize)]
struct OpenLoop {
    offered_per_s: f64,
    achieved_per_s: f64,
    arrivals: u64,
    late_starts: u64,
}

impl OpenLoop {
    fn of(seen: Arrivals) -> Self {
        let Arrivals { offered_per_s, achieved_per_s, arrivals, late_starts } = seen;
        Self { offered_per_s, achieved_per_s, arrivals, late_starts }
    }
}

#[derive(Serialize)]
struct Noise {
    disturbed: usize,
    retaken: usize,
    kept: usize,
    too_short: usize,
    causes: Vec<String>,
}

impl<'a> Row<'a> {
    fn of(row: &'a RowSummary) -> Self {
        let (state, reasons) = state_and_reasons(&row.state);
        let case = &row.row.case;
        let seconds = row.seconds.as_ref();
        Self {
            name: &row.row.name,
            workload: &case.spec.workload,
            executor: &case.executor,
            family: Family::of(&case.executor),
            batch: case.batch.get(),
            state,
            reasons,
            revision: row.row.revision.as_deref(),
            mean_s: seconds.map(Series::mean),
            mean_low_s: row.interval.map(|interval| interval.low),
            mean_high_s: row.interval.map(|interval| interval.high),
            median_s: seconds.map(Series::median),
            min_s: seconds.map(Series::min),
            max_s: seconds.map(Series::max),
            coefficient_of_variation: seconds.and_then(Series::coefficient_of_variation),
            rounds: row.rounds.iter().map(|(round, _)| *round).collect(),
            round_s: seconds.map_or(&[], Series::values),
            flags: row.flags.iter().map(flag).collect(),
            ideal: row.breakdown.as_ref().map(Ideal::of),
            latency: row.latency.map(LatencyOfItems::of),
            open_loop: row.arrivals.map(OpenLoop::of),
            noise: Noise {
                disturbed: row.noise.disturbed,
                retaken: row.noise.retaken,
                kept: row.noise.kept,
                too_short: row.noise.too_short,
                causes: row.noise.causes.iter().map(ToString::to_string).collect(),
            },
            memory: row.memory.as_ref().map(Memory::of),
            in_flight: row.lanes.map(|lanes| InFlight {
                asked: lanes.asked,
                started: lanes.started,
                seen_peak: lanes.seen,
                seen_mean: lanes.mean,
                server_peak: lanes.server_peak,
            }),
        }
    }
}
