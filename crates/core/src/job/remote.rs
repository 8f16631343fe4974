//! The door for lanes that stand in another process.
//!
//! The parent waits for an item's arrival ([`await_arrival`]) and sends the item's number to a lane. The
//! lane runs the item ([`run`]), and the parent files the receipt that comes back ([`deliver`]).
//!
//! Here the door cannot see that an item runs at most once. The parent must see to it; a second receipt
//! makes the row invalid.

use super::{Job, run_caught};
use crate::clock;
use crate::item::ItemIndex;
use crate::receipt::{Outcome, Receipt, Span};
use crate::workload::Workload;

/// In the lane: runs one item and stamps its span, in nanoseconds of [`crate::clock`].
#[must_use]
pub fn run(workload: &dyn Workload, item: ItemIndex) -> (Span, Outcome) {
    let start_ns = clock::now_ns();
    let outcome = run_caught(workload, item);
    (Span { start_ns, end_ns: clock::now_ns() }, outcome)
}

/// In the parent, in open loop: gives `item` the next arrival, unless it has one, and waits for it on this
/// thread. Returns `false` if the job is cancelled, so that the item must not begin any more.
#[must_use]
pub fn await_arrival(job: &Job, item: ItemIndex) -> bool {
    job.await_arrival(item)
}

/// In the parent: files a receipt that a lane wrote, or one for an item that was lost with its lane.
pub fn deliver(job: &Job, receipt: Receipt) {
    job.deliver(receipt);
}
