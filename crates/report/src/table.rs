//! The table for people.

use paceline_measure::MemoryKind;
use paceline_stats::Summary;
use paceline_stats::summary::RowSummary;
use tabled::builder::Builder;
use tabled::settings::object::Columns;
use tabled::settings::{Alignment, Style};

use crate::cell::{mib, name, word};
use crate::notes::{how_measured, notes};
use crate::open_loop::open_loop;

/// The table for people: a row a line, and below it how it was measured and what is missing.
#[must_use]
pub fn table(summary: &Summary) -> String {
    let mut builder = Builder::default();
    builder.push_record([
        "Benchmark",
        "Mean time (sec)",
        "95 %",
        "vs ideal",
        "Memory (MiB)",
        "In flight asked -> seen",
    ]);
    for row in &summary.rows {
        builder.push_record([
            name(&row.row.name),
            time(row),
            interval(row),
            vs_ideal(row),
            memory(row),
            in_flight(row),
        ]);
    }
    let mut table = builder.build();
    table.with(Style::psql()).modify(Columns::new(1..6), Alignment::right());
    format!(
        "{}\n\n{table}\n\n{}{}{}",
        summary.header.matrix.title,
        how_measured(summary),
        open_loop(summary),
        notes(summary)
    )
}

pub(crate) fn time(row: &RowSummary) -> String {
    let mean = row.seconds.as_ref().map(|seconds| format!("{:.4}", seconds.mean()));
    mean.unwrap_or_else(|| word(&row.state).to_owned())
}

/// The distance from the mean to the farther end of its interval, as a share of the mean.
pub(crate) fn interval(row: &RowSummary) -> String {
    let (Some(seconds), Some(interval)) = (&row.seconds, row.interval) else {
        return "-".to_owned();
    };
    let mean = seconds.mean();
    let farther = (interval.high - mean).max(mean - interval.low);
    match mean > 0.0 {
        true => format!("+-{:.1} %", farther / mean * 100.0),
        false => "-".to_owned(),
    }
}

pub(crate) fn vs_ideal(row: &RowSummary) -> String {
    row.breakdown.map_or("-".to_owned(), |breakdown| format!("{:.3}", breakdown.vs_ideal))
}

pub(crate) fn memory(row: &RowSummary) -> String {
    let Some(memory) = &row.memory else { return "-".to_owned() };
    let mib = mib(memory.peak_bytes);
    match memory.kind {
        MemoryKind::Pss => format!("{mib:.1}"),
        MemoryKind::Rss => format!("{mib:.1} (RSS)"),
    }
}

pub(crate) fn in_flight(row: &RowSummary) -> String {
    row.lanes.map_or("-".to_owned(), |lanes| format!("{} -> {}", lanes.asked, lanes.seen))
}
