//! `cargo xtask`: the command line of Paceline.
//!
//! ```text
//! what was typed (cli) -> plan -> [worker process] -> events (drive) -> journal -> summary -> report
//! ```
//!
//! This program plans, drives and shows. It never runs an item: that is the worker's, which it builds
//! and starts but does not know as code. Only the modules under [`commands`] touch the process's
//! standard output.

mod cli;
mod exit;
mod environment;
mod workspace;
mod terminal;
mod quantities;
mod git;
mod provenance;
mod matrix;
mod nearest;
mod select;
mod group;
mod service;
mod witness;
mod plan;
mod inputs;
mod images;
mod load;
mod worker;
mod leftovers;
mod sample;
mod drive;
mod resume;
mod vs;
mod torture;
mod sinks;
mod runs;
mod sides;
mod doctor;
mod audit;
mod scaffold;
mod commands;
#[cfg(test)]
mod scratch;

use std::io::Write;
use std::process::ExitCode;

use anyhow::Result;

use crate::cli::{Cli, Command};

fn main() -> ExitCode {
    match run(Cli::typed()) {
        Ok(code) => code,
        Err(error) => {
            // Nothing is left to tell it to if standard error is gone.
            let _ = writeln!(std::io::stderr(), "error: failed to {error:#}");
            exit::code_of(&error)
        }
    }
}

fn run(cli: Cli) -> Result<ExitCode> {
    match cli.command {
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
        Command::New(args) => commands::new::run(&args),
        Command::Fixtures(args) => commands::fixtures::run(&args),
        Command::Completions(args) => commands::completions::run(&args),
        Command::Man(args) => commands::man::run(&args),
    }
}
