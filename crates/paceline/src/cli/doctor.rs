//! `cargo xtask doctor`, as typed.

use clap::{Args, ValueEnum};

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
