//! Reads what other benchmark programs measured, as one side of a comparison.
//!
//! A file of pyperf or of hyperfine becomes a [`Side`](paceline_stats::compare::Side) whose rows are its
//! benchmarks, so that the numbers of a program in any language can be held against a run's.
//!
//! - A file is known by what is in it, never by its name: [`is_journal`] tells a run of Paceline from the
//!   rest, and [`read`] tells the rest apart.
//! - One value stands for one process, as a sample does here. pyperf takes several values in one process;
//!   they share its luck, so their mean is the value.
//! - Nothing is guessed. A unit other than seconds, a value that is no time, or two benchmarks of one name
//!   are errors that say where they stand.
//! - The programs' memory figures are those of one process, not of a process tree, and are left out.
//! - Every side says in a caveat where it comes from: another harness, and maybe another machine.

mod detect;
mod pyperf;
mod hyperfine;
mod json;
mod rename;
mod error;

pub use detect::{is_journal, read};
pub use error::ForeignError;
pub use rename::{Renaming, rename};
