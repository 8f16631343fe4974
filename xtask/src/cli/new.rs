//! What `cargo xtask new` is told.

use clap::{Args, Subcommand};

use crate::scaffold::{Kind, Name};

/// What is made anew.
#[derive(Debug, Args)]
pub(crate) struct NewArgs {
    #[command(subcommand)]
    pub(crate) what: NewWhat,
}

#[derive(Debug, Subcommand)]
pub(crate) enum NewWhat {
    /// A crate with an executor, held to the conformance suite and listed in the worker
    Executor(NewExecutorArgs),
    /// A workload with its entry in the table, held to its tests, and a matrix with rows for it
    Workload(ScaffoldArgs),
}

#[derive(Debug, Args)]
pub(crate) struct NewExecutorArgs {
    #[command(flatten)]
    pub(crate) scaffold: ScaffoldArgs,
    /// What it is built on to begin with
    #[arg(long, value_enum, default_value_t = Kind::Blocking)]
    pub(crate) kind: Kind,
}

/// A name, and how careful to be.
#[derive(Debug, Args)]
pub(crate) struct ScaffoldArgs {
    /// Lower-case letters, digits and single dashes: the crate of `scoped` is exec-scoped
    pub(crate) name: Name,
    /// Print what would be written, as a patch, and write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Write also when files have changed that are not committed
    #[arg(long)]
    pub(crate) allow_dirty: bool,
}
