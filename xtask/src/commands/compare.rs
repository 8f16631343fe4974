//! `cargo xtask compare`: two runs, or two revisions in one run, row by row.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};
use paceline_journal::Journal;
use paceline_stats::compare::{Gate, RowComparison};
use paceline_stats::{Margin, RunComparison, Summary};

use crate::cli::{BenchArgs, CompareArgs, CompareFormat};
use crate::commands::{print, say};
use crate::exit::{INVALID_CASE, REGRESSION};
use crate::{runs, workspace};

pub(crate) fn run(args: &CompareArgs) -> Result<ExitCode> {
    let parent = args.out.clone().unwrap_or_else(workspace::runs);
    let read = |wanted: &str| -> Result<Summary> {
        Ok(Summary::of(&Journal::read(&runs::find(wanted, &parent)?)?))
    };
    let margin = Margin::new(args.margin)?;
    let comparison = RunComparison::of_runs(&read(&args.base)?, &read(&args.head)?, margin);
    let text = match args.format {
        CompareFormat::Table => paceline_report::comparison(&comparison),
        CompareFormat::Json => paceline_report::comparison_json(&comparison)?,
    };
    print(&text)?;
    Ok(judge(&comparison, args.gate))
}

/// Compares the checkout's rows in the run at `path` with those of the other revision.
pub(crate) fn with_revision(path: &Path, args: &BenchArgs) -> Result<ExitCode> {
    let summary = Summary::of(&Journal::read(path)?);
    let comparison = RunComparison::of_revisions(&summary, Margin::THREE_PERCENT)
        .context("find the rows of the other revision")?;
    print(&format!("\n{}", paceline_report::comparison(&comparison)))?;
    Ok(judge(&comparison, args.gate))
}

/// The exit code of a gate, with its reason on standard error.
fn judge(comparison: &RunComparison, limit: Option<f64>) -> ExitCode {
    let Some(limit) = limit else { return ExitCode::SUCCESS };
    let percent = limit * 100.0;
    match comparison.gate(limit) {
        Gate::Fine => {
            say(&format!("gate: no row is slower by more than {percent} %"));
            ExitCode::SUCCESS
        }
        Gate::Regression(rows) => {
            say(&format!("gate: slower by more than {percent} %:\n  {}", rows.join("\n  ")));
            ExitCode::from(REGRESSION)
        }
        Gate::Inconclusive(rows) => {
            let rows: String = rows
                .iter()
                .map(|name| format!("\n  {name}{}", why_open(comparison, name)))
                .collect();
            say(&format!(
                "gate: cannot tell whether these are slower by more than {percent} %:{rows}"
            ));
            ExitCode::from(INVALID_CASE)
        }
    }
}

/// Why a gate cannot judge a row, where it is not for its rounds.
fn why_open(comparison: &RunComparison, name: &String) -> String {
    let has_no_time =
        |rows: &[RowComparison]| rows.iter().any(|row| row.name == *name && row.time.is_none());
    if comparison.only_base.contains(name) {
        format!(" (only in {})", comparison.sides.base)
    } else if comparison.only_head.contains(name) {
        format!(" (only in {})", comparison.sides.head)
    } else if has_no_time(&comparison.rows) {
        " (not valid on both sides)".to_owned()
    } else {
        String::new()
    }
}
