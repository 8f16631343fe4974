//! Distributions of rank statistics when nothing differs.
//!
//! A rank statistic is a sum of integer weights over what chance decided. The exact distribution
//! counts, for every sum, the equally likely outcomes that reach it; it is conditional on the
//! weights, so ties need no correction. Counts are floating-point numbers: exact up to 2^53, and
//! beyond that as precise as any other `f64`.

use statrs::distribution::{ContinuousCDF, Normal};

/// The distribution of an integer statistic under the null hypothesis.
#[derive(Debug, Clone)]
pub(crate) enum Null {
    /// The probability of each value, from zero on.
    Exact(Vec<f64>),
    /// The normal approximation, without continuity correction.
    Approximate {
        /// The mean of the statistic.
        mean: f64,
        /// Its standard deviation.
        deviation: f64,
    },
}

impl Null {
    /// The sum of a random subset of the weights: each is in or out by the toss of a coin.
    pub(crate) fn subsets(weights: &[usize]) -> Self {
        let mut counts = vec![0.0; weights.iter().sum::<usize>() + 1];
        counts[0] = 1.0;
        for &weight in weights {
            for sum in (weight..counts.len()).rev() {
                counts[sum] += counts[sum - weight];
            }
        }
        Self::from_counts(counts)
    }

    /// The sum of `size` weights drawn without replacement.
    pub(crate) fn subsets_of_size(weights: &[usize], size: usize) -> Self {
        let mut descending = weights.to_vec();
        descending.sort_unstable_by(|a, b| b.cmp(a));
        let largest: usize = descending.iter().take(size).sum();
        // counts[chosen][sum]: the ways to choose so many of the weights seen so far.
        let mut counts = vec![vec![0.0; largest + 1]; size + 1];
        counts[0][0] = 1.0;
        for &weight in weights {
            for chosen in (1..=size).rev() {
                let (fewer, more) = counts.split_at_mut(chosen);
                add_shifted(&mut more[0], &fewer[chosen - 1], weight);
            }
        }
        Self::from_counts(counts.swap_remove(size))
    }

    /// The sum of `position * weight` (positions from zero) over a random order of the weights.
    /// Time and memory double with every weight.
    pub(crate) fn pairings(weights: &[usize]) -> Self {
        let mut ascending = weights.to_vec();
        ascending.sort_unstable();
        let largest: usize = ascending.iter().enumerate().map(|(i, weight)| i * weight).sum();
        // counts[set][sum]: the orders in which the weights of the set fill the first positions.
        let mut counts = vec![vec![0.0; largest + 1]; 1 << weights.len()];
        counts[0][0] = 1.0;
        for set in 0..counts.len() {
            let position = set.count_ones() as usize;
            let (done, open) = counts.split_at_mut(set + 1);
            for (index, weight) in weights.iter().enumerate().filter(|(i, _)| set >> i & 1 == 0) {
                let with = set | 1 << index;
                add_shifted(&mut open[with - set - 1], &done[set], position * weight);
            }
        }
        Self::from_counts(counts.pop().unwrap_or_default())
    }

    fn from_counts(mut counts: Vec<f64>) -> Self {
        let total: f64 = counts.iter().sum();
        counts.iter_mut().for_each(|count| *count /= total);
        Self::Exact(counts)
    }

    /// The probability of `value` or less.
    pub(crate) fn at_most(&self, value: usize) -> f64 {
        match self {
            Self::Exact(chances) => chances.iter().take(value + 1).sum(),
            Self::Approximate { mean, deviation } => normal_tail(mean - value as f64, *deviation),
        }
    }

    /// The probability of `value` or more.
    fn at_least(&self, value: usize) -> f64 {
        match self {
            Self::Exact(chances) => chances.iter().skip(value).sum(),
            Self::Approximate { mean, deviation } => normal_tail(value as f64 - mean, *deviation),
        }
    }

    /// The two-sided p-value: twice the smaller tail, at most 1.
    pub(crate) fn p_value(&self, value: usize) -> f64 {
        (2.0 * self.at_most(value).min(self.at_least(value))).min(1.0)
    }

    /// The largest value whose lower tail does not exceed `tail`; zero if there is none.
    pub(crate) fn critical_value(&self, tail: f64) -> usize {
        match self {
            Self::Exact(chances) => {
                let mut cumulated = 0.0;
                let within = chances.iter().take_while(|chance| {
                    cumulated += **chance;
                    cumulated <= tail
                });
                within.count().saturating_sub(1)
            }
            Self::Approximate { mean, deviation } => {
                (mean + deviation * Normal::standard().inverse_cdf(tail)).max(0.0) as usize
            }
        }
    }
}

/// The probability of lying at least `distance` above the mean. Where everything is tied there is
/// no deviation, the distance is zero, and nothing speaks against the null hypothesis.
fn normal_tail(distance: f64, deviation: f64) -> f64 {
    Normal::standard().sf(distance / deviation.max(f64::MIN_POSITIVE))
}

/// Adds to every sum the ways that reach it by one more step of `shift`.
fn add_shifted(to: &mut [f64], from: &[f64], shift: usize) {
    for (to, from) in to.iter_mut().skip(shift).zip(from) {
        *to += from;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(null: Null) -> Vec<f64> {
        match null {
            Null::Exact(chances) => chances,
            Null::Approximate { .. } => panic!("expected an exact distribution"),
        }
    }

    #[test]
    fn three_coins_have_the_signed_rank_distribution_of_the_textbook() {
        let chances = exact(Null::subsets(&[1, 2, 3]));
        assert_eq!(chances, [1.0, 1.0, 1.0, 2.0, 1.0, 1.0, 1.0].map(|count| count / 8.0));
    }

    #[test]
    fn two_of_four_ranks_have_the_rank_sum_distribution_of_the_textbook() {
        let chances = exact(Null::subsets_of_size(&[1, 2, 3, 4], 2));
        assert_eq!(chances, [0.0, 0.0, 0.0, 1.0, 1.0, 2.0, 1.0, 1.0].map(|count| count / 6.0));
    }

    #[test]
    fn three_positions_pair_with_three_weights_in_six_ways() {
        let chances = exact(Null::pairings(&[1, 2, 3]));
        assert_eq!(chances[4..9], [1.0, 2.0, 0.0, 2.0, 1.0].map(|count| count / 6.0));
    }

    #[test]
    fn the_critical_value_is_the_last_one_within_the_tail() {
        let null = Null::subsets(&[1, 2, 3]);
        assert_eq!(null.critical_value(0.25), 1);
        assert_eq!(null.critical_value(0.3), 1);
        assert_eq!(null.critical_value(0.1), 0);
    }
}
