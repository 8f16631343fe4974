//! tokio: both flavours of its runtime, and what false asynchrony makes of it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use paceline_core::{ExecError, Executor, Job, Lanes, Setup, panic_message};
use paceline_io::TokioIo;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;

use crate::lane::{InTurn, lane};

/// Tasks on tokio's current-thread runtime: true asynchrony on one thread.
#[derive(Debug, Clone, Copy, Default)]
pub struct Tokio;

impl Executor for Tokio {
    fn id(&self) -> &'static str {
        "async-tokio"
    }

    fn about(&self) -> &'static str {
        "tokio, current-thread runtime: a task for each lane, all on one thread"
    }

    fn start(&self, setup: &Setup<'_>) -> Result<Box<dyn Lanes>, ExecError> {
        let runtime = build(self.id(), Builder::new_current_thread().enable_all())?;
        Ok(Box::new(Together { executor: self.id(), runtime, lanes: setup.lanes() }))
    }
}

/// Tasks on tokio's multi-thread runtime, with as many workers as lanes.
#[derive(Debug, Clone, Copy, Default)]
pub struct TokioMultiThread;

impl Executor for TokioMultiThread {
    fn id(&self) -> &'static str {
        "async-tokio-mt"
    }

    fn about(&self) -> &'static str {
        "tokio, multi-thread runtime: a task and a worker thread for each lane"
    }

    fn start(&self, setup: &Setup<'_>) -> Result<Box<dyn Lanes>, ExecError> {
        let lanes = setup.lanes();
        let runtime = build_with_workers(self.id(), lanes)?;
        Ok(Box::new(Together { executor: self.id(), runtime, lanes }))
    }
}

/// One item awaited after the other on tokio's current-thread runtime: asynchronous in name only.
#[derive(Debug, Clone, Copy, Default)]
pub struct FalseTokio;

impl Executor for FalseTokio {
    fn id(&self) -> &'static str {
        "async-false-tokio"
    }

    fn about(&self) -> &'static str {
        "tokio, one item awaited after the other: asynchronous in name only"
    }

    fn ceiling(&self) -> Option<usize> {
        Some(1)
    }

    fn start(&self, _: &Setup<'_>) -> Result<Box<dyn Lanes>, ExecError> {
        let runtime = build(self.id(), Builder::new_current_thread().enable_all())?;
        Ok(Box::new(InTurn(move |job| runtime.block_on(lane(job, 0, TokioIo)))))
    }
}

pub(crate) fn build(executor: &'static str, builder: &mut Builder) -> Result<Runtime, ExecError> {
    builder.build().map_err(|error| ExecError::start(executor, "build the tokio runtime", error))
}

/// Counts how many threads the runtime of `builder` asks the system for, by the names that it gives them.
pub(crate) fn count_threads(builder: &mut Builder) -> Arc<AtomicUsize> {
    let tried = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&tried);
    builder.thread_name_fn(move || {
        counter.fetch_add(1, Ordering::Relaxed);
        // The name that tokio gives by itself.
        "tokio-rt-worker".to_owned()
    });
    tried
}

/// Builds a multi-thread runtime, whose `workers` start at once.
///
/// tokio panics if the system refuses one of them. While that panic unwinds, tokio waits for the workers that
/// are up, and these wait for work without end. Inside another runtime tokio may not wait. It lets the workers
/// go, and they stay until the process ends, since nothing can end them any more.
fn build_with_workers(executor: &'static str, workers: usize) -> Result<Runtime, ExecError> {
    let mut builder = Builder::new_multi_thread();
    let tried = count_threads(builder.worker_threads(workers).enable_all());
    let outer = build(executor, &mut Builder::new_current_thread())?;
    let inside = || outer.block_on(async { build(executor, &mut builder) });
    catch_unwind(AssertUnwindSafe(inside)).unwrap_or_else(|panic| {
        // The last thread that it tried to start is the one that was refused.
        let reached = tried.load(Ordering::Relaxed).saturating_sub(1);
        let said = panic_message(panic.as_ref());
        Err(ExecError::too_few_threads(executor, (reached, workers), said))
    })
}

/// Waits for all of `handles`.
pub(crate) async fn join(
    executor: &'static str,
    handles: Vec<JoinHandle<()>>,
) -> Result<(), ExecError> {
    for handle in handles {
        handle.await.map_err(|error| ExecError::run(executor, error))?;
    }
    Ok(())
}

/// A runtime on which every lane is a task of its own.
struct Together {
    executor: &'static str,
    runtime: Runtime,
    lanes: usize,
}

impl Lanes for Together {
    fn started(&self) -> usize {
        self.lanes
    }

    fn run(&mut self, job: &Arc<Job>) -> Result<(), ExecError> {
        let (job, executor, lanes) = (Arc::clone(job), self.executor, self.lanes);
        // The thread of `block_on` is no worker of a multi-thread runtime, and what it spawns goes
        // through the queue for strangers. A spawned root task spawns as a worker does.
        let root = self.runtime.spawn(async move {
            let handles =
                (0..lanes).map(|number| tokio::spawn(lane(Arc::clone(&job), number, TokioIo)));
            join(executor, handles.collect()).await
        });
        self.runtime.block_on(root).map_err(|error| ExecError::run(executor, error))?
    }
}
