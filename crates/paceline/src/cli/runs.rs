//! The arguments of `cargo xtask runs`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::ColorArgs;

/// What is done with saved runs.
#[derive(Debug, Args)]
pub(crate) struct RunsArgs {
    #[command(subcommand)]
    pub(crate) what: Option<RunsWhat>,
    /// Look for runs in this folder instead of target/paceline/runs
    #[arg(long, value_name = "DIR", global = true)]
    pub(crate) out: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) color: ColorArgs,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RunsWhat {
    /// List the saved runs, the oldest first (what `runs` alone does)
    List {
        /// How the list is written to standard output
        #[arg(long, value_enum, default_value_t = RunsFormat::Table)]
        format: RunsFormat,
    },
    /// Tell what a run was: where, when, of what and how it ended
    Show {
        /// A run's name or id, its folder or journal, or `latest`
        #[arg(default_value = "latest", value_name = "RUN")]
        run: String,
    },
    /// Remove runs with all they hold; without --yes, only say what would go
    Remove {
        /// Names or ids of runs, or `latest`
        #[arg(required = true, value_name = "RUN")]
        runs: Vec<String>,
        /// Really remove them
        #[arg(long, short)]
        yes: bool,
    },
    /// Tell how much room the runs take on the disk, the largest first
    Size,
}

/// The forms of a list of runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RunsFormat {
    /// A table for people
    Table,
    /// Everything, for programs
    Json,
}
