//! What `--only` selects.

mod beforehand;

use anyhow::Result;
use paceline_core::Family;
use paceline_journal::Row;
use paceline_protocol::escape::name;

pub use self::beforehand::{row_found_anyway, workloads_left};
use crate::matrix::WORKLOAD_GROUPS;
use crate::nearest::did_you_mean;
use crate::usage::Usage;

/// Keeps the rows that match every filter: the name of a group or of a workload, or any part of a row's
/// name or of its executor's id, in upper or lower case. A number is whole: `8 threads` is no part of
/// `128 threads`.
///
/// # Errors
///
/// When a filter matches no row at all, or all together match none; the error lists what exists, and asks
/// whether something of that, or of what is `known` besides, was meant.
pub fn select(rows: Vec<Row>, filters: &[String], known: &[&str]) -> Result<Vec<Row>> {
    if let Some(lonely) = filters.iter().find(|filter| !rows.iter().any(|row| matches(row, filter)))
    {
        let near = did_you_mean(lonely, names(&rows).into_iter().chain(known.iter().copied()));
        return Err(nothing(&format!("`--only {lonely}` matches no row"), &rows, &near));
    }
    let matching = |row: &Row| filters.iter().all(|filter| matches(row, filter));
    if !rows.iter().any(matching) {
        let all = filters.join("`, `");
        return Err(nothing(&format!("no row matches all of `{all}`"), &rows, ""));
    }
    Ok(rows.into_iter().filter(|row| matching(row)).collect())
}

/// The names of all groups.
pub fn groups() -> impl Iterator<Item = &'static str> {
    Family::ALL.into_iter().map(Family::name).chain(WORKLOAD_GROUPS)
}

fn matches(row: &Row, filter: &str) -> bool {
    let filter = filter.to_lowercase();
    let executor = &row.case.executor;
    if let Some(family) = Family::ALL.into_iter().find(|family| family.name() == filter) {
        return Family::of(executor) == Some(family);
    }
    if WORKLOAD_GROUPS.contains(&filter.as_str()) {
        return row.group.as_deref() == Some(filter.as_str());
    }
    row.case.spec.workload == filter
        || has_part(&row.name.to_lowercase(), &filter)
        || has_part(executor, &filter)
}

/// Whether `part` stands in `text` without a number being cut in two.
pub fn has_part(text: &str, part: &str) -> bool {
    let is_digit = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_digit());
    let cuts = |at: usize| {
        let (before, after) = text.split_at(at);
        is_digit(before.chars().next_back()) && is_digit(after.chars().next())
    };
    let stands_at = |at: usize| text[at..].starts_with(part) && !cuts(at) && !cuts(at + part.len());
    part.is_empty() || text.char_indices().any(|(at, _)| stands_at(at))
}

/// Everything by which rows can be selected.
fn names(rows: &[Row]) -> Vec<&str> {
    let mut names: Vec<&str> = groups().collect();
    names.extend(rows.iter().map(|row| row.case.executor.as_str()));
    names.extend(rows.iter().map(|row| row.case.spec.workload.as_str()));
    names.extend(rows.iter().map(|row| row.name.as_str()));
    names
}

