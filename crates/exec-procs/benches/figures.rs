//! The figures that no timer of single calls shows: memory, descriptors, scale and the precision of
//! deadlines. `cargo bench -p paceline-exec-procs --bench figures` prints them as a Markdown table.

use std::num::NonZeroUsize;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};
use std::{fs, process};

use paceline_core::{Executor, Expected, Job, Lanes, Outcome, Setup, WorkloadSpec, verify};
use paceline_exec_procs::{Options, ProcsIpc, serve_if_child};
use paceline_measure::process::{descendants, open_descriptors};
use paceline_testkit::fault;

fn main() -> ExitCode {
    serve_if_child(fault::build).unwrap_or_else(|| {
        say("| what | target | measured |\n| --- | --- | --- |");
        rates();
        starts_and_ends();
        idle_children();
        scale();
        item_timeout();
        ExitCode::SUCCESS
    })
}

#[expect(clippy::print_stdout, reason = "a bench is there to print")]
fn say(line: &str) {
    println!("{line}");
}

fn rates() {
    let rows = [
        (1, 1, "at least 40 k"),
        (2, 1, "15 x and 4 x Python's pools"),
        (8, 1, "15 x and 4 x Python's pools"),
        (1, 50, "-"),
        (2, 50, "at least 5 M"),
        (8, 50, "-"),
    ];
    for (width, batch, target) in rows {
        let items = if batch == 1 { 50_000 } else { 1_000_000 };
        let spec = fault::spec(items, "");
        let mut lanes = start(&spec, width, Options::default());
        let seconds = median((0..15).map(|_| seconds_of_run(lanes.as_mut(), &spec, batch)));
        end(lanes);
        let thousands = f64::from(items) / seconds / 1e3;
        say(&format!(
            "| no-op items a second, width {width}, batch {batch} | {target} | {thousands:.0} k |"
        ));
    }
}

fn starts_and_ends() {
    for (children, target) in [
        (1, "at most 1.5 ms"),
        (32, "within 60 ms"),
        (128, "start within 300 ms, end within 50 ms"),
    ] {
        let spec = fault::spec(1, "");
        let (starts, ends): (Vec<f64>, Vec<f64>) = (0..15)
            .map(|_| {
                let began = Instant::now();
                let lanes = start(&spec, children, Options::default());
                let started = began.elapsed().as_secs_f64();
                let began = Instant::now();
                end(lanes);
                (started, began.elapsed().as_secs_f64())
            })
            .unzip();
        let [starts, ends] = [starts, ends].map(|seconds| 1e3 * median(seconds.into_iter()));
        say(&format!(
            "| start and end of a pool of {children} | {target} | {starts:.1} ms, {ends:.1} ms |"
        ));
    }
}

fn idle_children() {
    let descriptors = || open_descriptors(process::id()).unwrap_or_default();
    let before = descriptors();
    let lanes = start(&fault::spec(1, ""), 32, Options::default());
    let each = (descriptors() - before) as f64 / 32.0;
    let children = descendants(process::id()).unwrap_or_default();
    let kib: u64 = children.iter().map(|child| pss_kib(child.identity.pid)).sum();
    let mean_kib = kib / children.len().max(1) as u64;
    end(lanes);
    say(&format!("| PSS of an idle child at 32 children | at most 400 KiB | {mean_kib} KiB |"));
    say(&format!("| descriptors of the parent per child | at most 3 | {each:.2} |"));
}

fn scale() {
    let mut per_item_ns = Vec::new();
    for items in [10_000, 1_000_000] {
        let spec = fault::spec(items, "");
        let mut lanes = start(&spec, 512, Options::default());
        let seconds = median((0..5).map(|_| seconds_of_run(lanes.as_mut(), &spec, 100)));
        per_item_ns.push(seconds * 1e9 / f64::from(items));
        if items == 1_000_000 {
            let mib = pss_kib(process::id()) / 1_024;
            say(&format!(
                "| 512 children, 1,000,000 items in batches of 100: PSS of the parent afterwards \
                 | under 200 MiB, all verified | {mib} MiB |"
            ));
        }
        end(lanes);
    }
    let [few, many] = per_item_ns[..] else { return };
    say(&format!(
        "| the same, cost of an item at 10,000 and 1,000,000 | grows by at most 20 % \
         | {few:.0} ns, {many:.0} ns |"
    ));
}

/// How far from its deadline a hanging item is reported as lost.
fn item_timeout() {
    let longest = Duration::from_millis(200);
    let late_ms: Vec<f64> = (0..10)
        .map(|_| {
            let spec = fault::spec(1, "0:hang");
            let options = Options { item_timeout: Some(longest), ..Options::default() };
            let mut lanes = start(&spec, 1, options);
            let job = job(&spec, 1);
            lanes.run(&job).expect("the pool holds");
            end(lanes);
            let receipts = job.receipts();
            assert!(matches!(receipts[0].outcome, Outcome::Lost(_)), "it hung");
            receipts[0].span.duration_ns() as f64 / 1e6 - longest.as_secs_f64() * 1e3
        })
        .collect();
    let (least, most) = late_ms
        .iter()
        .fold((f64::MAX, f64::MIN), |(least, most), late| (least.min(*late), most.max(*late)));
    say(&format!(
        "| a hanging item is killed and reported, after its deadline \
         | within 50 ms | {least:.1} to {most:.1} ms |"
    ));
}

fn start(spec: &WorkloadSpec, width: usize, options: Options) -> Box<dyn Lanes> {
    let width = NonZeroUsize::new(width).expect("widths here are positive");
    let setup = Setup { width, tasks: usize::MAX, spec };
    ProcsIpc::new(options).start(&setup).expect("children start")
}

fn end(lanes: Box<dyn Lanes>) {
    lanes.shutdown().expect("children end");
}

fn job(spec: &WorkloadSpec, batch: usize) -> Arc<Job> {
    let workload = fault::build_in_parent(spec).expect("the spec is sound");
    Arc::new(Job::new(workload, NonZeroUsize::new(batch).expect("batches here are positive")))
}

/// One run, whose receipts are verified afterwards.
fn seconds_of_run(lanes: &mut dyn Lanes, spec: &WorkloadSpec, batch: usize) -> f64 {
    let job = job(spec, batch);
    let began = Instant::now();
    lanes.run(&job).expect("the pool holds");
    let seconds = began.elapsed().as_secs_f64();
    let expected = Expected { items: job.workload().items(), width: lanes.started(), digest: None };
    assert_eq!(verify(&job.receipts(), &expected), [], "every item is done once");
    seconds
}

fn median(seconds: impl Iterator<Item = f64>) -> f64 {
    let mut seconds: Vec<f64> = seconds.collect();
    seconds.sort_by(f64::total_cmp);
    seconds[seconds.len() / 2]
}

/// The proportional set size of a process; 0 where it cannot be told.
fn pss_kib(pid: u32) -> u64 {
    let text = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:"));
    line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse().ok()).unwrap_or(0)
}
