//! The Wilcoxon signed-rank test: how far paired differences lie from zero.
//!
//! Up to [`EXACT_DIFFERENCES`] differences the distribution is exact, beyond that normal.
//!
//! - *Zeros* are dropped before ranking for the p-value, as Wilcoxon did; the estimate and its
//!   interval keep them.
//! - *Ties* in magnitude share the mean of their ranks, and the p-value is that of all 2^n equally
//!   likely signs given these very ranks. The interval uses the untied ranks 1 to n and is then the
//!   more cautious of the two. Without ties and zeros it excludes zero exactly when the p-value is
//!   within the error of its level.
//!
//! Sources: Wilcoxon, "Individual Comparisons by Ranking Methods", Biometrics Bulletin 1 (1945);
//! Hodges and Lehmann, "Estimates of Location Based on Rank Tests", Annals of Mathematical
//! Statistics 34 (1963).

use crate::null::Null;
use crate::pairs::WalshAverages;
use crate::ranks::doubled_midranks;
use crate::{Level, Series, Shift};

/// The most differences whose distribution is computed exactly.
pub const EXACT_DIFFERENCES: usize = 200;

/// Estimates the centre of the differences, about which they are assumed to lie symmetrically, and
/// tests it against zero.
///
/// n differences achieve at most a level of `1 - 2^(1-n)`: 87.5 % with 4, 93.75 % with 5, and 95 %
/// only from 6 on. [`Shift::achieved_level`] tells.
#[must_use]
pub fn signed_rank(differences: &Series, level: Level) -> Shift {
    let ranks: Vec<usize> = (1..=differences.len()).collect();
    let pairs = WalshAverages(differences.ascending());
    Shift::read(&pairs, &null(&ranks), 0, level, p_value(differences))
}

/// The fewest differences with which [`signed_rank`] can achieve a level.
#[must_use]
pub fn least_differences(level: Level) -> usize {
    (1.0 - level.alpha().log2()).ceil() as usize
}

fn p_value(differences: &Series) -> f64 {
    let nonzero: Vec<f64> =
        differences.values().iter().copied().filter(|value| *value != 0.0).collect();
    let magnitudes: Vec<f64> = nonzero.iter().map(|value| value.abs()).collect();
    let ranks = doubled_midranks(&magnitudes);
    let positive =
        ranks.iter().zip(&nonzero).filter(|(_, value)| **value > 0.0).map(|(rank, _)| rank).sum();
    null(&ranks).p_value(positive)
}

/// The distribution of the sum of positive ranks when every sign is the toss of a coin.
fn null(ranks: &[usize]) -> Null {
    if ranks.len() <= EXACT_DIFFERENCES {
        return Null::subsets(ranks);
    }
    let sum: f64 = ranks.iter().map(|rank| *rank as f64).sum();
    let squares: f64 = ranks.iter().map(|rank| (*rank as f64).powi(2)).sum();
    Null::Approximate { mean: sum / 2.0, deviation: (squares / 4.0).sqrt() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn test(differences: &[f64]) -> Shift {
        signed_rank(&Series::new(differences).unwrap(), Level::NINETY_FIVE)
    }

    #[test]
    fn four_differences_achieve_at_most_seven_eighths() {
        let shift = test(&[1.0, 2.0, 4.0, 8.0]);
        assert_eq!((shift.low, shift.high, shift.achieved_level), (1.0, 8.0, 0.875));
        assert_eq!(shift.p_value, 0.125);
    }

    #[test]
    fn one_difference_achieves_nothing() {
        let shift = test(&[3.0]);
        assert_eq!((shift.estimate, shift.achieved_level, shift.p_value), (3.0, 0.0, 1.0));
    }

    #[test]
    fn differences_that_are_all_zero_show_nothing() {
        let shift = test(&[0.0; 8]);
        assert_eq!((shift.low, shift.high, shift.p_value), (0.0, 0.0, 1.0));
    }

    #[test]
    fn six_is_the_least_number_of_differences_for_95_percent() {
        assert_eq!(least_differences(Level::NINETY_FIVE), 6);
        for count in 1..12 {
            let values: Vec<f64> = (1..=count).map(f64::from).collect();
            let reached = Level::NINETY_FIVE.is_reached_by(test(&values).achieved_level);
            assert_eq!(reached, count >= 6, "{count}");
        }
    }

    #[test]
    fn the_approximation_takes_over_without_a_jump() {
        let values: Vec<f64> = (0..202).map(|i| (f64::from(i) * 0.37).sin() + 0.1).collect();
        let (exact, normal) = (test(&values[..200]), test(&values[..201]));
        assert!((exact.p_value - normal.p_value).abs() < 0.01);
        assert!((exact.achieved_level - normal.achieved_level).abs() < 1e-3);
        assert!((exact.low - normal.low).abs() < 0.02 && (exact.high - normal.high).abs() < 0.02);
    }

    proptest! {
        #[test]
        fn without_ties_the_interval_excludes_zero_exactly_when_p_is_within_the_error(
            values in prop::collection::vec(-1.0..2.0_f64, 6..30)
        ) {
            let shift = test(&values);
            let excludes_zero = shift.low > 0.0 || shift.high < 0.0;
            prop_assert_eq!(excludes_zero, shift.p_value <= Level::NINETY_FIVE.alpha());
        }

        #[test]
        fn mirrored_differences_give_the_mirrored_result(
            values in prop::collection::vec(-1.0..2.0_f64, 1..30)
        ) {
            let mirrored: Vec<f64> = values.iter().map(|value| -value).collect();
            let (shift, mirror) = (test(&values), test(&mirrored));
            prop_assert_eq!((shift.low, shift.high), (-mirror.high, -mirror.low));
            prop_assert_eq!(shift.estimate, -mirror.estimate);
            prop_assert!((shift.p_value - mirror.p_value).abs() < 1e-12);
        }
    }
}
