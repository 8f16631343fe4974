//! How fast the pool starts, hands out no-op items and ends.
//!
//! `cargo bench -p paceline-exec-procs` prints times, and with them tasks, items or children a second.
//! Numbers are worth comparing only within one run on an idle machine.

use std::num::NonZeroUsize;
use std::process::ExitCode;
use std::sync::Arc;

use divan::Bencher;
use divan::counter::ItemsCount;
use paceline_core::{Executor, Job, Lanes, Setup, WorkloadSpec};
use paceline_exec_procs::{ProcsIpc, serve_if_child};
use paceline_testkit::fault;

fn main() -> ExitCode {
    serve_if_child(fault::build).unwrap_or_else(|| {
        divan::main();
        ExitCode::SUCCESS
    })
}

fn start(spec: &WorkloadSpec, width: usize) -> Box<dyn Lanes> {
    let width = NonZeroUsize::new(width).expect("widths here are positive");
    let setup = Setup { width, tasks: usize::MAX, spec };
    ProcsIpc::default().start(&setup).expect("children start")
}

fn job(spec: &WorkloadSpec, batch: usize) -> Arc<Job> {
    let workload = fault::build_in_parent(spec).expect("the spec is sound");
    Arc::new(Job::new(workload, NonZeroUsize::new(batch).expect("batches here are positive")))
}

/// One run of no-op items on children that are up.
fn run(bencher: Bencher<'_, '_>, items: u32, width: usize, batch: usize) {
    let spec = fault::spec(items, "");
    let mut lanes = start(&spec, width);
    bencher.counter(ItemsCount::new(items)).with_inputs(|| job(&spec, batch)).bench_local_values(
        |job| {
            lanes.run(&job).expect("the pool holds");
            job
        },
    );
    lanes.shutdown().expect("children end");
}

#[divan::bench(args = [1, 2, 8], sample_count = 20, sample_size = 1)]
fn batches_of_1(bencher: Bencher<'_, '_>, width: usize) {
    run(bencher, 20_000, width, 1);
}

#[divan::bench(args = [1, 2, 8], sample_count = 20, sample_size = 1)]
fn batches_of_50(bencher: Bencher<'_, '_>, width: usize) {
    run(bencher, 500_000, width, 50);
}

#[divan::bench(args = [10_000, 1_000_000], sample_count = 5, sample_size = 1)]
fn batches_of_100_in_512_children(bencher: Bencher<'_, '_>, items: u32) {
    run(bencher, items, 512, 100);
}

#[divan::bench(args = [1, 2, 32, 128], sample_count = 20, sample_size = 1)]
fn start_of_children(bencher: Bencher<'_, '_>, children: usize) {
    let spec = fault::spec(1, "");
    // The returned lanes are dropped, that is ended, outside of what is measured.
    bencher.counter(ItemsCount::new(children)).bench_local(|| start(&spec, children));
}

#[divan::bench(args = [1, 32, 128], sample_count = 20, sample_size = 1)]
fn end_of_children(bencher: Bencher<'_, '_>, children: usize) {
    let spec = fault::spec(1, "");
    bencher
        .counter(ItemsCount::new(children))
        .with_inputs(|| start(&spec, children))
        .bench_local_values(|lanes| lanes.shutdown().expect("children end"));
}
