//! The arguments of `cargo xtask advise`.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::ColorArgs;
use crate::quantities::{bytes, count};

/// Which run is asked, and what a row must keep to.
#[derive(Debug, Args)]
pub(crate) struct AdviseArgs {
    /// A run's name or id, its folder or journal, or `latest`
    #[arg(default_value = "latest", value_name = "RUN")]
    pub(crate) run: String,
    /// Look for runs in this folder instead of target/paceline/runs
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Leave out rows whose process tree takes more memory than this, such as 64MiB
    #[arg(long, value_name = "SIZE", value_parser = bytes)]
    pub(crate) max_memory: Option<u64>,
    /// Leave out rows that ask for more items in flight than this
    #[arg(long, value_name = "N", value_parser = count, allow_negative_numbers = true)]
    pub(crate) max_width: Option<NonZeroUsize>,
    /// How the advice is written to standard output
    #[arg(long, value_enum, default_value_t = AdviseFormat::Table)]
    pub(crate) format: AdviseFormat,
    /// Write the advice to this file instead of to standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) color: ColorArgs,
}

/// The forms of advice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum AdviseFormat {
    /// Sentences and tables for people
    Table,
    /// Everything, for programs
    Json,
}
