//! The command line, as typed.

mod advise;
mod compare;
mod inputs;
mod load;
mod look;
mod matrix;
mod new;
mod runs;
mod shell;

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::ArgPredicate::IsPresent;
use clap::{Args, Parser, Subcommand, ValueEnum};

pub(crate) use self::advise::{AdviseArgs, AdviseFormat};
pub(crate) use self::compare::{CompareArgs, CompareFormat};
pub(crate) use self::inputs::InputArgs;
pub(crate) use self::load::LoadArgs;
pub(crate) use self::look::LookArgs;
pub(crate) use self::matrix::{MatrixArgs, MatrixWhat};
pub(crate) use self::new::{NewArgs, NewWhat, ScaffoldArgs};
pub(crate) use self::runs::{RunsArgs, RunsFormat, RunsWhat};
pub(crate) use self::shell::{CompletionsArgs, ManArgs, Shell};
use crate::audit::Check;
use crate::matrix::ImageSet;
use crate::quantities::{duration, percentage, seconds};
use crate::runs::RunName;

/// More rounds than anyone waits for; a limit keeps a slip of the finger from being one.
const MOST_ROUNDS: i64 = 10_000;

const EXAMPLES: &str = "\
Examples:
  cargo xtask bench                          the 28 rows at quick scale, about two minutes
  cargo xtask bench --only multiproc         only process pools
  cargo xtask bench --only io --only threads rows that match both
  cargo xtask bench --matrix engines --scale smoke
  cargo xtask bench --command 'convert {item} -rotate 1 out/{index}.png' --items 'photos/*.jpg'
  cargo xtask bench --command 'gzip -c {item} | wc -c' --shell --items '*.log' --only threads
  cargo xtask bench --url 'http://127.0.0.1:8080/items/{item}' --items 1..50 --max-in-flight 8
  cargo xtask bench --files ~/photos         every file of a folder, read and hashed
  cargo xtask bench --budget 5m --precision 2%
  cargo xtask bench --vs main --gate 5% --rounds 12 --only io
  cargo xtask bench --vs main --memory-rounds 8 --gate-memory 10% --only io
  cargo xtask bench --only io --rate 500/s --for 10s         items arrive on schedule
  cargo xtask bench --only io --find-rate p99=50ms           the highest rate that holds this
  cargo xtask report                         the latest run once more
  cargo xtask report --explain '8 threads'   where that row's time went
  cargo xtask report --format bars --sort time
  cargo xtask report before after            several runs side by side
  cargo xtask runs                           which runs there are
  cargo xtask report --format html --open    the same as a page with charts
  cargo xtask compare BASE HEAD --gate 5%    two saved runs
  cargo xtask report latest --format json
  cargo xtask compare theirs.json latest     a file of pyperf or hyperfine against a run
  cargo xtask advise --max-memory 64MiB      which row of the latest run to use
  cargo xtask matrix check my.toml           what is wrong with a matrix file
  cargo xtask audit                          whether what is measured here can be believed

Exit codes: 0 ok, 1 Paceline failed, 2 wrong usage or input, 3 a case was invalid or could not be run,
4 a case timed out, 130 interrupted. With --gate: 0 fine, 1 a regression beyond the gate,
3 inconclusive. For an audit: 3 a limit does not hold.
For advice: 3 no row is left to choose from.";

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
    Bench(Box<BenchArgs>),
    /// Show a saved run again, without running anything
    Report(ReportArgs),
    /// List saved runs, and remove what is not wanted any more
    Runs(RunsArgs),
    /// Hold two saved runs against each other, row by row
    Compare(CompareArgs),
    /// Say which row of a saved run to use, and why
    Advise(AdviseArgs),
    /// Look at this host before a run, and say what it means for which rows
    Doctor(DoctorArgs),
    /// Have the instrument test itself: what is measured is held against what is known
    Audit(AuditArgs),
    /// Kill and stop the children of process pools at random, and look at what becomes of the items
    Torture(TortureArgs),
    /// Name executors, workloads, matrices, scales and what `--only` accepts
    List(ListArgs),
    /// Look at matrix files, or print one to start from
    Matrix(MatrixArgs),
    /// Write a working executor or workload to start from
    New(NewArgs),
    /// Make the photographs that the CPU-heavy workload rotates
    Fixtures(FixturesArgs),
    /// Print what a shell needs to complete the words behind `cargo xtask`
    Completions(CompletionsArgs),
    /// Make manual pages
    Man(ManArgs),
}

