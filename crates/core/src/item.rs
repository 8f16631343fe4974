//! Items and what comes out of them.

use std::fmt;
use std::ops::Range;

use serde::{Deserialize, Serialize};

/// The number of an item in its workload, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ItemIndex(pub u32);

impl ItemIndex {
    /// The index as a position in a slice.
    #[must_use]
    pub fn position(self) -> usize {
        self.0 as usize
    }
}

impl fmt::Display for ItemIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A 64-bit xxh3 hash of what one item produced: the proof that its work was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Checksum(pub u64);

impl Checksum {
    /// The checksum of `bytes`: XXH3 with 64 bits and seed 0.
    ///
    /// Source: <https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md>.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(twox_hash::XxHash3_64::oneshot(bytes))
    }
}

/// A 64-bit xxh3 hash over the checksums of all items in order of their index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Digest(pub u64);

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// What an item returns: the checksum of its product, or why there is none.
pub type ItemResult = Result<Checksum, ItemError>;

/// Why one item failed, in words fit for a reader who knows only the workload.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ItemError(String);

impl ItemError {
    /// An error that reads as `reason`: a lowercase fragment naming the file, record or limit.
    #[must_use]
    pub fn new(reason: impl fmt::Display) -> Self {
        Self(reason.to_string())
    }
}

/// A run of consecutive items that an executor hands to one lane in one go: a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    first: u32,
    end: u32,
}

impl Task {
    /// The task with the items of `range`.
    #[must_use]
    pub fn new(range: Range<u32>) -> Self {
        Self { first: range.start, end: range.end }
    }

    /// The items of this task, in the order in which they are to be run.
    pub fn items(&self) -> impl Iterator<Item = ItemIndex> + use<> {
        (self.first..self.end).map(ItemIndex)
    }
}
