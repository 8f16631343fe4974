//! What recording latencies costs for each item. Run with
//! `cargo bench -p paceline-worker --bench latency`.

use std::num::NonZeroUsize;

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use paceline_core::{Checksum, ItemIndex, Job, LaneId, Outcome, Receipt, Span, WorkloadSpec};

#[path = "../src/latency.rs"]
mod latency;

fn main() {
    divan::main();
}

/// Latencies over five decades, as those of a service under load are.
#[divan::bench(args = [50, 1_000, 100_000])]
fn record(bencher: Bencher, items: u32) {
    let spec = WorkloadSpec::new("noop").with("items", items);
    let workload = paceline_workloads::build(&spec).expect("the spec is right");
    let job = Job::new(workload, NonZeroUsize::MIN);
    let receipts: Vec<Receipt> = (0..items).map(receipt).collect();
    bencher
        .counter(ItemsCount::new(items))
        .bench_local(|| latency::latencies(black_box(&job), black_box(&receipts)));
}

fn receipt(item: u32) -> Receipt {
    let scattered = u64::from(item).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40;
    let span = Span { start_ns: 1_000, end_ns: 1_000 + 100 * (1 + scattered) };
    let outcome = Outcome::Done(Checksum(item.into()));
    Receipt { item: ItemIndex(item), lane: LaneId(0), span, attempt: 1, outcome }
}
