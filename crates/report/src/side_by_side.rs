//! Several runs beside each other.

use std::collections::{HashMap, HashSet};

use paceline_stats::summary::RowSummary;
use paceline_stats::{Run, differences};

use crate::cell::{counted, name};
use crate::columns;
use crate::grid::{Cell, Grid, Head};
use crate::layout::{careful, fitted, prose};
use crate::order::sorted;
use crate::view::View;

/// Rows x runs: the mean time of each with how far it may be off, and its memory. What differs between
/// the runs besides their code comes first. Rows are in the order of the first run that has them.
#[must_use]
pub fn side_by_side(runs: &[Run], view: &View) -> String {
    let line = view.screen.width;
    let headers: Vec<_> = runs.iter().map(Run::header).collect();
    let mut text = careful(&differences(&headers), view.screen);
    for (place, run) in runs.iter().enumerate() {
        text += &fitted(&format!("{}: {}\n", letter(place), about(run)), line);
    }
    let names = names(runs, view);
    let table = grid(runs, &names).text(view.screen);
    let below = "sec: the mean time. 95 %: how far it may be off. MiB: the peak of the whole process tree. \
                 `cargo xtask compare` judges two runs row by row.";
    format!("{text}\n{table}\n{}\n", prose(below, line))
}

/// A run's letter in the headers: A to Z, then numbers.
fn letter(place: usize) -> String {
    let letters = ('A'..='Z').nth(place);
    letters.map_or_else(|| (place + 1).to_string(), |letter| letter.to_string())
}

fn about(run: &Run) -> String {
    let header = run.header();
    let cpu = header.host.cpu_model.as_deref().unwrap_or("unknown processor");
    let revision = header.revision.as_deref().map_or("unknown revision".to_owned(), |revision| {
        let (hash, changes) = revision.split_once('+').unwrap_or((revision, ""));
        let short: String = hash.chars().take(12).collect();
        if changes.is_empty() { short } else { format!("{short}+{changes}") }
    });
    name(&format!(
        "{}, {}, scale {}, {cpu} with {}, {revision}",
        header.label(),
        counted(run.summary().rounds as usize, "round", "rounds"),
        header.plan.scale,
        counted(header.host.usable_cores, "usable core", "usable cores")
    ))
}

/// Every row of any run, once.
fn names<'a>(runs: &'a [Run], view: &View) -> Vec<&'a str> {
    let mut names: Vec<&str> = Vec::new();
    let mut known = HashSet::new();
    for row in runs.iter().flat_map(|run| sorted(run, view.order)) {
        if known.insert(row.row.name.as_str()) {
            names.push(&row.row.name);
        }
    }
    names
}

/// The rows of all runs. Where there is no room the memory goes first, then how far the times may be off.
fn grid(runs: &[Run], names: &[&str]) -> Grid {
    let heads = |place| {
        let head = |what| Head::one_of(letter(place), what);
        [head("(sec)"), head("95 %").goes(2), head("(MiB)").goes(1)]
    };
    let of_runs: Vec<HashMap<&str, &RowSummary>> = runs.iter().map(by_name).collect();
    let row = |raw: &&str| {
        let cells = of_runs.iter().flat_map(|rows| cells(rows.get(raw).copied()));
        (name(raw), cells.map(Cell::from).collect())
    };
    let heads = (0..runs.len()).flat_map(heads).collect();
    Grid::new(heads, names.iter().map(row).collect())
}

fn by_name(run: &Run) -> HashMap<&str, &RowSummary> {
    run.rows().iter().map(|row| (row.row.name.as_str(), row)).collect()
}

/// A row's time in one run, how far that may be off, and its memory.
fn cells(row: Option<&RowSummary>) -> [String; 3] {
    match row {
        Some(row) => [columns::time(row), columns::interval(row), columns::memory(row)],
        None => ["not there".to_owned(), "-".to_owned(), "-".to_owned()],
    }
}
