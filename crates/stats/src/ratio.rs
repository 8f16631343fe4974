//! How much slower or faster a row is than another, and whether that can be said at all.
//!
//! Times differ by factors, so everything happens on logarithms: the ratio of A to B is then the
//! reciprocal of that of B to A, and no row is favoured by being the reference.

pub use crate::range::SMALLEST_POSITIVE;
use crate::rank_sum::rank_sum;
use crate::signed_rank::signed_rank;
use crate::{Level, Series, Shift, StatsError};

/// The ratio of a contender to its reference, above 1 where the contender takes more.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comparison {
    /// The Hodges-Lehmann estimate of the ratio.
    pub ratio: f64,
    /// The lower end of the interval of the ratio.
    pub low: f64,
    /// The upper end of the interval of the ratio.
    pub high: f64,
    /// The confidence level asked for.
    pub level: Level,
    /// The confidence level that the interval achieves, below `level` when the rounds are too few.
    pub achieved_level: f64,
    /// The two-sided p-value of "the ratio is 1", not corrected for other comparisons.
    pub p_value: f64,
    /// The rounds it rests on; of two runs, those of the shorter.
    pub rounds: usize,
}

impl Comparison {
    /// Compares two rows of one run by the ratio within each round. What a round does to both
    /// cancels.
    ///
    /// # Errors
    /// As [`log_ratios`].
    pub fn paired(
        contender: &Series,
        reference: &Series,
        level: Level,
    ) -> Result<Self, StatsError> {
        let logs = log_ratios(contender, reference)?;
        Ok(Self::from_shift(signed_rank(&logs, level), level, logs.len()))
    }

    /// Compares a row in two runs whose rounds do not correspond: other seeds, other rounds.
    /// Whatever differs between the runs besides the row, such as the host's mood, ends up in the
    /// ratio.
    ///
    /// # Errors
    /// [`StatsError::NotPositive`] for a value below [`SMALLEST_POSITIVE`].
    pub fn unpaired(
        contender: &Series,
        reference: &Series,
        level: Level,
    ) -> Result<Self, StatsError> {
        let shift = rank_sum(&logs(contender)?, &logs(reference)?, level);
        Ok(Self::from_shift(shift, level, contender.len().min(reference.len())))
    }

    fn from_shift(shift: Shift, level: Level, rounds: usize) -> Self {
        Self {
            ratio: shift.estimate.exp(),
            low: shift.low.exp(),
            high: shift.high.exp(),
            level,
            achieved_level: shift.achieved_level,
            p_value: shift.p_value,
            rounds,
        }
    }

    /// Whether the rounds carry the level asked for.
    #[must_use]
    pub fn reaches_its_level(&self) -> bool {
        self.level.is_reached_by(self.achieved_level)
    }
}

/// What a comparison says about the contender, as far as time goes: less is faster. Of memory the same
/// two say smaller and larger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// The ratio is below 1.
    Faster,
    /// The ratio is above 1.
    Slower,
    /// If there is a difference, it is too small to matter.
    Equivalent,
    /// The rounds do not carry any of the other verdicts.
    Inconclusive,
}

impl Verdict {
    /// Judges a comparison, in this order:
    ///
    /// 1. An interval that does not reach its level is [`Verdict::Inconclusive`].
    /// 2. An interval inside the margin is [`Verdict::Equivalent`], *even if it excludes 1*: such a
    ///    difference is real and does not matter.
    /// 3. An interval that excludes 1 is [`Verdict::Faster`] or [`Verdict::Slower`] if `adjusted_p`
    ///    is within the error of the level. `adjusted_p` is the comparison's p-value after
    ///    [`crate::holm::adjusted`] over all comparisons shown together, or as it is for a single
    ///    one.
    /// 4. All else is [`Verdict::Inconclusive`].
    ///
    /// Rule 2 is the two one-sided tests of Schuirmann, "A Comparison of the Two One-Sided Tests
    /// Procedure and the Power Approach", Journal of Pharmacokinetics and Biopharmaceutics 15
    /// (1987), at half the error of the level each, which is stricter than they demand. It needs no
    /// correction for many rows in the sense of rule 3, since it never claims a difference.
    #[must_use]
    pub fn of(comparison: &Comparison, margin: Margin, adjusted_p: f64) -> Self {
        let is_significant = adjusted_p <= comparison.level.alpha();
        if !comparison.reaches_its_level() {
            Self::Inconclusive
        } else if margin.contains(comparison.low) && margin.contains(comparison.high) {
            Self::Equivalent
        } else if is_significant && comparison.high < 1.0 {
            Self::Faster
        } else if is_significant && comparison.low > 1.0 {
            Self::Slower
        } else {
            Self::Inconclusive
        }
    }
}

