//! The rows that one entry of a matrix file stands for, and their names.

use std::collections::HashMap;
use std::num::NonZeroUsize;

use paceline_journal::Row;
use paceline_protocol::ExecutorEntry;
use paceline_protocol::escape;

use super::fault::{Fault, is_there};
use super::{Matrix, RowEntry, Width};

/// What may stand in a row's name for the row's own.
const PLACEHOLDERS: [&str; 3] = ["{executor}", "{width}", "{batch}"];

/// How much of a name that is too long is shown, in characters.
const SHOWN_CHARACTERS: usize = 40;

/// One row of an entry.
#[derive(Debug)]
pub struct Expanded {
    /// The row's name, with its placeholders filled in.
    pub name: String,
    /// The executor's id.
    pub executor: String,
    /// The width.
    pub width: Width,
    /// Items per task.
    pub batch: NonZeroUsize,
}

impl RowEntry {
    /// The rows that this entry stands for: every executor, width and batch it names. `all` are the
    /// executors that `*` stands for.
    pub fn expand(&self, all: &[ExecutorEntry]) -> Vec<Expanded> {
        let mut rows = Vec::new();
        for (executor, widths) in self.executors(all) {
            for (width, batch) in
                widths.iter().flat_map(|w| self.batches.iter().map(move |b| (w, b)))
            {
                let name = self
                    .name
                    .get_ref()
                    .replace("{executor}", &executor)
                    .replace("{width}", &width.to_string())
                    .replace("{batch}", &batch.to_string());
                rows.push(Expanded {
                    name,
                    executor: executor.clone(),
                    width: *width,
                    batch: *batch,
                });
            }
        }
        rows
    }

    /// The executors of this entry, each with its widths. One that runs a single item at a time would
    /// give the same row at every width, so of many it gets the first.
    fn executors(&self, all: &[ExecutorEntry]) -> Vec<(String, Vec<Width>)> {
        if self.executor.get_ref() != "*" {
            return vec![(self.executor.get_ref().clone(), self.widths.clone())];
        }
        let widths = |executor: &ExecutorEntry| match executor.ceiling {
            Some(1) => self.widths.iter().take(1).copied().collect(),
            _ => self.widths.clone(),
        };
        all.iter().map(|executor| (executor.id.clone(), widths(executor))).collect()
    }
}

impl Matrix {
    /// Rows that no run can have: two of one name, and names that no journal takes. `all` are the
    /// executors that `*` stands for.
    pub fn bad_names(&self, all: &[ExecutorEntry]) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut seen: HashMap<String, usize> = HashMap::new();
        for entry in self.rows.iter().filter(|entry| is_there(&entry.name)) {
            let at = entry.name.span().start;
            for Expanded { name, .. } in entry.expand(all) {
                if name.len() > Row::LONGEST_NAME_BYTES {
                    let start: String = name.chars().take(SHOWN_CHARACTERS).collect();
                    let limit = Row::LONGEST_NAME_BYTES;
                    let start = escape::name(&start);
                    let what = format!("the name of row `{start}...` has more than {limit} bytes");
                    faults.push(Fault::at_byte(at, what));
                } else if let Some(first) = seen.insert(name.clone(), at) {
                    faults.push(Fault::at_byte(at, self.repeated(&name, first, at)));
                }
            }
        }
        faults
    }

    fn repeated(&self, name: &str, first: usize, second: usize) -> String {
        let name = escape::name(name);
        if first == second {
            return format!(
                "two rows are named `{name}`: an entry for several rows needs {} in its name",
                PLACEHOLDERS.join(", ")
            );
        }
        let (line, column) = self.source.line_and_column(first);
        format!("two rows are named `{name}`; the other stands in line {line}, column {column}")
    }
}

/// Words in braces that stand for nothing.
pub(super) fn unknown_placeholders(row: &RowEntry) -> Vec<Fault> {
    let braced = row.name.get_ref().split('{').skip(1).filter_map(|rest| rest.split_once('}'));
    let strange =
        braced.filter(|(word, _)| !PLACEHOLDERS.contains(&format!("{{{word}}}").as_str()));
    let fault = |(word, _): (&str, &str)| {
        let known = PLACEHOLDERS.join(", ");
        Fault::at(&row.name, format!("unknown placeholder `{{{word}}}`; a name knows {known}"))
    };
    strange.map(fault).collect()
}
