//! Whether a row may be shown.

use paceline_core::{ItemIndex, Violation};
use paceline_journal::{End, EndReason, SampleOutcome};
use paceline_stats::summary::{Ending, RowState};

use crate::build::{SECOND, alone, measured, ran, row, run, run_of, summary_of, with_memory};

fn missing() -> Violation {
    let items = paceline_core::Items { count: 1, first: ItemIndex(4) };
    Violation::Missing { items }
}

fn invalid() -> SampleOutcome {
    let mut wrong = ran(SECOND);
    wrong.violations.push(missing());
    measured(wrong)
}

fn broken() -> SampleOutcome {
    SampleOutcome::Broken { reason: "no such executor".to_owned() }
}

fn late() -> SampleOutcome {
    SampleOutcome::TimedOut { limit_ms: 1_500 }
}

fn skipped() -> SampleOutcome {
    SampleOutcome::TooLittleMemory { need_bytes: 3 << 30, have_bytes: 1 << 30 }
}

fn fine() -> SampleOutcome {
    measured(ran(SECOND))
}

fn interrupted() -> SampleOutcome {
    // A cancelled run leaves items undone, which is nobody's fault.
    let mut part = ran(SECOND);
    part.violations.push(missing());
    SampleOutcome::Interrupted { measured: Box::new(part) }
}

fn state(outcomes: impl IntoIterator<Item = SampleOutcome>) -> RowState {
    let summary = summary_of(&alone("row", outcomes), "row");
    let is_valid = summary.state == RowState::Valid;
    assert!(is_valid || summary.seconds.is_none(), "no time is shown of a row that is not valid");
    assert!(is_valid || summary.memory.is_none(), "nor its memory");
    summary.state
}

#[test]
fn a_row_whose_samples_all_proved_their_work_is_valid() {
    assert_eq!(state([fine(), fine()]), RowState::Valid);
}

#[test]
fn a_violation_in_any_round_makes_the_row_invalid_and_is_told_with_its_round() {
    let reasons = vec![format!("warm-up: {}", missing()), format!("round 2: {}", missing())];
    assert_eq!(state([invalid(), fine(), invalid()]), RowState::Invalid(reasons));
}

#[test]
fn a_case_that_cannot_be_run_is_broken() {
    let reasons = vec!["round 1: no such executor".to_owned()];
    assert_eq!(state([fine(), broken()]), RowState::Broken(reasons));
}

#[test]
fn a_case_over_its_time_is_timed_out() {
    let reasons = vec!["round 1: it took longer than 1.5 s and was killed".to_owned()];
    assert_eq!(state([fine(), late()]), RowState::TimedOut(reasons));
}

#[test]
fn a_case_without_memory_is_skipped() {
    let reason = "it needs about 3072 MiB of memory and 1024 MiB are available".to_owned();
    assert_eq!(state([skipped()]), RowState::Skipped(reason));
}

#[test]
fn a_row_without_samples_was_not_run() {
    assert_eq!(state([]), RowState::NotRun);
}

#[test]
fn a_row_that_was_interrupted_in_its_first_sample_was_not_run() {
    assert_eq!(state([interrupted()]), RowState::NotRun);
}

#[test]
fn an_interruption_leaves_the_samples_before_it_valid() {
    let journal = alone("row", [fine(), fine(), interrupted()]);
    let summary = summary_of(&journal, "row");
    assert_eq!(summary.state, RowState::Valid);
    assert_eq!(summary.rounds, [(1, 1_001)]);
}

#[test]
fn of_several_troubles_the_gravest_names_the_row() {
    assert!(matches!(state([late(), broken(), invalid(), skipped()]), RowState::Broken(_)));
    assert!(matches!(state([late(), invalid(), skipped()]), RowState::TimedOut(_)));
    assert!(matches!(state([invalid(), skipped()]), RowState::Invalid(_)));
    assert!(matches!(state([fine(), skipped()]), RowState::Skipped(_)));
}

#[test]
fn only_invalid_and_broken_rows_count_as_invalid() {
    let is_invalid = |outcome| summary_of(&alone("row", [outcome]), "row").is_invalid();
    assert!(is_invalid(invalid()) && is_invalid(broken()));
    assert!(!is_invalid(late()) && !is_invalid(skipped()) && !is_invalid(fine()));
}

#[test]
fn memory_is_that_of_the_round_that_measured_it() {
    let journal = alone("row", [with_memory(ran(SECOND), 5 << 20), fine()]);
    assert_eq!(summary_of(&journal, "row").memory.unwrap().peak_bytes, 5 << 20);
}

#[test]
fn the_ending_is_the_journals() {
    let mut journal = run(vec![row("row", "seq", 1)]);
    assert_eq!(run_of(&journal).summary().ending, Ending::CutShort);
    for (reason, ending) in [
        (EndReason::Completed, Ending::Completed),
        (EndReason::Budget, Ending::Budget),
        (EndReason::Precision, Ending::Precision),
        (EndReason::Interrupted, Ending::Interrupted),
    ] {
        journal.end = Some(End { reason, ended_unix_ms: 0 });
        assert_eq!(run_of(&journal).summary().ending, ending);
    }
}
