//! What the documentation promises about error rates, checked by seeded simulation: the same
//! numbers are drawn each time, so a test that passes once passes always.

use std::num::NonZeroUsize;

use paceline_stats::bootstrap::Bootstrap;
use paceline_stats::power::minimum_detectable_ratio;
use paceline_stats::{Comparison, Level, Margin, Series, Verdict};
use rand_pcg::Pcg32;
use rand_pcg::rand_core::Rng;
use statrs::distribution::{ContinuousCDF, Normal};

const LEVEL: Level = Level::NINETY_FIVE;
const REPETITIONS: u32 = 2_000;

/// Draws series of normal values.
struct Draw(Pcg32);

impl Draw {
    fn seeded(seed: u64) -> Self {
        Self(Pcg32::new(seed, 1))
    }

    fn normal(&mut self) -> f64 {
        Normal::standard().inverse_cdf((f64::from(self.0.next_u32()) + 0.5) / 2_f64.powi(32))
    }

    /// Times about `centre` whose logarithms have a standard deviation of 5 %.
    fn times(&mut self, rounds: usize, centre: f64) -> Series {
        let times: Vec<f64> = (0..rounds).map(|_| centre * (0.05 * self.normal()).exp()).collect();
        Series::new(times).expect("times are finite")
    }
}

/// The share of repetitions in which something happens.
fn share(mut happens: impl FnMut() -> bool) -> f64 {
    f64::from((0..REPETITIONS).map(|_| u32::from(happens())).sum::<u32>()) / f64::from(REPETITIONS)
}

fn claims_a_difference(comparison: &Comparison) -> bool {
    let verdict = Verdict::of(comparison, Margin::THREE_PERCENT, comparison.p_value);
    matches!(verdict, Verdict::Faster | Verdict::Slower)
}

#[test]
fn equal_rows_are_called_different_in_five_percent_of_comparisons_at_most() {
    for rounds in [6, 10] {
        let mut draw = Draw::seeded(1);
        let paired = share(|| {
            let (contender, reference) = (draw.times(rounds, 1.0), draw.times(rounds, 1.0));
            claims_a_difference(&Comparison::paired(&contender, &reference, LEVEL).unwrap())
        });
        let unpaired = share(|| {
            let (contender, reference) = (draw.times(rounds, 1.0), draw.times(rounds, 1.0));
            claims_a_difference(&Comparison::unpaired(&contender, &reference, LEVEL).unwrap())
        });
        // The error of 2,000 repetitions is half a percent.
        assert!(paired <= 0.06 && unpaired <= 0.06, "{rounds} rounds: {paired}, {unpaired}");
    }
}

#[test]
fn rows_outside_the_margin_are_called_equivalent_in_three_percent_of_comparisons_at_most() {
    let mut draw = Draw::seeded(2);
    let reference = Series::new([1.0; 40]).unwrap();
    let equivalent = share(|| {
        let comparison = Comparison::paired(&draw.times(40, 1.031), &reference, LEVEL).unwrap();
        Verdict::of(&comparison, Margin::THREE_PERCENT, comparison.p_value) == Verdict::Equivalent
    });
    assert!(equivalent <= 0.03, "{equivalent}");
}

#[test]
fn the_minimum_detectable_ratio_is_detected_about_as_often_as_promised() {
    for (rounds, promised) in [(6, 0.64), (8, 0.76), (10, 0.79), (20, 0.80)] {
        let mut draw = Draw::seeded(3);
        let ratio = minimum_detectable_ratio(0.05, rounds, LEVEL, Level::EIGHTY).unwrap();
        let reference = Series::new(vec![1.0; rounds]).unwrap();
        let detected = share(|| {
            let contender = draw.times(rounds, ratio);
            Comparison::paired(&contender, &reference, LEVEL).unwrap().low > 1.0
        });
        assert!((detected - promised).abs() < 0.03, "{rounds} rounds: {detected}");
    }
}

#[test]
fn bootstrap_intervals_cover_the_mean_as_often_as_documented() {
    for (rounds, documented) in [(3, 0.72), (6, 0.87), (12, 0.91)] {
        let mut draw = Draw::seeded(4);
        let mut seed = 0;
        let covers = share(|| {
            seed += 1;
            let values: Vec<f64> = (0..rounds).map(|_| draw.normal()).collect();
            let resamples = NonZeroUsize::new(400).unwrap();
            let bootstrap = Bootstrap { resamples, ..Bootstrap::seeded(seed) };
            let interval = bootstrap.mean_interval(&Series::new(values).unwrap()).unwrap();
            interval.low <= 0.0 && 0.0 <= interval.high
        });
        assert!((covers - documented).abs() < 0.03, "{rounds} rounds: {covers}");
    }
}
