//! Names of rows for readers that are stricter with names than a journal is.

use std::collections::HashSet;

use paceline_stats::Run;

use crate::cell;

/// A name for each row, in order: on one line, without blanks at its ends, not empty, and not that of
/// another row. Almost always it is the row's own.
pub(super) fn labels(run: &Run) -> Vec<String> {
    let mut taken = HashSet::new();
    let rows = run.rows().iter().zip(1..);
    rows.map(|(row, number)| {
        let mut label = cell::name(&row.row.name).trim().to_owned();
        if label.is_empty() {
            label = format!("row {number}");
        }
        while !taken.insert(label.clone()) {
            label += &format!(" (row {number})");
        }
        label
    })
    .collect()
}
