//! Whether a row may be shown, and if not, why.

use paceline_journal::{Purpose, Sample, SampleOutcome};

use super::takes::measured;

/// Whether a row may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowState {
    /// Every sample proved its work.
    Valid,
    /// The receipts of a sample show what the row must not claim; each reason names its round.
    Invalid(Vec<String>),
    /// A sample could not be run; each reason names its round.
    Broken(Vec<String>),
    /// A sample took longer than it may; each reason names its round.
    TimedOut(Vec<String>),
    /// It was not started, for want of memory.
    Skipped(String),
    /// The run ended before its first sample.
    NotRun,
}

/// What the samples of a row say of it, the warm-up and those for memory alone included. What could not
/// be run comes before what is late, and that before what is invalid: the first hides the others.
pub(super) fn state(samples: &[&Sample]) -> RowState {
    let (mut invalid, mut broken, mut late, mut skipped) = (vec![], vec![], vec![], None);
    for sample in samples {
        let round = match (sample.is_warmup(), sample.purpose) {
            (true, _) => "warm-up".to_owned(),
            (false, Purpose::Time) => format!("round {}", sample.round),
            (false, Purpose::Memory) => format!("round {}, reading memory", sample.round),
        };
        match &sample.outcome {
            SampleOutcome::Measured { measured, .. } => {
                let reasons = measured.violations.iter();
                invalid.extend(reasons.map(|violation| format!("{round}: {violation}")));
            }
            // The row had no chance to be right or wrong.
            SampleOutcome::Interrupted { .. } => {}
            SampleOutcome::Broken { reason } => broken.push(format!("{round}: {reason}")),
            SampleOutcome::TimedOut { limit_ms } => {
                let limit_s = *limit_ms as f64 / 1e3;
                late.push(format!("{round}: it took longer than {limit_s} s and was killed"));
            }
            SampleOutcome::TooLittleMemory { need_bytes, have_bytes } => {
                skipped = Some(too_little_memory(*need_bytes, *have_bytes));
            }
        }
    }
    if !broken.is_empty() {
        RowState::Broken(broken)
    } else if !late.is_empty() {
        RowState::TimedOut(late)
    } else if !invalid.is_empty() {
        RowState::Invalid(invalid)
    } else if let Some(reason) = skipped {
        RowState::Skipped(reason)
    } else if !samples.iter().any(|sample| measured(sample).is_some()) {
        RowState::NotRun
    } else {
        RowState::Valid
    }
}

/// Why something was not started: it needs `need_bytes` of memory, and `have_bytes` are available.
#[must_use]
pub fn too_little_memory(need_bytes: u64, have_bytes: u64) -> String {
    let mib = |bytes: u64| bytes as f64 / f64::from(1 << 20);
    format!(
        "it needs about {:.0} MiB of memory and {:.0} MiB are available",
        mib(need_bytes),
        mib(have_bytes)
    )
}
