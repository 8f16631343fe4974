//! Hartigan's dip: how far a series is from having a single mode.
//!
//! The dip is the largest distance between the empirical distribution and the nearest unimodal one,
//! which is convex up to its mode and concave after it. Its null distribution is that of uniform
//! values, the unimodal ones that look most like having two modes; others are flagged less often.
//! Sources: Hartigan and Hartigan, "The Dip Test of Unimodality", Annals of Statistics 13 (1985);
//! Hartigan, "Computation of the Dip Statistic", Applied Statistics 34 (1985), algorithm AS 217.

use rand_pcg::Pcg32;
use rand_pcg::rand_core::Rng;

use crate::bootstrap::STREAM;

/// Series drawn for the null distribution; they place a p-value of 5 % within about 0.5 %.
const DRAWN_SERIES: usize = 2_000;

/// The longest series drawn. Beyond it the dip shrinks with the root of its length.
const LONGEST_DRAWN: usize = 400;

/// The null distribution of the dip for one length of series: seeded, so always the same.
#[derive(Debug)]
pub(crate) struct UniformDips {
    dips: Vec<f64>,
}

impl UniformDips {
    pub(crate) fn of_length(length: usize) -> Self {
        let drawn = length.min(LONGEST_DRAWN);
        let scale = (drawn as f64 / length as f64).sqrt();
        let mut generator = Pcg32::new(length as u64, STREAM);
        let mut draw = || {
            let mut values: Vec<f64> =
                (0..drawn).map(|_| f64::from(generator.next_u32())).collect();
            values.sort_by(f64::total_cmp);
            dip(&values) * scale
        };
        Self { dips: (0..DRAWN_SERIES).map(|_| draw()).collect() }
    }

    /// The chance that a unimodal series has this dip or a larger one. The series itself counts as
    /// one of those drawn: a Monte Carlo p-value is never zero.
    pub(crate) fn p_value(&self, dip: f64) -> f64 {
        // Dips that are equal but for rounding are ties.
        let as_large = self.dips.iter().filter(|drawn| **drawn >= dip - 1e-12).count();
        (as_large + 1) as f64 / (self.dips.len() + 1) as f64
    }
}

/// The dip of ascending values: half a step of their distribution at least, a quarter at most.
///
/// The modal interval starts as everything. Where minorant and majorant of it are widest apart,
/// they show how far it can shrink; what is left outside must be convex below and concave above,
/// and its distance from that is the dip so far. It ends when the gap inside no longer exceeds the
/// dip.
pub(crate) fn dip(ascending: &[f64]) -> f64 {
    let (mut low, mut high) = (0, ascending.len() - 1);
    // Heights count values, and the distance to the nearest function is half of that to a hull.
    let mut height = 1.0_f64;
    while ascending[low] < ascending[high] {
        let minorant = Hull::new(ascending, low, high, Side::Below);
        let majorant = Hull::new(ascending, low, high, Side::Above);
        let (gap, at) = widest_gap(&minorant, &majorant);
        if gap <= height {
            break;
        }
        let (new_low, new_high) = (minorant.knot_up_to(at), majorant.knot_from(at));
        height = height.max(minorant.distance(low, new_low)).max(majorant.distance(new_high, high));
        if (new_low, new_high) == (low, high) {
            break;
        }
        (low, high) = (new_low, new_high);
    }
    height / (2.0 * ascending.len() as f64)
}

/// Which of its two heights the distribution has at a value: it jumps from one to the other there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    /// Before the jump; the hull is the greatest convex minorant.
    Below,
    /// After the jump; the hull is the least concave majorant.
    Above,
}

/// A hull of the empirical distribution between two of its values.
#[derive(Debug)]
struct Hull<'a> {
    ascending: &'a [f64],
    side: Side,
    /// The values where it bends, ascending, both ends included.
    knots: Vec<usize>,
}

impl<'a> Hull<'a> {
    fn new(ascending: &'a [f64], low: usize, high: usize, side: Side) -> Self {
        let mut knots: Vec<usize> = Vec::new();
        for point in low..=high {
            while let [.., before, last] = knots[..] {
                let rise = (ascending[last] - ascending[before]) * (point - last) as f64;
                let next_rise = (ascending[point] - ascending[last]) * (last - before) as f64;
                // Convex where each segment is steeper than the one before, that is, wider per
                // value.
                let bends = match side {
                    Side::Below => next_rise < rise,
                    Side::Above => next_rise > rise,
                };
                if bends {
                    break;
                }
                knots.pop();
            }
            knots.push(point);
        }
        Self { ascending, side, knots }
    }

