//! The command line, as typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::matrix::ImageSet;

const EXAMPLES: &str = "\
Examples:
  cargo xtask bench                          the 28 rows at quick scale, about two minutes
  cargo xtask bench --only multiproc         only process pools
  cargo xtask bench --only io --only threads rows that match both
  cargo xtask bench --matrix engines --scale smoke
  cargo xtask report                         the latest run once more
  cargo xtask report latest --format json

Exit codes: 0 ok, 1 Paceline failed, 2 wrong usage or input, 3 a case was invalid or could not be run,
4 a case timed out, 130 interrupted.";

/// Paceline: which concurrency strategy fits this work, at which width, and what it costs in memory.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version, after_help = EXAMPLES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run a matrix, print its table and save the run
    Bench(BenchArgs),
    /// Show a saved run again, without running anything
    Report(ReportArgs),
    /// Name executors, workloads, matrices, scales and what `--only` accepts
    List(ListArgs),
    /// Make the photographs that the CPU-heavy workload rotates
    Fixtures(FixturesArgs),
}

/// What is run, and how much of it.
#[derive(Debug, Args)]
pub(crate) struct BenchArgs {
    /// A built-in matrix (`cargo xtask list` names them) or the path of a matrix file
    #[arg(long, default_value = "seed", value_name = "NAME|FILE")]
    pub(crate) matrix: String,
    /// How much is run: smoke (seconds), quick (about two minutes) or seed (the reference's own sizes)
    #[arg(long, default_value = "quick")]
    pub(crate) scale: String,
    /// Run only rows that match: a group (sequential, async, threads, multiproc, io, cpu) or any part
    /// of a row's name or executor id. Given more than once, a row must match all
    #[arg(long, value_name = "GROUP|TEXT")]
    pub(crate) only: Vec<String>,
    /// Rounds that are counted, after one that warms up and measures memory
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) rounds: u32,
    /// The seed of the rounds' order and inputs
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Rotate the JPEGs and PNGs of this folder instead of Paceline's own
    #[arg(long, value_name = "DIR")]
    pub(crate) images: Option<PathBuf>,
    /// Save the run in this folder instead of target/paceline/runs
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// How the result is written to standard output
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(crate) format: Format,
    /// Print the names of the rows, one a line, and run nothing
    #[arg(long)]
    pub(crate) list: bool,
    /// Print what would be run, and run nothing
    #[arg(long, conflicts_with = "list")]
    pub(crate) dry_run: bool,
    /// Show no progress
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

/// Which run is shown, and how.
#[derive(Debug, Args)]
pub(crate) struct ReportArgs {
    /// A journal file, a run's folder, a run id, or `latest`
    #[arg(default_value = "latest", value_name = "JOURNAL|RUN ID|latest")]
    pub(crate) run: String,
    /// Look for runs in this folder instead of target/paceline/runs
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// How the report is written to standard output
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(crate) format: Format,
}

/// What is listed.
#[derive(Debug, Args)]
pub(crate) struct ListArgs {}

/// Which photographs are made, and where.
#[derive(Debug, Args)]
pub(crate) struct FixturesArgs {
    /// The set: quick (kept in git) or seed (the reference's sizes, about 20 MB)
    #[arg(long, value_enum, default_value_t = ImageSet::Seed)]
    pub(crate) scale: ImageSet,
    /// Make them in this folder instead of where `bench` looks for them
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// The seed of the pictures; another one than 1 makes other pictures
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
}

/// The forms of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// A table for people
    Table,
    /// The layout of the reference table
    Seed,
    /// Everything, for programs
    Json,
}
