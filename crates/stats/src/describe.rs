//! A checked series of numbers, and what describes it.

use crate::StatsError;
pub use crate::range::MAGNITUDE_LIMIT;

/// One or more finite numbers in the order of their rounds.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    values: Vec<f64>,
    ascending: Vec<f64>,
}

impl Series {
    /// Checks the values and keeps their order.
    ///
    /// # Errors
    /// [`StatsError::Empty`] without values; [`StatsError::NotFinite`] for a NaN, an infinity or a
    /// magnitude above [`MAGNITUDE_LIMIT`].
    pub fn new(values: impl Into<Vec<f64>>) -> Result<Self, StatsError> {
        let values = values.into();
        if values.is_empty() {
            return Err(StatsError::Empty);
        }
        // Written so that a NaN, for which every comparison is false, is refused as well.
        let is_fine = |value: &f64| value.abs() <= MAGNITUDE_LIMIT;
        if let Some(index) = values.iter().position(|value| !is_fine(value)) {
            return Err(StatsError::NotFinite { index, value: values[index] });
        }
        let mut ascending = values.clone();
        ascending.sort_by(f64::total_cmp);
        Ok(Self { values, ascending })
    }

    /// The values in the order given.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The values from the smallest to the largest.
    #[must_use]
    pub fn ascending(&self) -> &[f64] {
        &self.ascending
    }

    /// How many values there are: at least one.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a series is never empty")]
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// The smallest value.
    #[must_use]
    pub fn min(&self) -> f64 {
        self.ascending[0]
    }

    /// The largest value.
    #[must_use]
    pub fn max(&self) -> f64 {
        self.ascending[self.len() - 1]
    }

    /// The arithmetic mean.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.values.iter().sum::<f64>() / self.len() as f64
    }

    /// The middle value, or the mean of the two middle values.
    #[must_use]
    pub fn median(&self) -> f64 {
        self.quantile(0.5)
    }

    /// The quantile for a `fraction` between 0 and 1 (clamped), by linear interpolation between the
    /// two nearest values: type 7 of Hyndman and Fan, "Sample Quantiles in Statistical Packages",
    /// The American Statistician 50 (1996), which is the default of NumPy and R.
    #[must_use]
    pub fn quantile(&self, fraction: f64) -> f64 {
        quantile(&self.ascending, fraction)
    }

    /// The sample standard deviation, with `n - 1` in the denominator, in the unit of the values.
    /// One value says nothing about spread: `None`.
    #[must_use]
    pub fn standard_deviation(&self) -> Option<f64> {
        if self.len() < 2 {
            return None;
        }
        let mean = self.mean();
        let squares: f64 = self.values.iter().map(|value| (value - mean).powi(2)).sum();
        Some((squares / (self.len() - 1) as f64).sqrt())
    }

    /// The standard deviation as a fraction of the mean's magnitude. `None` for one value or a mean
    /// of zero.
    #[must_use]
    pub fn coefficient_of_variation(&self) -> Option<f64> {
        let mean = self.mean().abs();
        self.standard_deviation().filter(|_| mean > 0.0).map(|deviation| deviation / mean)
    }

    /// Whether all values are the same.
    pub(crate) fn is_constant(&self) -> bool {
        self.min() == self.max()
    }
}

/// The type 7 quantile of values that are ascending and not empty.
pub(crate) fn quantile(ascending: &[f64], fraction: f64) -> f64 {
    let last = ascending.len() - 1;
    let position = fraction.clamp(0.0, 1.0) * last as f64;
    let below = (position as usize).min(last);
    let above = (below + 1).min(last);
    let weight = position - below as f64;
    ascending[below] + (ascending[above] - ascending[below]) * weight
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_refuses_what_has_no_statistics() {
        assert_eq!(Series::new([]), Err(StatsError::Empty));
        for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 2e100] {
            let refused = Series::new([1.0, bad]);
            assert!(matches!(refused, Err(StatsError::NotFinite { index: 1, .. })), "{bad}");
        }
    }

    #[test]
    fn the_largest_values_allowed_still_have_finite_statistics() {
        let series = Series::new([1e100, -1e100, 1e100]).unwrap();
        assert!(series.mean().is_finite());
        assert!(series.standard_deviation().unwrap().is_finite());
    }

    #[test]
    fn one_value_has_a_mean_but_no_spread() {
        let series = Series::new([2.0]).unwrap();
        assert_eq!((series.mean(), series.median()), (2.0, 2.0));
        assert_eq!(series.standard_deviation(), None);
        assert_eq!(series.coefficient_of_variation(), None);
    }

    #[test]
    fn the_order_of_rounds_is_kept() {
        let series = Series::new([3.0, 1.0, 2.0]).unwrap();
        assert_eq!(series.values(), [3.0, 1.0, 2.0]);
        assert_eq!(series.ascending(), [1.0, 2.0, 3.0]);
    }

    #[test]
    fn a_mean_of_zero_has_no_coefficient_of_variation() {
        assert_eq!(Series::new([-1.0, 1.0]).unwrap().coefficient_of_variation(), None);
    }
}
