//! A/A: the same case under two names. Every difference that is claimed is false.

use anyhow::Result;
use paceline_stats::{Level, Margin, Verdict};

use super::chance;
use super::lab::{Lab, row, spin};
use super::trials::{Trial, trials};
use super::{Extent, Finding};

/// Rounds of a trial: a user who wants verdicts runs about so many.
const ROUNDS: usize = 8;

/// About 10 ms.
const ITERATIONS: u32 = 6_000_000;

pub(super) fn run(lab: &Lab<'_>, extent: Extent) -> Result<Vec<Finding>> {
    let count = match extent {
        Extent::Full => 120,
        Extent::Quick => 20,
    };
    let names = ["one", "other"];
    let rows = names.map(|name| row(name, spin(ITERATIONS, 0), "seq", 1));
    let journal = lab.run(rows.into(), (count * ROUNDS) as u32, None)?;
    judge(&trials(&journal, names[1], names[0], ROUNDS)?)
}

/// Holds the false claims against the error that the level allows. A verdict keeps silent about
/// differences within the margin, so intervals are the harder test of the two.
fn judge(trials: &[Trial]) -> Result<Vec<Finding>> {
    let verdict = |trial: &Trial| {
        Verdict::of(&trial.comparison, Margin::THREE_PERCENT, trial.comparison.p_value)
    };
    let claims = |trial: &&Trial| matches!(verdict(trial), Verdict::Faster | Verdict::Slower);
    let verdicts = trials.iter().filter(claims).count();
    let intervals = trials.iter().filter(|trial| trial.shows_a_difference()).count();
    Ok(vec![
        finding("false verdicts, faster or slower", verdicts, trials.len())?,
        finding("intervals that leave out the truth", intervals, trials.len())?,
    ])
}

fn finding(tested: &str, seen: usize, trials: usize) -> Result<Finding> {
    let error = Level::NINETY_FIVE.alpha();
    let most = chance::at_most(trials, error)?;
    Ok(Finding {
        tested: format!("the same row twice, {ROUNDS} rounds: {tested}"),
        limit: format!("at most {:.0} %; with chance, {most} of {trials}", error * 100.0),
        seen: format!("{seen} of {trials}, {:.1} %", seen as f64 / trials as f64 * 100.0),
        holds: seen <= most,
        why: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::trials::tests::trial;
    use super::*;

    fn holds(differing: usize, ratio: f64) -> [bool; 2] {
        let mut trials = vec![trial(1.0); 100 - differing];
        trials.extend(vec![trial(ratio); differing]);
        let findings = judge(&trials).expect("a judgement");
        [findings[0].holds, findings[1].holds]
    }

    #[test]
    fn as_many_false_claims_as_the_level_allows_hold() {
        assert_eq!(holds(0, 1.1), [true, true]);
        assert_eq!(holds(5, 1.1), [true, true]);
    }

    #[test]
    fn more_false_claims_than_chance_brings_do_not_hold_on_either_side() {
        assert_eq!(holds(15, 1.1), [false, false]);
        assert_eq!(holds(15, 0.9), [false, false]);
    }

    #[test]
    fn differences_that_the_margin_hides_are_found_by_the_intervals() {
        assert_eq!(holds(15, 1.02), [true, false]);
    }
}
