//! Holm's correction where many rows are judged at once.

use crate::StatsError;

/// Adjusts p-values so that rejecting those within an error level makes even one false rejection no
/// more likely than that level, however the tests depend on each other.
///
/// The smallest of m values is multiplied by m, the next by m - 1, and so on; each is at least the
/// one before and at most 1. The order of the input is kept. Source: Holm, "A Simple Sequentially
/// Rejective Multiple Test Procedure", Scandinavian Journal of Statistics 6 (1979).
///
/// # Errors
/// [`StatsError::NotAProbability`] for a value outside 0 to 1.
pub fn adjusted(p_values: &[f64]) -> Result<Vec<f64>, StatsError> {
    if let Some(index) = p_values.iter().position(|p| !(0.0..=1.0).contains(p)) {
        return Err(StatsError::NotAProbability { index, value: p_values[index] });
    }
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|&a, &b| p_values[a].total_cmp(&p_values[b]));
    let mut adjusted = vec![1.0; p_values.len()];
    let mut previous = 0.0_f64;
    for (position, &index) in order.iter().enumerate() {
        let untested = (p_values.len() - position) as f64;
        previous = previous.max(p_values[index] * untested).min(1.0);
        adjusted[index] = previous;
    }
    Ok(adjusted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_test_needs_no_correction() {
        assert_eq!(adjusted(&[0.03]), Ok(vec![0.03]));
        assert_eq!(adjusted(&[]), Ok(vec![]));
    }

    #[test]
    fn a_larger_p_value_never_ends_below_a_smaller_one() {
        assert_eq!(adjusted(&[0.5, 0.25, 0.375]), Ok(vec![0.75, 0.75, 0.75]));
    }

    #[test]
    fn what_is_no_probability_is_refused() {
        for bad in [f64::NAN, -0.1, 1.5] {
            assert!(adjusted(&[0.5, bad]).is_err(), "{bad}");
        }
    }
}
