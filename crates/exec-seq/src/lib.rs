//! The sequential strategy: one item after the other, on the thread that asks.
//!
//! It is the reference of every other row. Its digest is the expected one, its time is what
//! concurrency has to beat, and it shows the whole of what an executor must do.

use std::sync::Arc;

use paceline_core::{ExecError, Executor, Job, Lanes, Setup};

/// Runs every item on the calling thread, in order.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sequential;

impl Executor for Sequential {
    fn id(&self) -> &'static str {
        "seq"
    }

    fn about(&self) -> &'static str {
        "one item after the other on the calling thread"
    }

    fn ceiling(&self) -> Option<usize> {
        Some(1)
    }

    fn start(&self, _: &Setup<'_>) -> Result<Box<dyn Lanes>, ExecError> {
        Ok(Box::new(CallingThread))
    }
}

/// The one lane that is always up.
struct CallingThread;

impl Lanes for CallingThread {
    fn started(&self) -> usize {
        1
    }

    fn run(&mut self, job: &Arc<Job>) -> Result<(), ExecError> {
        job.run_tasks();
        Ok(())
    }
}
