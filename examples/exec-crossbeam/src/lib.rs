//! Threads behind one bounded channel of crossbeam, in a crate outside of Paceline's workspace.
//!
//! The channel holds as many tasks as there are threads, so a thread that is done finds the next task
//! ready, and the tasks are not all copied into a queue first. Threads stay up between jobs.

use std::sync::Arc;
use std::thread::{self, JoinHandle};

use crossbeam_channel::{Receiver, Sender, bounded};
use paceline_core::{ExecError, Executor, Job, Lanes, Setup, Task};

/// A pool over crossbeam-channel.
#[derive(Debug, Clone, Copy, Default)]
pub struct Crossbeam;

const ID: &str = "threads-crossbeam";

impl Executor for Crossbeam {
    fn id(&self) -> &'static str {
        ID
    }

    fn about(&self) -> &'static str {
        "crossbeam-channel: threads behind one bounded channel"
    }

    fn start(&self, setup: &Setup<'_>) -> Result<Box<dyn Lanes>, ExecError> {
        let lanes = setup.lanes();
        let (tasks, queue) = bounded(lanes);
        let mut pool = Pool { tasks: Some(tasks), threads: vec![] };
        for started in 0..lanes {
            let queue = queue.clone();
            let thread = thread::Builder::new().spawn(move || serve(&queue));
            // A pool that cannot be completed is dropped, and so ends the threads it has.
            let refused = |error| ExecError::too_few_threads(ID, (started, lanes), error);
            pool.threads.push(thread.map_err(refused)?);
        }
        Ok(Box::new(pool))
    }
}

/// One task of a job. When the last is done with, `done` has no sender left, and who waits is told.
struct Work {
    job: Arc<Job>,
    task: Task,
    done: Sender<()>,
}

struct Pool {
    /// There until the pool ends.
    tasks: Option<Sender<Work>>,
    threads: Vec<JoinHandle<()>>,
}

impl Lanes for Pool {
    fn started(&self) -> usize {
        self.threads.len()
    }

    fn run(&mut self, job: &Arc<Job>) -> Result<(), ExecError> {
        let (done, all_done) = bounded(0);
        for task in job.tasks() {
            let work = Work { job: Arc::clone(job), task, done: done.clone() };
            let sent = self.tasks.as_ref().is_some_and(|tasks| tasks.send(work).is_ok());
            if !sent {
                return Err(ExecError::run(ID, "every thread has ended"));
            }
        }
        drop(done);
        // Nothing is ever sent: an error is the end of the last task.
        let _ = all_done.recv();
        Ok(())
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        // Without a sender the channel ends, and with it the threads.
        self.tasks = None;
        for thread in self.threads.drain(..) {
            // The job catches what panics in an item; nothing else runs on these threads.
            let _ = thread.join();
        }
    }
}

fn serve(queue: &Receiver<Work>) {
    for Work { job, task, done } in queue {
        job.run_task(&task);
        drop(done);
    }
}
