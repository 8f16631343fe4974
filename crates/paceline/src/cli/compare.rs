//! The arguments of `cargo xtask compare`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use paceline_foreign::Renaming;

use super::ColorArgs;
use crate::quantities::percentage;

/// Which runs are compared, and what is demanded.
#[derive(Debug, Args)]
pub(crate) struct CompareArgs {
    /// What is compared with: a run's name or id, a journal, `latest`, or a JSON file of pyperf or hyperfine
    pub(crate) base: String,
    /// What is judged, likewise. Without it, BASE must be a run made with `bench --vs`, whose two
    /// revisions are compared
    pub(crate) head: Option<String>,
    /// Compare a row of the pyperf or hyperfine file with the row of ours that has this name. May be given more
    /// than once
    #[arg(long, value_name = "THEIRS=OURS", value_parser = renaming)]
    pub(crate) map: Vec<Renaming>,
    /// Look for runs in this folder instead of target/paceline/runs
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Differences within this share do not matter: such rows are equivalent
    #[arg(long, value_name = "PERCENT", default_value = "3%", value_parser = percentage)]
    pub(crate) margin: f64,
    /// Fail if a row is slower than its base by more than this, such as 5%
    #[arg(long, value_name = "PERCENT", value_parser = percentage)]
    pub(crate) gate: Option<f64>,
    /// Fail if a row takes more memory than its base by more than this, such as 10%. Both runs must have
    /// read it often enough: see `bench --memory-rounds`
    #[arg(long, value_name = "PERCENT", value_parser = percentage)]
    pub(crate) gate_memory: Option<f64>,
    /// How the comparison is written to standard output
    #[arg(long, value_enum, default_value_t = CompareFormat::Table)]
    pub(crate) format: CompareFormat,
    /// Write the comparison to this file instead of to standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) color: ColorArgs,
}

/// The forms of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CompareFormat {
    /// A table for people
    Table,
    /// Everything, for programs
    Json,
    /// A table for pull requests and pages
    Markdown,
    /// A test a row, for build servers; needs --gate or --gate-memory
    Junit,
}

fn renaming(text: &str) -> Result<Renaming, String> {
    Renaming::new(text).ok_or_else(|| format!("`{text}` is not two names with `=` between them"))
}
