//! One execution of one case, as the worker saw it.

use std::collections::{BTreeMap, HashMap};

use paceline_core::{Concurrency, Digest, Outcome, Receipt, Violation, clock};
use serde::{Deserialize, Serialize};

/// One execution of one case, as the worker saw it. Times are in nanoseconds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// From the call that brings the lanes up to its return.
    pub startup_ns: u64,
    /// From handing over the job to its last item being settled.
    pub run_ns: u64,
    /// From asking the lanes to end to their being gone.
    pub shutdown_ns: u64,
    /// CPU time in user mode of the worker and its children, from startup to the end of shutdown.
    pub user_ns: Option<u64>,
    /// CPU time in the kernel, likewise.
    pub system_ns: Option<u64>,
    /// How often a thread of the worker or of its children lost its core although it could have gone
    /// on, from startup to the end of shutdown.
    pub involuntary_switches: Option<u64>,
    /// How long threads of the worker were ready to run and had no core, in nanoseconds. A lower
    /// bound: it counts the threads that are alive when the last item is settled, and no children.
    pub run_delay_ns: Option<u64>,
    /// How long an ideal machine would take for each item in order, where the workload knows it
    /// beforehand: the round's own waits.
    pub planned_ns: Option<Vec<u64>>,
    /// The width that was asked, with "as many as there are items" resolved.
    pub asked: usize,
    /// The lanes that were started, as the executor says.
    pub started: usize,
    /// The concurrency that the receipts show.
    pub seen: Concurrency,
    /// The digest of the products, if every item was done.
    pub digest: Option<Digest>,
    /// What the receipts show that the row must not claim. The row is valid only without any.
    pub violations: Vec<Violation>,
    /// What the receipts say, item by item.
    pub items: ItemRecords,
    /// How long the items that were done took, from their arrival in open loop, else from their start.
    /// `None` in journals older than this field, and when no item was done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latency: Option<Latencies>,
    /// What came of the arrivals, in open loop.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open_loop: Option<OpenLoop>,
}

impl Measured {
    /// What a user pays for this case: startup, run and shutdown, in nanoseconds. Saturates, since a
    /// journal may hold any numbers.
    #[must_use]
    pub fn total_ns(&self) -> u64 {
        self.startup_ns.saturating_add(self.run_ns).saturating_add(self.shutdown_ns)
    }
}

/// Receipts as columns: compact on the wire and in the journal, where they are most of the bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemRecords {
    /// The clock of the spans.
    pub clock: String,
    /// When the first item began, in nanoseconds of that clock.
    pub origin_ns: u64,
    /// The item's index.
    pub item: Vec<u32>,
    /// The lane it ran on, numbered from 0 by first use.
    pub lane: Vec<u32>,
    /// When it began, in nanoseconds after the origin.
    pub start_ns: Vec<u64>,
    /// How long it was in flight, in nanoseconds.
    pub duration_ns: Vec<u64>,
    /// The items whose receipt is not of the first attempt, with the attempt's number.
    pub retried: BTreeMap<u32, u32>,
    /// How many receipts the columns leave out, because there were more than
    /// [`ItemRecords::MOST`]. Verification has seen them all.
    pub left_out: usize,
}

impl ItemRecords {
    /// The most receipts, or planned times, that are written down one by one.
    pub const MOST: usize = 20_000;

    /// The columns for `receipts`, in order of their start.
    #[must_use]
    pub fn of(receipts: &[Receipt]) -> Self {
        let mut ran: Vec<&Receipt> =
            receipts.iter().filter(|receipt| receipt.outcome != Outcome::Refused).collect();
        ran.sort_by_key(|receipt| (receipt.span.start_ns, receipt.item));
        let origin_ns = ran.first().map_or(0, |receipt| receipt.span.start_ns);
        // Of all of them: each attempt may have reached a server, whose counters are held against these.
        let retried = ran.iter().filter(|receipt| receipt.attempt > 1);
        let retried = retried.map(|receipt| (receipt.item.0, receipt.attempt)).collect();
        let left_out = ran.len().saturating_sub(Self::MOST);
        ran.truncate(Self::MOST);

        let mut lanes = HashMap::new();
        let mut lane_number = |receipt: &Receipt| {
            let next = lanes.len() as u32;
            *lanes.entry(receipt.lane).or_insert(next)
        };
        Self {
            clock: clock::DOMAIN.to_owned(),
            origin_ns,
            item: ran.iter().map(|receipt| receipt.item.0).collect(),
            lane: ran.iter().map(|receipt| lane_number(receipt)).collect(),
            start_ns: ran.iter().map(|receipt| receipt.span.start_ns - origin_ns).collect(),
            duration_ns: ran.iter().map(|receipt| receipt.span.duration_ns()).collect(),
            retried,
            left_out,
        }
    }
}

/// A histogram of latencies as two columns of one length: the buckets in use, in ascending order. Its
/// buckets are those of an HdrHistogram with three significant digits, so it can be added to another
/// without loss; it is written out instead of packed so that any reader of a journal can use it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Latencies {
    /// A value of each bucket, in nanoseconds.
    pub value_ns: Vec<u64>,
    /// How many latencies fell into it.
    pub count: Vec<u64>,
}

/// What came of the arrivals of one case in open loop.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct OpenLoop {
    /// Arrivals per second, as asked.
    pub rate_per_s: f64,
    /// How many items arrived: all of the workload.
    pub arrivals: usize,
    /// How many of them were done.
    pub done: usize,
    /// How many arrived when no lane was free to take them.
    pub late_starts: u32,
    /// From the first arrival to the end of the last item that ran, in nanoseconds.
    pub elapsed_ns: u64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use paceline_core::{Checksum, ItemIndex, LaneId, Span};

    fn receipt(item: u32, lane: u32, start_ns: u64) -> Receipt {
        let span = Span { start_ns, end_ns: start_ns + 5 };
        let outcome = Outcome::Done(Checksum(1));
        Receipt { item: ItemIndex(item), lane: LaneId(lane), span, attempt: 1, outcome }
    }

    #[test]
    fn records_are_in_order_of_start_with_lanes_numbered_by_first_use() {
        let records =
            ItemRecords::of(&[receipt(0, 40, 130), receipt(1, 7, 100), receipt(2, 40, 120)]);
        assert_eq!(records.origin_ns, 100);
        assert_eq!(records.item, [1, 2, 0]);
        assert_eq!(records.lane, [0, 1, 1]);
        assert_eq!(records.start_ns, [0, 20, 30]);
        assert_eq!(records.duration_ns, [5, 5, 5]);
    }

    #[test]
    fn receipts_beyond_the_limit_are_counted_as_left_out() {
        let mut many: Vec<Receipt> =
            (0..ItemRecords::MOST as u32 + 3).map(|item| receipt(item, 0, item.into())).collect();
        // An attempt that went before is told of the last one, too, whose span is not.
        let last = many.last_mut().expect("there are many");
        last.attempt = 2;
        let item = last.item.0;
        let records = ItemRecords::of(&many);
        assert_eq!((records.item.len(), records.left_out), (ItemRecords::MOST, 3));
        assert_eq!(records.retried.get(&item), Some(&2));
    }
}
