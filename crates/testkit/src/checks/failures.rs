//! Items that fail or panic, and jobs that are cancelled.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use paceline_core::{ItemIndex, Job, Outcome, Receipt, WorkloadSpec};

use super::{meeting_place, spec};
use crate::place::{ARRIVED, GATE, Place};
use crate::subject::{Ran, Shape, Subject};
use crate::verdict::{Breach, Verdict};
use crate::workload::{complaint, is_bad};

pub(crate) fn failing_item_is_a_value(subject: &Subject) -> Result<Verdict, Breach> {
    bad_items_are_values(subject, "fails", Outcome::Failed)
}

pub(crate) fn panicking_item_is_a_value(subject: &Subject) -> Result<Verdict, Breach> {
    bad_items_are_values(subject, "panics", Outcome::Panicked)
}

/// The gate holds the first items in flight until the job has been cancelled, so there are always
/// some to be done and, with many more items than lanes, some to be cancelled.
pub(crate) fn cancellation_settles_every_item(subject: &Subject) -> Result<Verdict, Breach> {
    for batch in [1, 5] {
        let (_folder, place) = meeting_place(subject)?;
        let shape = Shape::new(4, batch);
        let ran = run_and_cancel(subject, place.on(spec("gate", 100)), shape, place)?;
        let cancelled = |receipt: &Receipt| receipt.outcome == Outcome::Cancelled;
        let done = |receipt: &Receipt| matches!(receipt.outcome, Outcome::Done(_));
        let mut broken = unsettled(&ran, |receipt| cancelled(receipt) || done(receipt));
        if broken.is_empty() && ran.receipts.iter().all(done) {
            broken.push("every item ran on after the cancellation".to_owned());
        }
        if ran.receipts.iter().all(cancelled) {
            broken.push("items that were in flight at the cancellation were not done".to_owned());
        }
        Breach::unless_none(broken)?;
    }
    Ok(Verdict::Kept)
}

/// Batches of three put a sound item before and after each bad one.
fn bad_items_are_values(
    subject: &Subject,
    conduct: &str,
    told_as: fn(String) -> Outcome,
) -> Result<Verdict, Breach> {
    for (width, batch) in [(1, 1), (2, 3), (8, 1)] {
        let ran = subject.run(spec(conduct, 24), Shape::new(width, batch))?;
        let as_owed = |receipt: &Receipt| match &receipt.outcome {
            Outcome::Done(_) => !is_bad(receipt.item),
            outcome => is_bad(receipt.item) && *outcome == told_as(complaint(receipt.item)),
        };
        Breach::unless_none(unsettled(&ran, as_owed))?;
    }
    Ok(Verdict::Kept)
}

fn run_and_cancel(
    subject: &Subject,
    spec: WorkloadSpec,
    shape: Shape,
    place: Place,
) -> Result<Ran, Breach> {
    let (executor, deadline) = (subject.executor(), subject.item_deadline());
    subject.watched(move || {
        let job = shape.job(&spec)?;
        let mut lanes = shape.start(executor, &spec, &job)?;
        let to_cancel = Arc::clone(&job);
        let canceller = thread::spawn(move || cancel_in_mid_run(&to_cancel, &place, deadline));
        lanes.run(&job)?;
        lanes.shutdown()?;
        match canceller.join() {
            Ok(true) => Ok(Ran::of(&job, 0)),
            _ => Err(Breach::Seen("no item ever began".to_owned())),
        }
    })
}

/// Cancels as soon as an item has begun, and only then lets the items in flight end. Whether one began.
fn cancel_in_mid_run(job: &Job, place: &Place, deadline: Duration) -> bool {
    let begun = Instant::now();
    while !place.is_marked(ARRIVED) {
        if begun.elapsed() > deadline {
            return false;
        }
        thread::sleep(Duration::from_millis(1));
    }
    job.cancel();
    place.mark(GATE).is_ok()
}

/// The first item that has not exactly one receipt, and the first receipt that is not as it is owed.
fn unsettled(ran: &Ran, as_owed: impl Fn(&Receipt) -> bool) -> Vec<String> {
    let receipts_of =
        |item: &ItemIndex| ran.receipts.iter().filter(|receipt| receipt.item == *item).count();
    let items = (0_u32..).map(ItemIndex).take(ran.items);
    let miscounted = items.map(|item| (item, receipts_of(&item))).find(|(_, count)| *count != 1);
    let miscounted = miscounted.map(|(item, count)| format!("item {item} has {count} receipts"));
    let untrue = ran.receipts.iter().find(|receipt| !as_owed(receipt));
    let untrue = untrue.map(|receipt| format!("item {}: {:?}", receipt.item, receipt.outcome));
    miscounted.into_iter().chain(untrue).collect()
}
