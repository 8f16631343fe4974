//! What an executor owes for each item.

use serde::{Deserialize, Serialize};

use crate::item::{Checksum, ItemIndex};

/// The proof of one item: exactly one is owed for each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Which item.
    pub item: ItemIndex,
    /// Where it ran.
    pub lane: LaneId,
    /// When it ran.
    pub span: Span,
    /// Which attempt this was, from 1. Only an executor that was asked to run lost items again ever
    /// makes a second one; the receipt of the last attempt is the one that stands.
    pub attempt: u32,
    /// What came of it.
    pub outcome: Outcome,
}

/// A lane's number. Threads are numbered by the door, which sees them; tasks and child processes by
/// their executor. Numbers need not be dense.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LaneId(pub u32);

/// The time an item was in flight, in nanoseconds of [`crate::clock`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// When the item began.
    pub start_ns: u64,
    /// When it ended.
    pub end_ns: u64,
}

impl Span {
    /// How long the item was in flight, in nanoseconds; 0 for a span that ends before it starts.
    #[must_use]
    pub fn duration_ns(self) -> u64 {
        self.end_ns.saturating_sub(self.start_ns)
    }
}

/// What came of an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Outcome {
    /// It was done; this is the checksum of its product.
    Done(Checksum),
    /// It returned an error.
    Failed(String),
    /// It panicked with this message.
    Panicked(String),
    /// The lane it ran on is gone, so nobody can say how far it came.
    Lost(String),
    /// The job was cancelled before it began.
    Cancelled,
    /// It was asked for again after it had been claimed, and was not run a second time.
    Refused,
}
