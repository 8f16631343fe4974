//! What a table says of items that arrived on schedule.

use paceline_core::WorkloadSpec;
use paceline_stats::Run;
use paceline_stats::latency::{Arrivals, Latency};
use paceline_stats::summary::{RowSummary, by_workload};

use crate::cell::{milliseconds, name};
use crate::grid::{Cell, Grid, Head};
use crate::layout::prose;
use crate::screen::Screen;

/// The share of late starts that is worth a word.
const MANY_LATE: f64 = 0.01;

/// A table of rates and latencies for the valid rows of a run in open loop; empty for any other run.
pub(crate) fn open_loop(run: &Run, screen: Screen) -> String {
    let records = records(run);
    if records.is_empty() {
        return String::new();
    }
    let row = |[name, cells @ ..]: [String; 9]| (name, cells.map(Cell::from).to_vec());
    let table = Grid::new(HEADS.to_vec(), records.into_iter().map(row).collect()).text(screen);
    let legend = prose(
        "Open loop: items arrived on schedule; latency counts from an item's arrival to its end. A late start \
         is an item that arrived when no lane was free.",
        screen.width,
    );
    format!("\n{table}\n{legend}\n")
}

/// The columns behind the names. Where there is no room, what lies between the tail and the median goes first.
const HEADS: [Head; 8] = [
    Head::new(["Offered", "(1/s)"]).goes(4),
    Head::new(["Achieved", "(1/s)"]),
    Head::new(["Late", "starts"]),
    Head::new(["p50", "(ms)"]),
    Head::new(["p90", "(ms)"]).goes(1),
    Head::new(["p99", "(ms)"]),
    Head::new(["p99.9", "(ms)"]).goes(2),
    Head::new(["Max", "(ms)"]).goes(3),
];

/// The titles of the columns, each on one line, with that of the names.
pub(crate) fn titles() -> [String; 9] {
    let [offered, achieved, late, p50, p90, p99, p999, max] = HEADS.map(|head| head.on_one_line());
    ["Open loop".to_owned(), offered, achieved, late, p50, p90, p99, p999, max]
}

/// The valid rows of a run in open loop, in the columns of [`titles`].
pub(crate) fn records(run: &Run) -> Vec<[String; 9]> {
    run.rows().iter().filter_map(record).collect()
}

fn record(row: &RowSummary) -> Option<[String; 9]> {
    let (arrivals, latency) = figures(row)?;
    let [p50, p90, p99, p999, max] =
        latency.percentiles().map(|(_, seconds)| milliseconds(seconds));
    let offered = format!("{:.1}", arrivals.offered_per_s);
    let achieved = format!("{:.1}", arrivals.achieved_per_s);
    let late = format!("{:.1} %", arrivals.late_share() * 100.0);
    Some([name(&row.row.name), offered, achieved, late, p50, p90, p99, p999, max])
}

/// Per workload, the row with the lowest p99, and the one that began the most items late: what stands for
/// advice where times are those of the schedule. Empty for a run that was not in open loop.
pub(crate) fn headlines(run: &Run) -> Vec<String> {
    let workloads = by_workload(run.rows());
    workloads.into_iter().filter_map(|(spec, rows)| headline(spec, &rows)).collect()
}

fn headline(spec: &WorkloadSpec, rows: &[&RowSummary]) -> Option<String> {
    let rows: Vec<(&RowSummary, Arrivals, Latency)> = rows
        .iter()
        .filter_map(|row| figures(row).map(|(arrivals, latency)| (*row, arrivals, latency)))
        .collect();
    let (best, arrivals, latency) = rows.iter().min_by(|a, b| a.2.p99_s.total_cmp(&b.2.p99_s))?;
    let mut sentence = format!(
        "{} at {}/s: {} has the lowest p99, {} ms",
        name(&spec.workload),
        arrivals.offered_per_s,
        name(&best.row.name),
        milliseconds(latency.p99_s)
    );
    let latest = rows.iter().max_by(|a, b| a.1.late_share().total_cmp(&b.1.late_share()));
    if let Some((row, late, _)) = latest.filter(|row| row.1.late_share() >= MANY_LATE) {
        let share = late.late_share() * 100.0;
        sentence += &format!("; {} began {share:.0} % of its items late", name(&row.row.name));
    }
    Some(sentence + ".")
}

/// What a row of a run in open loop has, if it is valid.
fn figures(row: &RowSummary) -> Option<(Arrivals, Latency)> {
    Some((row.arrivals?, row.latency?))
}
