//! `cargo xtask advise`: which row of a saved run to use.

use std::process::ExitCode;

use anyhow::Result;
use paceline_journal::Journal;
use paceline_stats::Run;
use paceline_stats::advice::Limits;

use crate::cli::{AdviseArgs, AdviseFormat};
use crate::commands::deliver;
use crate::exit::NO_ROW_LEFT;
use crate::forms;
use crate::terminal;
use paceline_driver::{runs, workspace};

pub(crate) fn run(args: &AdviseArgs) -> Result<ExitCode> {
    let parent = args.out.clone().unwrap_or_else(workspace::runs);
    let journal = Journal::read(&runs::find(&args.run, &parent)?)?;
    forms::refuse(&journal.header, "choose a row of")?;
    let limits = Limits { max_memory_bytes: args.max_memory, max_width: args.max_width };
    let run = Run::within(journal, limits);
    let advice = run.advice();
    let text = match args.format {
        AdviseFormat::Table => {
            let screen = terminal::screen(args.color.when, false, args.output.is_some());
            paceline_report::advice(advice, screen)
        }
        AdviseFormat::Json => paceline_report::advice_json(advice)?,
    };
    deliver(&text, args.output.as_deref())?;
    // That the rounds are too few is an answer; that there is nothing to choose from is none.
    let is_answered = advice.workloads.iter().all(|workload| workload.fastest().is_some());
    Ok(if is_answered { ExitCode::SUCCESS } else { ExitCode::from(NO_ROW_LEFT) })
}
