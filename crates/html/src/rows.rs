//! Every figure of every row, to sort and to filter.

use maud::{Markup, html};
use paceline_report::words;

use crate::columns::{COLUMNS, Cell, Column};
use crate::model::{Entry, Group, Model};
use crate::number::count;

/// A column of this run, and whether it is there before all are asked for.
type Shown = (&'static Column, bool);

pub(crate) fn rows(model: &Model<'_>) -> Markup {
    let all = model.entries().count();
    let is_open_loop = model.is_open_loop();
    let columns = COLUMNS.iter().filter_map(|column| Some((column, column.shown(is_open_loop)?)));
    let columns: Vec<Shown> = columns.collect();
    html! {
        section aria-labelledby="all-rows" {
            h2 id="all-rows" { "All rows" }
            p class="note" { "Times in seconds but for latencies, sizes in MiB; 95 % is the bootstrap interval of the mean. "
                "What each column means stands below the table." }
            div class="controls needs-script" {
                label for="filter" { "Filter" } " "
                input id="filter" type="search" autocomplete="off" placeholder="8 threads, async, invalid …" aria-describedby="shown-rows";
                button type="button" id="more-columns" aria-pressed="false" aria-controls="rows" { "All columns" }
                span id="shown-rows" role="status" aria-live="polite" { (count(all, "row")) }
            }
            p class="note hint" { "The table is wider than its frame: scroll it to the side for more columns." }
            div class="scroll" tabindex="0" role="region" aria-label="All rows" {
                table id="rows" {
                    caption class="unseen" { "All rows with all figures" }
                    thead { tr {
                        (head("Row", "the row's name", "name"))
                        @for (column, is_usual) in &columns { (head(column.head, column.about, class(*is_usual, "num"))) }
                    } }
                    tbody { @for (group, entry) in model.entries() { (row(group, entry, &columns)) } }
                }
            }
            (meanings(&columns))
        }
    }
}

/// What the columns mean, for those who cannot point at their heads.
fn meanings(columns: &[Shown]) -> Markup {
    html! {
        details class="meanings" {
            summary { "What the columns mean" }
            dl { @for (column, _) in columns { div { dt { (column.head) } dd { (column.about) } } } }
        }
    }
}

/// The class of a cell: `class` alone, or hidden too until all columns are asked for.
fn class(is_usual: bool, class: &'static str) -> &'static str {
    match (is_usual, class) {
        (true, class) => class,
        (false, "num") => "num more",
        (false, "num faint") => "num faint more",
        (false, _) => "more",
    }
}

fn head(name: &str, about: &str, class: &str) -> Markup {
    html! {
        th scope="col" title=(about) class=(class) {
            button type="button" class="sort" { (name) span class="arrow" aria-hidden="true" {} }
        }
    }
}

fn row(group: &Group<'_>, entry: &Entry<'_>, columns: &[Shown]) -> Markup {
    let (state, _) = words::state_and_reasons(&entry.row.state);
    let state = state.replace('_', " ");
    let has_time = entry.row.seconds.is_some();
    let searched = format!(
        "{} {} {} {} {state}",
        entry.name,
        entry.family.word(),
        group.kind,
        entry.row.row.case.executor
    );
    html! {
        tr data-find=(searched.to_lowercase()) class=[(!has_time).then_some("without")] {
            th scope="row" class="name" data-sort=(entry.index) {
                span class=(format!("dot {}", entry.family.class())) aria-hidden="true" {}
                bdi { (entry.name) }
                @if state != "valid" { " " span class="badge bad" { (state) } }
            }
            @for (column, is_usual) in columns { (cell(column, *is_usual, entry)) }
        }
    }
}

fn cell(column: &Column, is_usual: bool, entry: &Entry<'_>) -> Markup {
    match (column.cell)(entry) {
        Some(Cell::Number(value, decimals)) => html! {
            td class=(class(is_usual, "num")) data-sort=(value) { (format!("{value:.decimals$}")) }
        },
        Some(Cell::Word(word)) => html! { td class=(class(is_usual, "")) { bdi { (word) } } },
        None => html! { td class=(class(is_usual, "num faint")) { "-" } },
    }
}
