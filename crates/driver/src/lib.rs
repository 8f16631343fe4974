//! Runs a matrix: from a file with rows to a journal with samples.
//!
//! ```text
//! matrix (TOML) -> plan -> [worker process: one case] -> sample -> sinks (the journal first)
//! ```
//!
//! This crate plans and drives. It knows no terminal: it reports what happens as events, and a sink shows
//! them. It links neither the worker nor an executor, and runs no item itself. Only what the driver decides
//! by flows back from a journal: whether to stop, which samples are taken again, and which rate a search
//! tries next.
//!
//! Errors are `anyhow` errors: their only reader is a command line, which prints the chain once. [`Usage`]
//! marks those that the user can mend.
//!
//! The modules, in reading order:

mod usage;
#[cfg(test)]
mod scratch;

pub mod environment;
pub mod workspace;
pub mod git;
pub mod provenance;
pub mod nearest;

pub mod matrix;
pub mod select;
pub mod images;
pub mod inputs;
pub mod load;
pub mod plan;
pub mod words;
mod rounds;
pub mod default_matrix;

pub mod worker;
pub mod check;
pub mod vs;
mod group;
pub mod leftovers;
pub mod process;
pub mod service;
mod witness;
pub mod runner;
pub mod drive;

pub mod runs;
pub mod session;
pub mod resume;

pub use usage::Usage;