fn nothing(what: &str, rows: &[Row], near: &str) -> anyhow::Error {
    let names: Vec<String> = rows.iter().map(|row| format!("  {}", name(&row.name))).collect();
    let groups: Vec<&str> = groups().collect();
    Usage::new(format!(
        "select rows: {what}; it takes a group ({}), a workload, or a part of a row's name or executor \
         id:\n{}{near}",
        groups.join(", "),
        names.join("\n")
    ))
    .into()
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroUsize;

    use paceline_core::WorkloadSpec;
    use paceline_protocol::Case;

    use super::*;

    fn rows() -> Vec<Row> {
        [
            ("Sequential IO", "seq", "io"),
            ("Truly-async IO", "async-tokio", "io"),
            ("Threaded CPU (8 threads)", "threads-threadpool", "cpu"),
            ("Multiprocessed CPU (8 processes)", "procs-ipc", "cpu"),
        ]
        .map(|(name, executor, group)| Row {
            name: name.to_owned(),
            case: Case {
                spec: WorkloadSpec::new("noop"),
                executor: executor.to_owned(),
                width: None,
                batch: NonZeroUsize::MIN,
            },
            revision: None,
            group: Some(group.to_owned()),
        })
        .into()
    }

    fn names(filters: &[&str]) -> Result<Vec<String>, String> {
        let filters: Vec<String> = filters.iter().map(ToString::to_string).collect();
        select(rows(), &filters, &[])
            .map(|rows| rows.into_iter().map(|row| row.name).collect())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn without_a_filter_every_row_is_kept() {
        assert_eq!(names(&[]).expect("all rows").len(), 4);
    }

    #[test]
    fn a_group_selects_by_family_or_workload_and_not_by_name() {
        assert_eq!(names(&["threads"]).expect("one row"), ["Threaded CPU (8 threads)"]);
        assert_eq!(names(&["multiproc"]).expect("one row"), ["Multiprocessed CPU (8 processes)"]);
        assert_eq!(names(&["io"]).expect("two rows"), ["Sequential IO", "Truly-async IO"]);
    }

    #[test]
    fn any_part_of_a_name_or_an_id_selects_in_either_case() {
        assert_eq!(names(&["8 THREADS"]).expect("one row"), ["Threaded CPU (8 threads)"]);
        assert_eq!(names(&["tokio"]).expect("one row"), ["Truly-async IO"]);
    }

    #[test]
    fn a_workload_selects_its_rows_by_its_whole_name() {
        assert_eq!(names(&["Noop"]).expect("all rows").len(), 4);
        names(&["noo"]).expect_err("a part of it is none of a row's name");
    }

    #[test]
    fn a_number_is_never_cut_in_two() {
        let wide = "threaded io (128 threads, 11 1 1)";
        for part in ["128 threads", "128", " threads", "(128 t", "io (", "1 1)", "11 1 1", ""] {
            assert!(has_part(wide, part), "{part}");
        }
        for part in ["8 threads", "28", "12", "(12", "11 11", "1 1 1 1"] {
            assert!(!has_part(wide, part), "{part}");
        }
        assert!(has_part("relay2", "relay") && has_part("2relay", "relay") && !has_part("", "x"));
    }

    #[test]
    fn several_filters_must_all_match() {
        let selected = names(&["cpu", "multiproc"]).expect("one row");
        assert_eq!(selected, ["Multiprocessed CPU (8 processes)"]);
        let error = names(&["io", "multiproc"]).expect_err("no such row");
        assert!(error.contains("no row matches all of `io`, `multiproc`"), "{error}");
    }

    #[test]
    fn an_unknown_filter_is_answered_with_what_exists() {
        let error = names(&["fibers"]).expect_err("no such row");
        assert!(error.contains("`--only fibers` matches no row"), "{error}");
        assert!(error.contains("multiproc") && error.contains("Sequential IO"), "{error}");
        assert!(!error.contains("did you mean"), "{error}");
        let error = names(&["tokoi"]).expect_err("no such row");
        assert!(error.ends_with("\ndid you mean `async-tokio`?"), "{error}");
    }

    #[test]
    fn a_name_stands_in_one_line_whatever_is_in_it() {
        let mut rows = rows();
        rows[0].name = "Sequential\n\u{1b}[2JIO".to_owned();
        let error = select(rows, &["sequentail".to_owned()], &[]).expect_err("no such row");
        let error = error.to_string();
        assert!(error.contains("\n  Sequential\\n\\u{1b}[2JIO\n"), "{error}");
        assert!(
            error.ends_with("did you mean `sequential` or `Sequential\\n\\u{1b}[2JIO`?"),
            "{error}"
        );
    }
}
