//! What the samples of a row measured, and which of them stand for their rounds.

use paceline_journal::{Journal, Sample, SampleOutcome};
use paceline_protocol::Measured;

use crate::noise::disturbances;

pub(super) fn measured(sample: &Sample) -> Option<&Measured> {
    match &sample.outcome {
        SampleOutcome::Measured { measured, .. } => Some(measured),
        _ => None,
    }
}

/// The sample of each counted round that stands for it: the first that nothing disturbed, else the
/// last. Which one stands is decided by causes, never by times. What was interrupted never stands: it
/// is run again when the run goes on.
pub(super) fn counted<'a>(
    samples: &[&'a Sample],
    journal: &Journal,
) -> Vec<(&'a Sample, &'a Measured)> {
    let takes: Vec<(&Sample, &Measured)> = samples
        .iter()
        .filter(|sample| !sample.is_warmup())
        .filter_map(|sample| Some((*sample, measured(sample)?)))
        .collect();
    let mut rounds: Vec<u32> = takes.iter().map(|(sample, _)| sample.round).collect();
    rounds.sort_unstable();
    rounds.dedup();
    let standing = |round: &u32| {
        let of_round = || takes.iter().filter(|(sample, _)| sample.round == *round);
        let is_calm =
            |(sample, _): &&(&Sample, _)| disturbances(sample, &journal.header.host).is_empty();
        of_round().find(is_calm).or_else(|| of_round().next_back()).copied()
    };
    rounds.iter().filter_map(standing).collect()
}
