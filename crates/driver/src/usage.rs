//! The error for requests that cannot be carried out as the user made them.

/// A mistake in what was asked for, in words that fit after "failed to". A command line ends with a code of
/// its own for it.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Usage(String);

impl Usage {
    /// What could not be done, why, and what would help.
    pub fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }
}
