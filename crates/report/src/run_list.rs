//! The saved runs, a line each.

use serde::Serialize;

use crate::cell::{counted, mib, name};
use crate::grid::{Grid, Head};
use crate::screen::Screen;

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

/// A column behind the run's id, and what stands in it.
type ListColumn = (Head, fn(&RunLine) -> String);

/// The id tells matrix, scale and date too, so where there is no room they go before the rest.
const LIST: [ListColumn; 8] = [
    (Head::new(["Name", ""]).of_words(), |run| known(run.name.as_deref().map(name))),
    (Head::new(["Began", "(UTC)"]).of_words().goes(3), |run| known(run.began_utc.clone())),
    (Head::new(["Matrix", ""]).of_words().goes(1), |run| known(run.matrix.as_deref().map(name))),
    (Head::new(["Scale", ""]).of_words().goes(2), |run| known(run.scale.as_deref().map(name))),
    (Head::new(["Rows", ""]).goes(5), |run| known(run.rows.map(|rows| rows.to_string()))),
    (Head::new(["Rounds", ""]).goes(6), |run| known(run.rounds.map(|rounds| rounds.to_string()))),
    (Head::new(["State", ""]).of_words(), |run| run.state.to_owned()),
    (Head::new(["MiB", ""]).goes(4), |run| format!("{:.1}", mib(run.bytes))),
];

/// The runs in the order given, and what all of them take.
#[must_use]
pub fn run_list(runs: &[RunLine], screen: Screen) -> String {
    let heads = LIST.map(|(head, _)| head).to_vec();
    let cells = |run| LIST.iter().map(|(_, cell)| cell(run).into()).collect();
    let rows = runs.iter().map(|run| (name(&run.id), cells(run))).collect();
    let table = Grid::new(heads, rows).of_whole_names("Run").text(screen);
    let all: u64 = runs.iter().map(|run| run.bytes).sum();
    format!("{table}\n{}, {:.1} MiB\n", counted(runs.len(), "run", "runs"), mib(all))
}

fn known(fact: Option<String>) -> String {
    fact.unwrap_or_else(|| "-".to_owned())
}
