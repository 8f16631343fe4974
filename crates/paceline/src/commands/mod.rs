//! One module for each subcommand.

pub(crate) mod advise;
pub(crate) mod audit;
pub(crate) mod bench;
pub(crate) mod compare;
pub(crate) mod completions;
pub(crate) mod doctor;
pub(crate) mod list;
pub(crate) mod man;
pub(crate) mod matrix;
pub(crate) mod next;
pub(crate) mod page;
pub(crate) mod report;
pub(crate) mod runs;
pub(crate) mod torture;

pub(crate) use crate::output::{deliver, is_standard_output, print, say};
