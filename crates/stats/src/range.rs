//! The values that statistics are computed of.

/// No value may be larger than this in magnitude: sums, squares and cubes then stay finite, and no
/// measurement in any unit comes near it.
pub const MAGNITUDE_LIMIT: f64 = 1e100;

/// A ratio cannot be formed with a value below this: with it, no ratio overflows.
pub const SMALLEST_POSITIVE: f64 = 1e-100;
