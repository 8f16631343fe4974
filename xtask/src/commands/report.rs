//! `cargo xtask report`: a saved run once more.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use paceline_journal::Journal;
use paceline_stats::Summary;

use crate::cli::{Format, ReportArgs};
use crate::commands::print;
use crate::exit::INVALID_CASE;
use crate::{runs, workspace};

pub(crate) fn run(args: &ReportArgs) -> Result<ExitCode> {
    let parent = args.out.clone().unwrap_or_else(workspace::runs);
    show(&runs::find(&args.run, &parent)?, args.format)
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
    Ok(match summary.rows.iter().any(|row| row.is_invalid()) {
        true => ExitCode::from(INVALID_CASE),
        false => ExitCode::SUCCESS,
    })
}
