//! What chance alone does to a count.
//!
//! A share that is tested in a number of trials is never met exactly. These bounds are the ones that a
//! count passes in one audit of a hundred although the share is true: a quantile of the binomial
//! distribution.

use anyhow::{Context, Result};
use statrs::distribution::{Binomial, DiscreteCDF};

/// How often a bound is passed by chance.
const RARELY: f64 = 0.01;

/// The most of `trials` that come out so when each does with this `probability`.
pub(super) fn at_most(trials: usize, probability: f64) -> Result<usize> {
    quantile(trials, probability, 1.0 - RARELY)
}

/// The least of `trials` that come out so when each does with this `probability`.
pub(super) fn at_least(trials: usize, probability: f64) -> Result<usize> {
    quantile(trials, probability, RARELY)
}

fn quantile(trials: usize, probability: f64, level: f64) -> Result<usize> {
    let counts = Binomial::new(probability, trials as u64).context("bound a count")?;
    Ok(counts.inverse_cdf(level) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_those_of_the_binomial_tables() {
        // With 20 trials at 5 %, four or more come in 1.6 % of audits, five or more in 0.3 %.
        assert_eq!(at_most(20, 0.05).expect("a bound"), 4);
        // With 20 trials at 80 %, eleven or fewer come in 1.0 %, ten or fewer in 0.3 %.
        assert_eq!(at_least(20, 0.8).expect("a bound"), 12);
    }

    #[test]
    fn more_trials_leave_less_to_chance() {
        let share = |trials| at_most(trials, 0.05).expect("a bound") as f64 / trials as f64;
        assert!(share(100) < share(20) && share(1_000) < share(100));
    }
}
