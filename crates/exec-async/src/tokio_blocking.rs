//! tokio's pool for blocking work.

use std::sync::Arc;

use paceline_core::{ExecError, Executor, Job, Lanes, Setup};
use tokio::runtime::{Builder, Runtime};

use crate::tokio_runtime::{build, join};

/// Blocking items on tokio's `spawn_blocking` threads, which start when they are first needed.
#[derive(Debug, Clone, Copy, Default)]
pub struct TokioBlocking;

impl Executor for TokioBlocking {
    fn id(&self) -> &'static str {
        "async-tokio-blocking"
    }

    fn about(&self) -> &'static str {
        "tokio, spawn_blocking: blocking items on the runtime's blocking threads"
    }

    fn start(&self, setup: &Setup<'_>) -> Result<Box<dyn Lanes>, ExecError> {
        let lanes = setup.lanes();
        let runtime = build(self.id(), Builder::new_current_thread().max_blocking_threads(lanes))?;
        Ok(Box::new(BlockingThreads { executor: self.id(), runtime, lanes }))
    }
}

struct BlockingThreads {
    executor: &'static str,
    runtime: Runtime,
    lanes: usize,
}

impl Lanes for BlockingThreads {
    fn started(&self) -> usize {
        self.lanes
    }

    fn run(&mut self, job: &Arc<Job>) -> Result<(), ExecError> {
        let (job, executor) = (Arc::clone(job), self.executor);
        self.runtime.block_on(async move {
            let spawn = |task| {
                let job = Arc::clone(&job);
                tokio::task::spawn_blocking(move || job.run_task(&task))
            };
            join(executor, job.tasks().map(spawn).collect()).await
        })
    }
}
