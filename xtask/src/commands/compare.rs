//! `cargo xtask compare`: two runs, or two revisions in one run, row by row.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};
use paceline_journal::Journal;
use paceline_report::Screen;
use paceline_stats::compare::{Gate, RowComparison};
use paceline_stats::{Margin, RunComparison, Summary};

use crate::cli::{BenchArgs, CompareArgs, CompareFormat, Format};
use crate::commands::{deliver, print, say};
use crate::exit::{INVALID_CASE, REGRESSION, Usage};
use crate::terminal::{self, When};
use crate::{runs, sides, workspace};

pub(crate) fn run(args: &CompareArgs) -> Result<ExitCode> {
    if args.format == CompareFormat::Junit && args.gate.is_none() {
        let reason =
            "write JUnit XML: its tests are those of a gate, so give one, such as --gate 5%";
        return Err(Usage::new(reason).into());
    }
    let comparison = compared(args)?;
    let text = match (args.format, args.gate) {
        (CompareFormat::Json, _) => paceline_report::comparison_json(&comparison)?,
        (CompareFormat::Markdown, _) => paceline_report::comparison_markdown(&comparison),
        (CompareFormat::Junit, Some(limit)) => {
            paceline_report::comparison_junit(&comparison, limit)?
        }
        _ => {
            let screen = terminal::screen(When::Never, false, args.output.is_some());
            paceline_report::comparison(&comparison, screen)
        }
    };
    deliver(&text, args.output.as_deref())?;
    Ok(judge(&comparison, args.gate))
}

fn compared(args: &CompareArgs) -> Result<RunComparison> {
    let parent = args.out.clone().unwrap_or_else(workspace::runs);
    let margin = Margin::new(args.margin)?;
    let Some(head) = &args.head else {
        let path = runs::find(&args.base, &parent)?;
        let summary = Summary::of(&Journal::read(&path)?);
        return RunComparison::of_revisions(&summary, margin).ok_or_else(|| {
            let reason = format!(
                "compare run `{}` with itself: it has one revision; name a second run, or make one with \
                 `cargo xtask bench --vs`",
                summary.header.run_id
            );
            Usage::new(reason).into()
        });
    };
    let mut sides = [sides::read(&args.base, &parent)?, sides::read(head, &parent)?];
    sides::rename(&mut sides, &args.map)?;
    let [base, head] = &sides;
    let comparison = RunComparison::of_sides(base, head, margin);
    let is_foreign = base.run.is_none() || head.run.is_none();
    if comparison.rows.is_empty() && is_foreign {
        say(
            "no row has the same name on both sides; --map 'THEIRS=OURS' names those that belong together",
        );
    }
    Ok(comparison)
}

/// Compares the checkout's rows in the run at `path` with those of the other revision.
pub(crate) fn with_revision(path: &Path, args: &BenchArgs) -> Result<ExitCode> {
    let summary = Summary::of(&Journal::read(path)?);
    let comparison = RunComparison::of_revisions(&summary, Margin::THREE_PERCENT)
        .context("find the rows of the other revision")?;
    match args.format {
        Format::Table | Format::Seed => {
            let screen = args.look.view(false).screen;
            print(&format!("\n{}", paceline_report::comparison(&comparison, screen)))?;
        }
        Format::Markdown => {
            print(&format!("\n{}", paceline_report::comparison_markdown(&comparison)))?;
        }
        // What follows a document on standard output would break it for its reader.
        _ => say(&paceline_report::comparison(&comparison, Screen::default())),
    }
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
