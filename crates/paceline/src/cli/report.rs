//! `cargo xtask report`, as typed, and the forms of a report.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::LookArgs;

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
