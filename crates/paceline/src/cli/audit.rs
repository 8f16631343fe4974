//! `cargo xtask audit`, as typed.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::audit::Check;

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
