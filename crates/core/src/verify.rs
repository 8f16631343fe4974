//! Holds receipts against what a row claims.

use std::fmt;

use serde::{Deserialize, Serialize};
use twox_hash::XxHash3_64;

use crate::concurrency::Concurrency;
use crate::item::{Digest, ItemIndex};
use crate::receipt::{Outcome, Receipt, Span};

/// Every way in which `receipts` fall short of `expected`; empty for a row that may be shown.
///
/// Fewer items in flight than the width is no violation: it is how false asynchrony shows.
#[must_use]
pub fn verify(receipts: &[Receipt], expected: &Expected) -> Vec<Violation> {
    let mut violations = account_for(receipts, expected.items);
    violations.extend(failures(receipts));
    let cancelled = gather(receipts, |receipt| receipt.outcome == Outcome::Cancelled);
    violations.extend(cancelled.map(|items| Violation::Cancelled { items }));
    let backwards = gather(receipts, |receipt| receipt.span.end_ns < receipt.span.start_ns);
    violations.extend(backwards.map(|items| Violation::BackwardSpan { items }));

    let spans: Vec<Span> = receipts.iter().map(|receipt| receipt.span).collect();
    let seen = Concurrency::of(&spans).peak;
    if seen > expected.width {
        violations.push(Violation::WidthExceeded { asked: expected.width, seen });
    }
    // With an item missing or failed there is no digest, and the reason is already named.
    if let (Some(wanted), Some(seen)) = (expected.digest, digest(receipts, expected.items))
        && wanted != seen
    {
        violations.push(Violation::WrongDigest { expected: wanted, seen });
    }
    violations
}

/// What a case owes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expected {
    /// How many items there are.
    pub items: usize,
    /// The most items that may be in flight at once.
    pub width: usize,
    /// The digest of the same workload run in sequence, when it is known.
    pub digest: Option<Digest>,
}

/// Something the receipts show that the row must not claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Violation {
    /// Items without a receipt.
    Missing {
        /// Which.
        items: Items,
    },
    /// Items with more than one receipt.
    Repeated {
        /// Which.
        items: Items,
    },
    /// Receipts for items that do not exist.
    Unknown {
        /// Which.
        items: Items,
    },
    /// Items that returned an error.
    Failed {
        /// Which.
        items: Items,
        /// The first one's error.
        reason: String,
    },
    /// Items that panicked.
    Panicked {
        /// Which.
        items: Items,
        /// The first one's message.
        reason: String,
    },
    /// Items lost with their lane.
    Lost {
        /// Which.
        items: Items,
        /// What became of the first one's lane.
        reason: String,
    },
    /// Items that had not begun when the job was cancelled.
    Cancelled {
        /// Which.
        items: Items,
    },
    /// In open loop: items that had not begun when the time for it was up.
    Overdue {
        /// Which.
        items: Items,
    },
    /// Items whose span ends before it starts.
    BackwardSpan {
        /// Which.
        items: Items,
    },
    /// All items report success, but not with the products of a run in sequence.
    WrongDigest {
        /// The digest of the run in sequence.
        expected: Digest,
        /// The digest of this run.
        seen: Digest,
    },
    /// The run in sequence gave no digest, so that nothing says whether the products are right.
    Unproven {
        /// What became of the run in sequence.
        reason: String,
    },
    /// More items in flight than the row's width.
    WidthExceeded {
        /// The row's width.
        asked: usize,
        /// The peak that the spans show.
        seen: usize,
    },
    /// The server that the items talked to counted something else than the receipts show.
    ServerDisagrees {
        /// What differs.
        reason: String,
    },
}

/// Some items, named by their number and the first of them: a thousand failures read like one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Items {
    /// How many.
    pub count: usize,
    /// The one with the lowest index.
    pub first: ItemIndex,
}

