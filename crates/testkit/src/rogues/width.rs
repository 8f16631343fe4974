//! Rogues that run more or fewer items at once than they say, elsewhere, or not in their batches.

use std::sync::{Arc, Mutex, PoisonError};

use paceline_core::{ExecError, Job, Span, Task, remote};

use super::{Rogue, another_door};
use crate::reference::{Pool, PoolExecutor, SOUND_POOL};

pub(super) const ROGUES: &[Rogue] = &[
    Rogue {
        flaw: "starts one lane more than the width",
        caught_by: "width_never_exceeded",
        executor: &PoolExecutor {
            id: "threads-one-too-many",
            threads: |setup| setup.lanes() + 1,
            ..SOUND_POOL
        },
    },
    Rogue {
        flaw: "tells of no lanes, and has them",
        caught_by: "lanes_started_as_told",
        executor: &PoolExecutor { id: "threads-untold", tells: |_| 0, ..SOUND_POOL },
    },
    Rogue {
        flaw: "tells of as many lanes as were asked for, whether there is work for them or not",
        caught_by: "lanes_started_as_told",
        executor: &PoolExecutor {
            id: "threads-tells-the-width",
            tells: |setup| setup.width.get(),
            ..SOUND_POOL
        },
    },
    Rogue {
        flaw: "holds a lock while it runs a task",
        caught_by: "width_reached",
        executor: &PoolExecutor { id: "threads-locked", run: hold_a_lock, ..SOUND_POOL },
    },
    Rogue {
        flaw: "starts one lane for each core of a small machine, whatever the width",
        caught_by: "width_reached",
        executor: &PoolExecutor {
            id: "threads-by-cores",
            threads: |setup| setup.lanes().min(4),
            ..SOUND_POOL
        },
    },
    Rogue {
        flaw: "stamps spans when it hears of an item instead of when it ran",
        caught_by: "spans_cover_the_run",
        executor: &PoolExecutor { id: "threads-restamps", run: restamp, ..SOUND_POOL },
    },
    Rogue {
        flaw: "counts the calling thread among its threads",
        caught_by: "off_the_callers_thread",
        executor: &PoolExecutor {
            id: "threads-caller-helps",
            threads: |setup| setup.lanes() - 1,
            run: help,
            ..SOUND_POOL
        },
    },
    Rogue {
        flaw: "splits batches into single items",
        caught_by: "batches_honoured",
        executor: &PoolExecutor { id: "threads-splits", run: split, ..SOUND_POOL },
    },
    Rogue {
        flaw: "takes the items of a batch from its end, as from a stack",
        caught_by: "batches_honoured",
        executor: &PoolExecutor { id: "threads-backwards", run: run_backwards, ..SOUND_POOL },
    },
];

type Ran = Result<(), ExecError>;

fn hold_a_lock(pool: &mut Pool, job: &Arc<Job>) -> Ran {
    let lock = Arc::new(Mutex::new(()));
    for task in job.tasks() {
        let (job, lock) = (Arc::clone(job), Arc::clone(&lock));
        pool.submit(move || {
            let _held = lock.lock().unwrap_or_else(PoisonError::into_inner);
            job.run_task(&task);
        });
    }
    pool.wait();
    Ok(())
}

fn restamp(pool: &mut Pool, job: &Arc<Job>) -> Ran {
    for mut receipt in another_door::run(pool, job) {
        let now_ns = paceline_core::clock::now_ns();
        receipt.span = Span { start_ns: now_ns, end_ns: now_ns };
        remote::deliver(job, receipt);
    }
    Ok(())
}

fn help(pool: &mut Pool, job: &Arc<Job>) -> Ran {
    for _ in 0..pool.width() {
        let job = Arc::clone(job);
        pool.submit(move || job.run_tasks());
    }
    job.run_tasks();
    pool.wait();
    Ok(())
}

fn split(pool: &mut Pool, job: &Arc<Job>) -> Ran {
    for item in job.tasks().flat_map(|task| task.items()) {
        let job = Arc::clone(job);
        pool.submit(move || job.run_task(&Task::new(item.0..item.0 + 1)));
    }
    pool.wait();
    Ok(())
}

fn run_backwards(pool: &mut Pool, job: &Arc<Job>) -> Ran {
    for task in job.tasks() {
        let job = Arc::clone(job);
        let mut stack: Vec<u32> = task.items().map(|item| item.0).collect();
        pool.submit(move || {
            while let Some(item) = stack.pop() {
                job.run_task(&Task::new(item..item + 1));
            }
        });
    }
    pool.wait();
    Ok(())
}
