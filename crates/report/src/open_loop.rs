//! What a table says of items that arrived on schedule.

use paceline_stats::Summary;
use paceline_stats::summary::RowSummary;
use tabled::builder::Builder;
use tabled::settings::object::Columns;
use tabled::settings::{Alignment, Style};

use crate::cell::name;

/// A table of rates and latencies for the valid rows of a run in open loop; empty for any other run.
pub(crate) fn open_loop(summary: &Summary) -> String {
    let records: Vec<[String; 9]> = summary.rows.iter().filter_map(record).collect();
    if records.is_empty() {
        return String::new();
    }
    let mut builder = Builder::default();
    builder.push_record([
        "Open loop",
        "Offered (1/s)",
        "Achieved (1/s)",
        "Late starts",
        "p50 (ms)",
        "p90 (ms)",
        "p99 (ms)",
        "p99.9 (ms)",
        "Max (ms)",
    ]);
    records.into_iter().for_each(|record| builder.push_record(record));
    let mut table = builder.build();
    table.with(Style::psql()).modify(Columns::new(1..9), Alignment::right());
    format!(
        "\n{table}\n\nItems arrived on schedule; latency counts from an item's arrival to its end. A late start is an\n\
         item that arrived when no lane was free.\n"
    )
}

fn record(row: &RowSummary) -> Option<[String; 9]> {
    let (arrivals, latency) = (row.arrivals?, row.latency?);
    let share = match arrivals.arrivals {
        0 => 0.0,
        all => arrivals.late_starts as f64 / all as f64 * 100.0,
    };
    let [p50, p90, p99, p999, max] =
        latency.percentiles().map(|(_, seconds)| milliseconds(seconds));
    let offered = format!("{:.1}", arrivals.offered_per_s);
    let achieved = format!("{:.1}", arrivals.achieved_per_s);
    let late = format!("{share:.1} %");
    Some([name(&row.row.name), offered, achieved, late, p50, p90, p99, p999, max])
}

/// Three significant digits or more, as they were measured, down to a nanosecond.
pub(crate) fn milliseconds(seconds: f64) -> String {
    let ms = seconds * 1e3;
    match ms {
        0.0..0.1 => format!("{ms:.6}"),
        0.1..1.0 => format!("{ms:.4}"),
        1.0..100.0 => format!("{ms:.2}"),
        _ => format!("{ms:.0}"),
    }
}
