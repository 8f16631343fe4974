//! The loop that every asynchronous lane is, and what becomes of one that is awaited in place.

use std::sync::Arc;

use paceline_core::{AsyncIo, ExecError, Job, LaneId, Lanes};

/// Takes tasks until none is left and awaits the items of each, one after the other. Many of these
/// spawned side by side are true asynchrony; one of them awaited in place is false asynchrony.
pub(crate) async fn lane(job: Arc<Job>, number: usize, io: impl AsyncIo) {
    // A workload has at most 2^32 items, and there are no more lanes than tasks.
    let lane = LaneId(number as u32);
    while let Some(task) = job.next_task() {
        job.run_task_async(&task, lane, &io).await;
    }
}

/// False asynchrony: one lane, which the thread that asks runs to its end. How it does so, `R`, is the
/// runtime's `block_on`.
pub(crate) struct InTurn<R>(pub(crate) R);

impl<R: FnMut(Arc<Job>)> Lanes for InTurn<R> {
    fn started(&self) -> usize {
        1
    }

    fn run(&mut self, job: &Arc<Job>) -> Result<(), ExecError> {
        (self.0)(Arc::clone(job));
        Ok(())
    }

    fn shutdown(self: Box<Self>) -> Result<(), ExecError> {
        Ok(())
    }
}
