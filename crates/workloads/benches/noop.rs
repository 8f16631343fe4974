//! One item of `noop`, which must cost next to nothing beside the executor that runs it. Run with
//! `cargo bench -p paceline-workloads --bench noop`.

use divan::{Bencher, black_box};
use paceline_core::{ItemIndex, WorkloadSpec};

fn main() {
    divan::main();
}

#[divan::bench]
fn noop(bencher: Bencher) {
    let spec = WorkloadSpec::new("noop").with("items", 1);
    let workload = paceline_workloads::build(&spec).expect("the spec is right");
    bencher.bench_local(|| workload.run_item(black_box(ItemIndex(0))));
}
