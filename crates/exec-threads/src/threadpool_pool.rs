//! The crate `threadpool`.

use std::sync::Arc;

use paceline_core::{ExecError, Executor, Job, Lanes, Setup};
use threadpool::ThreadPool;

/// A fixed set of threads that take tasks from one queue, in order.
#[derive(Debug, Clone, Copy, Default)]
pub struct Threadpool;

impl Executor for Threadpool {
    fn id(&self) -> &'static str {
        "threads-threadpool"
    }

    fn about(&self) -> &'static str {
        "threadpool: a fixed set of threads behind one queue"
    }

    fn start(&self, setup: &Setup<'_>) -> Result<Box<dyn Lanes>, ExecError> {
        Ok(Box::new(Threads(ThreadPool::new(setup.lanes()))))
    }
}

struct Threads(ThreadPool);

impl Lanes for Threads {
    fn started(&self) -> usize {
        self.0.max_count()
    }

    fn run(&mut self, job: &Arc<Job>) -> Result<(), ExecError> {
        for task in job.tasks() {
            let job = Arc::clone(job);
            self.0.execute(move || job.run_task(&task));
        }
        self.0.join();
        Ok(())
    }
}
