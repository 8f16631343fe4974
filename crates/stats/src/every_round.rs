//! How two rows stood in every single round: what few rounds show without a test.
//!
//! A rank test looks at the order of values alone, so of a few rounds it can say little, however far
//! apart two rows are. The distance tells more, and that is what this module reports: the least and the
//! largest ratio of all rounds, and whether both are far from 1 beside their own spread.

use crate::ratio::log_ratios;
use crate::{Series, StatsError};

/// The fewest rounds of which anything is called beyond doubt.
pub const LEAST_ROUNDS: usize = 4;

/// How many times the range of the ratios the least of them must lie above 1, on logarithms.
pub const LEAST_RANGES: f64 = 2.0;

/// The ratios of a contender to its reference within the rounds, from the least to the largest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EveryRound {
    /// The least of them.
    pub least: f64,
    /// The largest of them.
    pub most: f64,
    /// How many rounds there were.
    pub rounds: usize,
}

impl EveryRound {
    /// Holds a contender against its reference, round by round.
    ///
    /// # Errors
    /// As [`log_ratios`].
    pub fn of(contender: &Series, reference: &Series) -> Result<Self, StatsError> {
        let logs = log_ratios(contender, reference)?;
        Ok(Self { least: logs.min().exp(), most: logs.max().exp(), rounds: logs.len() })
    }

    /// Whether the contender took longer in every round.
    #[must_use]
    pub fn is_slower(&self) -> bool {
        self.least > 1.0
    }

    /// Whether the contender is slower beyond doubt: in at least [`LEAST_ROUNDS`] rounds even the least
    /// ratio lies farther above 1 than [`LEAST_RANGES`] times the range of all of them, on logarithms.
    ///
    /// It is no test at a level. Of equally fast rows whose ratios scatter normally on logarithms, 1 in
    /// 1,300 meets it with 4 rounds and fewer with more, as a test of this crate simulates; so of the
    /// other rows of a matrix hardly ever one does.
    #[must_use]
    pub fn is_beyond_doubt(&self) -> bool {
        let (least, range) = (self.least.ln(), (self.most / self.least).ln());
        self.rounds >= LEAST_ROUNDS && self.is_slower() && least > LEAST_RANGES * range
    }
}

#[cfg(test)]
mod tests {
    use rand_pcg::Pcg32;
    use rand_pcg::rand_core::Rng;
    use statrs::distribution::{ContinuousCDF, Normal};

    use super::*;

    fn of(ratios: &[f64]) -> EveryRound {
        let reference = Series::new(vec![2.0; ratios.len()]).unwrap();
        let contender = ratios.iter().map(|ratio| ratio * 2.0).collect::<Vec<_>>();
        EveryRound::of(&Series::new(contender).unwrap(), &reference).unwrap()
    }

    #[test]
    fn far_apart_beside_its_spread_is_beyond_doubt() {
        let far = of(&[21.2, 24.8, 22.0, 23.1]);
        assert!((far.least - 21.2).abs() < 1e-9 && (far.most - 24.8).abs() < 1e-9, "{far:?}");
        assert!(far.is_slower() && far.is_beyond_doubt());
        assert!(of(&[1.02, 1.02, 1.021, 1.02]).is_beyond_doubt(), "little, and steady");
    }

    #[test]
    fn slower_in_every_round_is_not_yet_beyond_doubt() {
        for ratios in [&[1.25, 1.98, 1.52, 2.29][..], &[22.0, 23.0, 21.0], &[9.0]] {
            assert!(of(ratios).is_slower() && !of(ratios).is_beyond_doubt(), "{ratios:?}");
        }
        assert!(!of(&[0.99, 3.0, 3.0, 3.0]).is_slower());
    }

    #[test]
    fn equally_fast_rows_are_hardly_ever_called_slower_beyond_doubt() {
        const RUNS: usize = 100_000;
        let mut generator = Pcg32::new(7, crate::bootstrap::STREAM);
        let normal = Normal::standard();
        let mut draw = || {
            let uniform = (f64::from(generator.next_u32()) + 0.5) / f64::from(u32::MAX);
            (normal.inverse_cdf(uniform.min(1.0 - 1e-12)) * 0.1).exp()
        };
        let false_alarms =
            (0..RUNS).filter(|_| of(&[draw(), draw(), draw(), draw()]).is_beyond_doubt()).count();
        assert!((40..120).contains(&false_alarms), "{false_alarms} of {RUNS}");
    }
}
