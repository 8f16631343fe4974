//! A confidence level, checked once.

use crate::StatsError;

/// A probability strictly between 0 and 1: the confidence level of an interval, or a power.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Level(f64);

impl Level {
    /// 95 %, the level of every interval unless the user says otherwise.
    pub const NINETY_FIVE: Self = Self(0.95);
    /// 80 %, the customary power of a planned comparison.
    pub const EIGHTY: Self = Self(0.80);

    /// Checks a level given as a fraction, such as 0.95.
    ///
    /// # Errors
    /// [`StatsError::LevelOutOfRange`] unless `0 < level < 1`.
    pub fn new(level: f64) -> Result<Self, StatsError> {
        if level > 0.0 && level < 1.0 {
            Ok(Self(level))
        } else {
            Err(StatsError::LevelOutOfRange(level))
        }
    }

    /// The level as a fraction.
    #[must_use]
    pub const fn get(self) -> f64 {
        self.0
    }

    /// The error allowed in all: `1 - level`.
    #[must_use]
    pub const fn alpha(self) -> f64 {
        1.0 - self.0
    }

    /// Whether an interval that achieves `achieved` is as good as this level asks. The slack is
    /// rounding only: it lies far below the step between levels that ranks can achieve.
    pub(crate) fn is_reached_by(self, achieved: f64) -> bool {
        achieved >= self.0 - 1e-12
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_outside_the_open_interval_are_refused() {
        for bad in [0.0, 1.0, -0.1, 95.0, f64::NAN, f64::INFINITY] {
            assert!(Level::new(bad).is_err(), "{bad}");
        }
        assert_eq!(Level::new(0.95), Ok(Level::NINETY_FIVE));
    }
}
