//! Open loop at the door. Times are compared with each other, never with a limit.

use std::future::Future;
use std::num::NonZeroUsize;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use super::Schedule;
use crate::io::{AsyncIo, BoxFuture};
use crate::item::{Checksum, ItemIndex, ItemResult};
use crate::job::Job;
use crate::receipt::{LaneId, Outcome};
use crate::remote;
use crate::workload::{Workload, WorkloadSpec};

/// Three items that take `work` each.
#[derive(Debug)]
struct Three {
    spec: WorkloadSpec,
    work: Duration,
}

impl Workload for Three {
    fn spec(&self) -> &WorkloadSpec {
        &self.spec
    }
    fn items(&self) -> usize {
        3
    }
    fn run_item(&self, item: ItemIndex) -> ItemResult {
        std::thread::sleep(self.work);
        Ok(Checksum(item.0.into()))
    }
    fn run_item_async<'a>(
        &'a self,
        item: ItemIndex,
        _: &'a dyn AsyncIo,
    ) -> BoxFuture<'a, ItemResult> {
        Box::pin(async move { self.run_item(item) })
    }
}

/// Its sleeps are over at once, as those of a timer that rings too early are.
struct Impatient;

impl AsyncIo for Impatient {
    fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
        Box::pin(std::future::ready(()))
    }
}

fn job(work: Duration, rate_per_s: f64, patience: Duration) -> Job {
    let workload = Arc::new(Three { spec: WorkloadSpec::new("three"), work });
    let patience_ns = patience.as_nanos() as u64;
    Job::new(workload, NonZeroUsize::MIN).arriving(Schedule { rate_per_s, patience_ns })
}

/// The arrivals of all items, in order of the items.
fn arrivals(job: &Job) -> Vec<u64> {
    (0..3).map(|item| job.arrived_ns(ItemIndex(item)).expect("it was asked for")).collect()
}

const MINUTE: Duration = Duration::from_secs(60);

#[test]
fn no_item_begins_before_it_arrives_and_arrivals_are_an_interval_apart() {
    let job = job(Duration::ZERO, 500.0, MINUTE);
    let origin_ns = job.begin_arrivals().expect("items arrive");
    job.tasks().for_each(|task| job.run_task(&task));
    assert_eq!(arrivals(&job), [origin_ns, origin_ns + 2_000_000, origin_ns + 4_000_000]);
    for receipt in job.receipts() {
        assert!(receipt.span.start_ns >= job.arrived_ns(receipt.item).expect("it arrived"));
    }
}

#[test]
fn the_asynchronous_door_keeps_to_the_schedule_even_with_a_timer_that_rings_too_early() {
    let job = job(Duration::ZERO, 500.0, MINUTE);
    job.begin_arrivals();
    for task in job.tasks() {
        let mut run = pin!(job.run_task_async(&task, LaneId(0), &Impatient));
        assert_eq!(run.as_mut().poll(&mut Context::from_waker(Waker::noop())), Poll::Ready(()));
    }
    for receipt in job.receipts() {
        assert!(receipt.span.start_ns >= job.arrived_ns(receipt.item).expect("it arrived"));
    }
}

#[test]
fn the_item_that_is_asked_for_first_arrives_first_whatever_its_index() {
    let job = job(Duration::ZERO, 1_000.0, MINUTE);
    let origin_ns = job.begin_arrivals().expect("items arrive");
    job.tasks().rev().for_each(|task| job.run_task(&task));
    assert_eq!(arrivals(&job), [origin_ns + 2_000_000, origin_ns + 1_000_000, origin_ns]);
}

#[test]
fn items_that_wait_behind_a_slow_one_keep_their_arrivals_and_start_late() {
    let job = job(Duration::from_millis(20), 1_000.0, MINUTE);
    let origin_ns = job.begin_arrivals().expect("items arrive");
    job.tasks().for_each(|task| job.run_task(&task));
    assert_eq!(arrivals(&job), [origin_ns, origin_ns + 1_000_000, origin_ns + 2_000_000]);
    assert_eq!(job.late_starts(), 2);
    let receipts = job.receipts();
    let latency_ns = |item: usize| receipts[item].span.end_ns - arrivals(&job)[item];
    // Omitting what waited would show 20 ms for each.
    assert!(latency_ns(2) > receipts[2].span.duration_ns() + receipts[1].span.duration_ns());
}

#[test]
fn what_cannot_begin_in_time_is_cancelled_and_the_job_is_overdue() {
    let job = job(Duration::from_millis(20), 1_000.0, Duration::from_millis(10));
    job.tasks().for_each(|task| job.run_task(&task));
    let outcomes: Vec<Outcome> = job.receipts().into_iter().map(|r| r.outcome).collect();
    assert_eq!(outcomes[0], Outcome::Done(Checksum(0)));
    assert_eq!(outcomes[1..], [Outcome::Cancelled, Outcome::Cancelled]);
    assert!(job.is_overdue());
}

#[test]
fn a_lane_that_waits_for_an_arrival_ends_with_its_job() {
    // The second item arrives in three hours.
    let job = job(Duration::ZERO, 0.000_1, MINUTE);
    std::thread::scope(|scope| {
        scope.spawn(|| job.tasks().for_each(|task| job.run_task(&task)));
        while job.arrived_ns(ItemIndex(1)).is_none() {
            std::thread::yield_now();
        }
        job.cancel();
    });
    let outcomes: Vec<Outcome> = job.receipts().into_iter().map(|r| r.outcome).collect();
    assert_eq!(outcomes[1..], [Outcome::Cancelled, Outcome::Cancelled]);
    assert!(!job.is_overdue());
}

#[test]
fn an_item_asked_for_twice_takes_one_arrival() {
    let job = job(Duration::ZERO, 1_000.0, MINUTE);
    let origin_ns = job.begin_arrivals().expect("items arrive");
    assert!(remote::await_arrival(&job, ItemIndex(2)) && remote::await_arrival(&job, ItemIndex(2)));
    assert!(remote::await_arrival(&job, ItemIndex(0)));
    assert_eq!(job.arrived_ns(ItemIndex(0)), Some(origin_ns + 1_000_000));
}
