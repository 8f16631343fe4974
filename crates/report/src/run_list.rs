//! The saved runs, a line each.

use serde::Serialize;
use tabled::builder::Builder;
use tabled::settings::object::{Columns, Rows};
use tabled::settings::{Alignment, Color, Style};

use crate::cell::{mib, name};
use crate::layout::width;
use crate::view::Screen;

/// A saved run, as a list shows it. What its journal does not tell is absent.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RunLine {
    /// Its id.
    pub id: String,
    /// What the user calls it.
    pub name: Option<String>,
    /// When it began in UTC, as people write it.
    pub began_utc: Option<String>,
    /// Its matrix.
    pub matrix: Option<String>,
    /// Its scale.
    pub scale: Option<String>,
    /// How many rows it has.
    pub rows: Option<usize>,
    /// How many counted rounds were begun.
    pub rounds: Option<u32>,
    /// How it ended, or that it cannot be read.
    pub state: &'static str,
    /// What its folder takes on the disk, in bytes.
    pub bytes: u64,
}

/// A header, what stands under it, and how soon the column goes where there is no room for all: the
/// highest number first. The id tells matrix, scale and date too, so they go before the rest.
type ListColumn = (&'static str, fn(&RunLine) -> String, u8);

const LIST: [ListColumn; 9] = [
    ("Run", |run| name(&run.id), 0),
    ("Name", |run| known(run.name.as_deref().map(name)), 0),
    ("Began (UTC)", |run| known(run.began_utc.clone()), 4),
    ("Matrix", |run| known(run.matrix.as_deref().map(name)), 6),
    ("Scale", |run| known(run.scale.as_deref().map(name)), 5),
    ("Rows", |run| known(run.rows.map(|rows| rows.to_string())), 2),
    ("Rounds", |run| known(run.rounds.map(|rounds| rounds.to_string())), 1),
    ("State", |run| run.state.to_owned(), 0),
    ("MiB", |run| format!("{:.1}", mib(run.bytes)), 3),
];

/// The first column whose cells are numbers or stand at the right for another reason.
const NUMBERS: [&str; 3] = ["Rows", "Rounds", "MiB"];

/// The runs in the order given, and what all of them take.
#[must_use]
pub fn run_list(runs: &[RunLine], screen: Screen) -> String {
    let columns = fitting(runs, screen);
    let mut builder = Builder::default();
    builder.push_record(columns.iter().map(|(title, ..)| (*title).to_owned()));
    for run in runs {
        builder.push_record(columns.iter().map(|(_, cell, _)| cell(run)));
    }
    let mut table = builder.build();
    table.with(Style::psql());
    for (place, (title, ..)) in columns.iter().enumerate() {
        if NUMBERS.contains(title) {
            table.modify(Columns::one(place), Alignment::right());
        }
    }
    if screen.color {
        table.modify(Rows::first(), Color::BOLD);
    }
    let all: u64 = runs.iter().map(|run| run.bytes).sum();
    let count = if runs.len() == 1 { "1 run".to_owned() } else { format!("{} runs", runs.len()) };
    format!("{table}\n\n{count}, {:.1} MiB\n", mib(all))
}

fn fitting(runs: &[RunLine], screen: Screen) -> Vec<ListColumn> {
    let mut columns = LIST.to_vec();
    let taken = |columns: &[ListColumn]| -> usize {
        let of = |(title, cell, _): &ListColumn| {
            runs.iter().map(|run| width(&cell(run))).max().unwrap_or(0).max(title.len()) + 3
        };
        columns.iter().map(of).sum()
    };
    while screen.width.is_some_and(|line| taken(&columns) > line + 1) {
        let Some(place) = (0..columns.len()).max_by_key(|place| columns[*place].2) else { break };
        if columns[place].2 == 0 {
            break;
        }
        columns.remove(place);
    }
    columns
}

fn known(fact: Option<String>) -> String {
    fact.unwrap_or_else(|| "-".to_owned())
}
