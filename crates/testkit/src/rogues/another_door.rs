//! Items run through a door of their own, as they are in a child process. Between that door and the
//! job stand the rogues that tamper with receipts: nobody else can touch one.

use std::num::NonZeroUsize;
use std::sync::Arc;

use paceline_core::{Job, Receipt};

use crate::reference::Pool;

/// Runs every task of `job` through another door and returns its receipts, one for each item in order.
pub(super) fn run(pool: &mut Pool, job: &Arc<Job>) -> Vec<Receipt> {
    run_watching(pool, job, |job, far| {
        if job.is_cancelled() {
            far.cancel();
        }
    })
}

/// The same, with what is done at the other door before each task.
pub(super) fn run_watching(
    pool: &mut Pool,
    job: &Arc<Job>,
    before_task: impl Fn(&Job, &Job) + Copy + Send + 'static,
) -> Vec<Receipt> {
    // The tasks are those of `job`, so the batch of this door is never asked for.
    let far = Arc::new(Job::new(Arc::clone(job.workload()), NonZeroUsize::MIN));
    for task in job.tasks() {
        let (job, far) = (Arc::clone(job), Arc::clone(&far));
        pool.submit(move || {
            before_task(&job, &far);
            far.run_task(&task);
        });
    }
    pool.wait();
    far.receipts()
}
