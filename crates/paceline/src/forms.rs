//! Which forms can show a run. In a search for rates, and where items arrive on schedule, times do not say how
//! fast a row is.

use anyhow::Result;
use paceline_driver::Usage;
use paceline_journal::RunHeader;
use paceline_stats::Run;

use crate::cli::Format;

/// Refuses a form that cannot show what `run` found.
pub(crate) fn check(run: &Run, format: Format) -> Result<()> {
    let header = run.header();
    if header.plan.conduct.search.is_some() {
        check_search(format)
    } else if header.plan.conduct.schedule.is_some() {
        check_on_schedule(format)
    } else {
        Ok(())
    }
}

/// Refuses forms that cannot show rates.
pub(crate) fn check_search(format: Format) -> Result<()> {
    match format {
        Format::Table | Format::Json | Format::Html => Ok(()),
        _ => Err(Usage::new("show a search for rates: its forms are table, json and html").into()),
    }
}

/// Refuses to write a run whose items arrive on a schedule in a form that has only times: each time would be
/// the schedule's.
pub(crate) fn check_on_schedule(format: Format) -> Result<()> {
    match format {
        Format::Seed | Format::Pyperf | Format::Hyperfine | Format::Bencher | Format::Github => {
            Err(Usage::new(
                "write times of rows whose items arrive on a schedule: each time would be the schedule's; \
                 table, markdown, csv, json and html show their latencies",
            )
            .into())
        }
        _ => Ok(()),
    }
}

/// Refuses to judge the rows of a run by their times if these do not say how fast a row is. `what` is what the
/// user asked for.
pub(crate) fn refuse(header: &RunHeader, what: &str) -> Result<()> {
    let why = match (&header.plan.conduct.search, &header.plan.conduct.schedule) {
        (Some(_), _) => "it is a search for rates, whose samples have different loads",
        (None, Some(_)) => "its items arrived on a schedule, so every row's time is the schedule's",
        (None, None) => return Ok(()),
    };
    let run = &header.run_id;
    let reason =
        format!("{what} run `{run}`: {why}; `cargo xtask report {run}` shows what it found");
    Err(Usage::new(reason).into())
}