/// How far a ratio may lie from 1 without mattering.
///
/// It is symmetric on logarithms: a margin `m` holds the ratios from `1 / (1 + m)` to `1 + m`, both
/// included, so swapping contender and reference never changes whether they are equivalent.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Margin(f64);

impl Margin {
    /// 3 %: ratios from 0.971 to 1.03.
    pub const THREE_PERCENT: Self = Self(0.03);

    /// Checks a margin given as a fraction, such as 0.03.
    ///
    /// # Errors
    /// [`StatsError::MarginOutOfRange`] unless `0 < margin < 1`.
    pub fn new(margin: f64) -> Result<Self, StatsError> {
        if margin > 0.0 && margin < 1.0 {
            Ok(Self(margin))
        } else {
            Err(StatsError::MarginOutOfRange(margin))
        }
    }

    /// The margin as a fraction.
    #[must_use]
    pub const fn get(self) -> f64 {
        self.0
    }

    /// Whether a ratio lies within the margin.
    #[must_use]
    pub fn contains(self, ratio: f64) -> bool {
        (1.0 / (1.0 + self.0)..=1.0 + self.0).contains(&ratio)
    }
}

/// The natural logarithm of contender over reference, round by round.
///
/// # Errors
/// [`StatsError::UnequalLengths`] if a round is missing on one side; [`StatsError::NotPositive`]
/// for a value below [`SMALLEST_POSITIVE`].
pub fn log_ratios(contender: &Series, reference: &Series) -> Result<Series, StatsError> {
    if contender.len() != reference.len() {
        return Err(StatsError::UnequalLengths {
            contender: contender.len(),
            reference: reference.len(),
        });
    }
    check_positive(contender)?;
    check_positive(reference)?;
    let rounds = contender.values().iter().zip(reference.values());
    Series::new(rounds.map(|(value, reference)| (value / reference).ln()).collect::<Vec<_>>())
}

fn logs(series: &Series) -> Result<Series, StatsError> {
    check_positive(series)?;
    Series::new(series.values().iter().map(|value| value.ln()).collect::<Vec<_>>())
}

