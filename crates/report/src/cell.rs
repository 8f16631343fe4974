//! What stands in a cell: names, and words where there is no number.

pub use paceline_protocol::escape::{lines, name};
use paceline_stats::summary::RowState;

/// The word for a row that is not shown as a result, or for a valid one without a number.
#[must_use]
pub fn word(state: &RowState) -> &'static str {
    match state {
        RowState::Valid | RowState::NotRun => "-",
        RowState::Invalid(_) => "invalid",
        RowState::Broken(_) => "broken",
        RowState::TimedOut(_) => "timed out",
        RowState::Skipped(_) => "skipped",
    }
}

/// The state's name for programs, and its reasons.
#[must_use]
pub fn state_and_reasons(state: &RowState) -> (&'static str, &[String]) {
    match state {
        RowState::Valid => ("valid", &[]),
        RowState::NotRun => ("not_run", &[]),
        RowState::Invalid(reasons) => ("invalid", reasons),
        RowState::Broken(reasons) => ("broken", reasons),
        RowState::TimedOut(reasons) => ("timed_out", reasons),
        RowState::Skipped(reason) => ("skipped", std::slice::from_ref(reason)),
    }
}

/// A number with its word, in the singular or the plural.
pub(crate) fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// A size in words: in MiB, or in KiB or bytes where a MiB would be too large to tell it.
pub(crate) fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{:.1} KiB", bytes as f64 / 1024.0),
        _ => format!("{:.1} MiB", mib(bytes)),
    }
}

/// Bytes as MiB (2^20 bytes).
pub(crate) fn mib(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}

/// Seconds as milliseconds: three significant digits or more, as they were measured, down to a nanosecond.
pub(crate) fn milliseconds(seconds: f64) -> String {
    let ms = seconds * 1e3;
    match ms {
        0.0..0.1 => format!("{ms:.6}"),
        0.1..1.0 => format!("{ms:.4}"),
        1.0..100.0 => format!("{ms:.2}"),
        _ => format!("{ms:.0}"),
    }
}

/// A share as percent without the sign, with no more digits than somebody would type: 0.07 times 100 is not 7
/// in binary.
#[must_use]
pub fn percent(share: f64) -> f64 {
    (share * 1e6).round() / 1e4
}
