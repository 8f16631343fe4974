//! Order statistics of all pairs of two series, without forming the pairs.
//!
//! Thirty thousand rounds have half a billion Walsh averages. Sorted series answer "how many pairs
//! are at most t?" in one pass, and bisecting over the floating-point numbers themselves then finds
//! the exact order statistic in at most 64 such passes.

/// Numbers formed from pairs of values, never listed.
pub(crate) trait Pairs {
    /// How many pairs there are: at least one.
    fn count(&self) -> usize;
    /// The smallest and the largest of their numbers.
    fn bounds(&self) -> (f64, f64);
    /// How many of their numbers are at most `limit`.
    fn at_most(&self, limit: f64) -> usize;

    /// The `nth` smallest number, counted from one.
    fn nth(&self, nth: usize) -> f64 {
        let (smallest, largest) = self.bounds();
        let (mut low, mut high) = (to_ordinal(smallest), to_ordinal(largest));
        while low < high {
            let middle = low.midpoint(high);
            if self.at_most(from_ordinal(middle)) >= nth {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        from_ordinal(low)
    }

    /// The median of the numbers.
    fn median(&self) -> f64 {
        let count = self.count();
        f64::midpoint(self.nth(count.div_ceil(2)), self.nth(count / 2 + 1))
    }
}

/// The averages of each value with itself and with every other (Walsh averages). The values are
/// ascending.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WalshAverages<'a>(pub(crate) &'a [f64]);

impl Pairs for WalshAverages<'_> {
    fn count(&self) -> usize {
        self.0.len() * (self.0.len() + 1) / 2
    }

    fn bounds(&self) -> (f64, f64) {
        (self.0[0], self.0[self.0.len() - 1])
    }

    fn at_most(&self, limit: f64) -> usize {
        // The square of all pairs holds each mixed pair twice, and each value with itself once.
        let square = pairs_at_most(self.0, self.0, |a, b| f64::midpoint(a, b) <= limit);
        let diagonal = self.0.partition_point(|value| *value <= limit);
        (square + diagonal) / 2
    }
}

/// The differences of each value on the left and each on the right. The left is ascending, and the
/// right holds its values negated, ascending too.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Differences<'a> {
    pub(crate) left: &'a [f64],
    pub(crate) right_negated: &'a [f64],
}

impl Pairs for Differences<'_> {
    fn count(&self) -> usize {
        self.left.len() * self.right_negated.len()
    }

    fn bounds(&self) -> (f64, f64) {
        let last = |values: &[f64]| values[values.len() - 1];
        (self.left[0] + self.right_negated[0], last(self.left) + last(self.right_negated))
    }

    fn at_most(&self, limit: f64) -> usize {
        pairs_at_most(self.left, self.right_negated, |a, b| a + b <= limit)
    }
}

/// Counts the pairs that are within a limit. Since both sides are ascending, the partners of a
/// larger value on the left are among those of a smaller one, so one pass over both is enough.
fn pairs_at_most(left: &[f64], right: &[f64], within: impl Fn(f64, f64) -> bool) -> usize {
    let mut partners = right.len();
    let mut count = 0;
    for &value in left {
        while partners > 0 && !within(value, right[partners - 1]) {
            partners -= 1;
        }
        count += partners;
    }
    count
}

const SIGN: u64 = 1 << 63;

/// Numbers the floating-point numbers in their order. Negative ones are stored by magnitude, which
/// runs backwards: all their bits are flipped, and the others go on top of them.
fn to_ordinal(value: f64) -> u64 {
    let bits = value.to_bits();
    if bits & SIGN == 0 { bits | SIGN } else { !bits }
}

fn from_ordinal(ordinal: u64) -> f64 {
    f64::from_bits(if ordinal & SIGN == 0 { !ordinal } else { ordinal & !SIGN })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ascending(mut values: Vec<f64>) -> Vec<f64> {
        values.sort_by(f64::total_cmp);
        values
    }

    /// Small integers make ties, large magnitudes cross many binades.
    fn values() -> impl Strategy<Value = Vec<f64>> {
        let value = prop_oneof![(-3..4_i8).prop_map(f64::from), -1e90..1e90_f64, -1.0..1.0_f64];
        prop::collection::vec(value, 1..12)
    }

    fn assert_lists(pairs: &impl Pairs, listed: Vec<f64>) {
        let listed = ascending(listed);
        assert_eq!(pairs.count(), listed.len());
        for (index, value) in listed.iter().enumerate() {
            assert_eq!(pairs.nth(index + 1), *value);
        }
    }

    proptest! {
        #[test]
        fn walsh_averages_are_those_of_the_listed_pairs(values in values()) {
            let values = ascending(values);
            let listed = (0..values.len())
                .flat_map(|i| (0..=i).map(move |j| (i, j)))
                .map(|(i, j)| f64::midpoint(values[i], values[j]))
                .collect();
            assert_lists(&WalshAverages(&values), listed);
        }

        #[test]
        fn differences_are_those_of_the_listed_pairs(left in values(), right in values()) {
            let (left, right) = (ascending(left), ascending(right));
            let negated: Vec<f64> = right.iter().rev().map(|value| -value).collect();
            let listed = left.iter().flat_map(|a| right.iter().map(move |b| a - b)).collect();
            assert_lists(&Differences { left: &left, right_negated: &negated }, listed);
        }
    }
}
