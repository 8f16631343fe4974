//! Comma-separated values after RFC 4180: a row of the report a record.

use csv::{Terminator, WriterBuilder};
use paceline_protocol::MemoryKind;
use paceline_stats::latency::Latency;
use paceline_stats::summary::RowSummary;
use paceline_stats::{Run, Series};

use crate::ReportError;
use crate::cell::{lines, state_and_reasons};
use crate::notes::flag;

/// The columns. New ones are added at the end.
const COLUMNS: [&str; 34] = [
    "name",
    "workload",
    "executor",
    "revision",
    "width",
    "batch",
    "state",
    "reasons",
    "rounds",
    "mean_s",
    "mean_low_s",
    "mean_high_s",
    "median_s",
    "stddev_s",
    "min_s",
    "max_s",
    "vs_ideal",
    "memory_peak_bytes",
    "memory_kind",
    "lanes_started",
    "in_flight_peak",
    "in_flight_mean",
    "flags",
    "memory_readings",
    "memory_low_bytes",
    "memory_high_bytes",
    "latency_p50_s",
    "latency_p90_s",
    "latency_p99_s",
    "latency_p999_s",
    "latency_max_s",
    "offered_per_s",
    "achieved_per_s",
    "late_starts",
];

/// Every row, whatever its state. Names are as they are, newlines included; what is not known is empty.
///
/// # Errors
///
/// When a value has no form in CSV, which would be a bug.
pub fn csv(run: &Run) -> Result<String, ReportError> {
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(COLUMNS)?;
    for row in run.rows() {
        writer.write_record(record(row))?;
    }
    let bytes = writer.into_inner().map_err(|error| error.into_error())?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn record(row: &RowSummary) -> [String; COLUMNS.len()] {
    let case = &row.row.case;
    let (state, reasons) = state_and_reasons(&row.state);
    let seconds = row.seconds.as_ref();
    let number = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
    let count = |value: Option<usize>| value.map(|value| value.to_string()).unwrap_or_default();
    let flags: Vec<String> = row.flags.iter().map(flag).collect();
    let memory = row.memory.as_ref();
    let latency = |part: fn(&Latency) -> f64| number(row.latency.as_ref().map(part));
    let memory_interval = memory.and_then(|memory| memory.interval);
    let kind = memory.map(|memory| match memory.kind {
        MemoryKind::Pss => "pss",
        MemoryKind::Rss => "rss",
    });
    [
        row.row.name.clone(),
        case.spec.workload.clone(),
        case.executor.clone(),
        row.row.revision.clone().unwrap_or_default(),
        // What was asked, or what would have been: without a number, as many as there are items.
        count(row.lanes.map(|lanes| lanes.asked).or(case.width.map(usize::from))),
        case.batch.to_string(),
        state.to_owned(),
        lines(&reasons.join("; ")),
        count(seconds.map(Series::len)),
        number(seconds.map(Series::mean)),
        number(row.interval.map(|interval| interval.low)),
        number(row.interval.map(|interval| interval.high)),
        number(seconds.map(Series::median)),
        number(seconds.and_then(Series::standard_deviation)),
        number(seconds.map(Series::min)),
        number(seconds.map(Series::max)),
        number(row.breakdown.map(|breakdown| breakdown.vs_ideal)),
        memory.map(|memory| memory.peak_bytes.to_string()).unwrap_or_default(),
        kind.unwrap_or_default().to_owned(),
        count(row.lanes.map(|lanes| lanes.started)),
        count(row.lanes.map(|lanes| lanes.seen)),
        number(row.lanes.map(|lanes| lanes.mean)),
        flags.join("; "),
        count(memory.map(|memory| memory.peaks.len())),
        number(memory_interval.map(|interval| interval.low)),
        number(memory_interval.map(|interval| interval.high)),
        latency(|latency| latency.p50_s),
        latency(|latency| latency.p90_s),
        latency(|latency| latency.p99_s),
        latency(|latency| latency.p999_s),
        latency(|latency| latency.max_s),
        number(row.arrivals.map(|arrivals| arrivals.offered_per_s)),
        number(row.arrivals.map(|arrivals| arrivals.achieved_per_s)),
        row.arrivals.map(|arrivals| arrivals.late_starts.to_string()).unwrap_or_default(),
    ]
}
