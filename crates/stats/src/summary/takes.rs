//! The samples of each row, what they measured, and which of them stand for their rounds.

use std::collections::{BTreeMap, HashMap};

use paceline_journal::{Row, Sample, SampleOutcome};
use paceline_protocol::{HostFacts, Measured};

use crate::noise::disturbances;

/// The places among `samples` of those of each row, in the order of the run. Every sample is looked at once,
/// however many rows there are.
pub(crate) fn by_row<'a>(
    rows: &[Row],
    samples: impl IntoIterator<Item = &'a Sample>,
) -> Vec<Vec<usize>> {
    let places: HashMap<&str, usize> = rows.iter().map(|row| row.name.as_str()).zip(0..).collect();
    let mut by_row = vec![Vec::new(); rows.len()];
    for (at, sample) in samples.into_iter().enumerate() {
        if let Some(row) = places.get(sample.row.as_str()) {
            by_row[*row].push(at);
        }
    }
    by_row
}

pub(crate) fn measured(sample: &Sample) -> Option<&Measured> {
    match &sample.outcome {
        SampleOutcome::Measured { measured, .. } => Some(measured),
        _ => None,
    }
}

/// A sample that stands for its round.
#[derive(Debug, Clone, Copy)]
pub(super) struct Take<'a> {
    /// Its place among the journal's samples.
    pub(super) at: usize,
    pub(super) sample: &'a Sample,
    pub(super) measured: &'a Measured,
}

/// The sample that stands for each counted round, in the order of rounds: the first that nothing disturbed, else
/// the last. Causes decide which one stands, never times. An interrupted sample never stands: it is run again
/// when the run goes on.
pub(super) fn counted<'a>(
    samples: impl IntoIterator<Item = (usize, &'a Sample)>,
    host: &HostFacts,
) -> Vec<Take<'a>> {
    let mut rounds: BTreeMap<u32, (Take<'_>, bool)> = BTreeMap::new();
    for (at, sample) in samples.into_iter().filter(|(_, sample)| !sample.is_warmup()) {
        let Some(measured) = measured(sample) else { continue };
        let take = Take { at, sample, measured };
        let stands = rounds.entry(sample.round).or_insert((take, false));
        if !stands.1 {
            *stands = (take, disturbances(sample, host).is_empty());
        }
    }
    rounds.into_values().map(|(take, _)| take).collect()
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use paceline_journal::Journal;

    use super::*;

    #[test]
    fn every_sample_is_looked_at_once_however_many_rows_there_are() {
        let text = include_bytes!("../../../../fixtures/journals/smoke.ndjson");
        let journal = Journal::parse("smoke.ndjson".as_ref(), text).expect("it can be read");
        let looks = Cell::new(0);
        let samples = journal.samples.iter().inspect(|_| looks.set(looks.get() + 1));
        let places = by_row(&journal.header.plan.rows, samples);
        assert_eq!(looks.get(), journal.samples.len());
        assert!(journal.header.plan.rows.len() > 1);
        for (row, places) in journal.header.plan.rows.iter().zip(&places) {
            assert!(!places.is_empty() && places.is_sorted(), "{}", row.name);
            assert!(places.iter().all(|at| journal.samples[*at].row == row.name), "{}", row.name);
        }
        assert_eq!(places.iter().map(Vec::len).sum::<usize>(), journal.samples.len());
    }
}
