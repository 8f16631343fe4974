//! Rogues that miscount items, invent products or do not wait for the end.

use std::sync::Arc;

use paceline_core::{Checksum, ExecError, Job, Outcome, Task, remote};

use super::{Rogue, another_door};
use crate::reference::{Pool, PoolExecutor, SOUND_POOL};

pub(super) const ROGUES: &[Rogue] = &[
    Rogue {
        flaw: "skips what remains when the items are divided by the batch",
        caught_by: "each_item_exactly_once",
        executor: &PoolExecutor { id: "threads-skips-the-rest", run: skip_the_rest, ..SOUND_POOL },
    },
    Rogue {
        flaw: "aligns the last task with the end, so that some items are asked for twice",
        caught_by: "each_item_exactly_once",
        executor: &PoolExecutor { id: "threads-doubles", run: double, ..SOUND_POOL },
    },
    Rogue {
        flaw: "says that an item was lost with its lane although it ran",
        caught_by: "each_item_exactly_once",
        executor: &PoolExecutor { id: "threads-loses-the-rest", run: lose_the_rest, ..SOUND_POOL },
    },
    Rogue {
        flaw: "invents the checksums of a batch from that of its first item",
        caught_by: "digest_as_in_sequence",
        executor: &PoolExecutor { id: "threads-invents", run: invent_checksums, ..SOUND_POOL },
    },
    Rogue {
        flaw: "gives the products of a batch to its items in the wrong order",
        caught_by: "digest_as_in_sequence",
        executor: &PoolExecutor { id: "threads-swaps", run: swap_products, ..SOUND_POOL },
    },
    Rogue {
        flaw: "returns as soon as everything is queued",
        caught_by: "no_return_before_the_end",
        executor: &PoolExecutor { id: "threads-returns-early", run: return_early, ..SOUND_POOL },
    },
];

type Ran = Result<(), ExecError>;

fn skip_the_rest(pool: &mut Pool, job: &Arc<Job>) -> Ran {
    let full = full_size(job);
    for task in job.tasks().filter(|task| task.items().count() == full) {
        let job = Arc::clone(job);
        pool.submit(move || job.run_task(&task));
    }
    pool.wait();
    Ok(())
}

fn double(pool: &mut Pool, job: &Arc<Job>) -> Ran {
    let (full, items) = (full_size(job) as u32, job.workload().items() as u32);
    let starts = job.tasks().filter_map(|task| task.items().next());
    for first in starts.map(|first| first.0.min(items - full)) {
        let job = Arc::clone(job);
        pool.submit(move || job.run_task(&Task::new(first..first + full)));
    }
    pool.wait();
    Ok(())
}

fn lose_the_rest(pool: &mut Pool, job: &Arc<Job>) -> Ran {
    let full = full_size(job);
    let mut receipts = another_door::run(pool, job).into_iter();
    for task in job.tasks() {
        let size = task.items().count();
        for mut receipt in receipts.by_ref().take(size) {
            if size < full {
                receipt.outcome = Outcome::Lost("its lane was ended too early".to_owned());
            }
            remote::deliver(job, receipt);
        }
    }
    Ok(())
}

fn invent_checksums(pool: &mut Pool, job: &Arc<Job>) -> Ran {
    let mut receipts = another_door::run(pool, job).into_iter();
    for task in job.tasks() {
        let mut first = None;
        for (offset, mut receipt) in (0_u64..).zip(receipts.by_ref().take(task.items().count())) {
            if let Outcome::Done(checksum) = &mut receipt.outcome {
                let first = *first.get_or_insert(checksum.0);
                *checksum = Checksum(first.wrapping_add(offset));
            }
            remote::deliver(job, receipt);
        }
    }
    Ok(())
}

fn swap_products(pool: &mut Pool, job: &Arc<Job>) -> Ran {
    let mut receipts = another_door::run(pool, job);
    let all_done = receipts.iter().all(|receipt| matches!(receipt.outcome, Outcome::Done(_)));
    let mut rest = receipts.as_mut_slice();
    for task in job.tasks() {
        let Some((batch, others)) = rest.split_at_mut_checked(task.items().count()) else { break };
        rest = others;
        if let ([first, .., last], true) = (batch, all_done) {
            std::mem::swap(&mut first.outcome, &mut last.outcome);
        }
    }
    receipts.into_iter().for_each(|receipt| remote::deliver(job, receipt));
    Ok(())
}

fn return_early(pool: &mut Pool, job: &Arc<Job>) -> Ran {
    pool.hand_out(job);
    Ok(())
}

/// The size of all tasks but perhaps the last.
fn full_size(job: &Job) -> usize {
    job.tasks().next().map_or(0, |task| task.items().count())
}
