//! What `bench --find-rate` found, shown.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use paceline_journal::{Journal, RateSearch, SampleOutcome};
use paceline_stats::Search;

use crate::cli::Format;
use crate::commands::deliver;
use crate::exit::{INVALID_CASE, Usage};

/// Renders a search. A rate that does not hold is an answer; the code tells whether each rate could be
/// tried at all.
pub(crate) fn show(
    journal: &Journal,
    limits: &RateSearch,
    format: Format,
    output: Option<&Path>,
) -> Result<ExitCode> {
    check(format)?;
    let rows = Search::of(journal).unwrap_or_default();
    let text = match format {
        Format::Json => paceline_report::search_json(&journal.header, limits, &rows)?,
        _ => paceline_report::search(&journal.header, limits, &rows),
    };
    deliver(&text, output)?;
    let is_broken = |outcome: &SampleOutcome| matches!(outcome, SampleOutcome::Broken { .. });
    let broken = journal.samples.iter().any(|sample| is_broken(&sample.outcome));
    Ok(if broken { ExitCode::from(INVALID_CASE) } else { ExitCode::SUCCESS })
}

/// Refuses forms that have no place for rates.
pub(crate) fn check(format: Format) -> Result<()> {
    match format {
        Format::Table | Format::Json => Ok(()),
        _ => Err(Usage::new("show a search for rates: its forms are table and json").into()),
    }
}
