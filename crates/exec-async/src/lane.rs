//! The future that every asynchronous lane is, and what becomes of one that is awaited in place.

use std::sync::Arc;

use paceline_core::{AsyncIo, ExecError, Job, Lanes};

/// A lane that owns all it needs, so that a runtime can have it.
pub(crate) async fn lane(job: Arc<Job>, number: usize, io: impl AsyncIo) {
    job.run_tasks_async(number, &io).await;
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
}
