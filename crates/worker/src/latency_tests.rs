//! The histogram; apart from it, since a bench compiles that module too.

use std::num::NonZeroUsize;

use paceline_core::{Checksum, ItemIndex, Job, LaneId, Outcome, Receipt, Span, WorkloadSpec};

use crate::latency::latencies;

fn receipt(item: u32, duration_ns: u64, outcome: Outcome) -> Receipt {
    let span = Span { start_ns: 1_000, end_ns: 1_000 + duration_ns };
    Receipt { item: ItemIndex(item), lane: LaneId(0), span, attempt: 1, outcome }
}

fn job() -> Job {
    let spec = WorkloadSpec::new("noop").with("items", 4);
    let workload = paceline_workloads::build(&spec).expect("the spec is right");
    Job::new(workload, NonZeroUsize::MIN)
}

#[test]
fn every_item_that_was_done_is_counted_in_a_bucket_of_three_digits() {
    let done = || Outcome::Done(Checksum(1));
    let receipts = [
        receipt(0, 40, done()),
        receipt(1, 40, done()),
        receipt(2, 1_000_000_000, done()),
        receipt(3, 7, Outcome::Failed("it is locked".to_owned())),
    ];
    let latencies = latencies(&job(), &receipts).expect("three items were done");
    assert_eq!(latencies.count, [2, 1]);
    assert_eq!(latencies.value_ns[0], 40);
    let off_ns = latencies.value_ns[1].abs_diff(1_000_000_000);
    assert!(off_ns <= 1_000_000, "{off_ns}");
}

#[test]
fn without_an_item_that_was_done_there_are_no_latencies() {
    assert_eq!(latencies(&job(), &[receipt(0, 5, Outcome::Cancelled)]), None);
}
