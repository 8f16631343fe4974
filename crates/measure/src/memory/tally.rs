//! From single sweeps to the figures of a whole observation.

use paceline_protocol::{MemoryKind, ProcessPeak, TreeMemory};
use std::time::{Duration, Instant};

/// The sums of one pass over the living processes of the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sweep {
    /// The sum of PSS in bytes; `None` if that of any living process could not be read.
    pub(super) pss_bytes: Option<u64>,
    /// The sum of RSS in bytes.
    pub(super) rss_bytes: u64,
}

/// What all sweeps so far add up to.
#[derive(Debug, Default)]
pub(super) struct Tally {
    peak_pss_bytes: u64,
    peak_rss_bytes: u64,
    pss_missed: bool,
    samples: u64,
    first_and_last: Option<(Instant, Instant)>,
}

impl Tally {
    /// Takes in a sweep that began at `began`.
    pub(super) fn add(&mut self, began: Instant, sweep: Sweep) {
        match sweep.pss_bytes {
            Some(bytes) => self.peak_pss_bytes = self.peak_pss_bytes.max(bytes),
            None => self.pss_missed = true,
        }
        self.peak_rss_bytes = self.peak_rss_bytes.max(sweep.rss_bytes);
        self.samples += 1;
        let first = self.first_and_last.map_or(began, |(first, _)| first);
        self.first_and_last = Some((first, began));
    }

    /// The figures of the observation; `None` if no sweep met a living process.
    ///
    /// One sweep without PSS turns the whole observation into RSS: a peak over sums of two kinds
    /// would be a number without a meaning.
    pub(super) fn into_memory(self, processes: Vec<ProcessPeak>) -> Option<TreeMemory> {
        let mean_interval_us = self.mean_interval().map(|mean| mean.as_micros() as u64);
        let (peak_bytes, kind) = if self.pss_missed {
            (self.peak_rss_bytes, MemoryKind::Rss)
        } else {
            (self.peak_pss_bytes, MemoryKind::Pss)
        };
        let samples = self.samples;
        (samples > 0).then_some(TreeMemory {
            peak_bytes,
            kind,
            samples,
            mean_interval_us,
            processes,
        })
    }

    fn mean_interval(&self) -> Option<Duration> {
        let (first, last) = self.first_and_last?;
        let intervals = u32::try_from(self.samples).ok()?.checked_sub(1)?;
        (last - first).checked_div(intervals)
    }
}

#[cfg(test)]
mod tests {
    use super::{Sweep, Tally};
    use paceline_protocol::MemoryKind;
    use std::time::{Duration, Instant};

    fn tally(sweeps: &[(Option<u64>, u64)]) -> Tally {
        let start = Instant::now();
        let mut tally = Tally::default();
        for (number, &(pss_bytes, rss_bytes)) in (0..).zip(sweeps) {
            tally.add(start + Duration::from_millis(10) * number, Sweep { pss_bytes, rss_bytes });
        }
        tally
    }

    #[test]
    fn the_peak_is_the_largest_sum_and_not_the_sum_of_peaks() {
        let memory = tally(&[(Some(5), 9), (Some(7), 8), (Some(6), 12)]).into_memory(vec![]);
        let memory = memory.unwrap();
        assert_eq!((memory.peak_bytes, memory.kind), (7, MemoryKind::Pss));
        assert_eq!((memory.samples, memory.mean_interval_us), (3, Some(10_000)));
    }

    #[test]
    fn one_unreadable_pss_makes_the_whole_observation_rss_and_says_so() {
        let memory = tally(&[(Some(5), 9), (None, 8), (Some(6), 12)]).into_memory(vec![]).unwrap();
        assert_eq!((memory.peak_bytes, memory.kind), (12, MemoryKind::Rss));
    }

    #[test]
    fn a_single_sweep_has_no_interval() {
        let memory = tally(&[(Some(5), 9)]).into_memory(vec![]).unwrap();
        assert_eq!((memory.samples, memory.mean_interval_us), (1, None));
    }

    #[test]
    fn without_a_sweep_there_is_no_figure_at_all() {
        assert!(Tally::default().into_memory(vec![]).is_none());
    }
}
