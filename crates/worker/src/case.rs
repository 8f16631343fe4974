//! Runs one case and says what was measured.

use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use anyhow::{Context, bail};
use paceline_core::{
    Concurrency, Digest, ExecError, Executor, Expected, ItemIndex, Job, Schedule, Setup, Span,
    Workload, WorkloadSpec, clock, panic_message, verify,
};
use paceline_measure::host::ThreadLimits;
use paceline_measure::{CpuTimes, Own, OwnNoise};
use paceline_protocol::{Case, ItemRecords, Measured, Reply};

use crate::driver::Driver;
use crate::{latency, open_loop, panic_place, too_few_lanes};

/// Runs `case` on `executor`, unless it wants more memory than `have_bytes`. With `hold`, the lanes stay up after
/// the last item until the driver lets go.
pub(crate) fn run(
    case: &Case,
    executor: &dyn Executor,
    have_bytes: Option<u64>,
    expected: Option<Digest>,
    hold: bool,
    schedule: Option<Schedule>,
    driver: &Driver,
) -> anyhow::Result<Reply> {
    let workload = paceline_workloads::build(&case.spec)?;
    let width = case.width.or(NonZeroUsize::new(workload.items())).unwrap_or(NonZeroUsize::MIN);
    let tasks = workload.items().div_ceil(case.batch.get());
    let setup = Setup { width, tasks, spec: &case.spec };

    let in_flight = setup.lanes().min(executor.ceiling().unwrap_or(usize::MAX));
    if let Some(too_little) = too_little_memory(&*workload, in_flight, have_bytes) {
        return Ok(too_little);
    }
    let job = Job::new(Arc::clone(&workload), case.batch);
    let job = Arc::new(match schedule {
        Some(schedule) => job.arriving(schedule),
        None => job,
    });
    driver.watch(&job);
    let times = execute(executor, &setup, &job, hold.then_some(driver))?;
    let measured = measured(&job, width.get(), expected, times);
    Ok(Reply::Measured(Box::new(match schedule {
        Some(schedule) => open_loop::judge(measured, &job, schedule)?,
        None => measured,
    })))
}

/// Runs every item of `spec` in sequence, without its waits, unless one wants more memory than `have_bytes`.
/// `watch` is told of the job before it begins.
pub(crate) fn digest(
    spec: &WorkloadSpec,
    have_bytes: Option<u64>,
    watch: impl FnOnce(&Arc<Job>),
) -> anyhow::Result<Reply> {
    let workload = paceline_workloads::build(&paceline_workloads::build(spec)?.without_waits())?;
    if let Some(too_little) = too_little_memory(&*workload, 1, have_bytes) {
        return Ok(too_little);
    }
    let items = workload.items();
    let job = Arc::new(Job::new(workload, NonZeroUsize::MIN));
    watch(&job);
    job.tasks().for_each(|task| job.run_task(&task));
    let receipts = job.receipts();
    let digest = paceline_core::digest(&receipts, items);
    let violations = verify(&receipts, &Expected { items, width: 1, digest: None });
    let failure = violations.first().map(ToString::to_string);
    Ok(Reply::Digest { digest, failure })
}

/// What [`execute`] stamps.
struct Times {
    startup_ns: u64,
    run_ns: u64,
    shutdown_ns: u64,
    cpu: Option<CpuTimes>,
    /// Context switches up to the end, run-queue delay up to the last item.
    noise: OwnNoise,
    started: usize,
}

fn execute(
    executor: &dyn Executor,
    setup: &Setup<'_>,
    job: &Arc<Job>,
    hold: Option<&Driver>,
) -> anyhow::Result<Times> {
    let own_before = Own::now();
    let cpu_before = CpuTimes::now();
    let start_ns = clock::now_ns();
    let mut lanes = caught(executor, "start", || executor.start(setup))?;
    let up_ns = clock::now_ns();
    job.begin_arrivals();
    caught(executor, "run on", || lanes.run(job))?;
    let settled_ns = clock::now_ns();
    // While the lanes' threads are alive to be asked.
    let run_delay_ns = Own::now().since(&own_before).run_delay_ns;
    if let Some(driver) = hold {
        driver.hold().context("hold the lanes up")?;
    }
    let started = lanes.started();
    let end_ns = clock::now_ns();
    caught(executor, "end", || lanes.shutdown())?;
    let gone_ns = clock::now_ns();
    let cpu_after = CpuTimes::now();
    let noise = OwnNoise { run_delay_ns, ..Own::now().since(&own_before) };
    Ok(Times {
        startup_ns: up_ns - start_ns,
        run_ns: settled_ns - up_ns,
        shutdown_ns: gone_ns - end_ns,
        cpu: cpu_before.zip(cpu_after).and_then(|(before, after)| after.since(before)),
        noise,
        started,
    })
}

