//! Rogues that are sound for some numbers of items, lanes or runs, and not for others.

use std::sync::Arc;

use paceline_core::{ExecError, Job, Task};

use super::Rogue;
use crate::reference::{Pool, PoolExecutor, SOUND_POOL};

pub(super) const ROGUES: &[Rogue] = &[
    Rogue {
        flaw: "takes the end of the queue for a break when no task ever came",
        caught_by: "no_items",
        executor: &PoolExecutor { id: "threads-wants-items", run: want_a_task, ..SOUND_POOL },
    },
    Rogue {
        flaw: "takes a shortcut when there is nothing to share out, and misses the only task",
        caught_by: "one_item",
        executor: &PoolExecutor { id: "threads-shortcut", run: take_a_shortcut, ..SOUND_POOL },
    },
    Rogue {
        flaw: "has a queue of 4,096 places and drops what does not fit",
        caught_by: "ten_thousand_items",
        executor: &PoolExecutor { id: "threads-overflows", run: overflow, ..SOUND_POOL },
    },
    Rogue {
        flaw: "numbers items with 16 bits",
        caught_by: "a_hundred_thousand_items",
        executor: &PoolExecutor { id: "threads-wraps", run: wrap_around, ..SOUND_POOL },
    },
    Rogue {
        flaw: "keeps its lanes in the bits of one word, and hands tasks to lanes that are not in it",
        caught_by: "widths_and_batches",
        executor: &PoolExecutor { id: "threads-bit-set", run: use_a_bit_set, ..SOUND_POOL },
    },
    Rogue {
        flaw: "does not set its cursor back between two runs",
        caught_by: "two_runs_on_the_same_lanes",
        executor: &PoolExecutor { id: "threads-runs-once", run: go_on_from_cursor, ..SOUND_POOL },
    },
];

type Ran = Result<(), ExecError>;

fn want_a_task(pool: &mut Pool, job: &Arc<Job>) -> Ran {
    if job.task_count() == 0 {
        return Err(ExecError::run("threads-wants-items", "the queue was closed"));
    }
    (SOUND_POOL.run)(pool, job)
}

fn take_a_shortcut(pool: &mut Pool, job: &Arc<Job>) -> Ran {
    if job.workload().items() > 1 {
        return (SOUND_POOL.run)(pool, job);
    }
    Ok(())
}

fn overflow(pool: &mut Pool, job: &Arc<Job>) -> Ran {
    for task in job.tasks().take(4_096) {
        let job = Arc::clone(job);
        pool.submit(move || job.run_task(&task));
    }
    pool.wait();
    Ok(())
}

fn wrap_around(pool: &mut Pool, job: &Arc<Job>) -> Ran {
    for task in job.tasks() {
        let job = Arc::clone(job);
        pool.submit(move || {
            for narrow in task.items().map(|item| u32::from(item.0 as u16)) {
                job.run_task(&Task::new(narrow..narrow + 1));
            }
        });
    }
    pool.wait();
    Ok(())
}

fn use_a_bit_set(pool: &mut Pool, job: &Arc<Job>) -> Ran {
    let lanes = pool.width() as u32;
    for (lane, task) in (0..lanes).cycle().zip(job.tasks()) {
        let bit = 1_u64.checked_shl(lane).unwrap_or(0);
        if bit != 0 {
            let job = Arc::clone(job);
            pool.submit(move || job.run_task(&task));
        }
    }
    pool.wait();
    Ok(())
}

fn go_on_from_cursor(pool: &mut Pool, job: &Arc<Job>) -> Ran {
    let cursor = pool.submitted();
    for task in job.tasks().skip(cursor) {
        let job = Arc::clone(job);
        pool.submit(move || job.run_task(&task));
    }
    pool.wait();
    Ok(())
}
