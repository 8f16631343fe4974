//! A thread pool: a queue of work, and threads that take from it.

use std::fmt;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use paceline_core::{ExecError, Executor, Job, Lanes, Setup};

/// An executor over a [`Pool`], as its parts: a rogue is [`SOUND_POOL`] with one part replaced.
#[derive(Debug, Clone, Copy)]
pub struct PoolExecutor {
    /// Its id.
    pub id: &'static str,
    /// How many threads to start.
    pub threads: fn(&Setup<'_>) -> usize,
    /// How many lanes it says to have started.
    pub tells: fn(&Setup<'_>) -> usize,
    /// What else to do when the lanes come up.
    pub at_start: fn(),
    /// How to run a job.
    pub run: fn(&mut Pool, &Arc<Job>) -> Result<(), ExecError>,
}

/// The pool as it should be.
pub const SOUND_POOL: PoolExecutor = PoolExecutor {
    id: "threads-reference",
    threads: |setup| setup.lanes(),
    tells: |setup| setup.lanes(),
    at_start: || {},
    run: |pool, job| {
        pool.hand_out(job);
        pool.wait();
        Ok(())
    },
};

impl Executor for PoolExecutor {
    fn id(&self) -> &'static str {
        self.id
    }

    fn about(&self) -> &'static str {
        "the thread pool of the conformance suite"
    }

    fn start(&self, setup: &Setup<'_>) -> Result<Box<dyn Lanes>, ExecError> {
        (self.at_start)();
        let pool = Pool::start(self.id, (self.threads)(setup))?;
        Ok(Box::new(PoolLanes { pool, told: (self.tells)(setup), run: self.run }))
    }
}

struct PoolLanes {
    pool: Pool,
    told: usize,
    run: fn(&mut Pool, &Arc<Job>) -> Result<(), ExecError>,
}

impl Lanes for PoolLanes {
    fn started(&self) -> usize {
        self.told
    }

    fn run(&mut self, job: &Arc<Job>) -> Result<(), ExecError> {
        (self.run)(&mut self.pool, job)
    }
}

/// Threads behind one queue. Dropping it runs what is queued, and returns when the threads are gone.
pub struct Pool {
    queue: Option<Sender<Work>>,
    threads: Vec<JoinHandle<()>>,
    unfinished: Arc<Unfinished>,
    submitted: usize,
}

type Work = Box<dyn FnOnce() + Send>;

impl Pool {
    fn start(executor: &'static str, threads: usize) -> Result<Self, ExecError> {
        let (queue, work) = mpsc::channel();
        let work = Arc::new(Mutex::new(work));
        // The queue is in place before the first thread, so a pool that cannot be completed is dropped
        // like any other and ends the threads it has.
        let mut pool =
            Self { queue: Some(queue), threads: vec![], unfinished: Arc::default(), submitted: 0 };
        for started in 0..threads {
            let work = Arc::clone(&work);
            let lane = thread::Builder::new().spawn(move || serve(&work));
            let refused = |error| ExecError::too_few_threads(executor, (started, threads), error);
            pool.threads.push(lane.map_err(refused)?);
        }
        Ok(pool)
    }

    /// Queues every task of `job`.
    pub fn hand_out(&mut self, job: &Arc<Job>) {
        for task in job.tasks() {
            let job = Arc::clone(job);
            self.submit(move || job.run_task(&task));
        }
    }

    /// Queues `work`.
    pub fn submit(&mut self, work: impl FnOnce() + Send + 'static) {
        self.submitted += 1;
        let unfinished = Arc::clone(&self.unfinished);
        unfinished.add_one();
        let work: Work = Box::new(move || {
            work();
            unfinished.finish_one();
        });
        if let Some(queue) = &self.queue {
            // The threads hold the other end for as long as the pool lives.
            let _ = queue.send(work);
        }
    }

    /// Returns when everything that was queued has been done.
    pub fn wait(&self) {
        self.unfinished.wait_for_none();
    }

    /// How many threads there are.
    #[must_use]
    pub fn width(&self) -> usize {
        self.threads.len()
    }

    /// How much work was ever queued.
    #[must_use]
    pub fn submitted(&self) -> usize {
        self.submitted
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.queue = None;
        for thread in self.threads.drain(..) {
            // The door catches what panics in an item; nothing else runs on these threads.
            let _ = thread.join();
        }
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool").field("threads", &self.threads.len()).finish_non_exhaustive()
    }
}

fn serve(queue: &Mutex<Receiver<Work>>) {
    // The lock is held while waiting for work, and released before doing it.
    let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
    while let Ok(work) = next() {
        work();
    }
}

/// How much work is queued or being done.
#[derive(Default)]
struct Unfinished {
    count: Mutex<usize>,
    none_left: Condvar,
}

impl Unfinished {
    fn add_one(&self) {
        *self.count.lock().unwrap_or_else(PoisonError::into_inner) += 1;
    }

    fn finish_one(&self) {
        let mut count = self.count.lock().unwrap_or_else(PoisonError::into_inner);
        *count -= 1;
        if *count == 0 {
            self.none_left.notify_all();
        }
    }

    fn wait_for_none(&self) {
        let count = self.count.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.none_left.wait_while(count, |count| *count > 0);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }
}
