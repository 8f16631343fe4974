//! `cargo xtask completions`: what a shell needs to complete the words behind `cargo xtask`.
//!
//! Shells complete the arguments of a program, and the program here is cargo: `xtask` is an alias that
//! cargo's own completion knows nothing about. So each script has two parts: clap's, for a program of the
//! name [`PROGRAM`], and a bridge that hands the words behind `cargo xtask` to it and leaves all others
//! to cargo's completion. Names of rows, matrices and runs are not completed: they would have to be
//! asked of a program that may first have to be compiled.

use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::CommandFactory as _;
use clap_complete::Shell as ClapShell;

use crate::cli::{Cli, CompletionsArgs, Shell};
use crate::commands::print;

/// The program whose arguments clap's part completes. Nobody has to have it.
const PROGRAM: &str = "cargo-xtask";

/// Cargo's completion calls a function of this name for an unknown subcommand, and clap's part defines
/// it, so zsh needs no more than to find it.
const ZSH: &str = "";

const BASH: &str = include_str!("completions/bridge.bash");
const FISH: &str = include_str!("completions/bridge.fish");

pub(crate) fn run(args: &CompletionsArgs) -> Result<ExitCode> {
    let (shell, bridge) = match args.shell {
        Shell::Bash => (ClapShell::Bash, BASH),
        Shell::Zsh => (ClapShell::Zsh, ZSH),
        Shell::Fish => (ClapShell::Fish, FISH),
    };
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), PROGRAM, &mut script);
    let script = String::from_utf8(script).context("make the completions")?;
    print(&format!("{script}{bridge}"))?;
    Ok(ExitCode::SUCCESS)
}
