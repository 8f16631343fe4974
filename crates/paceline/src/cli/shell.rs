//! What `cargo xtask completions` and `cargo xtask man` are told.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// For which shell.
#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: Shell,
}

/// The shells in which what follows `cargo xtask` can be completed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Shell {
    /// To be sourced after cargo's own completion
    Bash,
    /// To be saved as `_cargo-xtask` in a folder of $fpath
    Zsh,
    /// To be saved in ~/.config/fish/conf.d
    Fish,
}

/// Where the pages go.
#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// Write a page for every subcommand into this folder, instead of the main page to standard output
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
}
