//! The memory of a row, from the samples that read it.

use paceline_journal::{Sample, SampleOutcome};
use paceline_protocol::{MemoryKind, TreeMemory};

use crate::Series;
use crate::bootstrap::{Bootstrap, Interval};

/// The memory of a row's process tree: the peak of each sample that read it.
#[derive(Debug, Clone, PartialEq)]
pub struct RowMemory {
    /// The mean of `peaks`, to the nearest byte: of one reading, its peak.
    pub peak_bytes: u64,
    /// What was summed.
    pub kind: MemoryKind,
    /// The peak of each reading, in bytes.
    pub peaks: Series,
    /// The rounds of `peaks`, with the seed of each. Round 0 warms up.
    pub rounds: Vec<(u32, u64)>,
    /// The 95 % bootstrap confidence interval of the mean of `peaks`, in bytes; `None` for one reading.
    pub interval: Option<Interval>,
    /// The first of these readings in full.
    pub first: TreeMemory,
}

impl RowMemory {
    /// The memory from its readings, each with its round and the round's seed. Where any is a PSS, those
    /// that are sums of resident sizes are left out: they count shared pages more than once. `seed` is that
    /// of the resampling. `None` without a reading.
    #[must_use]
    pub fn of(mut readings: Vec<((u32, u64), TreeMemory)>, seed: u64) -> Option<Self> {
        readings.sort_by_key(|((round, _), _)| *round);
        let is_pss = |memory: &TreeMemory| memory.kind == MemoryKind::Pss;
        if readings.iter().any(|(_, memory)| is_pss(memory)) {
            readings.retain(|(_, memory)| is_pss(memory));
        }
        let first = readings.first()?.1.clone();
        let peaks: Vec<f64> = readings.iter().map(|(_, memory)| memory.peak_bytes as f64).collect();
        // The only series without values is an empty one, and sizes are finite.
        let peaks = Series::new(peaks).ok()?;
        Some(Self {
            peak_bytes: peaks.mean().round() as u64,
            kind: first.kind,
            rounds: readings.iter().map(|(round, _)| *round).collect(),
            interval: Bootstrap::seeded(seed).mean_interval(&peaks),
            peaks,
            first,
        })
    }

    /// The distance from the mean to the farther end of its interval, in bytes; `None` for one reading.
    #[must_use]
    pub fn half_width_bytes(&self) -> Option<f64> {
        let (mean, interval) = (self.peaks.mean(), self.interval?);
        Some((interval.high - mean).max(mean - interval.low))
    }

    /// `peaks` as the whole numbers that they are.
    #[must_use]
    pub fn peaks_bytes(&self) -> Vec<u64> {
        self.peaks.values().iter().map(|bytes| *bytes as u64).collect()
    }

    /// The memory from the samples that read it.
    pub(super) fn of_samples<'a>(
        samples: impl Iterator<Item = &'a Sample>,
        seed: u64,
    ) -> Option<Self> {
        let reading = |sample: &Sample| match &sample.outcome {
            SampleOutcome::Measured { memory, .. } => {
                memory.clone().map(|memory| ((sample.round, sample.seed), memory))
            }
            _ => None,
        };
        Self::of(samples.filter_map(reading).collect(), seed)
    }
}
