//! Ranks of values, ties sharing the mean of theirs.

/// Twice the rank of each value, counted from one. Tied values share the mean of their ranks, which
/// is a half at worst: doubled ranks are integers, so exact distributions can be tabulated.
pub(crate) fn doubled_midranks(values: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut ranks = vec![0; values.len()];
    let mut first = 1;
    for tied in order.chunk_by(|&a, &b| values[a] == values[b]) {
        let last = first + tied.len() - 1;
        for &index in tied {
            ranks[index] = first + last;
        }
        first = last + 1;
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distinct_values_get_their_positions() {
        assert_eq!(doubled_midranks(&[30.0, 10.0, 20.0]), [6, 2, 4]);
    }

    #[test]
    fn ties_share_the_mean_of_their_ranks() {
        assert_eq!(doubled_midranks(&[1.0, 2.0, 2.0, 0.5, 2.0]), [4, 8, 8, 2, 8]);
        assert_eq!(doubled_midranks(&[-0.0, 0.0]), [3, 3]);
    }
}
