//! What `bench --find-rate` found, shown; and what is refused of such runs and of those of `--rate`, whose times say
//! nothing.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use paceline_core::Violation;
use paceline_journal::{Purpose, RateSearch, RunHeader, SampleOutcome};
use paceline_stats::{Run, Search};

use crate::cli::{Format, LookArgs};
use crate::commands::{deliver, page};
use crate::exit::{INVALID_CASE, TIMED_OUT};
use paceline_driver::Usage;

/// Renders a search. A rate that does not hold is an answer; the code tells whether each rate could be
/// tried at all, and was tried with honest work.
pub(crate) fn show(
    run: &Run,
    limits: &RateSearch,
    rows: &[Search],
    format: Format,
    look: &LookArgs,
    output: Option<&Path>,
) -> Result<ExitCode> {
    check(format)?;
    look.check(format)?;
    let text = match format {
        Format::Html => page::page(run, None),
        Format::Json => paceline_report::search_json(run.header(), limits, rows)?,
        _ => {
            let screen = look.view(output.is_some()).screen;
            paceline_report::search(run.header(), limits, rows, screen)
        }
    };
    deliver(&text, output)?;
    Ok(code_of(run))
}

/// What a search comes to as an exit code.
pub(crate) fn code_of(run: &Run) -> ExitCode {
    code(run.journal().samples_for(Purpose::Time).map(|sample| &sample.outcome))
}

/// Refuses to judge the rows of a run by their times where these say nothing: `what` is what was asked.
pub(crate) fn refuse(header: &RunHeader, what: &str) -> Result<()> {
    let why = match (&header.search, &header.schedule) {
        (Some(_), _) => "it is a search for rates, whose samples are of different loads",
        (None, Some(_)) => {
            "its items arrived on a schedule, so every row's time is that of the schedule"
        }
        (None, None) => return Ok(()),
    };
    let run = &header.run_id;
    let reason =
        format!("{what} run `{run}`: {why}; `cargo xtask report {run}` shows what it found");
    Err(Usage::new(reason).into())
}

/// What the samples of a search come to as an exit code.
fn code<'a>(outcomes: impl Iterator<Item = &'a SampleOutcome> + Clone) -> ExitCode {
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

/// Refuses to write a run whose items arrive on a schedule in a form that is made of times alone: each would
/// be that of the schedule.
pub(crate) fn check_on_schedule(format: Format) -> Result<()> {
    match format {
        Format::Seed | Format::Pyperf | Format::Hyperfine | Format::Bencher | Format::Github => {
            Err(Usage::new(
                "write times of rows whose items arrive on a schedule: each is that of the schedule; table, \
                 markdown, csv, json and html have their latencies",
            )
            .into())
        }
        _ => Ok(()),
    }
}

/// Refuses forms that have no place for rates.
pub(crate) fn check(format: Format) -> Result<()> {
    match format {
        Format::Table | Format::Json | Format::Html => Ok(()),
        _ => Err(Usage::new("show a search for rates: its forms are table, json and html").into()),
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
        let of = |outcomes: &[&SampleOutcome]| code(outcomes.iter().copied());
        assert_eq!(of(&[&measured(&[]), &too_fast]), ExitCode::SUCCESS);
        assert_eq!(of(&[&too_fast, &timed_out]), ExitCode::from(TIMED_OUT));
        assert_eq!(of(&[&repeated, &timed_out]), ExitCode::from(INVALID_CASE));
        assert_eq!(of(&[&broken]), ExitCode::from(INVALID_CASE));
    }
}
