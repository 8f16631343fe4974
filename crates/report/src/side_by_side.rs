//! Several runs beside each other.

use paceline_stats::summary::RowSummary;
use paceline_stats::{Summary, differences};
use tabled::builder::Builder;
use tabled::settings::object::{Columns, Rows};
use tabled::settings::{Alignment, Color, Style};

use crate::cell::{counted, name, word};
use crate::columns::{interval, memory};
use crate::layout::{careful, fitted, prose, width};
use crate::order::sorted;
use crate::view::View;

/// The narrowest that names are made before the memory goes.
const LEAST_NAME: usize = 24;

/// The narrowest that names are made at all.
const NARROW_NAME: usize = 10;

/// Rows x runs: the mean time of each with how far it may be off, and its memory. What differs between
/// the runs besides their code comes first. Rows are in the order of the first run that has them.
#[must_use]
pub fn side_by_side(runs: &[Summary], view: &View) -> String {
    let line = view.screen.width;
    let headers: Vec<_> = runs.iter().map(|run| &run.header).collect();
    let mut text = careful(&differences(&headers), view.screen);
    for (place, run) in runs.iter().enumerate() {
        text += &fitted(&format!("{}: {}\n", letter(place), about(run)), line);
    }
    let names = names(runs, view);
    let table = drawn(runs, &names, view);
    let below = "Time: mean in seconds, and how far it may be off at 95 %. Memory: the peak of the whole \
                 process tree in MiB. `cargo xtask compare` judges two runs row by row.";
    format!("{text}\n{table}\n\n{}\n", prose(below, line))
}

/// A run's letter in the headers: A to Z, then numbers.
fn letter(place: usize) -> String {
    let letters = ('A'..='Z').nth(place);
    letters.map_or_else(|| (place + 1).to_string(), |letter| letter.to_string())
}

fn about(run: &Summary) -> String {
    let header = &run.header;
    let cpu = header.host.cpu_model.as_deref().unwrap_or("unknown processor");
    let revision = header.revision.as_deref().map_or("unknown revision".to_owned(), |revision| {
        let (hash, changes) = revision.split_once('+').unwrap_or((revision, ""));
        let short: String = hash.chars().take(12).collect();
        if changes.is_empty() { short } else { format!("{short}+{changes}") }
    });
    name(&format!(
        "{}, {}, scale {}, {cpu} with {}, {revision}",
        header.label(),
        counted(run.rounds as usize, "round", "rounds"),
        header.scale,
        counted(header.host.usable_cores, "usable core", "usable cores")
    ))
}

/// Every row of any run, once.
fn names<'a>(runs: &'a [Summary], view: &View) -> Vec<&'a str> {
    let mut names: Vec<&str> = Vec::new();
    let mut known = std::collections::HashSet::new();
    for row in runs.iter().flat_map(|run| sorted(run, view.order)) {
        if known.insert(row.row.name.as_str()) {
            names.push(&row.row.name);
        }
    }
    names
}

fn drawn(runs: &[Summary], names: &[&str], view: &View) -> String {
    let cells: Vec<Vec<[String; 2]>> =
        names.iter().map(|name| runs.iter().map(|run| of_run(run, name)).collect()).collect();
    let fixed = |with_memory: bool| {
        let of_column = |run: usize, part: usize| {
            let cells = cells.iter().map(|row| width(&row[run][part])).max().unwrap_or(0);
            cells.max(8) + 3
        };
        let of_run = |run| of_column(run, 0) + if with_memory { of_column(run, 1) } else { 0 };
        2 + (0..runs.len()).map(of_run).sum::<usize>()
    };
    let room = |with_memory| view.screen.width.map(|line| line.saturating_sub(fixed(with_memory)));
    let with_memory = room(true).is_none_or(|room| room >= LEAST_NAME);
    let name_width = room(with_memory).map(|room| room.max(NARROW_NAME));

    let mut builder = Builder::default();
    let columns = |run: usize| {
        let letter = letter(run);
        let memory = with_memory.then(|| format!("{letter} (MiB)"));
        std::iter::once(format!("{letter} (sec)")).chain(memory)
    };
    builder.push_record(
        std::iter::once("Benchmark".to_owned()).chain((0..runs.len()).flat_map(columns)),
    );
    for (raw, row) in names.iter().zip(cells) {
        let shown = name(raw);
        let shown = name_width.map_or_else(|| shown.clone(), |limit| textwrap::fill(&shown, limit));
        let cells = row
            .into_iter()
            .flat_map(|[time, memory]| std::iter::once(time).chain(with_memory.then_some(memory)));
        builder.push_record(std::iter::once(shown).chain(cells));
    }
    let mut table = builder.build();
    table.with(Style::psql()).modify(Columns::new(1..), Alignment::right());
    if view.screen.color {
        table.modify(Rows::first(), Color::BOLD);
    }
    table.to_string()
}

/// A row's time and memory in one run.
fn of_run(run: &Summary, name: &str) -> [String; 2] {
    match run.rows.iter().find(|row| row.row.name == name) {
        Some(row) => [time(row), memory(row)],
        None => ["not there".to_owned(), "-".to_owned()],
    }
}

fn time(row: &RowSummary) -> String {
    match (&row.seconds, interval(row).as_str()) {
        (Some(seconds), "-") => format!("{:.4}", seconds.mean()),
        (Some(seconds), off) => format!("{:.4} {off:>8}", seconds.mean()),
        (None, _) => word(&row.state).to_owned(),
    }
}