/// Takes one step of an executor. A panic in it is an error of the case, with its place and what it says,
/// and not the silence of a worker that is gone.
fn caught<T>(
    executor: &dyn Executor,
    step: &str,
    take: impl FnOnce() -> Result<T, ExecError>,
) -> anyhow::Result<T> {
    match catch_unwind(AssertUnwindSafe(take)) {
        Ok(result) => result.map_err(|error| too_few_lanes::reason(error, ThreadLimits::gather)),
        Err(panic) => {
            let (id, message) = (executor.id(), panic_message(panic.as_ref()));
            let place = panic_place::take();
            bail!("{step} the lanes of {id}: the executor panicked{place}: {message}")
        }
    }
}

fn measured(job: &Job, width: usize, expected: Option<Digest>, times: Times) -> Measured {
    let items = job.workload().items();
    let receipts = job.receipts();
    let spans: Vec<Span> = receipts.iter().map(|receipt| receipt.span).collect();
    Measured {
        startup_ns: times.startup_ns,
        run_ns: times.run_ns,
        shutdown_ns: times.shutdown_ns,
        user_ns: times.cpu.map(|cpu| cpu.user_ns),
        system_ns: times.cpu.map(|cpu| cpu.system_ns),
        involuntary_switches: times.noise.involuntary_switches,
        run_delay_ns: times.noise.run_delay_ns,
        planned_ns: planned_ns(&**job.workload()),
        asked: width,
        started: times.started,
        seen: Concurrency::of(&spans),
        digest: paceline_core::digest(&receipts, items),
        violations: verify(&receipts, &Expected { items, width, digest: expected }),
        items: ItemRecords::of(&receipts),
        latency: latency::latencies(job, &receipts),
        open_loop: None,
    }
}

/// The planned time of every item, if the workload knows all of them and there are not too many.
fn planned_ns(workload: &dyn Workload) -> Option<Vec<u64>> {
    if workload.items() > ItemRecords::MOST {
        return None;
    }
    item_indices(workload)
        .map(|item| u64::try_from(workload.planned(item)?.as_nanos()).ok())
        .collect()
}

/// `Job::new` has refused workloads with more items than an index can number.
fn item_indices(workload: &dyn Workload) -> impl Iterator<Item = ItemIndex> + use<> {
    (0..workload.items() as u32).map(ItemIndex)
}

/// Compares the memory that the `in_flight` largest items would need side by side with what is available, since
/// running out of memory would take down more than this case.
fn too_little_memory(
    workload: &dyn Workload,
    in_flight: usize,
    have_bytes: Option<u64>,
) -> Option<Reply> {
    let have_bytes = have_bytes?;
    let mut each: Vec<u64> =
        item_indices(workload).map(|item| workload.item_memory_bytes(item)).collect();
    each.sort_unstable_by(|a, b| b.cmp(a));
    let need_bytes = each.into_iter().take(in_flight).fold(0, u64::saturating_add);
    (need_bytes > have_bytes).then_some(Reply::TooLittleMemory { need_bytes, have_bytes })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two files to be read, and what reading one takes.
    fn two_files(folder: &std::path::Path) -> (WorkloadSpec, u64) {
        for name in ["a", "b"] {
            std::fs::write(folder.join(name), name).expect("written");
        }
        let spec = WorkloadSpec::new("files").with("folder", folder.display());
        let spec = spec.with("items", "all").with("drop_cache", false);
        let workload = paceline_workloads::build(&spec).expect("built");
        (spec, workload.item_memory_bytes(ItemIndex(0)))
    }

    #[test]
    fn the_run_in_sequence_begins_only_with_memory_for_its_largest_item() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (spec, each) = two_files(folder.path());
        let refused = digest(&spec, Some(each - 1), |_| panic!("no item may begin"));
        assert!(matches!(
            refused.expect("an answer"),
            Reply::TooLittleMemory { need_bytes, have_bytes }
                if (need_bytes, have_bytes) == (each, each - 1)
        ));
        for enough in [Some(each), None] {
            let answer = digest(&spec, enough, |_| ()).expect("an answer");
            assert!(matches!(answer, Reply::Digest { digest: Some(_), failure: None }));
        }
    }

    #[test]
    fn every_item_that_may_be_in_flight_is_counted() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (spec, each) = two_files(folder.path());
        let workload = paceline_workloads::build(&spec).expect("built");
        let fits = |in_flight, have| too_little_memory(&*workload, in_flight, Some(have)).is_none();
        assert!(fits(1, each) && !fits(2, 2 * each - 1));
        assert!(fits(2, 2 * each) && fits(9, 2 * each));
    }
}
