//! The command line of Paceline.
//!
//! ```text
//! what was typed (cli) -> command -> driver -> journal -> run -> report -> standard output
//! ```
//!
//! A program is a thin `main` over this library: it takes [`command`], may add subcommands of its own,
//! parses what was typed, and hands it to [`run`]. The driver plans and drives. This crate asks, shows and
//! ends with the right code ([`exit`]). It links no executor's engine.

mod cli;
pub mod exit;
pub mod output;
mod quantities;
mod terminal;

mod forms;
mod sinks;
mod sides;
mod doctor;
mod audit;
mod torture;
mod commands;

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::Result;
use clap::{ArgMatches, FromArgMatches as _};

use crate::cli::Command;

pub use crate::cli::{command, with_examples};

/// Carries out what was typed. `defined` is the whole command line, which completions and manual pages
/// are made from.
///
/// # Errors
///
/// Whatever keeps the command from being carried out; [`end`] prints it.
pub fn run(typed: &ArgMatches, defined: &clap::Command) -> Result<ExitCode> {
    let command = Command::from_arg_matches(typed).unwrap_or_else(|error| error.exit());
    match command {
        Command::Bench(args) => commands::bench::run(&args),
        Command::Report(args) => commands::report::run(&args),
        Command::Runs(args) => commands::runs::run(&args),
        Command::Compare(args) => commands::compare::run(&args),
        Command::Advise(args) => commands::advise::run(&args),
        Command::Torture(args) => commands::torture::run(&args),
        Command::List(args) => commands::list::run(&args),
        Command::Doctor(args) => commands::doctor::run(&args),
        Command::Audit(args) => commands::audit::run(&args),
        Command::Matrix(args) => commands::matrix::run(&args),
        Command::Completions(args) => commands::completions::run(&args, defined),
        Command::Man(args) => commands::man::run(&args, defined),
    }
}

/// Prints an error once, and turns the result into the code that the process ends with.
#[must_use]
pub fn end(result: Result<ExitCode>) -> ExitCode {
    result.unwrap_or_else(|error| {
        // If standard error is gone, there is no place left to report it.
        let _ = writeln!(std::io::stderr(), "error: failed to {error:#}");
        exit::code_of(&error)
    })
}
