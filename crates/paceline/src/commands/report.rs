//! `cargo xtask report`: a saved run once more.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use paceline_report::{ReportError, View, words};
use paceline_stats::Run;

use crate::cli::{Format, LookArgs, ReportArgs};
use crate::commands::{deliver, page};
use crate::{exit, forms};
use paceline_driver::Usage;
use paceline_driver::{runs, workspace};

pub(crate) fn run(args: &ReportArgs) -> Result<ExitCode> {
    let parent = args.out.clone().unwrap_or_else(workspace::runs);
    let paths: Result<Vec<PathBuf>> =
        args.runs.iter().map(|wanted| runs::find(wanted, &parent)).collect();
    let output = args.output.as_deref();
    match (paths?.as_slice(), &args.explain) {
        ([path], Some(part)) => explain(&runs::read(path)?, part, &args.look, output),
        ([path], None) if args.format == Format::Html || args.open => page::show(path, args),
        ([path], None) => show(&runs::read(path)?, args.format, &args.look, output),
        (paths, None) if args.format == Format::Table => beside(paths, &args.look, output),
        _ => {
            Err(Usage::new("show several runs in that form; only a table shows them side by side")
                .into())
        }
    }
}

fn beside(paths: &[PathBuf], look: &LookArgs, output: Option<&Path>) -> Result<ExitCode> {
    let read = |path: &PathBuf| -> Result<Run> {
        let run = runs::read(path)?;
        forms::refuse(run.header(), "put others beside")?;
        Ok(run)
    };
    let runs = paths.iter().map(read).collect::<Result<Vec<Run>>>()?;
    deliver(&paceline_report::side_by_side(&runs, &look.view(output.is_some())), output)?;
    Ok(exit::of_rows(runs.iter().flat_map(Run::rows)))
}

fn explain(run: &Run, part: &str, look: &LookArgs, output: Option<&Path>) -> Result<ExitCode> {
    let text = paceline_report::explain(run, part, look.view(output.is_some()).screen);
    if text.is_empty() {
        return Err(no_such_row(run, part).into());
    }
    deliver(&text, output)?;
    Ok(ExitCode::SUCCESS)
}

/// Names the rows that exist, or the first of them if there are very many.
fn no_such_row(run: &Run, part: &str) -> Usage {
    const NAMED: usize = 40;
    let names = run.rows().iter().take(NAMED).map(|row| words::name(&row.row.name));
    let names: String = names.map(|name| format!("\n  {name}")).collect();
    let more = match run.rows().len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!("\n  and {more} more"),
    };
    Usage::new(format!("explain: no row has `{part}` in its name:{names}{more}"))
}

/// Renders a run. The code tells whether every row is valid.
pub(crate) fn show(
    run: &Run,
    format: Format,
    look: &LookArgs,
    output: Option<&Path>,
) -> Result<ExitCode> {
    forms::check(run, format)?;
    look.check(format)?;
    deliver(&render(run, format, &look.view(output.is_some()))?, output)?;
    Ok(exit::of_run(run))
}

fn render(run: &Run, format: Format, view: &View) -> Result<String> {
    let in_short = || paceline_report::in_short(run, view.screen);
    Ok(match format {
        Format::Html => page::page(run, None),
        Format::Json => match run.search() {
            Some((limits, rows)) => paceline_report::search_json(run.header(), limits, rows)?,
            None => paceline_report::json(run)?,
        },
        Format::Table if let Some((limits, rows)) = run.search() => {
            paceline_report::search(run.header(), limits, rows, view.screen)
        }
        Format::Table => paceline_report::table(run, view) + &in_short(),
        Format::Bars => paceline_report::bars(run, view) + &in_short(),
        Format::Seed => paceline_report::seed_layout(run),
        Format::Markdown => paceline_report::markdown(run),
        Format::Csv => paceline_report::csv(run)?,
        Format::Pyperf => paceline_report::pyperf(run).map_err(wrong_run)?,
        Format::Hyperfine => paceline_report::hyperfine(run)?,
        Format::Bencher => paceline_report::bencher(run)?,
        Format::Github => paceline_report::github(run)?,
        Format::Junit => paceline_report::junit(run)?,
    })
}

/// It is the user's mistake to ask for a form that cannot show the run. Anything else is Paceline's failure.
fn wrong_run(error: ReportError) -> anyhow::Error {
    match error {
        ReportError::NoResult { .. } => Usage::new(error.to_string()).into(),
        error => error.into(),
    }
}
