//! `cargo xtask report`: a saved run once more.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use paceline_journal::Journal;
use paceline_report::{ReportError, View, words};
use paceline_stats::Summary;
use paceline_stats::summary::{RowState, RowSummary};

use crate::cli::{Format, LookArgs, ReportArgs};
use crate::commands::{deliver, find_rate, page};
use crate::exit::{INVALID_CASE, TIMED_OUT};
use paceline_driver::Usage;
use paceline_driver::{runs, workspace};

pub(crate) fn run(args: &ReportArgs) -> Result<ExitCode> {
    let parent = args.out.clone().unwrap_or_else(workspace::runs);
    let paths: Result<Vec<PathBuf>> =
        args.runs.iter().map(|wanted| runs::find(wanted, &parent)).collect();
    let output = args.output.as_deref();
    match (paths?.as_slice(), &args.explain) {
        ([path], Some(part)) => explain(path, part, &args.look, output),
        ([path], None) if args.format == Format::Html || args.open => page::show(path, args),
        ([path], None) => show(path, args.format, &args.look, output),
        (paths, None) if args.format == Format::Table => beside(paths, &args.look, output),
        _ => {
            Err(Usage::new("show several runs in that form; side by side they are a table").into())
        }
    }
}

fn beside(paths: &[PathBuf], look: &LookArgs, output: Option<&Path>) -> Result<ExitCode> {
    let read = |path: &PathBuf| -> Result<Summary> {
        let journal = Journal::read(path)?;
        find_rate::refuse(&journal.header, "put others beside")?;
        Ok(Summary::of(&journal))
    };
    let summaries = paths.iter().map(read).collect::<Result<Vec<Summary>>>()?;
    deliver(&paceline_report::side_by_side(&summaries, &look.view(output.is_some())), output)?;
    Ok(code(summaries.iter().flat_map(|summary| &summary.rows)))
}

fn explain(path: &Path, part: &str, look: &LookArgs, output: Option<&Path>) -> Result<ExitCode> {
    let summary = Summary::of(&Journal::read(path)?);
    let text = paceline_report::explain(&summary, part, look.view(output.is_some()).screen);
    if text.is_empty() {
        return Err(no_such_row(&summary, part).into());
    }
    deliver(&text, output)?;
    Ok(ExitCode::SUCCESS)
}

/// Names the rows that there are; of very many, the first.
fn no_such_row(summary: &Summary, part: &str) -> Usage {
    const NAMED: usize = 40;
    let names = summary.rows.iter().take(NAMED).map(|row| words::name(&row.row.name));
    let names: String = names.map(|name| format!("\n  {name}")).collect();
    let more = match summary.rows.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!("\n  and {more} more"),
    };
    Usage::new(format!("explain: no row has `{part}` in its name:{names}{more}"))
}

/// Renders the journal at `path`. The code tells whether every row is valid.
pub(crate) fn show(
    path: &Path,
    format: Format,
    look: &LookArgs,
    output: Option<&Path>,
) -> Result<ExitCode> {
    let journal = Journal::read(path)?;
    if let Some(limits) = journal.header.search {
        return find_rate::show(&journal, &limits, format, look, output);
    }
    look.check(format)?;
    if journal.header.schedule.is_some() {
        find_rate::check_on_schedule(format)?;
    }
    let summary = Summary::of(&journal);
    let view = look.view(output.is_some());
    deliver(&render(&journal, &summary, format, &view)?, output)?;
    Ok(code(&summary.rows))
}

/// What the rows of a report come to as an exit code.
pub(crate) fn code<'a>(rows: impl IntoIterator<Item = &'a RowSummary>) -> ExitCode {
    let rows: Vec<&RowSummary> = rows.into_iter().collect();
    if rows.iter().any(|row| row.is_invalid()) {
        ExitCode::from(INVALID_CASE)
    } else if rows.iter().any(|row| matches!(row.state, RowState::TimedOut(_))) {
        ExitCode::from(TIMED_OUT)
    } else {
        ExitCode::SUCCESS
    }
}

fn render(journal: &Journal, summary: &Summary, format: Format, view: &View) -> Result<String> {
    let in_short = || paceline_report::in_short(summary, view.screen);
    Ok(match format {
        Format::Table => paceline_report::table(summary, view) + &in_short(),
        Format::Bars => paceline_report::bars(summary, view) + &in_short(),
        Format::Seed => paceline_report::seed_layout(summary),
        Format::Json => paceline_report::json(summary)?,
        Format::Html => page::page(journal, None),
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
fn wrong_run(error: ReportError) -> anyhow::Error {
    match error {
        ReportError::NoResult { .. } => Usage::new(error.to_string()).into(),
        error => error.into(),
    }
}