fn check_positive(series: &Series) -> Result<(), StatsError> {
    match series.values().iter().position(|value| *value < SMALLEST_POSITIVE) {
        Some(index) => Err(StatsError::NotPositive { index, value: series.values()[index] }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOISE: [f64; 8] = [1.0, 1.004, 0.997, 1.008, 0.991, 1.002, 0.998, 1.003];

    fn scaled(factor: f64) -> Series {
        Series::new(NOISE.map(|value| value * factor)).unwrap()
    }

    fn reference() -> Series {
        Series::new([1.0; 8]).unwrap()
    }

    fn judged(factor: f64) -> Verdict {
        let comparison =
            Comparison::paired(&scaled(factor), &reference(), Level::NINETY_FIVE).unwrap();
        Verdict::of(&comparison, Margin::THREE_PERCENT, comparison.p_value)
    }

    #[test]
    fn a_clear_difference_is_faster_or_slower() {
        assert_eq!(judged(0.8), Verdict::Faster);
        assert_eq!(judged(1.25), Verdict::Slower);
    }

    #[test]
    fn a_difference_inside_the_margin_is_equivalent_even_if_it_is_real() {
        let comparison =
            Comparison::paired(&scaled(1.015), &reference(), Level::NINETY_FIVE).unwrap();
        assert!(comparison.low > 1.0, "{comparison:?}");
        assert_eq!(judged(1.015), Verdict::Equivalent);
    }

    #[test]
    fn an_interval_around_1_that_leaves_the_margin_on_any_side_is_inconclusive() {
        for (below, above) in [(0.9, 1.1), (0.9, 1.01), (0.99, 1.1)] {
            let contender = Series::new([below, above].repeat(4)).unwrap();
            let comparison =
                Comparison::paired(&contender, &reference(), Level::NINETY_FIVE).unwrap();
            let verdict = Verdict::of(&comparison, Margin::THREE_PERCENT, comparison.p_value);
            assert_eq!(verdict, Verdict::Inconclusive, "{comparison:?}");
        }
    }

    #[test]
    fn a_clear_difference_that_does_not_survive_the_correction_is_inconclusive() {
        let comparison =
            Comparison::paired(&scaled(1.25), &reference(), Level::NINETY_FIVE).unwrap();
        let verdict = Verdict::of(&comparison, Margin::THREE_PERCENT, 0.06);
        assert_eq!(verdict, Verdict::Inconclusive);
    }

    #[test]
    fn five_rounds_are_inconclusive_whatever_they_show() {
        for factor in [0.1, 1.0, 10.0] {
            let contender = Series::new([factor; 5]).unwrap();
            let reference = Series::new([1.0; 5]).unwrap();
            let comparison =
                Comparison::paired(&contender, &reference, Level::NINETY_FIVE).unwrap();
            let verdict = Verdict::of(&comparison, Margin::THREE_PERCENT, 0.0);
            assert_eq!(verdict, Verdict::Inconclusive, "{factor}");
        }
    }

    #[test]
    fn swapping_the_sides_swaps_the_verdict_and_inverts_the_ratio() {
        for (factor, swapped) in [(1.25, Verdict::Faster), (1.015, Verdict::Equivalent)] {
            let forth =
                Comparison::paired(&scaled(factor), &reference(), Level::NINETY_FIVE).unwrap();
            let back =
                Comparison::paired(&reference(), &scaled(factor), Level::NINETY_FIVE).unwrap();
            assert!((forth.ratio * back.ratio - 1.0).abs() < 1e-12);
            assert!((forth.low * back.high - 1.0).abs() < 1e-12);
            assert_eq!(Verdict::of(&back, Margin::THREE_PERCENT, back.p_value), swapped);
        }
    }

    #[test]
    fn two_runs_are_compared_without_pairing_their_rounds() {
        let shuffled = Series::new([1.3, 1.25, 1.27, 1.22, 1.31, 1.28]).unwrap();
        let comparison = Comparison::unpaired(&shuffled, &scaled(1.0), Level::NINETY_FIVE).unwrap();
        assert_eq!(comparison.rounds, 6);
        assert!((comparison.ratio - 1.27).abs() < 0.02, "{comparison:?}");
        let verdict = Verdict::of(&comparison, Margin::THREE_PERCENT, comparison.p_value);
        assert_eq!(verdict, Verdict::Slower);
    }

    #[test]
    fn what_has_no_ratio_is_refused() {
        let level = Level::NINETY_FIVE;
        let zero = Series::new([1.0, 0.0]).unwrap();
        let ones = Series::new([1.0, 1.0]).unwrap();
        let refused = StatsError::NotPositive { index: 1, value: 0.0 };
        assert_eq!(Comparison::paired(&zero, &ones, level), Err(refused));
        assert_eq!(Comparison::paired(&ones, &zero, level), Err(refused));
        assert_eq!(Comparison::unpaired(&ones, &zero, level), Err(refused));
        let refused = StatsError::UnequalLengths { contender: 8, reference: 2 };
        assert_eq!(Comparison::paired(&reference(), &ones, level), Err(refused));
    }

    #[test]
    fn margins_outside_the_open_interval_are_refused() {
        for bad in [0.0, 1.0, -0.03, 3.0, f64::NAN] {
            assert!(Margin::new(bad).is_err(), "{bad}");
        }
        assert_eq!(Margin::new(0.03), Ok(Margin::THREE_PERCENT));
    }
}
