//! The command line, as typed.

mod advise;
mod audit;
mod bench;
mod compare;
mod doctor;
mod examples;
mod inputs;
mod load;
mod look;
mod matrix;
mod report;
mod runs;
mod shell;

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};

pub(crate) use self::advise::{AdviseArgs, AdviseFormat};
pub(crate) use self::audit::{AuditArgs, AuditFormat};
pub(crate) use self::bench::BenchArgs;
pub(crate) use self::compare::{CompareArgs, CompareFormat};
pub(crate) use self::doctor::{DoctorArgs, DoctorFormat};
use self::examples::EXAMPLES;
pub(crate) use self::inputs::InputArgs;
pub(crate) use self::load::LoadArgs;
pub(crate) use self::look::{ColorArgs, LookArgs};
pub(crate) use self::matrix::{MatrixArgs, MatrixWhat};
pub(crate) use self::report::{Against, Format, ReportArgs};
pub(crate) use self::runs::{RunsArgs, RunsFormat, RunsWhat};
pub(crate) use self::shell::{CompletionsArgs, ManArgs, Shell};
use crate::quantities::seconds;

/// The command line with every command that does not depend on the calling program.
#[must_use]
pub fn command() -> clap::Command {
    let command = clap::Command::new("cargo xtask")
        .bin_name("cargo xtask")
        .version(env!("CARGO_PKG_VERSION"))
        .about(
            "Paceline: which concurrency strategy fits this work, at which width, and what it costs in memory",
        )
        .subcommand_required(true)
        .arg_required_else_help(true);
    Command::augment_subcommands(command)
}

/// The same, with examples in the help of the whole and of each subcommand.
#[must_use]
pub fn with_examples(command: clap::Command) -> clap::Command {
    let names: Vec<String> =
        command.get_subcommands().map(|command| command.get_name().to_owned()).collect();
    let command = command.after_help(EXAMPLES);
    names.into_iter().fold(command, |command, name| {
        command.mut_subcommand(&name, |command| command.after_help(examples::of(&name)))
    })
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run a matrix, print its table and save the run
    Bench(Box<BenchArgs>),
    /// Show a saved run again, without running anything
    Report(ReportArgs),
    /// List saved runs, and remove what is not wanted any more
    Runs(RunsArgs),
    /// Compare two saved runs row by row
    Compare(CompareArgs),
    /// Say which row of a saved run to use, and why
    Advise(AdviseArgs),
    /// Check this host before a run, and say what it means for which rows
    Doctor(DoctorArgs),
    /// Test the instrument itself: compare what it measures with what is known
    Audit(AuditArgs),
    /// Kill and stop the children of process pools at random, and check what becomes of the items
    Torture(TortureArgs),
    /// Name executors, workloads, matrices, scales and what `--only` accepts
    List(ListArgs),
    /// Look at matrix files, or print one to start from
    Matrix(MatrixArgs),
    /// Print what a shell needs to complete the words behind `cargo xtask`
    Completions(CompletionsArgs),
    /// Make manual pages
    Man(ManArgs),
}

/// How long process pools are tortured.
#[derive(Debug, Args)]
pub(crate) struct TortureArgs {
    /// Begin no new trial after this time
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = seconds)]
    pub(crate) seconds: Duration,
    /// The most trials
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    pub(crate) trials: u64,
    /// The seed of everything random in the trials
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Write the result to this file too, as Markdown
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

/// What is listed.
#[derive(Debug, Args)]
pub(crate) struct ListArgs {}
