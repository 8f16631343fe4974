//! What stands in a cell: names, and words where there is no number.

use paceline_stats::summary::RowState;

/// The word for a row that is not shown as a result, or for a valid one without a number.
pub(crate) fn word(state: &RowState) -> &'static str {
    match state {
        RowState::Valid | RowState::NotRun => "-",
        RowState::Invalid(_) => "invalid",
        RowState::Broken(_) => "broken",
        RowState::TimedOut(_) => "timed out",
        RowState::Skipped(_) => "skipped",
    }
}

/// The state's name for programs, and its reasons.
pub(crate) fn state_and_reasons(state: &RowState) -> (&'static str, &[String]) {
    match state {
        RowState::Valid => ("valid", &[]),
        RowState::NotRun => ("not_run", &[]),
        RowState::Invalid(reasons) => ("invalid", reasons),
        RowState::Broken(reasons) => ("broken", reasons),
        RowState::TimedOut(reasons) => ("timed_out", reasons),
        RowState::Skipped(reason) => ("skipped", std::slice::from_ref(reason)),
    }
}

/// A name on one line: a newline in it would break the table, and an escape sequence the terminal.
pub(crate) fn name(name: &str) -> String {
    let shown = |character: char| match character.is_control() {
        true => character.escape_default().to_string(),
        false => character.to_string(),
    };
    name.chars().map(shown).collect()
}

/// Bytes as MiB (2^20 bytes).
pub(crate) fn mib(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}
