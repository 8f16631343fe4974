//! The table for people.

use paceline_stats::Summary;
use paceline_stats::summary::RowSummary;
use tabled::builder::Builder;
use tabled::settings::formatting::AlignmentStrategy;
use tabled::settings::object::{Cell, Columns, Rows};
use tabled::settings::{Alignment, Color, Style};

use crate::cell::name;
use crate::columns::{COLUMNS, Column, Selection, explained};
use crate::grid::{LEAST_NAME, NAMES, broken, name_width, names_width, room};
use crate::layout::{fitted, prose, width};
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
pub fn table(summary: &Summary, view: &View) -> String {
    let rows = sorted(summary, view.order);
    let fit = Fit::of(&rows, view);
    let line = view.screen.width;
    let mut below =
        how_measured(summary, |name| fit.columns.iter().any(|column| column.name == name));
    below.extend(words(explained(&fit.columns)));
    below.extend(words(fit.what_went()));
    let title = fitted(&name(&summary.header.matrix.title), line);
    let below: String = below.iter().map(|text| prose(text, line) + "\n").collect();
    let (table, open_loop) = (drawn(&rows, &fit, view), open_loop(summary, view.screen));
    format!("{title}\n\n{table}\n\n{below}{open_loop}{}", fitted(&notes(summary), line))
}

fn words(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

fn drawn(rows: &[&RowSummary], fit: &Fit, view: &View) -> String {
    let mut builder = Builder::default();
    let title = |column: &&Column| match fit.is_narrow {
        true => column.stacked_title(),
        false => column.title(),
    };
    let header = std::iter::once(NAMES.to_owned()).chain(fit.columns.iter().map(title));
    builder.push_record(header);
    for row in rows {
        let cells = fit.columns.iter().map(|column| column.cell(row));
        builder.push_record(std::iter::once(fit.name(&row.row.name)).chain(cells));
    }
    let mut table = builder.build();
    table.with(Style::psql()).modify(Columns::new(1..), Alignment::right());
    table.modify(Rows::first(), AlignmentStrategy::PerLine);
    if view.screen.color {
        table.modify(Rows::first(), Color::BOLD);
        for (row, column, color) in highlights(rows, &fit.columns) {
            table.modify(Cell::new(row + 1, column + 1), color);
        }
    }
    table.to_string()
}

/// What is coloured: in each workload the shortest time and the least memory, and what is no result.
fn highlights(rows: &[&RowSummary], columns: &[&'static Column]) -> Vec<(usize, usize, Color)> {
    let mut found = Vec::new();
    for (place, column) in columns.iter().enumerate() {
        let number: fn(&RowSummary) -> Option<f64> = match column.name {
            "time" => |row| Some(row.seconds.as_ref()?.mean()),
            "memory" => |row| Some(row.memory.as_ref()?.peak_bytes as f64),
            _ => continue,
        };
        for (line, row) in rows.iter().enumerate() {
            let of_same = rows.iter().filter(|other| other.row.case.spec == row.row.case.spec);
            let least = of_same.filter_map(|other| number(other)).min_by(f64::total_cmp);
            match number(row) {
                Some(own) if Some(own) == least => found.push((line, place, Color::FG_GREEN)),
                None if column.name == "time" => found.push((line, place, Color::FG_RED)),
                _ => {}
            }
        }
    }
    found
}

/// What the table shows in the room there is.
struct Fit {
    columns: Vec<&'static Column>,
    /// Whether headers are on two lines.
    is_narrow: bool,
    /// How wide names may be.
    name_width: Option<usize>,
    /// The usual columns for which there was no room.
    gone: Vec<&'static Column>,
}

impl Fit {
    fn of(rows: &[&RowSummary], view: &View) -> Self {
        let mut columns = wanted(&view.columns, |column| column.is_usual());
        let Some(limit) = view.screen.width else {
            return Self { columns, is_narrow: false, name_width: None, gone: Vec::new() };
        };
        let widest = |column: &&'static Column| {
            let cells = rows.iter().map(|row| width(&column.cell(row)));
            cells.max().unwrap_or(0).max(width(&column.stacked_title()))
        };
        let shown: Vec<String> = rows.iter().map(|row| name(&row.row.name)).collect();
        let names = names_width(shown.iter().map(String::as_str));
        let room = |columns: &[&'static Column]| {
            room(limit, &columns.iter().map(widest).collect::<Vec<usize>>())
        };

        let can_go = |column: &&'static Column| {
            column.wanted.is_some_and(|rank| rank > 0) && !view.columns.asked.contains(column)
        };
        let mut gone = Vec::new();
        while room(&columns) < LEAST_NAME.min(names) {
            let Some(next) = columns.iter().copied().filter(can_go).max_by_key(|c| c.wanted) else {
                break;
            };
            columns.retain(|column| *column != next);
            gone.push(next);
        }
        if gone.is_empty() && !view.columns.only_asked {
            columns = with_room(columns, view, |columns| room(columns) >= names);
        }
        let name_width = Some(name_width(room(&columns), names));
        Self { columns, is_narrow: true, name_width, gone }
    }

    /// A name on as many lines as it takes.
    fn name(&self, raw: &str) -> String {
        broken(&name(raw), self.name_width)
    }

    fn what_went(&self) -> String {
        let names: Vec<String> = self.gone.iter().map(|column| column.title()).collect();
        if names.is_empty() {
            return String::new();
        }
        let asked: Vec<String> = self.gone.iter().map(|c| format!("+{}", c.name)).collect();
        format!(
            "Not shown, for want of width: {}; `--columns {}` shows {} all the same.",
            names.join(", "),
            asked.join(","),
            if names.len() == 1 { "it" } else { "them" }
        )
    }
}

/// The columns asked for, and those of the others that `belong` unless nobody wants them.
fn wanted(selection: &Selection, belong: impl Fn(&Column) -> bool) -> Vec<&'static Column> {
    if selection.only_asked {
        // In the order in which they were asked for, each once.
        let mut columns: Vec<&'static Column> = Vec::new();
        for column in &selection.asked {
            if !columns.contains(column) {
                columns.push(column);
            }
        }
        return columns;
    }
    let is_in = |column: &&'static Column| {
        selection.asked.contains(column) || (belong(column) && !selection.unwanted.contains(column))
    };
    COLUMNS.iter().filter(is_in).collect()
}

/// `columns` and as many others, in the order in which they are wanted, as `fits` allows.
fn with_room(
    mut columns: Vec<&'static Column>,
    view: &View,
    fits: impl Fn(&[&'static Column]) -> bool,
) -> Vec<&'static Column> {
    let usual = COLUMNS.iter().filter(|column| column.is_usual()).count() as u8;
    for rank in usual.. {
        let Some(most) = COLUMNS.iter().filter_map(|column| column.wanted).max() else { break };
        let more =
            wanted(&view.columns, |column| column.wanted.is_some_and(|wanted| wanted <= rank));
        if rank > most || !fits(&more) {
            break;
        }
        columns = more;
    }
    columns
}
