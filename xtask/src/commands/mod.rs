//! One module for each chore.

pub(crate) mod fixtures;
pub(crate) mod new;
