//! `cargo xtask compare`: two runs, or two revisions in one run, row by row.

use std::process::ExitCode;

use anyhow::{Context, Result};
use paceline_report::Screen;
use paceline_stats::compare::{Gate, Quantity};
use paceline_stats::signed_rank::least_differences;
use paceline_stats::{Level, Margin, Run, RunComparison};

use crate::cli::{BenchArgs, CompareArgs, CompareFormat, Format};
use crate::commands::{deliver, print, say};
use crate::exit::{INVALID_CASE, REGRESSION};
use crate::{sides, terminal};
use paceline_driver::Usage;
use paceline_driver::{runs, workspace};

pub(crate) fn run(args: &CompareArgs) -> Result<ExitCode> {
    let gates = gates(args.gate, args.gate_memory);
    if args.format == CompareFormat::Junit && gates.is_empty() {
        let reason =
            "write JUnit XML: its tests are those of a gate, so give one, such as --gate 5%";
        return Err(Usage::new(reason).into());
    }
    let comparison = compared(args)?;
    let text = match args.format {
        CompareFormat::Json => paceline_report::comparison_json(&comparison)?,
        CompareFormat::Markdown => paceline_report::comparison_markdown(&comparison),
        CompareFormat::Junit => paceline_report::comparison_junit(&comparison, &gates)?,
        CompareFormat::Table => {
            let screen = terminal::screen(args.color.when, false, args.output.is_some());
            paceline_report::comparison(&comparison, screen)
        }
    };
    deliver(&text, args.output.as_deref())?;
    Ok(judge(&comparison, &gates))
}

/// What is demanded, each with its limit.
fn gates(time: Option<f64>, memory: Option<f64>) -> Vec<(Quantity, f64)> {
    let of = |quantity, limit: Option<f64>| limit.map(|limit| (quantity, limit));
    [of(Quantity::Time, time), of(Quantity::Memory, memory)].into_iter().flatten().collect()
}

fn compared(args: &CompareArgs) -> Result<RunComparison> {
    let parent = args.out.clone().unwrap_or_else(workspace::runs);
    let margin = Margin::new(args.margin)?;
    let Some(head) = &args.head else {
        let path = runs::find(&args.base, &parent)?;
        let run = runs::read(&path)?;
        return RunComparison::of_revisions(&run, margin).ok_or_else(|| {
            let reason = format!(
                "compare run `{}` with itself: it has one revision; name a second run, or make one with \
                 `cargo xtask bench --vs`",
                run.header().run_id
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

/// Compares the checkout's rows in `run` with those of the other revision. `rows` is the exit code of the rows
/// themselves.
pub(crate) fn with_revision(run: &Run, args: &BenchArgs, rows: ExitCode) -> Result<ExitCode> {
    let comparison = RunComparison::of_revisions(run, Margin::THREE_PERCENT)
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
    Ok(together(judge(&comparison, &gates(args.gate, args.gate_memory)), rows))
}

/// A gate's verdict counts first. What no gate minds can still be a row that is invalid or timed out.
fn together(gates: ExitCode, rows: ExitCode) -> ExitCode {
    if gates == ExitCode::SUCCESS { rows } else { gates }
}

/// The exit code of the gates together, with the reasons on standard error. A regression in one counts
/// whatever another cannot tell.
fn judge(comparison: &RunComparison, gates: &[(Quantity, f64)]) -> ExitCode {
    let found: Vec<Gate> = gates.iter().map(|gate| pass(comparison, *gate)).collect();
    if found.iter().any(|gate| matches!(gate, Gate::Regression(_))) {
        ExitCode::from(REGRESSION)
    } else if found.iter().any(|gate| matches!(gate, Gate::Inconclusive(_))) {
        ExitCode::from(INVALID_CASE)
    } else {
        ExitCode::SUCCESS
    }
}

/// Says what one gate finds.
fn pass(comparison: &RunComparison, (quantity, limit): (Quantity, f64)) -> Gate {
    let worse = match quantity {
        Quantity::Time => "slower",
        Quantity::Memory => "larger in memory",
    };
    let percent = paceline_report::words::percent(limit);
    let found = comparison.gate(quantity, limit);
    say(&match &found {
        Gate::Fine => format!("gate: no row is {worse} by more than {percent} %"),
        Gate::Regression(rows) => {
            format!("gate: {worse} by more than {percent} %:\n  {}", rows.join("\n  "))
        }
        Gate::Inconclusive(rows) => {
            let why = |name: &String| why_open(comparison, quantity, name);
            let rows: String = rows.iter().map(|name| format!("\n  {name}{}", why(name))).collect();
            format!("gate: cannot tell whether these are {worse} by more than {percent} %:{rows}")
        }
    });
    found
}

/// Why a gate cannot judge a row, where it is not for the width of its interval.
fn why_open(comparison: &RunComparison, quantity: Quantity, name: &String) -> String {
    if comparison.only_base.contains(name) {
        return format!(" (only in {})", comparison.sides.base);
    }
    if comparison.only_head.contains(name) {
        return format!(" (only in {})", comparison.sides.head);
    }
    let row = comparison.rows.iter().find(|row| row.name == *name);
    match (row.and_then(|row| row.of(quantity)), quantity) {
        (None, Quantity::Time) => " (not valid on both sides)".to_owned(),
        (None, Quantity::Memory) => " (not known on both sides)".to_owned(),
        (Some(judged), Quantity::Memory) if !judged.comparison.reaches_its_level() => {
            let least = least_differences(Level::NINETY_FIVE);
            let rounds = judged.comparison.rounds;
            format!(" (too few readings, {rounds}: give `bench` --memory-rounds {least} or more)")
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_are_invalid_or_timed_out_are_told_where_no_gate_says_more() {
        let (fine, timed_out) = (ExitCode::SUCCESS, ExitCode::from(4));
        assert_eq!(together(fine, timed_out), timed_out);
        assert_eq!(together(fine, fine), fine);
        assert_eq!(together(ExitCode::from(REGRESSION), timed_out), ExitCode::from(REGRESSION));
    }
}
