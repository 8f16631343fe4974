//! `cargo xtask bench`, as typed.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use clap::builder::ArgPredicate::IsPresent;

use super::{Format, InputArgs, LoadArgs, LookArgs};
use crate::quantities::{duration, percentage};
use paceline_driver::runs::RunName;

/// More rounds than anyone waits for; a limit keeps a slip of the finger from being one.
const MOST_ROUNDS: i64 = 10_000;

/// What is run, and how much of it.
#[derive(Debug, Args)]
pub(crate) struct BenchArgs {
    /// A built-in matrix (`cargo xtask list` names them) or the path of a matrix file. With --command,
    /// --files or --url it is the one of that name [default: seed, or where --only names a workload or an
    /// executor that seed has no row for, a matrix with that workload, or engines]
    #[arg(long, value_name = "NAME|FILE",
          default_value_ifs([("command", IsPresent, "command"), ("files", IsPresent, "files"),
                             ("url", IsPresent, "url")]))]
    pub(crate) matrix: Option<String>,
    /// How much is run: smoke (seconds), quick (about two minutes) or seed (the reference's own sizes)
    #[arg(long, default_value = "quick")]
    pub(crate) scale: String,
    /// Run only rows that match: a group (sequential, async, threads, multiproc, io, cpu), a workload, or
    /// any part of a row's name or executor id, in which numbers are whole. Given more than once, a row
    /// must match all
    #[arg(long, value_name = "GROUP|TEXT")]
    pub(crate) only: Vec<String>,
    /// Stop after this many counted rounds; one more comes before them, which warms up and measures
    /// memory [default: 4, or no limit with --budget or --precision]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=MOST_ROUNDS))]
    pub(crate) rounds: Option<u32>,
    /// Stop when another round would go beyond this time, such as 5m; --resume has it anew
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(crate) budget: Option<Duration>,
    /// Stop when every row's mean is known to within this share of it, such as 2%
    #[arg(long, value_name = "PERCENT", value_parser = percentage)]
    pub(crate) precision: Option<f64>,
    /// Counted rounds that --budget and --precision do not cut
    #[arg(long, value_name = "N", default_value_t = 3,
          value_parser = clap::value_parser!(u32).range(1..=MOST_ROUNDS))]
    pub(crate) min_rounds: u32,
    /// Read the memory of every row in this many rounds: in the warm-up, and in the rounds after it with one
    /// more sample each. 6 or more are enough for `compare` to judge memory
    #[arg(long, value_name = "N", default_value_t = 1,
          value_parser = clap::value_parser!(u32).range(1..=MOST_ROUNDS))]
    pub(crate) memory_rounds: u32,
    /// How often a sample is taken again when something disturbed the machine meanwhile
    #[arg(long, value_name = "N", default_value_t = 1,
          value_parser = clap::value_parser!(u32).range(0..=10))]
    pub(crate) retakes: u32,
    /// Kill a case that takes longer than this, such as 2m, and go on with the others
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(crate) timeout: Option<Duration>,
    /// Process pools: kill a child that takes longer than this for one item, and report the item as lost
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(crate) item_timeout: Option<Duration>,
    /// Process pools: how long a child may take from its start until it is ready for items
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = duration)]
    pub(crate) handshake_timeout: Duration,
    /// Process pools: how often at most an item that was lost with its child is run again
    #[arg(long, value_name = "N", default_value_t = 0,
          value_parser = clap::value_parser!(u32).range(0..=100))]
    pub(crate) retry_lost: u32,
    #[command(flatten)]
    pub(crate) load: LoadArgs,
    /// The seed of the rounds' order and inputs
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Rotate the JPEGs and PNGs of this folder instead of Paceline's own
    #[arg(long, value_name = "DIR")]
    pub(crate) images: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) inputs: InputArgs,
    /// Save the run in this folder instead of target/paceline/runs
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Give the run a name, which then stands for it wherever a run is asked for
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<RunName>,
    /// Go on with a run that was cut short: a name, an id, a journal or `latest`. Its own plan and seed hold
    #[arg(long, value_name = "RUN", num_args = 0..=1, default_missing_value = "latest",
          conflicts_with_all = ["matrix", "scale", "only", "rounds", "budget", "precision", "seed",
                                "memory_rounds", "min_rounds", "retakes", "timeout", "item_timeout",
                                "handshake_timeout", "retry_lost", "images", "vs", "list", "dry_run", "name"])]
    pub(crate) resume: Option<String>,
    /// Run the worker of this git revision too, in the same rounds, and compare with it
    #[arg(long, value_name = "REVISION")]
    pub(crate) vs: Option<String>,
    /// With --vs: fail if a row is slower than the revision's by more than this, such as 5%
    #[arg(long, value_name = "PERCENT", value_parser = percentage, requires = "vs",
          conflicts_with_all = ["rate", "find_rate"])]
    pub(crate) gate: Option<f64>,
    /// With --vs and --memory-rounds: fail if a row takes more memory than the revision's by more than
    /// this, such as 10%
    #[arg(long, value_name = "PERCENT", value_parser = percentage, requires = "vs",
          conflicts_with_all = ["rate", "find_rate"])]
    pub(crate) gate_memory: Option<f64>,
    /// How the result is written to standard output
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(crate) format: Format,
    #[command(flatten)]
    pub(crate) look: LookArgs,
    /// Print the names of the rows, one a line, and run nothing
    #[arg(long)]
    pub(crate) list: bool,
    /// Print what would be run, and run nothing
    #[arg(long, conflicts_with = "list")]
    pub(crate) dry_run: bool,
    /// Show no progress, and do not say where the run is kept and what to do next
    #[arg(long, short)]
    pub(crate) quiet: bool,
}
