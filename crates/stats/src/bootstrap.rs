//! The bootstrap confidence interval of a mean.
//!
//! The method is BCa, "bias-corrected and accelerated": Efron, "Better Bootstrap Confidence
//! Intervals", Journal of the American Statistical Association 82 (1987); also Efron and
//! Tibshirani, "An Introduction to the Bootstrap" (1993), chapter 14. It is SciPy's default, and
//! follows the skew of times, which the plain percentile interval ignores.
//!
//! A bootstrap knows only the values it has seen. With few rounds it is too narrow: of normal
//! values a nominal 95 % covers the true mean in 72 % at 3 rounds, 87 % at 6, 91 % at 12, 94 % at
//! 40; of skewed values in a few less. It describes one row; verdicts rest on the exact rank
//! intervals of [`crate::ratio`], which say what they achieve.

use std::num::NonZeroUsize;

use rand_pcg::Pcg32;
use rand_pcg::rand_core::Rng;
use statrs::distribution::{ContinuousCDF, Normal};

use crate::describe::quantile;
use crate::{Level, Series};

/// How often to resample, from which seed, and for which confidence level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bootstrap {
    /// Resamples drawn. The ends of the interval carry a Monte Carlo error that shrinks with its
    /// root.
    pub resamples: NonZeroUsize,
    /// The same seed, values and order of values give the same interval.
    pub seed: u64,
    /// The nominal confidence level.
    pub level: Level,
}

impl Bootstrap {
    /// Resamples unless the user says otherwise.
    pub const RESAMPLES: NonZeroUsize = NonZeroUsize::new(10_000).expect("10,000 is not zero");

    /// 10,000 resamples at 95 %.
    #[must_use]
    pub const fn seeded(seed: u64) -> Self {
        Self { resamples: Self::RESAMPLES, seed, level: Level::NINETY_FIVE }
    }

    /// The interval of the mean, in the unit of the values.
    ///
    /// `None` for one value, from which no spread can be learnt. Values that are all the same give
    /// an interval without width.
    #[must_use]
    pub fn mean_interval(&self, series: &Series) -> Option<Interval> {
        if series.len() < 2 {
            return None;
        }
        if series.is_constant() {
            return Some(Interval { low: series.min(), high: series.min() });
        }
        let sums = self.resampled_sums(series.values());
        let normal = Normal::standard();
        let bias = normal.inverse_cdf(fraction_below(&sums, sum(series.values(), |_| 1)));
        let acceleration = acceleration(series);
        let end = |tail: f64| {
            let z = bias + normal.inverse_cdf(tail);
            let adjusted = normal.cdf(bias + z / (1.0 - acceleration * z));
            quantile(&sums, adjusted) / series.len() as f64
        };
        let tail = self.level.alpha() / 2.0;
        Some(Interval { low: end(tail), high: end(1.0 - tail) })
    }

    /// The sum of each resample, ascending: means but for the division by the number of values.
    fn resampled_sums(&self, values: &[f64]) -> Vec<f64> {
        let mut generator = Pcg32::new(self.seed, STREAM);
        let mut drawn = vec![0_u32; values.len()];
        let mut sums: Vec<f64> = (0..self.resamples.get())
            .map(|_| {
                drawn.fill(0);
                for _ in values {
                    drawn[below(&mut generator, values.len())] += 1;
                }
                sum(values, |index| drawn[index])
            })
            .collect();
        sums.sort_by(f64::total_cmp);
        sums
    }
}

/// The two ends of a confidence interval, in the unit of the values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// Any constant will do; this one is PCG's own default stream.
pub(crate) const STREAM: u64 = 0x0a02_bdbf_7bb3_c0a7;

/// An index below `count`, by the multiply-shift of Lemire, "Fast Random Integer Generation in an
/// Interval", ACM Transactions on Modeling and Computer Simulation 29 (2019), without its
/// rejection: no index is favoured by more than `count` in 2^32, far below the Monte Carlo error.
fn below(generator: &mut Pcg32, count: usize) -> usize {
    ((u64::from(generator.next_u32()) * count as u64) >> 32) as usize
}

/// The sum of the values, each taken as often as it was drawn. Adding in the order of the values,
/// not of the draws, makes resamples of the same values equal to the last bit, so that ties are
/// ties.
fn sum(values: &[f64], drawn: impl Fn(usize) -> u32) -> f64 {
    values.iter().enumerate().map(|(index, value)| f64::from(drawn(index)) * value).sum()
}

/// The fraction of `ascending` below `value`; ties count half, as in SciPy.
fn fraction_below(ascending: &[f64], value: f64) -> f64 {
    let less = ascending.partition_point(|sum| *sum < value);
    let at_most = ascending.partition_point(|sum| *sum <= value);
    // All resamples may lie wholly on one side; half a count keeps the normal quantile finite.
    let count = ascending.len() as f64;
    ((less + at_most) as f64 / 2.0).clamp(0.5, count - 0.5) / count
}

/// The acceleration of the mean: its jackknife (Efron and Tibshirani, equation 14.15) reduces to
/// the skewness of the n values over 6 times the root of n. Deviations are scaled first, so that no cube underflows.
fn acceleration(series: &Series) -> f64 {
    let mean = series.mean();
    let scale = series.max() - series.min();
    let power_sum = |power| -> f64 {
        series.values().iter().map(|value| ((value - mean) / scale).powi(power)).sum()
    };
    power_sum(3) / (6.0 * power_sum(2).powf(1.5))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interval(values: &[f64], seed: u64) -> Option<Interval> {
        Bootstrap::seeded(seed).mean_interval(&Series::new(values).unwrap())
    }

    #[test]
    fn one_value_has_no_interval() {
        assert_eq!(interval(&[1.0], 1), None);
    }

    #[test]
    fn equal_values_have_an_interval_without_width() {
        assert_eq!(interval(&[0.1, 0.1, 0.1], 1), Some(Interval { low: 0.1, high: 0.1 }));
    }

    #[test]
    fn the_same_seed_gives_the_same_interval_and_another_seed_another() {
        let values: Vec<f64> = (0..20).map(|i| f64::from(i * i % 37)).collect();
        assert_eq!(interval(&values, 7), interval(&values, 7));
        assert_ne!(interval(&values, 7), interval(&values, 8));
    }

    #[test]
    fn values_differing_only_in_the_last_bit_still_have_an_interval() {
        let found = interval(&[1.0, 1.0 + f64::EPSILON], 1).unwrap();
        assert!(found.low.is_finite() && found.high.is_finite());
    }

    #[test]
    fn a_single_resample_is_enough_to_stay_finite() {
        let once = Bootstrap { resamples: NonZeroUsize::MIN, ..Bootstrap::seeded(3) };
        let found = once.mean_interval(&Series::new([1.0, 2.0, 9.0]).unwrap()).unwrap();
        assert!(found.low.is_finite() && found.low == found.high);
    }

    #[test]
    fn the_stream_of_draws_never_changes() {
        let mut generator = Pcg32::new(2026, STREAM);
        let drawn: Vec<usize> = (0..8).map(|_| below(&mut generator, 10)).collect();
        assert_eq!(drawn, [3, 2, 2, 6, 5, 7, 3, 6]);
    }
}
