//! The crate `threadpool`.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use paceline_core::{ExecError, Executor, Job, Lanes, Setup, panic_message};
use threadpool::ThreadPool;

/// A fixed set of threads that take tasks from one queue, in order.
#[derive(Debug, Clone, Copy, Default)]
pub struct Threadpool;

const ID: &str = "threads-threadpool";

impl Executor for Threadpool {
    fn id(&self) -> &'static str {
        ID
    }

    fn about(&self) -> &'static str {
        "threadpool: a fixed set of threads behind one queue"
    }

    fn start(&self, setup: &Setup<'_>) -> Result<Box<dyn Lanes>, ExecError> {
        start_one_by_one(setup.lanes(), ThreadPool::new, ThreadPool::set_num_threads)
            .map(|pool| Box::new(Threads(pool)) as Box<dyn Lanes>)
    }
}

/// Makes a pool of one thread with `new` and lets it `grow` to `threads`, one at a time. If the system refuses
/// a thread, the crate panics without saying how many it had, so they are counted here.
fn start_one_by_one<P>(
    threads: usize,
    new: impl Fn(usize) -> P,
    grow: impl Fn(&mut P, usize),
) -> Result<P, ExecError> {
    let mut reached = 0;
    let started = catch_unwind(AssertUnwindSafe(|| {
        let mut pool = new(1);
        reached = 1;
        while reached < threads {
            grow(&mut pool, reached + 1);
            reached += 1;
        }
        pool
    }));
    started.map_err(|panic| {
        ExecError::too_few_threads(ID, (reached, threads), panic_message(panic.as_ref()))
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pool_that_panics_as_it_grows_tells_how_many_threads_it_had() {
        let refuses = |_: &mut (), threads| assert!(threads <= 3, "refused");
        let error = start_one_by_one(8, |_| (), refuses).expect_err("the fourth is refused");
        let ExecError::TooFewLanes { asked: 8, reached: 3, source: Some(source), .. } = error
        else {
            panic!("{error}");
        };
        assert_eq!(source.to_string(), "refused");
        start_one_by_one(3, |_| (), refuses).expect("three come up");
    }

    #[test]
    fn a_pool_without_its_first_thread_has_none() {
        let error = start_one_by_one(8, |_| panic!("refused"), |(), _| ());
        let error = error.expect_err("the first is refused");
        assert!(matches!(error, ExecError::TooFewLanes { asked: 8, reached: 0, .. }), "{error}");
    }
}
