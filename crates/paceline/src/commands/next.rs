//! Where a finished run is kept, and what to do with it next.

use std::path::Path;

use paceline_stats::summary::{Ending, RowState, RowSummary};
use paceline_stats::{Run, Series};

use crate::commands::{page, say};
use paceline_driver::workspace;

/// A time beyond this multiple of its ideal is worth an explanation.
const FAR_FROM_IDEAL: f64 = 1.2;

/// Says on standard error where the journal of `run` is, and which commands to run next. `typed` is the
/// command that made the run, from `bench` on; empty if another one began it.
pub(crate) fn say_next(path: &Path, run: &Run, typed: &[String]) {
    say(&format!("saved as {}", workspace::shown(path)));
    let file = path.with_file_name(page::FILE_NAME);
    if file.is_file() {
        say(&format!("to look at: {}", workspace::shown(&file)));
    }
    say(&format!("next:\n  {}", next(run, &elsewhere(path), typed).join("\n  ")));
}

/// The command line of this process, from the subcommand on; empty where it is no text.
pub(crate) fn typed() -> Vec<String> {
    let words: Result<Vec<String>, _> =
        std::env::args_os().skip(1).map(std::ffi::OsString::into_string).collect();
    words.unwrap_or_default()
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

/// The commands that follow from a run, the most pressing first, each with what it takes to find the run
/// and, as a comment, what it is for: a line can be copied as a whole.
fn next(run: &Run, elsewhere: &str, typed: &[String]) -> Vec<String> {
    let id = &run.header().run_id;
    let line = |command: &str, what_for: &str| format!("cargo xtask {command:36} # {what_for}");
    let step = |command: &str, what_for: &str| line(&format!("{command}{elsewhere}"), what_for);
    let mut steps = Vec::new();
    if run.summary().ending == Ending::Interrupted {
        steps.push(step(&format!("bench --resume {id}"), "goes on with it"));
    }
    let no_result = |row: &&RowSummary| !matches!(row.state, RowState::Valid | RowState::NotRun);
    let is_search = run.search().is_some();
    // In a search, a sample that could not keep up with its rate is an answer.
    if let Some(row) = run.rows().iter().find(no_result).filter(|_| !is_search) {
        steps.push(step(&explain(row), "what is wrong with it"));
    }
    if is_search || run.header().plan.conduct.schedule.is_some() {
        // Rounds and ideals are about times, which are those of the schedule here.
        steps.push(step(&format!("report {id} --format json"), "every figure, for programs"));
        return steps;
    }
    // Where nothing was measured yet, no number of rounds follows from it.
    let measured = run.advice().workloads.iter().filter(|workload| !workload.candidates.is_empty());
    let untold = measured.filter(|workload| !workload.can_tell());
    if let Some(rounds) = untold.map(|workload| workload.enough_rounds).max() {
        let enough = "enough rounds to tell rows apart";
        steps.push(match again(typed, rounds) {
            Some(command) => line(&command, enough),
            // What the command was, a journal does not tell in the words of a command line.
            None => format!("# the same command with --rounds {rounds}: {enough}"),
        });
    } else {
        steps.push(step("advise", "which row to use, and how sure that is"));
    }
    if let Some(row) = farthest_from_ideal(run) {
        steps.push(step(&explain(row), "where its time goes"));
    }
    steps.push(step("report --format bars", "the times as bars"));
    steps
}

/// The command typed, with so many rounds instead of its own. A run's name is its own alone, so it goes.
fn again(typed: &[String], rounds: usize) -> Option<String> {
    if typed.is_empty() || typed.iter().any(|word| word.starts_with("--resume")) {
        return None;
    }
    let is = |word: &str, option: &str| word == option || word.starts_with(&format!("{option}="));
    // What else ends a run must not end it before those rounds.
    let is_open_ended = typed.iter().any(|word| is(word, "--budget") || is(word, "--precision"));
    let option = if is_open_ended { "--min-rounds" } else { "--rounds" };
    let mut words = Vec::new();
    let mut rest = typed.iter();
    while let Some(word) = rest.next() {
        match [option, "--name"].into_iter().find(|gone| is(word, gone)) {
            // Its value is a word of its own.
            Some(gone) if word == gone => drop(rest.next()),
            Some(_) => {}
            None => words.push(shell_word(word)),
        }
    }
    Some(format!("{} {option} {rounds}", words.join(" ")))
}

/// A word as a shell needs it: as it is, where nothing in it means anything to a shell.
fn shell_word(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,%+@".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) { word.to_owned() } else { quoted(word) }
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
fn farthest_from_ideal(run: &Run) -> Option<&RowSummary> {
    let lost_s = |row: &RowSummary| {
        let parts = row.breakdown.filter(|parts| parts.vs_ideal > FAR_FROM_IDEAL)?;
        Some(row.seconds.as_ref().map(Series::mean)? - parts.makespan_s())
    };
    let rows = run.rows().iter().filter_map(|row| Some((row, lost_s(row)?)));
    rows.max_by(|(_, a), (_, b)| a.total_cmp(b)).map(|(row, _)| row)
}

#[cfg(test)]
mod tests {
    use paceline_journal::Journal;

    use super::*;

    fn recorded() -> Journal {
        let text = include_bytes!("../../../../fixtures/journals/smoke.ndjson");
        Journal::parse(Path::new("smoke.ndjson"), text).expect("the record can be read")
    }

    #[test]
    fn what_the_rounds_cannot_tell_and_what_is_far_from_its_ideal_comes_next() {
        let mut journal = recorded();
        journal.samples.retain(|sample| sample.round <= 2);
        let steps = next(&Run::of(journal.clone()), "", &[]);
        assert!(steps[0].starts_with("# the same command with --rounds 7: "), "{steps:?}");
        assert!(steps[1].contains("--explain 'Threaded CPU heavy processing (2"), "{steps:?}");
        let elsewhere = elsewhere(Path::new("/it's/run/journal.ndjson"));
        assert_eq!(elsewhere, r" --out '/it'\''s'");
        let typed = ["bench", "--only", "8 threads", "--rounds=2", "--name", "x"];
        let steps = next(&Run::of(journal.clone()), &elsewhere, &typed.map(str::to_owned));
        let again = "cargo xtask bench --only '8 threads' --rounds 7 ";
        assert!(steps[0].starts_with(again), "{steps:?}");
        assert!(steps[1..].iter().all(|step| step.contains(&elsewhere)), "{steps:?}");
    }

    #[test]
    fn a_line_is_a_command_and_a_comment_for_a_shell() {
        let mut journal = recorded();
        journal.samples.retain(|sample| sample.round <= 2);
        for typed in [vec![], vec!["bench".to_owned(), "--only=it's; rm".to_owned()]] {
            for step in next(&Run::of(journal.clone()), "", &typed) {
                let (command, comment) = step.split_once("# ").expect("a comment");
                assert!(command.is_empty() || command.starts_with("cargo xtask "), "{step}");
                assert!(!comment.is_empty() && !comment.contains("cargo "), "{step}");
            }
        }
    }

    #[test]
    fn the_command_again_has_enough_rounds_and_ends_no_sooner() {
        let again =
            |words: &[&str]| again(&words.iter().map(ToString::to_string).collect::<Vec<_>>(), 9);
        let is = |words: &[&str], wanted: &str| assert_eq!(again(words).as_deref(), Some(wanted));
        is(&["bench"], "bench --rounds 9");
        is(&["bench", "--rounds", "4", "-q"], "bench -q --rounds 9");
        is(&["bench", "--only=a b"], "bench '--only=a b' --rounds 9");
        is(&["bench", "--budget", "5m"], "bench --budget 5m --min-rounds 9");
        is(
            &["bench", "--precision=2%", "--min-rounds=3", "--name=x"],
            "bench --precision=2% --min-rounds 9",
        );
        assert_eq!((again(&["bench", "--resume"]), again(&[])), (None, None));
    }

    #[test]
    fn of_a_run_on_a_schedule_no_times_are_judged() {
        let mut journal = recorded();
        journal.header.plan.conduct.schedule =
            Some(paceline_core::Schedule { rate_per_s: 200.0, patience_ns: 1_000_000_000 });
        let steps = next(&Run::of(journal.clone()), "", &["bench".to_owned()]);
        assert_eq!(steps.len(), 1, "{steps:?}");
        assert!(steps[0].contains("--format json"), "{steps:?}");
    }

    #[test]
    fn an_interrupted_run_is_to_be_resumed_first() {
        let mut journal = recorded();
        let end = journal.end.as_mut().expect("the record has an end");
        end.reason = paceline_journal::EndReason::Interrupted;
        let steps = next(&Run::of(journal.clone()), "", &[]);
        let wanted = format!("cargo xtask bench --resume {} ", journal.header.run_id);
        assert!(steps[0].starts_with(&wanted), "{steps:?}");
        // In mid-warm-up nothing tells how many rounds would be enough.
        journal.samples.retain(paceline_journal::Sample::is_warmup);
        let steps = next(&Run::of(journal.clone()), "", &["bench".to_owned()]);
        assert!(!steps.iter().any(|step| step.contains("--rounds")), "{steps:?}");
    }
}
