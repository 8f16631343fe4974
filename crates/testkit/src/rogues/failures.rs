//! Rogues that lose failures, panics, their neighbours, or a cancellation.

use std::sync::Arc;
use std::thread;

use paceline_core::{Checksum, ExecError, Job, Outcome, remote};

use super::{Rogue, another_door};
use crate::reference::{Pool, PoolExecutor, SOUND_POOL};

pub(super) const ROGUES: &[Rogue] = &[
    Rogue {
        flaw: "drops errors: an item that failed counts as done",
        caught_by: "failing_item_is_a_value",
        executor: &PoolExecutor { id: "threads-drops-errors", run: drop_errors, ..SOUND_POOL },
    },
    Rogue {
        flaw: "keeps only successful results",
        caught_by: "failing_item_is_a_value",
        executor: &PoolExecutor { id: "threads-swallows", run: swallow_failures, ..SOUND_POOL },
    },
    Rogue {
        flaw: "stops collecting at the first error",
        caught_by: "failing_item_is_a_value",
        executor: &PoolExecutor { id: "threads-fails-fast", run: fail_fast, ..SOUND_POOL },
    },
    Rogue {
        flaw: "loses the rest of a batch with an item that panicked",
        caught_by: "panicking_item_is_a_value",
        executor: &PoolExecutor {
            id: "threads-loses-neighbours",
            run: lose_neighbours,
            ..SOUND_POOL
        },
    },
    Rogue {
        flaw: "takes an item's panic for a broken lane",
        caught_by: "panicking_item_is_a_value",
        executor: &PoolExecutor { id: "threads-breaks", run: break_on_panic, ..SOUND_POOL },
    },
    Rogue {
        flaw: "tells no one at the other door of a cancellation",
        caught_by: "cancellation_settles_every_item",
        executor: &PoolExecutor {
            id: "threads-ignores-cancellation",
            run: ignore_cancellation,
            ..SOUND_POOL
        },
    },
    Rogue {
        flaw: "leaves what was cancelled without a receipt",
        caught_by: "cancellation_settles_every_item",
        executor: &PoolExecutor { id: "threads-walks-away", run: walk_away, ..SOUND_POOL },
    },
    Rogue {
        flaw: "waits for ever for items that were cancelled",
        caught_by: "cancellation_settles_every_item",
        executor: &PoolExecutor { id: "threads-hangs", run: hang, ..SOUND_POOL },
    },
];

type Ran = Result<(), ExecError>;

fn drop_errors(pool: &mut Pool, job: &Arc<Job>) -> Ran {
    for mut receipt in another_door::run(pool, job) {
        if let Outcome::Failed(_) = receipt.outcome {
            receipt.outcome = Outcome::Done(Checksum(0));
        }
        remote::deliver(job, receipt);
    }
    Ok(())
}

fn swallow_failures(pool: &mut Pool, job: &Arc<Job>) -> Ran {
    let receipts = another_door::run(pool, job).into_iter();
    receipts
        .filter(|receipt| !matches!(receipt.outcome, Outcome::Failed(_)))
        .for_each(|receipt| remote::deliver(job, receipt));
    Ok(())
}

fn fail_fast(pool: &mut Pool, job: &Arc<Job>) -> Ran {
    for receipt in another_door::run(pool, job) {
        let failed = matches!(receipt.outcome, Outcome::Failed(_));
        remote::deliver(job, receipt);
        if failed {
            break;
        }
    }
    Ok(())
}

fn lose_neighbours(pool: &mut Pool, job: &Arc<Job>) -> Ran {
    let mut receipts = another_door::run(pool, job).into_iter();
    for task in job.tasks() {
        let mut panicked = false;
        for receipt in receipts.by_ref().take(task.items().count()) {
            let lost = panicked;
            panicked |= matches!(receipt.outcome, Outcome::Panicked(_));
            if !lost {
                remote::deliver(job, receipt);
            }
        }
    }
    Ok(())
}

fn break_on_panic(pool: &mut Pool, job: &Arc<Job>) -> Ran {
    pool.hand_out(job);
    pool.wait();
    let panicked = |outcome: &Outcome| matches!(outcome, Outcome::Panicked(_));
    match job.receipts().iter().find(|receipt| panicked(&receipt.outcome)) {
        Some(receipt) => {
            let reason = format!("lane {} panicked", receipt.lane.0);
            Err(ExecError::run("threads-breaks", reason))
        }
        None => Ok(()),
    }
}

fn ignore_cancellation(pool: &mut Pool, job: &Arc<Job>) -> Ran {
    let receipts = another_door::run_watching(pool, job, |_, _| {});
    receipts.into_iter().for_each(|receipt| remote::deliver(job, receipt));
    Ok(())
}

fn walk_away(pool: &mut Pool, job: &Arc<Job>) -> Ran {
    for task in job.tasks() {
        let job = Arc::clone(job);
        pool.submit(move || {
            if !job.is_cancelled() {
                job.run_task(&task);
            }
        });
    }
    pool.wait();
    Ok(())
}

fn hang(pool: &mut Pool, job: &Arc<Job>) -> Ran {
    pool.hand_out(job);
    pool.wait();
    while job.is_cancelled() {
        thread::park();
    }
    Ok(())
}
