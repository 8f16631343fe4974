//! Whether `bench --only NAME` finds something else than what is to be called so.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use paceline_core::Family;

use super::{Name, in_use};
use paceline_driver::default_matrix::{ENGINES, SEED, workloads_of};
use paceline_driver::matrix::{Matrix, built_in};
use paceline_driver::select::{groups, has_part, row_found_anyway};

/// Refuses a name by which `--only` finds rows of something else: they would stand among those of the new
/// one, or in their place, since the first matrix that has any is taken.
pub(super) fn refuse(root: &Path, name: &Name) -> Result<()> {
    if groups().any(|group| group == name.as_str()) {
        return Err(in_use(name, "`--only` knows a group of rows by it"));
    }
    match found(root, name.as_str())? {
        Some(other) => Err(in_use(name, &format!("`--only {name}` would find {other}, too"))),
        None => Ok(()),
    }
}

/// What else `--only` finds by `name`, in words.
fn found(root: &Path, name: &str) -> Result<Option<String>> {
    if let Some(id) = ids(root)?.into_iter().find(|id| has_part(id, name)) {
        return Ok(Some(format!("the rows of executor `{id}`")));
    }
    for matrix in built_in()? {
        // What is wrong with a file is for `matrix check` to tell.
        let Ok(read) = Matrix::load(&matrix) else { continue };
        if workloads_of(&read).any(|workload| workload == name) {
            return Ok(Some(format!("the rows of workload `{name}`")));
        }
        let is_searched = [SEED, ENGINES].contains(&matrix.as_str());
        if let (true, Some(row)) = (is_searched, row_found_anyway(&read, name)) {
            return Ok(Some(format!("rows such as `{row}`")));
        }
    }
    Ok(None)
}

/// The ids of the workspace's executors. They are literals in their crates, so asking the worker, which would
/// have to be built for that, tells no more.
fn ids(root: &Path) -> Result<Vec<String>> {
    let mut ids = Vec::new();
    let crates = fs::read_dir(root.join("crates")).context("read the folder crates")?;
    for folder in crates {
        let folder = folder.context("read the folder crates")?;
        let source = folder.path().join("src");
        if folder.file_name().to_string_lossy().starts_with("exec-") && source.is_dir() {
            let read = ids_under(&source, &mut ids);
            read.with_context(|| format!("look for the ids in {}", source.display()))?;
        }
    }
    Ok(ids)
}

fn ids_under(folder: &Path, ids: &mut Vec<String>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            ids_under(&path, ids)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            ids.extend(fs::read_to_string(&path)?.lines().filter_map(id_in).map(str::to_owned));
        }
    }
    Ok(())
}

/// The id in a line that is one and nothing else, as `Executor::id` returns it, or gives one to a constant.
fn id_in(line: &str) -> Option<&str> {
    let line = line.trim();
    let literal = match line.strip_suffix(';').filter(|line| line.contains("const ")) {
        Some(constant) => constant.split_once("= ")?.1,
        None => line,
    };
    let text = literal.strip_prefix('"')?.strip_suffix('"')?;
    let is_an_id = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (text.bytes().all(is_an_id) && Family::of(text).is_some()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use paceline_driver::workspace;

    #[test]
    fn the_ids_of_all_executors_are_found_in_their_sources() {
        let mut ids = ids(&workspace::root()).expect("readable");
        ids.sort();
        // Every one of the reference, however its crate writes it, and no name of a thread.
        for id in ["async-false-smol", "procs-ipc", "seq", "threads-rayon", "threads-threadpool"] {
            assert_eq!(ids.iter().filter(|known| *known == id).count(), 1, "{ids:?}");
        }
        assert!(!ids.iter().any(|id| id == "procs-warden"), "{ids:?}");
    }

    #[test]
    fn a_name_that_is_a_part_of_an_id_or_a_row_finds_these() {
        let found = |name: &str| found(&workspace::root(), name).expect("readable");
        let of = |name: &str| found(name).expect("it is found");
        assert_eq!(of("pool"), "the rows of executor `threads-threadpool`");
        assert!(of("tok").starts_with("the rows of executor `async-"));
        assert_eq!(of("heavy"), "rows such as `Sequential IO heavy processing`");
        assert!(of("width").starts_with("rows such as `IO: "));
        assert_eq!(of("primes"), "the rows of workload `primes`");
        // A name may have an id in it: its own rows alone are found by the whole.
        for free in ["tokio-lifo", "relay", "spool"] {
            assert_eq!(found(free), None, "{free}");
        }
    }
}
