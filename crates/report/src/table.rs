//! The table for people.

use std::collections::HashMap;

use paceline_core::WorkloadSpec;
use paceline_stats::Run;
use paceline_stats::summary::RowSummary;
use tabled::settings::Color;

use crate::cell::name;
use crate::columns::{COLUMNS, Column, Selection, explained};
use crate::grid::{Cell, Grid, Head};
use crate::layout::{fitted, prose};
use crate::notes::{how_measured, notes};
use crate::open_loop::open_loop;
use crate::order::sorted;
use crate::view::View;

/// The table for people: a row a line, and below it how it was measured and what is missing.
///
/// On a line of limited width headers have two lines and names are broken; then the usual columns that
/// nobody asked for go, the least wanted first (see [`COLUMNS`]), which is said below the table. On
/// a wide one, more columns come the same way. Where lines may be of any length, nothing is broken, no
/// column goes and none comes.
#[must_use]
pub fn table(run: &Run, view: &View) -> String {
    let rows = sorted(run, view.order);
    let columns = columns(&view.columns);
    let fit = grid(&rows, &columns).fitted(view.screen);
    let at = |places: &[usize]| places.iter().map(|at| columns[*at].0).collect::<Vec<&Column>>();
    let (shown, gone) = (at(&fit.shown), at(&fit.gone));
    let line = view.screen.width;
    let mut below = how_measured(run, |name| shown.iter().any(|column| column.name == name));
    below.extend(words(explained(&shown)));
    below.extend(words(what_went(&gone)));
    let title = fitted(&name(&run.header().plan.matrix.title), line);
    let below: String = below.iter().map(|text| prose(text, line) + "\n").collect();
    let (table, open_loop) = (fit.table, open_loop(run, view.screen));
    format!("{title}\n\n{table}\n\n{below}{open_loop}{}", fitted(&notes(run), line))
}

fn words(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

/// The columns that can be there, with their heads.
fn columns(selection: &Selection) -> Vec<(&'static Column, Head)> {
    if selection.only_asked {
        // In the order in which they were asked for, each once.
        let mut columns: Vec<&'static Column> = Vec::new();
        for column in &selection.asked {
            if !columns.contains(column) {
                columns.push(column);
            }
        }
        return columns.into_iter().map(|column| (column, column.head())).collect();
    }
    let head = |column: &'static Column| {
        let head = column.head();
        match column.wanted {
            _ if selection.asked.contains(&column) => Some(head),
            _ if selection.unwanted.contains(&column) => None,
            // A table without times is none.
            Some(0) => Some(head),
            Some(rank) if column.is_usual() => Some(head.goes(u8::MAX - rank)),
            Some(rank) => Some(head.comes(rank)),
            None => None,
        }
    };
    COLUMNS.iter().filter_map(|column| Some((column, head(column)?))).collect()
}

fn grid(rows: &[&RowSummary], columns: &[(&'static Column, Head)]) -> Grid {
    let best = Best::of(rows);
    let cell = |row: &RowSummary, column: &Column| {
        Cell::colored(column.cell(row), best.color(column, row))
    };
    let cells = |row: &&RowSummary| {
        (name(&row.row.name), columns.iter().map(|(column, _)| cell(row, column)).collect())
    };
    let heads = columns.iter().map(|(_, head)| head.clone()).collect();
    Grid::new(heads, rows.iter().map(cells).collect())
}

/// The shortest time and the least memory of each workload.
struct Best<'a> {
    of: HashMap<&'a WorkloadSpec, [Option<f64>; 2]>,
}

impl<'a> Best<'a> {
    fn of(rows: &[&'a RowSummary]) -> Self {
        let mut of: HashMap<&WorkloadSpec, [Option<f64>; 2]> = HashMap::new();
        for row in rows {
            let best = of.entry(&row.row.case.spec).or_default();
            for (best, own) in best.iter_mut().zip([mean_s(row), peak_bytes(row)]) {
                *best = (*best).into_iter().chain(own).min_by(f64::total_cmp);
            }
        }
        Self { of }
    }

    /// Green for the best of its workload, red for what has no time.
    fn color(&self, column: &Column, row: &RowSummary) -> Option<Color> {
        let [least_s, least_bytes] = self.of.get(&row.row.case.spec).copied().unwrap_or_default();
        let (own, least) = match column.name {
            "time" if row.seconds.is_none() => return Some(Color::FG_RED),
            "time" => (mean_s(row), least_s),
            "memory" => (peak_bytes(row), least_bytes),
            _ => return None,
        };
        (own.is_some() && own == least).then_some(Color::FG_GREEN)
    }
}

fn mean_s(row: &RowSummary) -> Option<f64> {
    Some(row.seconds.as_ref()?.mean())
}

fn peak_bytes(row: &RowSummary) -> Option<f64> {
    Some(row.memory.as_ref()?.peak_bytes as f64)
}

fn what_went(gone: &[&Column]) -> String {
    let names: Vec<String> = gone.iter().map(|column| column.head().on_one_line()).collect();
    if names.is_empty() {
        return String::new();
    }
    let asked: Vec<String> = gone.iter().map(|column| format!("+{}", column.name)).collect();
    format!(
        "Not shown, for want of width: {}; `--columns {}` shows {} all the same.",
        names.join(", "),
        asked.join(","),
        if names.len() == 1 { "it" } else { "them" }
    )
}
