//! `cargo xtask report`: a saved run once more.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use paceline_journal::Journal;
use paceline_report::ExportError;
use paceline_stats::Summary;
use paceline_stats::summary::{RowState, RowSummary};

use crate::cli::{Format, ReportArgs};
use crate::commands::{deliver, find_rate};
use crate::exit::{INVALID_CASE, TIMED_OUT, Usage};
use crate::{runs, workspace};

pub(crate) fn run(args: &ReportArgs) -> Result<ExitCode> {
    let parent = args.out.clone().unwrap_or_else(workspace::runs);
    let path = runs::find(&args.run, &parent)?;
    match &args.explain {
        None => show(&path, args.format, args.output.as_deref()),
        Some(part) => explain(&path, part, args.output.as_deref()),
    }
}

fn explain(path: &Path, part: &str, output: Option<&Path>) -> Result<ExitCode> {
    let summary = Summary::of(&Journal::read(path)?);
    let text = paceline_report::explain(&summary, part);
    if text.is_empty() {
        let names: Vec<String> =
            summary.rows.iter().map(|row| format!("  {}", row.row.name)).collect();
        let reason = format!("explain: no row has `{part}` in its name:\n{}", names.join("\n"));
        return Err(Usage::new(reason).into());
    }
    deliver(&text, output)?;
    Ok(ExitCode::SUCCESS)
}

/// Renders the journal at `path`. The code tells whether every row is valid.
pub(crate) fn show(path: &Path, format: Format, output: Option<&Path>) -> Result<ExitCode> {
    let journal = Journal::read(path)?;
    if let Some(limits) = journal.header.search {
        return find_rate::show(&journal, &limits, format, output);
    }
    let summary = Summary::of(&journal);
    deliver(&render(&journal, &summary, format)?, output)?;
    let any = |belongs: fn(&RowSummary) -> bool| summary.rows.iter().any(belongs);
    Ok(if any(RowSummary::is_invalid) {
        ExitCode::from(INVALID_CASE)
    } else if any(|row| matches!(row.state, RowState::TimedOut(_))) {
        ExitCode::from(TIMED_OUT)
    } else {
        ExitCode::SUCCESS
    })
}

fn render(journal: &Journal, summary: &Summary, format: Format) -> Result<String> {
    Ok(match format {
        Format::Table => paceline_report::table(summary),
        Format::Seed => paceline_report::seed_layout(summary),
        Format::Json => paceline_report::json(summary)?,
        Format::Markdown => paceline_report::markdown(summary),
        Format::Csv => paceline_report::csv(summary)?,
        Format::Pyperf => paceline_report::pyperf(journal, summary).map_err(wrong_run)?,
        Format::Hyperfine => paceline_report::hyperfine(journal, summary)?,
        Format::Bencher => paceline_report::bencher(summary)?,
        Format::Github => paceline_report::github(summary)?,
        Format::Junit => paceline_report::junit(summary)?,
    })
}

/// A run that a form has no place for is the wrong one to ask it of; anything else is Paceline's failure.
fn wrong_run(error: ExportError) -> anyhow::Error {
    match error {
        ExportError::NoResult { .. } => Usage::new(error.to_string()).into(),
        error => error.into(),
    }
}