    /// The height of the hull at one of the values.
    fn height(&self, point: usize) -> f64 {
        let (from, to) = (self.knot_up_to(point), self.knot_from(point));
        let width = self.ascending[to] - self.ascending[from];
        let share =
            if width > 0.0 { (self.ascending[point] - self.ascending[from]) / width } else { 0.0 };
        let jumped = f64::from(u8::from(self.side == Side::Above));
        from as f64 + jumped + (to - from) as f64 * share
    }

    fn knot_up_to(&self, point: usize) -> usize {
        self.knots[self.knots.partition_point(|knot| *knot <= point) - 1]
    }

    fn knot_from(&self, point: usize) -> usize {
        self.knots[self.knots.partition_point(|knot| *knot < point)]
    }

    /// How far the distribution's other height departs from the hull between two of its knots.
    fn distance(&self, from: usize, to: usize) -> f64 {
        let apart = |point| match self.side {
            Side::Below => (point + 1) as f64 - self.height(point),
            Side::Above => self.height(point) - point as f64,
        };
        if from < to { (from..=to).map(apart).fold(0.0, f64::max) } else { 0.0 }
    }
}

/// The largest distance between the hulls and the value where it is. It lies at a knot of one.
fn widest_gap(minorant: &Hull<'_>, majorant: &Hull<'_>) -> (f64, usize) {
    let knots = minorant.knots.iter().chain(&majorant.knots);
    let gaps = knots.map(|&knot| (majorant.height(knot) - minorant.height(knot), knot));
    gaps.fold((0.0, 0), |widest, gap| if gap.0 > widest.0 { gap } else { widest })
}

#[cfg(test)]
mod tests {
    use statrs::distribution::{ContinuousCDF, Normal};

    use super::*;

    #[test]
    fn evenly_spread_values_have_the_smallest_dip_there_is() {
        let values: Vec<f64> = (0..10).map(f64::from).collect();
        assert_eq!(dip(&values), 0.05);
    }

    #[test]
    fn two_tight_halves_have_the_largest_dip_there_is() {
        let values = [0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0];
        assert_eq!(dip(&values), 0.25);
    }

    #[test]
    fn equal_values_have_one_mode() {
        assert_eq!(dip(&[2.0; 5]), 0.1);
        assert_eq!(dip(&[2.0]), 0.5);
    }

    /// The share of series flagged at 5 %, over 1,000 series of a length. A series is drawn from
    /// numbers that are uniform between 0 and 1, which `shape` turns into values.
    fn share_flagged(length: usize, shape: impl Fn(usize, f64) -> f64) -> f64 {
        let null = UniformDips::of_length(length);
        let mut generator = Pcg32::new(11, STREAM);
        let mut is_flagged = || {
            let mut uniform = || (f64::from(generator.next_u32()) + 0.5) / 2_f64.powi(32);
            let mut values: Vec<f64> = (0..length).map(|i| shape(i, uniform())).collect();
            values.sort_by(f64::total_cmp);
            null.p_value(dip(&values)) <= 0.05
        };
        f64::from((0..1_000).map(|_| u16::from(is_flagged())).sum::<u16>()) / 1_000.0
    }

    fn normal(uniform: f64) -> f64 {
        Normal::standard().inverse_cdf(uniform)
    }

    #[test]
    fn series_with_one_mode_are_flagged_in_five_percent_at_most() {
        for length in [8, 10, 20, 40] {
            // The uniform rate is 5 % by design, within two errors of both simulations.
            assert!(share_flagged(length, |_, u| u) <= 0.07, "uniform, {length}");
            assert!(share_flagged(length, |_, u| normal(u)) <= 0.03, "normal, {length}");
            assert!(share_flagged(length, |_, u| -u.ln()) <= 0.04, "exponential, {length}");
            assert!(share_flagged(length, |_, u| normal(u).exp()) <= 0.03, "lognormal, {length}");
        }
    }

    #[test]
    fn equal_groups_far_apart_are_flagged_and_a_far_fifth_is_not() {
        let halves = |i, u| normal(u) + if i % 2 == 0 { 6.0 } else { 0.0 };
        assert!(share_flagged(10, halves) > 0.6);
        assert!(share_flagged(20, halves) > 0.8);
        assert!(share_flagged(20, |i, u| normal(u) + if i % 5 == 0 { 10.0 } else { 0.0 }) < 0.01);
    }
}
