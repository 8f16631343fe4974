//! Where a finished run is kept, and what to do with it next.

use std::path::Path;

use anyhow::Result;
use paceline_journal::Journal;
use paceline_stats::advice::{Advice, Limits};
use paceline_stats::summary::{Ending, RowState, RowSummary};
use paceline_stats::{Series, Summary};

use crate::commands::{page, say};
use crate::workspace;

/// A time beyond this multiple of its ideal is worth an explanation.
const FAR_FROM_IDEAL: f64 = 1.2;

/// Says on standard error where the run at `path` is, and which commands follow from it.
pub(crate) fn say_next(path: &Path) -> Result<()> {
    let summary = Summary::of(&Journal::read(path)?);
    say(&format!("saved as {}", workspace::shown(path)));
    let file = path.with_file_name(page::FILE_NAME);
    if file.is_file() {
        say(&format!("to look at: {}", workspace::shown(&file)));
    }
    say(&format!("next:\n  {}", next(&summary, &elsewhere(path)).join("\n  ")));
    Ok(())
}

/// What a command needs to find the run at `path`, if it is not where runs usually are.
fn elsewhere(path: &Path) -> String {
    match path.parent().and_then(Path::parent) {
        Some(folder) if folder != workspace::runs() => {
            format!(" --out {}", quoted(&workspace::shown(folder)))
        }
        _ => String::new(),
    }
}

/// The commands that follow from a run, the most pressing first, each with what it takes to find the run.
fn next(summary: &Summary, elsewhere: &str) -> Vec<String> {
    let id = &summary.header.run_id;
    let step = |command: &str, what_for: &str| {
        format!("cargo xtask {:36} {what_for}", format!("{command}{elsewhere}"))
    };
    let mut steps = Vec::new();
    if summary.ending == Ending::Interrupted {
        steps.push(step(&format!("bench --resume {id}"), "goes on with it"));
    }
    let no_result = |row: &&RowSummary| !matches!(row.state, RowState::Valid | RowState::NotRun);
    if let Some(row) = summary.rows.iter().find(no_result) {
        steps.push(step(&explain(row), "what is wrong with it"));
    }
    let advice = Advice::of(summary, Limits::default());
    let untold = advice.workloads.iter().filter(|workload| !workload.can_tell());
    if let Some(rounds) = untold.map(|workload| workload.enough_rounds).max() {
        // What else the command had, a journal does not tell in the words of a command line.
        let again = format!("the same command with --rounds {rounds}");
        steps.push(format!("{again:48} enough rounds to tell rows apart"));
    } else {
        steps.push(step("advise", "which row to use, and how sure that is"));
    }
    if let Some(row) = farthest_from_ideal(summary) {
        steps.push(step(&explain(row), "where its time goes"));
    }
    steps.push(step("report --format bars", "the times as bars"));
    steps
}

/// The command that explains a row.
fn explain(row: &RowSummary) -> String {
    format!("report --explain {}", quoted(&row.row.name.escape_debug().to_string()))
}

/// A word in quotes that a POSIX shell takes.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// The row that has the most to gain, if any has much.
fn farthest_from_ideal(summary: &Summary) -> Option<&RowSummary> {
    let lost_s = |row: &RowSummary| {
        let parts = row.breakdown.filter(|parts| parts.vs_ideal > FAR_FROM_IDEAL)?;
        Some(row.seconds.as_ref().map(Series::mean)? - parts.makespan_s())
    };
    let rows = summary.rows.iter().filter_map(|row| Some((row, lost_s(row)?)));
    rows.max_by(|(_, a), (_, b)| a.total_cmp(b)).map(|(row, _)| row)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recorded() -> Journal {
        let text = include_bytes!("../../../fixtures/journals/smoke.ndjson");
        Journal::parse(Path::new("smoke.ndjson"), text).expect("the record can be read")
    }

    #[test]
    fn what_the_rounds_cannot_tell_and_what_is_far_from_its_ideal_comes_next() {
        let mut journal = recorded();
        journal.samples.retain(|sample| sample.round <= 2);
        let steps = next(&Summary::of(&journal), "");
        assert!(steps[0].starts_with("the same command with --rounds 7 "), "{steps:?}");
        assert!(steps[1].contains("--explain 'Threaded CPU heavy processing (2"), "{steps:?}");
        let elsewhere = elsewhere(Path::new("/it's/run/journal.ndjson"));
        assert_eq!(elsewhere, r" --out '/it'\''s'");
        let steps = next(&Summary::of(&journal), &elsewhere);
        assert!(steps[1..].iter().all(|step| step.contains(&elsewhere)), "{steps:?}");
    }

    #[test]
    fn an_interrupted_run_is_to_be_resumed_first() {
        let mut journal = recorded();
        let end = journal.end.as_mut().expect("the record has an end");
        end.reason = paceline_journal::EndReason::Interrupted;
        let steps = next(&Summary::of(&journal), "");
        let wanted = format!("cargo xtask bench --resume {} ", journal.header.run_id);
        assert!(steps[0].starts_with(&wanted), "{steps:?}");
    }
}