impl fmt::Display for Items {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.count {
            1 => write!(f, "item {}", self.first),
            count => write!(f, "{count} items (the first is item {})", self.first),
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { items } => write!(f, "not done: {items}"),
            Self::Repeated { items } => write!(f, "asked for more than once: {items}"),
            Self::Unknown { items } => write!(f, "not part of the workload: {items}"),
            Self::Failed { items, reason } => write!(f, "failed: {items}: {reason}"),
            Self::Panicked { items, reason } => write!(f, "panicked: {items}: {reason}"),
            Self::Lost { items, reason } => write!(f, "lost: {items}: {reason}"),
            Self::Cancelled { items } => write!(f, "cancelled before it began: {items}"),
            Self::Overdue { items } => {
                write!(f, "not begun when the time was up, since it could not keep up: {items}")
            }
            Self::BackwardSpan { items } => write!(f, "ended before it began: {items}"),
            Self::WrongDigest { expected, seen } => {
                write!(f, "products differ from a run in sequence: digest {seen}, not {expected}")
            }
            Self::Unproven { reason } => {
                write!(f, "its expected products are not known: {reason}")
            }
            Self::WidthExceeded { asked, seen } => {
                write!(f, "{seen} items in flight at once, at most {asked} allowed")
            }
            Self::ServerDisagrees { reason } => write!(f, "the server saw otherwise: {reason}"),
        }
    }
}

/// The digest over the checksums of items `0..items` in order, or `None` unless each was done.
#[must_use]
pub fn digest(receipts: &[Receipt], items: usize) -> Option<Digest> {
    let mut checksums = vec![None; items];
    for receipt in receipts {
        if let (Some(slot), Outcome::Done(checksum)) =
            (checksums.get_mut(receipt.item.position()), &receipt.outcome)
        {
            *slot = Some(checksum.0);
        }
    }
    let bytes: Option<Vec<[u8; 8]>> =
        checksums.into_iter().map(|checksum| checksum.map(u64::to_le_bytes)).collect();
    bytes.map(|bytes| Digest(XxHash3_64::oneshot(bytes.as_flattened())))
}

/// Counts the receipts of each item: one is owed, no less and no more.
fn account_for(receipts: &[Receipt], items: usize) -> Vec<Violation> {
    let mut counts = vec![0_u32; items];
    for receipt in receipts {
        if let Some(count) = counts.get_mut(receipt.item.position()) {
            *count += 1;
        }
    }
    let with = |wanted: fn(u32) -> bool| {
        let mut found = (0_u32..).zip(&counts).filter(|(_, count)| wanted(**count));
        found.next().map(|(first, _)| Items { count: 1 + found.count(), first: ItemIndex(first) })
    };
    let unknown = gather(receipts, |receipt| receipt.item.position() >= items);
    [
        with(|count| count == 0).map(|items| Violation::Missing { items }),
        with(|count| count > 1).map(|items| Violation::Repeated { items }),
        unknown.map(|items| Violation::Unknown { items }),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// One violation for each way of not being done, with the first item's reason. Refused receipts are
/// already counted as repetitions.
fn failures(receipts: &[Receipt]) -> Vec<Violation> {
    type ReasonOf = fn(&Outcome) -> Option<&String>;
    type Name = fn(Items, String) -> Violation;
    let ways: [(ReasonOf, Name); 3] = [
        (
            |outcome| if let Outcome::Failed(reason) = outcome { Some(reason) } else { None },
            |items, reason| Violation::Failed { items, reason },
        ),
        (
            |outcome| if let Outcome::Panicked(reason) = outcome { Some(reason) } else { None },
            |items, reason| Violation::Panicked { items, reason },
        ),
        (
            |outcome| if let Outcome::Lost(reason) = outcome { Some(reason) } else { None },
            |items, reason| Violation::Lost { items, reason },
        ),
    ];
    let found = ways.into_iter().filter_map(|(reason_of, name)| {
        let items = gather(receipts, |receipt| reason_of(&receipt.outcome).is_some())?;
        let mut of_first = receipts.iter().filter(|receipt| receipt.item == items.first);
        let reason = of_first.find_map(|receipt| reason_of(&receipt.outcome))?;
        Some(name(items, reason.clone()))
    });
    found.collect()
}

fn gather(receipts: &[Receipt], belongs: impl Fn(&Receipt) -> bool) -> Option<Items> {
    let items: Vec<ItemIndex> =
        receipts.iter().filter(|receipt| belongs(receipt)).map(|receipt| receipt.item).collect();
    items.iter().min().map(|first| Items { count: items.len(), first: *first })
}

#[cfg(test)]
#[path = "verify_tests.rs"]
mod tests;
