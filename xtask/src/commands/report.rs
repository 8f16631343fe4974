//! `cargo xtask report`: a saved run once more.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use paceline_journal::Journal;
use paceline_stats::Summary;
use paceline_stats::summary::{RowState, RowSummary};

use crate::cli::{Format, ReportArgs};
use crate::commands::print;
use crate::exit::{INVALID_CASE, TIMED_OUT, Usage};
use crate::{runs, workspace};

pub(crate) fn run(args: &ReportArgs) -> Result<ExitCode> {
    let parent = args.out.clone().unwrap_or_else(workspace::runs);
    let path = runs::find(&args.run, &parent)?;
    match &args.explain {
        None => show(&path, args.format),
        Some(part) => explain(&path, part),
    }
}

fn explain(path: &Path, part: &str) -> Result<ExitCode> {
    let summary = Summary::of(&Journal::read(path)?);
    let text = paceline_report::explain(&summary, part);
    if text.is_empty() {
        let names: Vec<String> =
            summary.rows.iter().map(|row| format!("  {}", row.row.name)).collect();
        let reason = format!("explain: no row has `{part}` in its name:\n{}", names.join("\n"));
        return Err(Usage::new(reason).into());
    }
    print(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// Renders the journal at `path`. The code tells whether every row is valid.
pub(crate) fn show(path: &Path, format: Format) -> Result<ExitCode> {
    let journal = Journal::read(path)?;
    let summary = Summary::of(&journal);
    let text = match format {
        Format::Table => paceline_report::table(&summary),
        Format::Seed => paceline_report::seed_layout(&summary),
        Format::Json => paceline_report::json(&summary)?,
    };
    print(&text)?;
    let any = |belongs: fn(&RowSummary) -> bool| summary.rows.iter().any(belongs);
    Ok(if any(RowSummary::is_invalid) {
        ExitCode::from(INVALID_CASE)
    } else if any(|row| matches!(row.state, RowState::TimedOut(_))) {
        ExitCode::from(TIMED_OUT)
    } else {
        ExitCode::SUCCESS
    })
}
