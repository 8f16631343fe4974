//! A long run cut into many short ones, each of which is compared as a run would be.

use anyhow::Result;
use paceline_journal::{Journal, Sample};
use paceline_stats::power::minimum_detectable_ratio;
use paceline_stats::ratio::log_ratios;
use paceline_stats::{Comparison, Level, Series};

use super::lab::{measured, samples};

/// One comparison of two rows over a few rounds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Trial {
    pub(super) comparison: Comparison,
    /// What these rounds promise to detect, as a ratio; `None` if they promise nothing.
    pub(super) detectable: Option<f64>,
}

impl Trial {
    /// Compares `contender` with `reference`, round by round.
    pub(super) fn of(contender: &Series, reference: &Series) -> Result<Self> {
        let level = Level::NINETY_FIVE;
        let deviation = log_ratios(contender, reference)?.standard_deviation();
        let detectable = deviation.and_then(|deviation| {
            minimum_detectable_ratio(deviation, contender.len(), level, Level::EIGHTY)
        });
        Ok(Self { comparison: Comparison::paired(contender, reference, level)?, detectable })
    }

    /// Whether the interval leaves out that both rows are equally fast.
    pub(super) fn shows_a_difference(&self) -> bool {
        self.comparison.low > 1.0 || self.comparison.high < 1.0
    }
}

/// Cuts the counted rounds of two rows into trials of `rounds` each.
pub(super) fn trials(
    journal: &Journal,
    contender: &str,
    reference: &str,
    rounds: usize,
) -> Result<Vec<Trial>> {
    let seconds = |row| -> Vec<f64> {
        let counted = samples(journal, row).filter(|sample: &&Sample| !sample.is_warmup());
        counted.filter_map(measured).map(|(m, _)| m.total_ns() as f64 / 1e9).collect()
    };
    let (contender, reference) = (seconds(contender), seconds(reference));
    let pairs = contender.chunks_exact(rounds).zip(reference.chunks_exact(rounds));
    pairs.map(|(c, r)| Trial::of(&Series::new(c)?, &Series::new(r)?)).collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A trial whose contender takes `ratio` times as long, with half a per cent of noise.
    pub(in crate::audit) fn trial(ratio: f64) -> Trial {
        let noise = [1.0, 1.004, 0.997, 1.006, 0.994, 1.002, 0.998, 1.003, 0.996, 1.001];
        let contender = Series::new(noise.map(|value| value * ratio)).expect("finite numbers");
        Trial::of(&contender, &Series::new([1.0; 10]).expect("finite numbers")).expect("ratios")
    }

    #[test]
    fn a_trial_shows_a_difference_on_either_side_and_none_where_there_is_none() {
        assert!(trial(1.1).shows_a_difference() && trial(0.9).shows_a_difference());
        assert!(!trial(1.0).shows_a_difference());
        let detectable = trial(1.0).detectable.expect("ten rounds promise something");
        assert!((1.0..1.01).contains(&detectable), "{detectable}");
    }
}
