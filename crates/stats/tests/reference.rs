//! Agreement with SciPy and its peers: `fixtures/reference/stats/make.py` says which value comes
//! from where. Exact values agree to 1e-9; the bootstrap, which is random on both sides, to five of
//! its own standard errors.

use std::num::NonZeroUsize;

use paceline_stats::bootstrap::Bootstrap;
use paceline_stats::power::minimum_detectable_ratio;
use paceline_stats::rank_sum::rank_sum;
use paceline_stats::signed_rank::signed_rank;
use paceline_stats::{Level, Series, Shift, flags, holm};
use serde::Deserialize;

const REFERENCE: &str = include_str!("../../../fixtures/reference/stats/reference.json");

#[derive(Deserialize)]
struct Reference {
    describe: Vec<Describe>,
    bootstrap: Vec<BootstrapCase>,
    signed_rank: Vec<SignedRank>,
    rank_sum: Vec<RankSum>,
    drift: Vec<DriftCase>,
    dip: Vec<DipCase>,
    holm: Vec<Holm>,
    power: Vec<Power>,
}

#[derive(Deserialize)]
struct Describe {
    values: Vec<f64>,
    mean: f64,
    median: f64,
    min: f64,
    max: f64,
    standard_deviation: Option<f64>,
    quantiles: Vec<(f64, f64)>,
}

#[derive(Deserialize)]
struct BootstrapCase {
    name: String,
    values: Vec<f64>,
    low: f64,
    low_error: f64,
    high: f64,
    high_error: f64,
}

#[derive(Deserialize)]
struct SignedRank {
    values: Vec<f64>,
    p_value: f64,
    interval: Option<Interval>,
}

#[derive(Deserialize)]
struct RankSum {
    left: Vec<f64>,
    right: Vec<f64>,
    p_value: f64,
    interval: Option<Interval>,
}

#[derive(Deserialize)]
struct Interval {
    estimate: f64,
    low: f64,
    high: f64,
    achieved_level: f64,
}

#[derive(Deserialize)]
struct DriftCase {
    values: Vec<f64>,
    rho: f64,
    p_value: f64,
}

#[derive(Deserialize)]
struct DipCase {
    values: Vec<f64>,
    dip: f64,
}

#[derive(Deserialize)]
struct Holm {
    p_values: Vec<f64>,
    adjusted: Vec<f64>,
}

#[derive(Deserialize)]
struct Power {
    log_deviation: f64,
    rounds: usize,
    level: f64,
    power: f64,
    ratio: f64,
}

fn reference() -> Reference {
    serde_json::from_str(REFERENCE).expect("the reference is well-formed")
}

fn series(values: &[f64]) -> Series {
    Series::new(values).expect("the values are finite")
}

#[track_caller]
fn assert_close(found: f64, expected: f64, of: &str) {
    let tolerance = 1e-9 * expected.abs().max(1.0);
    assert!((found - expected).abs() <= tolerance, "{of}: {found}, expected {expected}");
}

/// The interval is absent where the reference has only the p-value of the normal approximation.
fn assert_shift(found: &Shift, p_value: f64, interval: Option<Interval>, of: &str) {
    assert_close(found.p_value, p_value, of);
    if let Some(expected) = interval {
        assert_close(found.estimate, expected.estimate, of);
        assert_close(found.low, expected.low, of);
        assert_close(found.high, expected.high, of);
        assert_close(found.achieved_level, expected.achieved_level, of);
    }
}

#[test]
fn descriptions_agree_with_numpy() {
    for case in reference().describe {
        let found = series(&case.values);
        assert_close(found.mean(), case.mean, "mean");
        assert_close(found.median(), case.median, "median");
        assert_eq!((found.min(), found.max()), (case.min, case.max));
        assert_eq!(found.standard_deviation().is_some(), case.standard_deviation.is_some());
        if let (Some(found), Some(expected)) = (found.standard_deviation(), case.standard_deviation)
        {
            assert_close(found, expected, "standard deviation");
        }
        for (fraction, expected) in case.quantiles {
            assert_close(found.quantile(fraction), expected, "quantile");
        }
    }
}

#[test]
fn bootstrap_intervals_agree_with_scipy_within_their_monte_carlo_error() {
    // SciPy's ends are means of 40 runs of 10,000 resamples, and their error is that of one such run.
    // The error of the difference to a run of 100,000 is then sqrt(1/40 + 1/10) of it: 0.354.
    let resamples = NonZeroUsize::new(100_000).unwrap();
    for case in reference().bootstrap {
        let bootstrap = Bootstrap { resamples, ..Bootstrap::seeded(2026) };
        let found = bootstrap.mean_interval(&series(&case.values)).unwrap();
        let ends =
            [(found.low, case.low, case.low_error), (found.high, case.high, case.high_error)];
        for (found, expected, error) in ends {
            let off = (found - expected).abs();
            assert!(
                off <= 5.0 * 0.354 * error + 1e-9,
                "{}: {found}, expected {expected}",
                case.name
            );
        }
    }
}

#[test]
fn signed_ranks_agree_with_scipy_and_with_listed_signs() {
    for case in reference().signed_rank {
        let found = signed_rank(&series(&case.values), Level::NINETY_FIVE);
        assert_shift(&found, case.p_value, case.interval, &format!("{:?}", case.values));
    }
}

#[test]
fn rank_sums_agree_with_scipy_and_with_listed_deals() {
    for case in reference().rank_sum {
        let found = rank_sum(&series(&case.left), &series(&case.right), Level::NINETY_FIVE);
        let of = format!("{:?} and {:?}", case.left, case.right);
        assert_shift(&found, case.p_value, case.interval, &of);
    }
}

#[test]
fn drifts_agree_with_scipy_and_with_listed_orders() {
    for case in reference().drift {
        let found = flags::drift(&series(&case.values)).unwrap();
        assert_close(found.rho, case.rho, "rho");
        assert_close(found.p_value, case.p_value, &format!("p-value of {:?}", case.values));
    }
}

#[test]
fn dips_agree_with_the_diptest_package() {
    for case in reference().dip {
        let found = flags::modes(&series(&case.values)).unwrap();
        assert_close(found.dip, case.dip, &format!("dip of {:?}", case.values));
    }
}

#[test]
fn holms_correction_agrees_with_statsmodels() {
    for case in reference().holm {
        let found = holm::adjusted(&case.p_values).unwrap();
        assert_eq!(found.len(), case.adjusted.len());
        for (found, expected) in found.into_iter().zip(case.adjusted) {
            assert_close(found, expected, "adjusted p-value");
        }
    }
}

#[test]
fn minimum_detectable_ratios_agree_with_scipys_quantiles() {
    for case in reference().power {
        let (level, power) = (Level::new(case.level).unwrap(), Level::new(case.power).unwrap());
        let found = minimum_detectable_ratio(case.log_deviation, case.rounds, level, power);
        assert_close(found.unwrap(), case.ratio, "minimum detectable ratio");
    }
}

#[test]
fn the_reference_covers_what_it_is_meant_to() {
    let reference = reference();
    let lengths: Vec<usize> = reference.signed_rank.iter().map(|case| case.values.len()).collect();
    assert!([3, 4, 5, 6, 40].iter().all(|length| lengths.contains(length)));
    let zeros = |case: &SignedRank| case.values.contains(&0.0);
    assert!(reference.signed_rank.iter().any(zeros));
    assert!(reference.bootstrap.len() >= 18 && reference.dip.len() >= 20);
}
