use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use super::*;
use crate::io::BoxFuture;
use crate::item::{Checksum, ItemError};
use crate::workload::WorkloadSpec;

/// Item 1 fails, item 2 panics, all others give their index.
#[derive(Debug)]
struct Mixed(WorkloadSpec);

impl Workload for Mixed {
    fn spec(&self) -> &WorkloadSpec {
        &self.0
    }
    fn items(&self) -> usize {
        5
    }
    fn run_item(&self, item: ItemIndex) -> ItemResult {
        match item.0 {
            1 => Err(ItemError::new("record 1 is locked")),
            2 => panic!("item {item} is broken"),
            n => Ok(Checksum(n.into())),
        }
    }
    fn run_item_async<'a>(
        &'a self,
        item: ItemIndex,
        io: &'a dyn AsyncIo,
    ) -> BoxFuture<'a, ItemResult> {
        Box::pin(async move {
            io.sleep(Duration::ZERO).await;
            self.run_item(item)
        })
    }
}

struct NoWait;

impl AsyncIo for NoWait {
    fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
        Box::pin(std::future::ready(()))
    }
}

fn job(batch: usize) -> Job {
    let batch = NonZeroUsize::new(batch).expect("batches in these tests are positive");
    Job::new(Arc::new(Mixed(WorkloadSpec::new("mixed"))), batch)
}

fn outcomes(job: &Job) -> Vec<Outcome> {
    job.receipts().into_iter().map(|receipt| receipt.outcome).collect()
}

fn mixed_outcomes() -> Vec<Outcome> {
    vec![
        Outcome::Done(Checksum(0)),
        Outcome::Failed("record 1 is locked".into()),
        Outcome::Panicked("item 2 is broken".into()),
        Outcome::Done(Checksum(3)),
        Outcome::Done(Checksum(4)),
    ]
}

#[test]
fn failures_and_panics_become_receipts_and_cost_no_neighbour() {
    let job = job(5);
    job.tasks().for_each(|task| job.run_task(&task));
    assert_eq!(outcomes(&job), mixed_outcomes());
}

#[test]
fn the_asynchronous_door_writes_the_same_receipts() {
    let job = job(2);
    for task in job.tasks() {
        let mut run = pin!(job.run_task_async(&task, LaneId(9), &NoWait));
        assert_eq!(run.as_mut().poll(&mut Context::from_waker(Waker::noop())), Poll::Ready(()));
    }
    assert_eq!(outcomes(&job), mixed_outcomes());
    assert!(job.receipts().iter().all(|receipt| receipt.lane == LaneId(9)));
}

#[test]
fn the_door_without_books_stamps_and_catches_alike() {
    let job = job(1);
    let through_the_door = |item| remote::run(job.workload().as_ref(), ItemIndex(item));
    let outcomes: Vec<Outcome> = (0..5).map(|item| through_the_door(item).1).collect();
    assert_eq!(outcomes, mixed_outcomes());
    assert!(through_the_door(0).0.start_ns > 0);
    assert_eq!(job.receipts(), []);
}

#[test]
fn an_item_asked_for_twice_runs_once_and_leaves_two_receipts() {
    let job = job(1);
    let last = job.tasks().next_back().expect("there are items");
    job.run_task(&last);
    job.run_task(&last);
    assert_eq!(outcomes(&job), [Outcome::Done(Checksum(4)), Outcome::Refused]);
}

#[test]
fn items_that_come_to_the_door_after_a_cancellation_are_settled_without_running() {
    let job = job(1);
    job.run_task(&Task::new(0..1));
    job.cancel();
    job.tasks().skip(1).for_each(|task| job.run_task(&task));
    let mut wanted = vec![Outcome::Done(Checksum(0))];
    wanted.extend(vec![Outcome::Cancelled; 4]);
    assert_eq!(outcomes(&job), wanted);
}

#[test]
fn an_item_outside_the_workload_is_refused() {
    let job = job(1);
    job.run_task(&Task::new(7..8));
    assert_eq!(outcomes(&job), [Outcome::Refused]);
}

#[test]
fn tasks_cut_the_items_into_batches_with_a_short_last_one() {
    let job = job(2);
    let tasks: Vec<Task> = job.tasks().collect();
    assert_eq!(tasks, [Task::new(0..2), Task::new(2..4), Task::new(4..5)]);
    let fetched: Vec<Task> = std::iter::from_fn(|| job.next_task()).collect();
    assert_eq!(fetched, tasks);
    assert_eq!(job.next_task(), None);
}

#[test]
fn threads_are_told_apart_by_the_door_itself() {
    let job = job(1);
    std::thread::scope(|scope| {
        let tasks: Vec<Task> = job.tasks().collect();
        scope.spawn(|| job.run_task(&Task::new(0..1)));
        job.run_task(&tasks[3]);
        job.run_task(&tasks[4]);
    });
    let lanes: Vec<LaneId> = job.receipts().iter().map(|receipt| receipt.lane).collect();
    assert_eq!(lanes[1], lanes[2]);
    assert_ne!(lanes[0], lanes[1]);
}

#[test]
fn a_second_delivery_for_an_item_is_kept_as_surplus() {
    let job = job(1);
    let span = Span { start_ns: 0, end_ns: 0 };
    let (item, lane, outcome) = (ItemIndex(0), LaneId(0), Outcome::Refused);
    let receipt = Receipt { item, lane, span, attempt: 1, outcome };
    job.deliver(receipt.clone());
    job.deliver(receipt.clone());
    assert_eq!(job.receipts(), [receipt.clone(), receipt]);
}
