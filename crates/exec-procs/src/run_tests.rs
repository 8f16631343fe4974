use std::num::NonZeroUsize;
use std::sync::mpsc;
use std::thread;

use paceline_core::{AsyncIo, BoxFuture, Checksum, ItemIndex, ItemResult, Workload, WorkloadSpec};

use super::*;

/// Nothing here runs an item: tests settle them as a lane would.
#[derive(Debug)]
struct Unrun(WorkloadSpec);

impl Workload for Unrun {
    fn spec(&self) -> &WorkloadSpec {
        &self.0
    }
    fn items(&self) -> usize {
        10
    }
    fn run_item(&self, _: ItemIndex) -> ItemResult {
        unreachable!("no lane runs items here")
    }
    fn run_item_async<'a>(&'a self, _: ItemIndex, _: &'a dyn AsyncIo) -> BoxFuture<'a, ItemResult> {
        unreachable!("no lane runs items here")
    }
}

const LANE: LaneId = LaneId(0);

fn run(lanes: usize, retry_lost: u32) -> (Arc<Job>, Run) {
    let workload = Arc::new(Unrun(WorkloadSpec::new("unrun")));
    let job = Arc::new(Job::new(workload, NonZeroUsize::MIN));
    let run = Run::new(&job, lanes, retry_lost);
    (job, run)
}

fn settle(run: &Run, errands: Vec<Errand>) {
    for due in errands.into_iter().flat_map(Errand::into_due) {
        let span = Span { start_ns: 1, end_ns: 2 };
        run.deliver(LANE, &due, span, Outcome::Done(Checksum(0)));
        run.settle(1);
    }
}

fn lose_first(run: &Run) {
    let errand = run.take(1, 0).pop().expect("errands wait");
    errand.into_due().for_each(|due| run.lose(LANE, due, Some(5), "child process 1 (gone)"));
}

#[test]
fn a_lane_takes_no_more_ahead_than_its_share_of_what_waits() {
    let (_, run) = run(2, 0);
    // Of ten errands, half are this lane's share.
    assert_eq!(run.take(8, 0).len(), 5);
    assert_eq!(run.take(8, 5).len(), 0);
    // The other lane is idle, so it gets one whatever is left.
    assert_eq!(run.take(8, 0).len(), 2);
    assert_eq!(run.take(8, 0).len(), 1);
    assert_eq!(run.take(8, 1).len(), 0);
}

#[test]
fn a_lost_item_is_reported_with_what_became_of_its_child() {
    let (job, run) = run(1, 0);
    lose_first(&run);
    let receipts = job.receipts();
    let lost = Outcome::Lost("item 0 was in work in child process 1 (gone)".to_owned());
    assert_eq!((receipts.len(), &receipts[0].outcome, receipts[0].attempt), (1, &lost, 1));
    assert_eq!(receipts[0].span.start_ns, 5);
}

#[test]
fn a_lost_item_goes_out_again_as_often_as_asked_and_only_the_last_attempt_is_reported() {
    let (job, run) = run(1, 1);
    lose_first(&run);
    assert_eq!(job.receipts(), []);
    lose_first(&run);
    let receipts = job.receipts();
    assert_eq!((receipts.len(), receipts[0].attempt), (1, 2));
}

#[test]
fn when_the_last_lane_leaves_whatever_waits_is_lost_and_nobody_hangs() {
    let (job, run) = run(2, 0);
    settle(&run, run.take(1, 0));
    run.leave(LaneId(0), "child process 1 (gone)");
    assert!(run.wait_for_work(LaneId(1)), "the other lane works on");
    run.leave(LaneId(1), "child process 2 (gone)");
    assert!(!run.wait_for_work(LaneId(1)));
    let receipts = job.receipts();
    let lost = receipts.iter().filter(|receipt| matches!(receipt.outcome, Outcome::Lost(_)));
    assert_eq!((receipts.len(), lost.count()), (10, 9));
}

#[test]
fn a_cancelled_job_hands_out_nothing_and_its_queue_is_settled() {
    let (job, run) = run(1, 9);
    let begun = run.take(1, 0);
    job.cancel();
    assert_eq!(run.take(1, 0), []);
    settle(&run, begun);
    assert!(!run.wait_for_work(LANE));
    let receipts = job.receipts();
    let cancelled = receipts.iter().filter(|receipt| receipt.outcome == Outcome::Cancelled);
    assert_eq!((receipts.len(), cancelled.count()), (10, 9));
}

#[test]
fn an_item_lost_after_the_cancellation_does_not_go_out_again() {
    let (job, run) = run(1, 9);
    let begun = run.take(1, 0);
    job.cancel();
    begun
        .into_iter()
        .flat_map(Errand::into_due)
        .for_each(|due| run.lose(LANE, due, None, "child process 1 (gone)"));
    assert!(matches!(job.receipts()[0].outcome, Outcome::Lost(_)));
}

#[test]
fn lanes_wait_for_what_others_may_put_back() {
    let (_, run) = run(2, 0);
    let all = run.take(10, 0).into_iter().chain(run.take(10, 0)).collect::<Vec<Errand>>();
    let rest: Vec<Errand> = std::iter::from_fn(|| run.take(1, 0).pop()).collect();
    thread::scope(|scope| {
        let waiting = scope.spawn(|| run.wait_for_work(LaneId(1)));
        settle(&run, all);
        run.put_back(rest.into_iter());
        assert!(waiting.join().expect("waiting does not panic"));
    });
}

#[test]
fn a_lane_that_panics_ends_the_run_for_the_lanes_that_wait_for_its_items() {
    let (_, run) = run(2, 0);
    let lost = std::iter::from_fn(|| run.take(1, 0).pop()).count();
    assert_eq!(lost, 10);
    let (done, ended) = mpsc::channel();
    thread::scope(|scope| {
        let waiting = scope.spawn(|| run.wait_for_work(LaneId(1)));
        let panicking = scope.spawn(|| {
            let _attendance = Attendance { run: &run, done: &done };
            panic!("a lane panics as asked");
        });
        assert!(panicking.join().is_err());
        assert!(!waiting.join().expect("waiting does not panic"));
    });
    assert!(run.is_abandoned());
    assert_eq!(ended.try_iter().count(), 1);
}
