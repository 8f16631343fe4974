//! The crate `rayon`.

use std::sync::Arc;
use std::thread;

use paceline_core::{ExecError, Executor, Job, Lanes, Setup, Task};
use rayon::prelude::*;
use rayon::{ThreadBuilder, ThreadPool, ThreadPoolBuilder};

/// A pool of its own (not rayon's global one), so that its width is the row's.
#[derive(Debug, Clone, Copy, Default)]
pub struct Rayon;

const ID: &str = "threads-rayon";

impl Executor for Rayon {
    fn id(&self) -> &'static str {
        ID
    }

    fn about(&self) -> &'static str {
        "rayon: a parallel iterator over the tasks, with work stealing"
    }

    fn start(&self, setup: &Setup<'_>) -> Result<Box<dyn Lanes>, ExecError> {
        let threads = setup.lanes();
        let mut reached = 0;
        // Spawns as rayon does by default, and counts.
        let spawn = |thread: ThreadBuilder| {
            thread::Builder::new().spawn(|| thread.run())?;
            reached += 1;
            Ok(())
        };
        let pool = ThreadPoolBuilder::new().num_threads(threads).spawn_handler(spawn).build();
        match pool {
            Ok(pool) => Ok(Box::new(Threads(pool))),
            // Its text repeats its source, which the chain would then show twice.
            Err(error) => {
                Err(ExecError::too_few_threads(ID, (reached, threads), error.to_string()))
            }
        }
    }
}

struct Threads(ThreadPool);

impl Lanes for Threads {
    fn started(&self) -> usize {
        self.0.current_num_threads()
    }

    fn run(&mut self, job: &Arc<Job>) -> Result<(), ExecError> {
        let tasks: Vec<Task> = job.tasks().collect();
        // Tasks of one: rayon would otherwise keep neighbouring tasks together on one thread, which for
        // tasks that wait leaves other threads without any.
        self.0.install(|| {
            tasks.par_iter().with_max_len(1).for_each(|task| job.run_task(task));
        });
        Ok(())
    }
}
