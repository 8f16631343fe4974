//! Warnings about what a mean hides. A flag never removes a value: it asks the reader to look.

use statrs::distribution::{ContinuousCDF, StudentsT};

use crate::Series;
use crate::dip::{UniformDips, dip};
use crate::null::Null;
use crate::ranks::doubled_midranks;

/// Drift is flagged up to this p-value. It is stricter than the customary 5 %, since a report tests
/// every row and a warning in one row of twenty would soon be ignored.
pub const DRIFT_P_VALUE: f64 = 0.01;

/// Two modes are flagged up to this p-value; the dip test is conservative for most shapes of one
/// mode.
pub const MODES_P_VALUE: f64 = 0.05;

/// Fewer values than this can show two modes only by accident.
pub const LEAST_FOR_MODES: usize = 8;

/// The most rounds whose drift is tested exactly.
pub const EXACT_DRIFT_ROUNDS: usize = 10;

/// The positions of the values more than 1.5 interquartile ranges below the lower or above the
/// upper quartile: Tukey, "Exploratory Data Analysis" (1977). The quartiles are type 7, as in
/// [`Series::quantile`]. Among normal values one in 145 lies that far out in a long series, and
/// more in a short one: one in 25 at 10 rounds.
#[must_use]
pub fn outliers(series: &Series) -> Vec<usize> {
    let (lower, upper) = (series.quantile(0.25), series.quantile(0.75));
    let reach = 1.5 * (upper - lower);
    let fine = lower - reach..=upper + reach;
    let values = series.values().iter().enumerate();
    values.filter(|(_, value)| !fine.contains(value)).map(|(index, _)| index).collect()
}

/// Whether values rise or fall over the rounds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Drift {
    /// Spearman's rank correlation of value and round, from -1 (always falling) to 1 (always
    /// rising).
    pub rho: f64,
    /// The two-sided p-value of "no trend".
    pub p_value: f64,
}

impl Drift {
    /// Whether the drift is worth a warning: its p-value is at most [`DRIFT_P_VALUE`]. No order of
    /// fewer than 6 rounds is.
    #[must_use]
    pub fn is_flagged(&self) -> bool {
        self.p_value <= DRIFT_P_VALUE
    }
}

/// Correlates the values with their rounds. `None` for fewer than three rounds or equal values.
///
/// Tied values share their rank. Up to [`EXACT_DRIFT_ROUNDS`] the p-value is exact: over all orders
/// of these very values. Beyond, `rho * sqrt((n - 2) / (1 - rho^2))` is taken as Student's t with
/// `n - 2` degrees of freedom, as in SciPy. Sources: Spearman, "The Proof and Measurement of
/// Association between Two Things", American Journal of Psychology 15 (1904); Kendall, "Rank
/// Correlation Methods" (1948).
#[must_use]
pub fn drift(series: &Series) -> Option<Drift> {
    if series.len() < 3 || series.is_constant() {
        return None;
    }
    let ranks = doubled_midranks(series.values());
    let rho = correlation_with_position(&ranks);
    let p_value = if ranks.len() <= EXACT_DRIFT_ROUNDS {
        let products = ranks.iter().enumerate().map(|(round, rank)| round * rank).sum();
        Null::pairings(&ranks).p_value(products)
    } else {
        let freedom = (ranks.len() - 2) as f64;
        let t = rho.abs() * (freedom / ((1.0 + rho) * (1.0 - rho)).max(f64::MIN_POSITIVE)).sqrt();
        2.0 * StudentsT::new(0.0, 1.0, freedom).ok()?.sf(t)
    };
    Some(Drift { rho, p_value })
}

/// Whether values fall into two groups.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Modes {
    /// Hartigan's dip: from `1 / 2n` (one mode) to 1/4 (two groups of one value each).
    pub dip: f64,
    /// The chance of such a dip if there were one mode.
    pub p_value: f64,
}

impl Modes {
    /// Whether two modes are worth a warning: the p-value is at most [`MODES_P_VALUE`].
    #[must_use]
    pub fn is_flagged(&self) -> bool {
        self.p_value <= MODES_P_VALUE
    }
}

