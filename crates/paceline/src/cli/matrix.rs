//! The arguments of `cargo xtask matrix`.

use clap::{Args, Subcommand};

/// What is done with matrices.
#[derive(Debug, Args)]
pub(crate) struct MatrixArgs {
    #[command(subcommand)]
    pub(crate) what: MatrixWhat,
}

#[derive(Debug, Subcommand)]
pub(crate) enum MatrixWhat {
    /// Report every fault of matrix files with line and column
    Check {
        /// Matrix files, or names of built-in matrices
        #[arg(required = true, value_name = "FILE|NAME")]
        files: Vec<String>,
    },
    /// Print a matrix, as a file to start from
    Show {
        /// A built-in matrix (`cargo xtask list` names them)
        #[arg(value_name = "NAME")]
        name: String,
    },
}