/// What is run, and how much of it.
#[derive(Debug, Args)]
pub(crate) struct BenchArgs {
    /// A built-in matrix (`cargo xtask list` names them) or the path of a matrix file. With --command,
    /// --files or --url it is the one of that name [default: seed, or engines where --only names an
    /// executor that seed has no row for]
    #[arg(long, value_name = "NAME|FILE",
          default_value_ifs([("command", IsPresent, "command"), ("files", IsPresent, "files"),
                             ("url", IsPresent, "url")]))]
    pub(crate) matrix: Option<String>,
    /// How much is run: smoke (seconds), quick (about two minutes) or seed (the reference's own sizes)
    #[arg(long, default_value = "quick")]
    pub(crate) scale: String,
    /// Run only rows that match: a group (sequential, async, threads, multiproc, io, cpu) or any part
    /// of a row's name or executor id. Given more than once, a row must match all
    #[arg(long, value_name = "GROUP|TEXT")]
    pub(crate) only: Vec<String>,
    /// Stop after this many counted rounds; one more comes before them, which warms up and measures
    /// memory [default: 4, or no limit with --budget or --precision]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=MOST_ROUNDS))]
    pub(crate) rounds: Option<u32>,
    /// Stop when another round would go beyond this time, such as 5m
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(crate) budget: Option<Duration>,
    /// Stop when every row's mean is known to within this share of it, such as 2%
    #[arg(long, value_name = "PERCENT", value_parser = percentage)]
    pub(crate) precision: Option<f64>,
    /// Counted rounds that --budget and --precision do not cut
    #[arg(long, value_name = "N", default_value_t = 3,
          value_parser = clap::value_parser!(u32).range(1..=MOST_ROUNDS))]
    pub(crate) min_rounds: u32,
    /// Read the memory of every row in this many rounds, in the one that warms up and in those after it,
    /// by a sample more in each: 6 or more are enough for `compare` to judge memory
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
    /// Process pools: run an item that was lost with its child again, so often at most
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
                                "memory_rounds",
                                "images", "vs", "list", "dry_run", "name"])]
    pub(crate) resume: Option<String>,
    /// Run the worker of this git revision too, in the same rounds, and compare with it
    #[arg(long, value_name = "REVISION")]
    pub(crate) vs: Option<String>,
    /// With --vs: fail if a row is slower than the revision's by more than this, such as 5%
    #[arg(long, value_name = "PERCENT", value_parser = percentage, requires = "vs")]
    pub(crate) gate: Option<f64>,
    /// With --vs and --memory-rounds: fail if a row takes more memory than the revision's by more than
    /// this, such as 10%
    #[arg(long, value_name = "PERCENT", value_parser = percentage, requires = "vs")]
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

/// Which run is shown, and how.
#[derive(Debug, Args)]
pub(crate) struct ReportArgs {
    /// A run's name or id, its folder or journal, or `latest`. Several are put side by side
    #[arg(default_value = "latest", value_name = "RUN")]
    pub(crate) runs: Vec<String>,
    /// Look for runs in this folder instead of target/paceline/runs
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// How the report is written to standard output
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(crate) format: Format,
    /// Write the report to this file instead of standard output; for html the default is report.html
    /// beside the journal
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) look: LookArgs,
    /// Open the page in a browser
    #[arg(long, conflicts_with = "explain")]
    pub(crate) open: bool,
    /// Whose times stand beside the bars of the page: the reference's, or none [default: seed for the
    /// matrix `seed`, else none]
    #[arg(long, value_enum, value_name = "TABLE", conflicts_with = "explain")]
    pub(crate) against: Option<Against>,
    /// Tell in words where the time of the rows went whose name has this part
    #[arg(long, value_name = "ROW", conflicts_with = "format")]
    pub(crate) explain: Option<String>,
}

/// The tables whose times can stand beside the bars of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Against {
    /// The reference table
    Seed,
    /// None
    None,
}

/// For which rows the host is looked at.
#[derive(Debug, Args)]
pub(crate) struct DoctorArgs {
    /// A built-in matrix or the path of a matrix file
    #[arg(long, default_value = "seed", value_name = "NAME|FILE")]
    pub(crate) matrix: String,
    /// Think only of rows that match, as for `bench`
    #[arg(long, value_name = "GROUP|TEXT")]
    pub(crate) only: Vec<String>,
    /// How the findings are written to standard output
    #[arg(long, value_enum, default_value_t = DoctorFormat::Table)]
    pub(crate) format: DoctorFormat,
}

/// The forms of a doctor's findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DoctorFormat {
    /// Lines for people
    Table,
    /// Everything, for programs
    Json,
}

/// What is tested, and how thoroughly.
#[derive(Debug, Args)]
pub(crate) struct AuditArgs {
    /// Run this check alone. Given more than once, each of them is run
    #[arg(long, value_enum, value_name = "CHECK")]
    pub(crate) only: Vec<Check>,
    /// Run few trials: enough to see that every check works, too few to rely on
    #[arg(long)]
    pub(crate) quick: bool,
    /// The seed of the orders and of the samples that are disturbed
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// How the findings are written to standard output
    #[arg(long, value_enum, default_value_t = AuditFormat::Table)]
    pub(crate) format: AuditFormat,
    /// Write the findings to this file too, as a page in Markdown with host, date and revision
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

/// The forms of an audit's findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum AuditFormat {
    /// A table for people, in Markdown
    Table,
    /// Everything, for programs
    Json,
}

/// How long process pools are tortured.
#[derive(Debug, Args)]
pub(crate) struct TortureArgs {
    /// Begin no more trials after this time
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
    /// The times as bars, with their intervals
    Bars,
    /// The layout of the reference table
    Seed,
    /// Everything, for programs
    Json,
    /// A page with charts, in one file that needs no network
    Html,
    /// A table for pull requests and pages
    Markdown,
    /// A record a row, after RFC 4180
    Csv,
    /// What pyperf reads
    Pyperf,
    /// The JSON of hyperfine's --export-json
    Hyperfine,
    /// Bencher Metric Format
    Bencher,
    /// What github-action-benchmark reads as customSmallerIsBetter
    Github,
    /// A test a row, for build servers
    Junit,
}
