//! The rows that can be chosen, those that cannot, and what they must keep to.

use std::num::NonZeroUsize;

use crate::Verdict;
use crate::bootstrap::Interval;
use crate::compare::Judged;
use crate::summary::RowState;

/// Peaks of memory that differ by no more than this fraction count as the same when a row is picked.
pub const SAME_MEMORY: f64 = 0.10;

/// Replaces [`SAME_MEMORY`] if a peak has too few readings for an interval. A sweep meets a peak only by chance:
/// single readings in two runs of one tree had ratios of up to 1.4 (`docs/measuring.md`).
pub const SAME_READING: f64 = 0.50;

/// A row that can be chosen.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// Its name.
    pub name: String,
    /// The mean of its time over the rounds that all candidates ran, in seconds.
    pub mean_s: f64,
    /// The width asked.
    pub width: usize,
    /// The peak of its process tree's memory, in bytes.
    pub memory_bytes: Option<u64>,
    /// The 95 % interval of that peak, in bytes, where there are enough readings to rely on it.
    pub memory_interval: Option<Interval>,
    /// How it compares with the candidate of the smallest mean; `None` for that one itself.
    pub against_fastest: Option<Judged>,
}

impl Candidate {
    /// Whether its memory is not told from that of `other`: the two differ by no more than [`SAME_MEMORY`],
    /// or their intervals overlap; where one has no interval, by no more than [`SAME_READING`]. An unknown
    /// peak is told from any that is known.
    #[must_use]
    pub fn takes_as_much_as(&self, other: &Self) -> bool {
        let (Some(own), Some(others)) = (self.memory_bytes, other.memory_bytes) else {
            return self.memory_bytes == other.memory_bytes;
        };
        let within = |share: f64| own.max(others) as f64 <= own.min(others) as f64 * (1.0 + share);
        match (self.memory_interval, other.memory_interval) {
            (Some(own), Some(others)) => {
                within(SAME_MEMORY) || (own.low <= others.high && others.low <= own.high)
            }
            _ => within(SAME_READING),
        }
    }

    /// Whether it is not slower than the fastest, which itself is not.
    pub(super) fn is_tied(&self) -> bool {
        self.against_fastest.is_none_or(|judged| judged.verdict != Verdict::Slower)
    }
}

/// A row that cannot be chosen, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Its name.
    pub name: String,
    /// Why.
    pub reason: Exclusion,
}

/// Why a row cannot be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Exclusion {
    /// It is not valid, or was not run.
    NotValid(RowState),
    /// Its items arrived on a schedule, so its time is the schedule's, however fast it is.
    OnSchedule,
    /// It ran in no counted round, or in none in which all other candidates ran.
    NoSharedRound,
    /// A round is recorded as having taken no time, so it has no ratio to others.
    NoTime,
    /// It belongs to this other revision.
    OtherRevision(String),
    /// It asks for this width, above the limit.
    TooWide(usize),
    /// It takes so many bytes of memory, above the limit.
    TooMuchMemory(u64),
    /// There is a limit to memory, and its own is not known.
    MemoryUnknown,
}

/// What a row must keep to in order to be advised.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Limits {
    /// The highest peak of memory, in bytes. A row whose memory is not known does not keep to it.
    pub max_memory_bytes: Option<u64>,
    /// The largest width asked.
    pub max_width: Option<NonZeroUsize>,
}
