//! Every figure of every row, to sort and to filter.

use maud::{Markup, html};
use paceline_report::words;

use crate::model::{Entry, Group, Model};
use crate::number::count;

/// A column: its head, what it means, and what a row has in it.
struct Column {
    head: &'static str,
    about: &'static str,
    cell: fn(&Entry<'_>) -> Option<Cell>,
}

/// A number with its decimals, by which the column is sorted, or a word.
enum Cell {
    Number(f64, usize),
    Word(String),
}

fn number(value: impl Into<f64>, decimals: usize) -> Option<Cell> {
    Some(Cell::Number(value.into(), decimals))
}

fn whole(value: usize) -> Option<Cell> {
    number(value as f64, 0)
}

/// Behind the name, the columns in their order. Times are in seconds, sizes in MiB.
const COLUMNS: [Column; 24] = [
    Column {
        head: "Mean (s)",
        about: "mean over the counted rounds",
        cell: |e| number(e.row.seconds.as_ref()?.mean(), 5),
    },
    Column {
        head: "95 % from (s)",
        about: "lower end of the bootstrap interval of the mean",
        cell: |e| number(e.row.interval?.low, 5),
    },
    Column {
        head: "95 % to (s)",
        about: "upper end of the bootstrap interval of the mean",
        cell: |e| number(e.row.interval?.high, 5),
    },
    Column {
        head: "vs ideal",
        about: "the time over what list scheduling needs on the same inputs",
        cell: |e| number(e.row.breakdown?.vs_ideal, 3),
    },
    Column {
        head: "Memory (MiB)",
        about: "peak of the whole process tree, one reading",
        cell: |e| number(e.row.memory.as_ref()?.peak_bytes as f64 / f64::from(1 << 20), 2),
    },
    Column { head: "Asked", about: "the width asked", cell: |e| whole(e.width()?) },
    Column {
        head: "Seen",
        about: "the most items in flight at once",
        cell: |e| whole(e.row.lanes?.seen),
    },
    Column {
        head: "Seen, mean",
        about: "items in flight in the mean over time",
        cell: |e| number(e.row.lanes?.mean, 2),
    },
    Column {
        head: "Started",
        about: "the most lanes started",
        cell: |e| whole(e.row.lanes?.started),
    },
    Column {
        head: "Batch",
        about: "items handed over per task",
        cell: |e| whole(e.row.row.case.batch.get()),
    },
    Column {
        head: "Executor",
        about: "the executor's id",
        cell: |e| Some(Cell::Word(words::name(&e.row.row.case.executor))),
    },
    Column {
        head: "Workload",
        about: "the workload's name",
        cell: |e| Some(Cell::Word(words::name(&e.row.row.case.spec.workload))),
    },
    Column {
        head: "Median (s)",
        about: "median over the counted rounds",
        cell: |e| number(e.row.seconds.as_ref()?.median(), 5),
    },
    Column {
        head: "Min (s)",
        about: "the fastest round",
        cell: |e| number(e.row.seconds.as_ref()?.min(), 5),
    },
    Column {
        head: "Max (s)",
        about: "the slowest round",
        cell: |e| number(e.row.seconds.as_ref()?.max(), 5),
    },
    Column {
        head: "Variation (%)",
        about: "standard deviation over the mean",
        cell: |e| number(e.row.seconds.as_ref()?.coefficient_of_variation()? * 100.0, 2),
    },
    Column { head: "Rounds", about: "counted rounds", cell: |e| whole(e.row.rounds.len()) },
    Column {
        head: "Bound (s)",
        about: "no schedule of this width is shorter",
        cell: |e| number(e.row.breakdown?.lower_bound_s, 5),
    },
    Column {
        head: "Imbalance (s)",
        about: "lanes that run out of work before the last one",
        cell: |e| number(e.row.breakdown?.imbalance_s, 5),
    },
    Column {
        head: "Startup (s)",
        about: "bringing the lanes up",
        cell: |e| number(e.row.breakdown?.startup_s, 5),
    },
    Column {
        head: "Dispatch (s)",
        about: "handing out tasks, late timers, shared cores",
        cell: |e| number(e.row.breakdown?.dispatch_s, 5),
    },
    Column {
        head: "Shutdown (s)",
        about: "ending the lanes",
        cell: |e| number(e.row.breakdown?.shutdown_s, 5),
    },
    Column {
        head: "Processes",
        about: "processes seen with memory of their own",
        cell: |e| whole(e.row.memory.as_ref()?.processes.len()),
    },
    Column {
        head: "Disturbed",
        about: "samples that something outside disturbed",
        cell: |e| whole(e.row.noise.disturbed),
    },
];

pub(crate) fn rows(model: &Model<'_>) -> Markup {
    let all = model.entries().count();
    html! {
        section aria-labelledby="all-rows" {
            h2 id="all-rows" { "All rows" }
            p class="note" { "Times in seconds, sizes in MiB; 95 % is the bootstrap interval of the mean. "
                "The meaning of a column stands on its head." }
            div class="controls needs-script" {
                label for="filter" { "Filter" } " "
                input id="filter" type="search" autocomplete="off" placeholder="8 threads, async, invalid …" aria-describedby="shown-rows";
                span id="shown-rows" role="status" aria-live="polite" { (count(all, "row")) }
            }
            div class="scroll" tabindex="0" role="region" aria-label="All rows" {
                table id="rows" {
                    caption class="unseen" { "All rows with all figures" }
                    thead { tr {
                        (head("Row", "the row's name", true))
                        @for column in &COLUMNS { (head(column.head, column.about, false)) }
                    } }
                    tbody { @for (group, entry) in model.entries() { (row(group, entry)) } }
                }
            }
        }
    }
}

fn head(name: &str, about: &str, is_name: bool) -> Markup {
    html! {
        th scope="col" title=(about) class=(if is_name { "name" } else { "num" }) {
            button type="button" class="sort" { (name) span class="arrow" aria-hidden="true" {} }
        }
    }
}

fn row(group: &Group<'_>, entry: &Entry<'_>) -> Markup {
    let (state, _) = words::state_and_reasons(&entry.row.state);
    let state = state.replace('_', " ");
    let has_time = entry.row.seconds.is_some();
    let searched = format!(
        "{} {} {} {} {state}",
        entry.name,
        entry.strategy.word(),
        group.kind,
        entry.row.row.case.executor
    );
    html! {
        tr data-find=(searched.to_lowercase()) class=[(!has_time).then_some("without")] {
            th scope="row" class="name" data-sort=(entry.index) {
                span class=(format!("dot {}", entry.strategy.class())) aria-hidden="true" {}
                bdi { (entry.name) }
                @if state != "valid" { " " span class="badge bad" { (state) } }
            }
            @for column in &COLUMNS { (cell((column.cell)(entry))) }
        }
    }
}

fn cell(cell: Option<Cell>) -> Markup {
    match cell {
        Some(Cell::Number(value, decimals)) => html! {
            td class="num" data-sort=(value) { (format!("{value:.decimals$}")) }
        },
        Some(Cell::Word(word)) => html! { td { bdi { (word) } } },
        None => html! { td class="num faint" { "-" } },
    }
}
