//! The executor under test, and how a check runs a workload on it.

use std::fmt;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use paceline_core::{
    Concurrency, Digest, Executor, Expected, Family, Job, Lanes, Receipt, Setup, Violation,
    WorkloadSpec, verify,
};

use crate::verdict::Breach;
use crate::workload::build;

/// An executor under test.
///
/// It is borrowed for good, since an executor that hangs is left behind with the thread it hangs on.
#[derive(Clone, Copy)]
pub struct Subject {
    executor: &'static dyn Executor,
    patience: Duration,
}

impl Subject {
    /// `executor`, with the patience of 40 s.
    #[must_use]
    pub fn new(executor: &'static dyn Executor) -> Self {
        Self { executor, patience: Duration::from_secs(40) }
    }

    /// The same executor with another patience: after how long a run that has not come back counts
    /// as hung. Items wait half as long for each other, leftovers may take a quarter to go.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    pub(crate) fn executor(&self) -> &'static dyn Executor {
        self.executor
    }

    pub(crate) fn family(&self) -> Option<Family> {
        Family::of(self.executor.id())
    }

    /// The most items in flight that `width` allows this executor.
    pub(crate) fn limit(&self, width: usize) -> usize {
        self.executor.ceiling().map_or(width, |ceiling| ceiling.min(width))
    }

    /// How long the items of a check wait for each other before they fail.
    pub(crate) fn item_deadline(&self) -> Duration {
        self.patience / 2
    }

    /// How long a thread or child that is ending may take to be gone.
    pub(crate) fn leftover_deadline(&self) -> Duration {
        self.patience / 4
    }

    /// Brings lanes up for `spec`, runs it once and ends the lanes.
    pub(crate) fn run(&self, spec: WorkloadSpec, shape: Shape) -> Result<Ran, Breach> {
        let executor = self.executor;
        self.watched(move || {
            let job = shape.job(&spec)?;
            let mut lanes = shape.start(executor, &spec, &job)?;
            lanes.run(&job)?;
            let settled_at_return = job.receipts().len();
            lanes.shutdown()?;
            Ok(Ran::of(&job, settled_at_return))
        })
    }

    /// Does `work` on a thread that can be left behind, so that a hang is a breach and not a hang of
    /// the test. For the executor this thread is the calling one.
    pub(crate) fn watched<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Breach> + Send + 'static,
    ) -> Result<T, Breach> {
        let (sender, receiver) = mpsc::channel();
        let caller =
            thread::Builder::new().name("paceline-caller".to_owned()).spawn(move || {
                // Nobody listens any more once patience has run out.
                let _ = sender.send(work());
            })?;
        let found = match receiver.recv_timeout(self.patience) {
            Ok(found) => found,
            Err(RecvTimeoutError::Timeout) => return Err(Breach::Hung(self.patience)),
            Err(RecvTimeoutError::Disconnected) => {
                Err(Breach::Panicked("the executor's own code panicked".to_owned()))
            }
        };
        // Its panic is already told; what matters is that the thread is gone before the next look.
        let _ = caller.join();
        found
    }
}

impl fmt::Debug for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { executor, patience } = self;
        f.debug_struct("Subject")
            .field("executor", &executor.id())
            .field("patience", patience)
            .finish()
    }
}

/// The width and the batch of a run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape {
    width: NonZeroUsize,
    batch: NonZeroUsize,
}

impl Shape {
    /// A shape of at least one by one.
    pub(crate) fn new(width: usize, batch: usize) -> Self {
        let positive = |count: usize| NonZeroUsize::new(count).unwrap_or(NonZeroUsize::MIN);
        Self { width: positive(width), batch: positive(batch) }
    }

    pub(crate) fn job(self, spec: &WorkloadSpec) -> Result<Arc<Job>, Breach> {
        Ok(Arc::new(Job::new(build(spec)?, self.batch)))
    }

    pub(crate) fn start(
        self,
        executor: &dyn Executor,
        spec: &WorkloadSpec,
        job: &Job,
    ) -> Result<Box<dyn Lanes>, Breach> {
        Ok(executor.start(&Setup { width: self.width, tasks: job.task_count(), spec })?)
    }
}

/// What is known after a run.
///
/// Receipts are read after the lanes have ended, so that an executor that returns too early breaks
/// that one promise only.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) items: usize,
    pub(crate) settled_at_return: usize,
    pub(crate) receipts: Vec<Receipt>,
}

impl Ran {
    pub(crate) fn of(job: &Job, settled_at_return: usize) -> Self {
        Self { items: job.workload().items(), settled_at_return, receipts: job.receipts() }
    }

    /// The peak of items in flight that the spans show.
    pub(crate) fn peak(&self) -> usize {
        let spans: Vec<_> = self.receipts.iter().map(|receipt| receipt.span).collect();
        Concurrency::of(&spans).peak
    }

    /// How the receipts fall short of one for each item, all of them done.
    pub(crate) fn not_done(&self) -> Vec<String> {
        self.violations(None)
    }

    /// Whether all items are done with products other than those of `digest`.
    pub(crate) fn wrong_products(&self, digest: Option<Digest>) -> Vec<String> {
        let wrong = |violation: &Violation| matches!(violation, Violation::WrongDigest { .. });
        self.verify(digest).iter().filter(|found| wrong(found)).map(ToString::to_string).collect()
    }

    fn violations(&self, digest: Option<Digest>) -> Vec<String> {
        self.verify(digest).iter().map(ToString::to_string).collect()
    }

    /// The width has checks of its own, so none is exceeded here.
    fn verify(&self, digest: Option<Digest>) -> Vec<Violation> {
        verify(&self.receipts, &Expected { items: self.items, width: usize::MAX, digest })
    }
}
