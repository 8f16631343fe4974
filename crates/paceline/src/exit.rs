//! Exit codes, and the errors that carry them.
//!
//! | code | meaning |
//! | --- | --- |
//! | 0 | everything went well |
//! | 1 | Paceline itself failed |
//! | 2 | the command line, or a file that it names, is wrong |
//! | 3 | a case was invalid or could not be run; a limit of an audit does not hold; no row is left to advise |
//! | 4 | a case timed out |
//! | 130 | the run was interrupted |
//!
//! A gate has its own meanings for two of them: 1 is a regression beyond it, 3 is inconclusive.

use std::process::ExitCode;

use paceline_core::Violation;
use paceline_driver::Usage;
use paceline_journal::{JournalError, Purpose, SampleOutcome};
use paceline_stats::Run;
use paceline_stats::summary::{RowState, RowSummary};

pub(crate) const INTERNAL: u8 = 1;
pub(crate) const USAGE: u8 = 2;
pub(crate) const REGRESSION: u8 = 1;
pub(crate) const INVALID_CASE: u8 = 3;
pub(crate) const LIMIT_NOT_HELD: u8 = 3;
pub(crate) const NO_ROW_LEFT: u8 = 3;
pub(crate) const TIMED_OUT: u8 = 4;
pub(crate) const INTERRUPTED: u8 = 130;

/// The code for an error that ends the program.
pub(crate) fn code_of(error: &anyhow::Error) -> ExitCode {
    let is_usage = |cause: &(dyn std::error::Error + 'static)| {
        // The user names a journal, so an unusable one is the user's mistake. A failing disk is not.
        let journal = cause.downcast_ref::<JournalError>();
        cause.is::<Usage>() || journal.is_some_and(|e| !matches!(e, JournalError::Read { .. }))
    };
    let usage = error.chain().any(is_usage);
    ExitCode::from(if usage { USAGE } else { INTERNAL })
}

/// The exit code of a run. In a search, a rate that does not hold is an answer, not a failure. What counts is
/// whether each rate could be tried and its work was valid.
pub(crate) fn of_run(run: &Run) -> ExitCode {
    match run.search() {
        Some(_) => {
            of_search(run.journal().samples_for(Purpose::Time).map(|sample| &sample.outcome))
        }
        None => of_rows(run.rows()),
    }
}

/// The exit code of the rows of a report.
pub(crate) fn of_rows<'a>(rows: impl IntoIterator<Item = &'a RowSummary>) -> ExitCode {
    let rows: Vec<&RowSummary> = rows.into_iter().collect();
    if rows.iter().any(|row| row.is_invalid()) {
        ExitCode::from(INVALID_CASE)
    } else if rows.iter().any(|row| matches!(row.state, RowState::TimedOut(_))) {
        ExitCode::from(TIMED_OUT)
    } else {
        ExitCode::SUCCESS
    }
}

/// What the samples of a search come to as an exit code.
fn of_search<'a>(outcomes: impl Iterator<Item = &'a SampleOutcome> + Clone) -> ExitCode {
    if outcomes.clone().any(is_invalid) {
        ExitCode::from(INVALID_CASE)
    } else if outcomes.clone().any(|outcome| matches!(outcome, SampleOutcome::TimedOut { .. })) {
        ExitCode::from(TIMED_OUT)
    } else {
        ExitCode::SUCCESS
    }
}

/// A case that could not be run, or whose violations no rate explains. A rate that is too high leaves items
/// overdue and cancelled, and a service under it may fail some.
fn is_invalid(outcome: &SampleOutcome) -> bool {
    let of_rate = |violation: &Violation| {
        matches!(
            violation,
            Violation::Overdue { .. } | Violation::Cancelled { .. } | Violation::Failed { .. }
        )
    };
    match outcome {
        SampleOutcome::Broken { .. } => true,
        SampleOutcome::Measured { measured, .. } => !measured.violations.iter().all(of_rate),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use paceline_core::{ItemIndex, Items};
    use paceline_journal::Journal;

    use super::*;

    fn measured(violations: &[Violation]) -> SampleOutcome {
        let path = paceline_driver::workspace::root().join("fixtures/journals/smoke.ndjson");
        let journal = Journal::read(&path).expect("the journal is in the repository");
        let mut outcome = journal.samples[0].outcome.clone();
        if let SampleOutcome::Measured { measured, .. } = &mut outcome {
            measured.violations = violations.to_vec();
        }
        outcome
    }

    #[test]
    fn only_what_a_rate_explains_is_an_answer() {
        let items = Items { count: 1, first: ItemIndex(0) };
        let too_fast = measured(&[Violation::Overdue { items }, Violation::Cancelled { items }]);
        let repeated = measured(&[Violation::Overdue { items }, Violation::Repeated { items }]);
        let broken = SampleOutcome::Broken { reason: "gone".to_owned() };
        let timed_out = SampleOutcome::TimedOut { limit_ms: 5 };
        let of = |outcomes: &[&SampleOutcome]| of_search(outcomes.iter().copied());
        assert_eq!(of(&[&measured(&[]), &too_fast]), ExitCode::SUCCESS);
        assert_eq!(of(&[&too_fast, &timed_out]), ExitCode::from(TIMED_OUT));
        assert_eq!(of(&[&repeated, &timed_out]), ExitCode::from(INVALID_CASE));
        assert_eq!(of(&[&broken]), ExitCode::from(INVALID_CASE));
    }
}