/// Tests for more than one mode with Hartigan's dip test. `None` below [`LEAST_FOR_MODES`] values
/// or for equal values.
///
/// It rarely warns without reason: of series with one mode it flags 5 % if they are uniform, the
/// worst case, and 1 to 2 % if they are normal or skewed as times are. The price is power. Two
/// equal groups of normal values, 6 standard deviations apart, are flagged in 65 % of series of 10
/// and 88 % of 20; 4 apart in about 25 %. Groups of unequal size are harder: three tenths
/// against seven in 12 % and 64 % even when 10 apart, and less than a quarter of the values hardly
/// ever, however far away; those show as outliers. Values rounded to a few levels count as groups.
#[must_use]
pub fn modes(series: &Series) -> Option<Modes> {
    if series.len() < LEAST_FOR_MODES || series.is_constant() {
        return None;
    }
    let dip = dip(series.ascending());
    Some(Modes { dip, p_value: UniformDips::of_length(series.len()).p_value(dip) })
}

/// Pearson's correlation of the ranks with their positions; the scale of the ranks does not matter.
fn correlation_with_position(ranks: &[usize]) -> f64 {
    let count = ranks.len() as f64;
    let middle = (count - 1.0) / 2.0;
    // Doubled ranks average n + 1, whatever the ties.
    let deviations =
        ranks.iter().enumerate().map(|(i, rank)| (i as f64 - middle, *rank as f64 - (count + 1.0)));
    let (mut both, mut positions, mut own) = (0.0, 0.0, 0.0);
    for (position, rank) in deviations {
        both += position * rank;
        positions += position * position;
        own += rank * rank;
    }
    (both / (positions * own).sqrt()).clamp(-1.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(values: &[f64]) -> Series {
        Series::new(values).unwrap()
    }

    #[test]
    fn a_value_far_out_on_either_side_is_an_outlier() {
        assert_eq!(outliers(&series(&[10.0, 11.0, 10.5, 30.0, 10.2, 10.7, -5.0])), [3, 6]);
    }

    #[test]
    fn a_value_exactly_on_the_fence_is_none() {
        // The quartiles of these five are 1 and 3, so the upper fence is 6.
        assert!(outliers(&series(&[0.0, 1.0, 2.0, 3.0, 6.0])).is_empty());
        assert_eq!(outliers(&series(&[0.0, 1.0, 2.0, 3.0, 6.1])), [4]);
    }

    #[test]
    fn six_rising_rounds_are_flagged_as_drift_and_five_are_not() {
        let rising = |count: i32| drift(&series(&(0..count).map(f64::from).collect::<Vec<_>>()));
        assert!(!rising(5).unwrap().is_flagged());
        let six = rising(6).unwrap();
        assert_eq!(six.rho, 1.0);
        assert!((six.p_value - 2.0 / 720.0).abs() < 1e-15);
        assert!(six.is_flagged());
        assert!(rising(40).unwrap().is_flagged());
    }

    #[test]
    fn an_even_back_and_forth_is_no_drift() {
        let values: Vec<f64> = (0..20).map(|i| f64::from(i % 2)).collect();
        assert!(!drift(&series(&values)).unwrap().is_flagged());
    }

    #[test]
    fn equal_values_and_two_rounds_have_no_drift() {
        assert_eq!(drift(&series(&[1.0; 5])), None);
        assert_eq!(drift(&series(&[1.0, 2.0])), None);
    }

    #[test]
    fn two_clear_groups_are_flagged_as_modes() {
        let values: Vec<f64> = (0..12).map(|i| f64::from(i % 2) + f64::from(i) * 0.01).collect();
        assert!(modes(&series(&values)).unwrap().is_flagged());
    }

    #[test]
    fn seven_values_and_equal_values_have_no_modes() {
        assert_eq!(modes(&series(&[0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0])), None);
        assert_eq!(modes(&series(&[1.0; 12])), None);
    }
}
