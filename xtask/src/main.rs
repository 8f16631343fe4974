//! `cargo xtask`: Paceline's command line inside the checkout, and the repository's own chores.
//!
//! The library `paceline` measures, shows and compares. This package has only what writes into the checkout
//! itself.

mod cli;
mod scaffold;
mod commands;

use std::process::ExitCode;

use anyhow::Result;
use clap::{ArgMatches, FromArgMatches as _, Subcommand as _};

use crate::cli::Chore;

fn main() -> ExitCode {
    let defined = cli::defined();
    let typed = defined.clone().get_matches();
    paceline::end(match typed.subcommand_name() {
        Some(name) if Chore::has_subcommand(name) => chore(&typed),
        _ => paceline::run(&typed, &defined),
    })
}

fn chore(typed: &ArgMatches) -> Result<ExitCode> {
    match Chore::from_arg_matches(typed).unwrap_or_else(|error| error.exit()) {
        Chore::New(args) => commands::new::run(&args),
        Chore::Fixtures(args) => commands::fixtures::run(&args),
    }
}
