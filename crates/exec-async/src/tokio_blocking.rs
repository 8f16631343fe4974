//! tokio's pool for blocking work.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Mutex};
use std::thread;

use paceline_core::{ExecError, Executor, Job, Lanes, Setup, address_space_bytes, panic_message};
use tokio::runtime::{Builder, Runtime};

use crate::tokio_runtime::{build, count_threads, join};

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
        if address_space_bytes().is_some() {
            rehearse(lanes).map_err(|(reached, refused)| {
                ExecError::too_few_threads(self.id(), (reached, lanes), refused)
            })?;
        }
        let mut builder = Builder::new_current_thread();
        let threads = Threads::counted(builder.max_blocking_threads(lanes));
        let runtime = build(self.id(), &mut builder)?;
        Ok(Box::new(BlockingThreads { executor: self.id(), runtime, threads, lanes }))
    }
}

struct BlockingThreads {
    executor: &'static str,
    runtime: Runtime,
    threads: Threads,
    lanes: usize,
}

impl Lanes for BlockingThreads {
    fn started(&self) -> usize {
        self.lanes
    }

    fn run(&mut self, job: &Arc<Job>) -> Result<(), ExecError> {
        let (job, executor) = (Arc::clone(job), self.executor);
        let hand_out = || {
            self.runtime.block_on(async move {
                let spawn = |task| {
                    let job = Arc::clone(&job);
                    tokio::task::spawn_blocking(move || job.run_task(&task))
                };
                join(executor, job.tasks().map(spawn).collect()).await
            })
        };
        // tokio panics when the system refuses it a thread and it has none, or says that no later one can be had.
        catch_unwind(AssertUnwindSafe(hand_out)).unwrap_or_else(|panic| {
            let counts = (self.threads.up.load(Ordering::Relaxed), self.lanes);
            Err(ExecError::too_few_threads(executor, counts, panic_message(panic.as_ref())))
        })
    }

    fn shutdown(self: Box<Self>) -> Result<(), ExecError> {
        let Self { executor, runtime, threads, lanes } = *self;
        // Waits for all threads, so that those that came up have all counted themselves.
        drop(runtime);
        threads.judge(executor, lanes)
    }
}

/// Counts the threads of a runtime that starts them when it first needs them. Once it has some, tokio does
/// not report that the system refused another one: tasks then wait for the threads that it has.
struct Threads {
    /// How often tokio tried to start one.
    tried: Arc<AtomicUsize>,
    /// How many began to run.
    up: Arc<AtomicUsize>,
}

impl Threads {
    /// Those of the runtime that `builder` will build.
    fn counted(builder: &mut Builder) -> Self {
        let threads = Self { tried: count_threads(builder), up: Arc::default() };
        let counter = Arc::clone(&threads.up);
        builder.on_thread_start(move || {
            counter.fetch_add(1, Ordering::Relaxed);
        });
        threads
    }

    /// An error if fewer threads came up than were needed. At most `lanes` are needed, however often tokio
    /// tried again.
    fn judge(&self, executor: &'static str, lanes: usize) -> Result<(), ExecError> {
        let [tried, up] = [&self.tried, &self.up].map(|count| count.load(Ordering::Relaxed));
        if up < tried.min(lanes) {
            return Err(ExecError::too_few_threads(executor, (up, lanes), REFUSED));
        }
        Ok(())
    }
}

/// Has as many threads at once as there will be `lanes`, and ends them again. If the system refuses one, the error
/// says how many there were before it.
///
/// tokio asks again for each task. Where the address space is full, the next small allocation then aborts the
/// process: that of an item, or of a thread that has just begun. So each thread is up here before the next.
fn rehearse(lanes: usize) -> Result<(), (usize, io::Error)> {
    let (up, end) = (Barrier::new(2), Mutex::new(()));
    thread::scope(|scope| {
        let _not_yet = end.lock();
        for reached in 0..lanes {
            let stay = || {
                up.wait();
                drop(end.lock());
            };
            thread::Builder::new()
                .spawn_scoped(scope, stay)
                .map_err(|refused| (reached, refused))?;
            up.wait();
        }
        Ok(())
    })
}

/// Tokio does not pass on the system's own words.
const REFUSED: &str = "the system refused it";

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(tried: usize, up: usize) -> Result<(), ExecError> {
        let [tried, up] = [tried, up].map(|count| Arc::new(AtomicUsize::new(count)));
        Threads { tried, up }.judge("async-fake", 8)
    }

    #[test]
    fn threads_that_tokio_tried_to_start_and_that_never_ran_are_lanes_refused() {
        let error = judged(20, 3).expect_err("five are missing");
        assert!(matches!(error, ExecError::TooFewLanes { asked: 8, reached: 3, .. }), "{error}");
    }

    #[test]
    fn lanes_that_no_task_needed_and_lanes_that_came_up_later_are_not_refused() {
        judged(2, 2).expect("two were enough");
        judged(20, 8).expect("all lanes were up in the end");
    }
}
