//! Which round a row is shown in: a picture of one round should not tell another story than the means.

use paceline_journal::{Sample, SampleOutcome};
use paceline_protocol::Measured;
use paceline_stats::Run;
use paceline_stats::summary::RowSummary;

/// A sample whose items can be shown.
pub(crate) type Shown<'a> = (&'a Sample, &'a Measured);

/// The sample of the counted round nearest the row's mean time, so that no picture is of a round that was
/// out of the ordinary; for a row without one, the first that was measured at all.
pub(crate) fn typical<'a>(run: &'a Run, row: &'a RowSummary) -> Option<Shown<'a>> {
    let nearest = rounds(row).into_iter().min_by(|a, b| a.distance.total_cmp(&b.distance));
    let counted = nearest.and_then(|round| sample(run, row, &round));
    counted.or_else(|| {
        let mut measured = measured(run, row);
        measured.clone().find(|(sample, _)| !sample.is_warmup()).or_else(|| measured.next())
    })
}

/// A sample for each of the rows, near its mean as in [`typical`], but so that their times are in the order
/// of their means: of all such choices the one that is nearest them in sum. Where no choice keeps the
/// order, each row has its own nearest.
pub(crate) fn in_order<'a>(run: &'a Run, rows: &[&'a RowSummary]) -> Vec<Option<Shown<'a>>> {
    let mut by_mean: Vec<(usize, f64)> = rows
        .iter()
        .enumerate()
        .filter_map(|(place, row)| Some((place, row.seconds.as_ref()?.mean())))
        .collect();
    by_mean.sort_by(|a, b| a.1.total_cmp(&b.1));
    let ascending: Vec<Vec<Round>> =
        by_mean.iter().map(|(place, _)| rounds(rows[*place])).collect();
    let mut shown: Vec<Option<Shown<'a>>> = rows.iter().map(|row| typical(run, row)).collect();
    for (round, (place, _)) in nearest_in_order(&ascending).into_iter().flatten().zip(by_mean) {
        shown[place] = sample(run, rows[place], &round).or(shown[place]);
    }
    shown
}

/// A counted round of a row.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Round {
    number: u32,
    seconds: f64,
    /// How far it is from the row's mean, as a logarithm, so that half and twice are equally far.
    distance: f64,
}

fn rounds(row: &RowSummary) -> Vec<Round> {
    let Some(seconds) = &row.seconds else { return Vec::new() };
    let mean = seconds.mean();
    let round = |((number, _), seconds): (&(u32, u64), &f64)| {
        let distance = (seconds / mean).ln().abs();
        // Of a time of zero there is no logarithm, and no round is farther from any mean.
        let distance = if distance.is_finite() { distance } else { f64::MAX / 1e6 };
        Round { number: *number, seconds: *seconds, distance }
    };
    row.rounds.iter().zip(seconds.values()).map(round).collect()
}

/// Of each list one round, so that their times ascend and their distances have the smallest sum. `None`
/// where no choice ascends.
///
/// Row by row, each round is joined to the best choice so far that is not slower: the cheapest chain that
/// ends in it.
fn nearest_in_order(ascending: &[Vec<Round>]) -> Option<Vec<Round>> {
    let mut chains: Vec<(f64, Vec<Round>)> = vec![(0.0, Vec::new())];
    for rounds in ascending {
        let extended = rounds.iter().filter_map(|round| {
            let is_before = |chain: &&(f64, Vec<Round>)| {
                chain.1.last().is_none_or(|last| last.seconds <= round.seconds)
            };
            let before = chains.iter().filter(is_before);
            let (sum, chain) = before.min_by(|a, b| a.0.total_cmp(&b.0))?;
            Some((sum + round.distance, chain.iter().copied().chain([*round]).collect()))
        });
        chains = extended.collect();
    }
    chains.into_iter().min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, chain)| chain)
}

/// A round may have been taken again: the taking whose time is in the mean is the one to show.
fn sample<'a>(run: &'a Run, row: &'a RowSummary, round: &Round) -> Option<Shown<'a>> {
    measured(run, row).find(|(sample, measured)| {
        sample.round == round.number && measured.total_ns() as f64 / 1e9 == round.seconds
    })
}

fn measured<'a>(
    run: &'a Run,
    row: &'a RowSummary,
) -> impl Iterator<Item = Shown<'a>> + Clone + use<'a> {
    run.samples(row).filter_map(|sample| match &sample.outcome {
        SampleOutcome::Measured { measured, .. } => Some((sample, &**measured)),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(times: &[f64]) -> Vec<Round> {
        let mean = times.iter().sum::<f64>() / times.len() as f64;
        let round = |(number, seconds): (usize, &f64)| Round {
            number: number as u32 + 1,
            seconds: *seconds,
            distance: (seconds / mean).ln().abs(),
        };
        times.iter().enumerate().map(round).collect()
    }

    fn numbers(rows: &[&[f64]]) -> Option<Vec<u32>> {
        let rows: Vec<Vec<Round>> = rows.iter().map(|times| of(times)).collect();
        nearest_in_order(&rows).map(|chain| chain.iter().map(|round| round.number).collect())
    }

    #[test]
    fn each_row_is_shown_near_its_mean_where_that_keeps_the_order() {
        assert_eq!(numbers(&[&[1.0, 1.2, 1.1], &[9.0, 10.0, 12.0]]), Some(vec![3, 2]));
    }

    #[test]
    fn a_nearest_round_that_would_turn_the_order_round_is_not_taken() {
        // By themselves they would be shown as 0.70 and 0.69 s, though the second is slower in the mean.
        let (first, second) = ([0.54, 0.80, 0.70, 0.83], [0.93, 0.69, 0.54, 0.95]);
        assert_eq!(numbers(&[&first, &second]), Some(vec![3, 1]));
    }

    #[test]
    fn rows_that_no_choice_keeps_in_order_have_none() {
        assert_eq!(numbers(&[&[3.0], &[1.0]]), None);
        assert_eq!(numbers(&[&[1.0], &[]]), None);
        assert_eq!(numbers(&[]), Some(vec![]));
    }
}
