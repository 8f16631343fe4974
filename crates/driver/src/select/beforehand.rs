//! What `--only` may select, as far as this is known without the list of executors.

use std::collections::BTreeSet;

use paceline_core::Family;
use paceline_protocol::ExecutorEntry;

use super::matches;
use crate::matrix::{Matrix, RowEntry, expand};

/// The workloads of `matrix`, by their names in it, with rows that the filters `only` may select.
///
/// Building the worker takes minutes in a fresh checkout, and only the worker knows what `*` stands for. A
/// mistake in a workload should be reported before that. So a filter that matches no name is guessed to be an
/// executor's id, or a part of one.
pub fn workloads_left<'a>(matrix: &'a Matrix, scale: &str, only: &[String]) -> BTreeSet<&'a str> {
    let is_left = |row: &&RowEntry| only.iter().all(|only| may_match(matrix, scale, row, only));
    matrix.rows.iter().filter(is_left).map(|row| row.workload.get_ref().as_str()).collect()
}

/// The name of a row that `filter` selects whatever executors there are.
pub fn row_found_anyway(matrix: &Matrix, filter: &str) -> Option<String> {
    // Neither names nor executors follow from the scale.
    let rows = matrix.rows.iter().flat_map(|row| expand(row, "", matrix, &[stand_in(NOBODY)]));
    rows.into_iter().find(|row| matches(row, filter)).map(|row| row.name.replace(NOBODY, EVERY))
}

fn may_match(matrix: &Matrix, scale: &str, row: &RowEntry, filter: &str) -> bool {
    let family = Family::ALL.into_iter().find(|family| family.name() == filter.to_lowercase());
    if family.is_some() && row.executor.get_ref() == EVERY {
        return true;
    }
    let is_matched = |row: &RowEntry, id: &str| {
        let rows = expand(row, scale, matrix, &[stand_in(id)]);
        rows.iter().any(|row| matches(row, filter))
    };
    if family.is_some() || matrix.rows.iter().any(|other| is_matched(other, NOBODY)) {
        return is_matched(row, NOBODY);
    }
    ids_in(filter).any(|id| is_matched(row, id))
}

/// What stands for all executors in a matrix.
const EVERY: &str = "*";

/// An id that is no part of any filter.
const NOBODY: &str = "\0";

/// The parts of a filter that can be ids.
fn ids_in(filter: &str) -> impl Iterator<Item = &str> {
    let is_of_an_id = |letter: char| letter.is_alphanumeric() || letter == '-';
    filter.split(move |letter| !is_of_an_id(letter)).filter(|id| !id.is_empty())
}

fn stand_in(id: &str) -> ExecutorEntry {
    let (id, family, about) = (id.to_lowercase(), Family::Threads, String::new());
    ExecutorEntry { id, family, ceiling: None, about }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The workloads that are left of a file with two for every executor and one for a named one.
    fn left(filters: &[&str]) -> Vec<String> {
        let text = "format = 1\ntitle = \"t\"\nscales.quick.about = \"a\"\n\
             workloads.command = {}\nworkloads.files = { group = \"io\" }\nworkloads.noop = {}\n\
             [[rows]]\nname = \"run: {executor}, width {width}\"\nworkload = \"command\"\n\
             executor = \"*\"\nwidth = [1, 2]\n\
             [[rows]]\nname = \"read: {executor}, width {width}\"\nworkload = \"files\"\n\
             executor = \"*\"\nwidth = [2, 16]\n\
             [[rows]]\nname = \"nothing\"\nworkload = \"noop\"\nexecutor = \"seq\"\nwidth = 1\n";
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("m.toml");
        std::fs::write(&file, text).expect("written");
        let file = file.display().to_string();
        let matrix = Matrix::load(&file).expect("a good matrix");
        let only: Vec<String> = filters.iter().map(ToString::to_string).collect();
        workloads_left(&matrix, "quick", &only).into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn workloads_are_left_that_a_filter_names_or_whose_executors_it_does() {
        assert_eq!(left(&[]), ["command", "files", "noop"]);
        assert_eq!(left(&["files"]), ["files"]);
        assert_eq!(left(&["io"]), ["files"]);
        assert_eq!(left(&["width 16"]), ["files"]);
        assert_eq!(left(&["width 2"]), ["command", "files"]);
        assert_eq!(left(&["threads"]), ["command", "files"]);
        assert_eq!(left(&["sequential"]), ["command", "files", "noop"]);
        assert_eq!(left(&["tokio"]), ["command", "files"]);
        assert_eq!(left(&["READ: async-tokio"]), ["files"]);
        assert_eq!(left(&["rayon, width 1"]), ["command"]);
        assert_eq!(left(&["threads", "run:"]), ["command"]);
        assert_eq!(left(&["nothing", "run:"]), Vec::<String>::new());
    }
}
