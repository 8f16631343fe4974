//! `cargo xtask completions`: what a shell needs to complete the words behind `cargo xtask`.
//!
//! Shells complete the arguments of a program, and the program here is cargo: `xtask` is an alias that
//! cargo's own completion knows nothing about. So each script has two parts: clap's, for a program of a
//! name that stands for ours, and a bridge that hands the words behind `cargo xtask` to it and leaves all
//! others to cargo's completion. Names of rows, matrices and runs are not completed: they would have to
//! be asked of a program that may first have to be compiled.

use std::process::ExitCode;

use anyhow::{Context, Result};
use clap_complete::Shell as ClapShell;

use crate::cli::{CompletionsArgs, Shell};
use crate::commands::print;

/// Defines the function that cargo's completion calls for a subcommand of this name that it does not
/// know: zsh has only to find it.
const ZSH: Bridge = Bridge { shell: ClapShell::Zsh, program: "cargo-xtask", script: "" };

const BASH: Bridge = Bridge {
    shell: ClapShell::Bash,
    program: "xtask",
    script: include_str!("completions/bridge.bash"),
};

const FISH: Bridge = Bridge {
    shell: ClapShell::Fish,
    program: "xtask",
    script: include_str!("completions/bridge.fish"),
};

/// What makes clap's part work behind `cargo xtask`.
struct Bridge {
    shell: ClapShell,
    /// The program whose arguments clap's part completes. Nobody has to have it.
    program: &'static str,
    script: &'static str,
}

pub(crate) fn run(args: &CompletionsArgs, defined: &clap::Command) -> Result<ExitCode> {
    let Bridge { shell, program, script } = match args.shell {
        Shell::Bash => BASH,
        Shell::Zsh => ZSH,
        Shell::Fish => FISH,
    };
    // The command's own name has a blank in it, which clap would take for a subcommand.
    let mut command = defined.clone().name(program).display_name(program).bin_name(program);
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut command, program, &mut text);
    let text = String::from_utf8(text).context("make the completions")?;
    print(&format!("{text}{script}"))?;
    Ok(ExitCode::SUCCESS)
}
