//! The table for people.

use paceline_measure::MemoryKind;
use paceline_stats::Summary;
use paceline_stats::summary::{RowState, RowSummary};
use tabled::builder::Builder;
use tabled::settings::object::Columns;
use tabled::settings::{Alignment, Style};

use crate::notes::{how_measured, notes};

/// The table for people: a row a line, and below it how it was measured and what is missing.
#[must_use]
pub fn table(summary: &Summary) -> String {
    let mut builder = Builder::default();
    builder.push_record([
        "Benchmark",
        "Mean time (sec)",
        "Memory (MiB)",
        "In flight asked -> seen",
    ]);
    for row in &summary.rows {
        builder.push_record([row.row.name.clone(), time(row), memory(row), in_flight(row)]);
    }
    let mut table = builder.build();
    table.with(Style::psql()).modify(Columns::new(1..4), Alignment::right());
    format!(
        "{}\n\n{table}\n\n{}{}",
        summary.header.matrix.title,
        how_measured(summary),
        notes(summary)
    )
}

fn time(row: &RowSummary) -> String {
    match (&row.state, &row.seconds) {
        (RowState::Valid, Some(seconds)) => format!("{:.4}", seconds.mean()),
        (RowState::Valid | RowState::NotRun, _) => "-".to_owned(),
        (RowState::Invalid(_), _) => "invalid".to_owned(),
        (RowState::Broken(_), _) => "broken".to_owned(),
        (RowState::Skipped(_), _) => "skipped".to_owned(),
    }
}

fn memory(row: &RowSummary) -> String {
    let Some(memory) = &row.memory else { return "-".to_owned() };
    let mib = memory.peak_bytes as f64 / f64::from(1 << 20);
    match memory.kind {
        MemoryKind::Pss => format!("{mib:.1}"),
        MemoryKind::Rss => format!("{mib:.1} (RSS)"),
    }
}

fn in_flight(row: &RowSummary) -> String {
    row.lanes.map_or("-".to_owned(), |lanes| format!("{} -> {}", lanes.asked, lanes.seen))
}
