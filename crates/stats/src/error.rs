//! What can be wrong with an input.

use crate::range::{MAGNITUDE_LIMIT, SMALLEST_POSITIVE};

/// Why an input was refused. Positions count from zero.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum StatsError {
    /// A statistic of no numbers does not exist.
    #[error("summarise a series without values")]
    Empty,
    /// A value is NaN, infinite, or so large that its square would be.
    #[error(
        "summarise a series: value {index} is {value}, not a number within ±{MAGNITUDE_LIMIT:e}"
    )]
    NotFinite {
        /// Position of the value.
        index: usize,
        /// The value as given.
        value: f64,
    },
    /// A ratio needs positive values.
    #[error("form a ratio: value {index} is {value}, below the limit of {SMALLEST_POSITIVE:e}")]
    NotPositive {
        /// Position of the value.
        index: usize,
        /// The value as given.
        value: f64,
    },
    /// Paired series need one value per round each.
    #[error("pair two series: {contender} values against {reference} of the reference")]
    UnequalLengths {
        /// Values of the contender.
        contender: usize,
        /// Values of the reference.
        reference: usize,
    },
    /// A p-value lies outside 0 to 1.
    #[error("correct p-values: value {index} is {value}, not a probability")]
    NotAProbability {
        /// Position of the value.
        index: usize,
        /// The value as given.
        value: f64,
    },
    /// A confidence level or power lies outside the open interval 0 to 1.
    #[error("use {0} as a confidence level: it must lie between 0 and 1, both excluded")]
    LevelOutOfRange(f64),
    /// A margin of equivalence lies outside the open interval 0 to 1.
    #[error("use {0} as a margin of equivalence: it must lie between 0 and 1, both excluded")]
    MarginOutOfRange(f64),
}
