//! One job on its way through the lanes.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use paceline_core::{Job, LaneId, Outcome, Receipt, Span, Task, clock, remote};

use crate::ledger::{Due, Errand, Ledger};

/// One job, its books, and the lanes that wait for work on it.
#[derive(Debug)]
pub(crate) struct Run {
    job: Arc<Job>,
    retry_lost: u32,
    abandoned: AtomicBool,
    books: Mutex<Books>,
    /// Errands came back, or everything is settled.
    changed: Condvar,
}

#[derive(Debug)]
struct Books {
    ledger: Ledger<FreshTasks>,
    /// Lanes that can still run something.
    lanes: usize,
}

impl Run {
    /// A run of `job` on `lanes` lanes; an item that is lost goes out again `retry_lost` times.
    pub(crate) fn new(job: &Arc<Job>, lanes: usize, retry_lost: u32) -> Self {
        let ledger = Ledger::new(FreshTasks(Arc::clone(job)), job.task_count());
        let books = Mutex::new(Books { ledger, lanes });
        let (abandoned, changed) = (AtomicBool::new(false), Condvar::new());
        Self { job: Arc::clone(job), retry_lost, abandoned, books, changed }
    }

    /// Waits until there is an errand for `lane`; `false` when there will be none.
    pub(crate) fn wait_for_work(&self, lane: LaneId) -> bool {
        let mut books = self.lock();
        loop {
            if self.is_abandoned() {
                return false;
            }
            if self.job.is_cancelled() {
                self.settle_queue(&mut books, lane, &Outcome::Cancelled);
            }
            if books.ledger.waiting() > 0 || books.ledger.is_settled() {
                return books.ledger.waiting() > 0;
            }
            books = self.changed.wait(books).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Takes up to `wanted` errands for a lane that has `in_flight`, but no more than would be its
    /// share if all that wait were dealt out. A lane that has none gets one if there is one.
    pub(crate) fn take(&self, wanted: usize, in_flight: usize) -> Vec<Errand> {
        if !self.is_open() {
            return Vec::new();
        }
        if self.job.is_open_loop() {
            return self.take_arrived(in_flight).into_iter().collect();
        }
        let mut books = self.lock();
        let share = (books.ledger.waiting() / books.lanes.max(1)).saturating_sub(in_flight);
        let most = wanted.min(share).max(usize::from(in_flight == 0));
        std::iter::from_fn(|| books.ledger.take()).take(most).collect()
    }

    /// In open loop: one errand for a lane that has nothing else, when all of its items have arrived. It
    /// waits for that on the lane's thread, since its child has nothing to say meanwhile. Nothing is
    /// handed ahead: what has not arrived cannot be.
    fn take_arrived(&self, in_flight: usize) -> Option<Errand> {
        let errand = if in_flight == 0 { self.lock().ledger.take() } else { None }?;
        if errand.task().items().all(|item| remote::await_arrival(&self.job, item)) {
            return Some(errand);
        }
        self.put_back(std::iter::once(errand));
        None
    }

    /// Whether items may still begin.
    pub(crate) fn is_open(&self) -> bool {
        !self.job.is_cancelled() && !self.is_abandoned()
    }

    /// Whether a lane's thread panicked, so that nobody knows where its items are.
    pub(crate) fn is_abandoned(&self) -> bool {
        self.abandoned.load(Ordering::Relaxed)
    }

    /// Delivers the receipt that `due` owed. It counts as settled only with [`Run::settle`].
    pub(crate) fn deliver(&self, lane: LaneId, due: &Due, span: Span, outcome: Outcome) {
        let (item, attempt) = (due.item(), due.attempt());
        remote::deliver(&self.job, Receipt { item, lane, span, attempt, outcome });
    }

    /// Notes that the receipts of `items` items have been delivered.
    pub(crate) fn settle(&self, items: usize) {
        let mut books = self.lock();
        books.ledger.settle(items);
        self.announce_if_settled(&books);
    }

    /// Delivers for items that a child was asked not to begin.
    pub(crate) fn cancel(&self, lane: LaneId, items: impl Iterator<Item = Due>) {
        let count = items.map(|due| self.deliver_unbegun(lane, &due, Outcome::Cancelled)).count();
        self.settle(count);
    }

    /// An item was lost with its lane's child: it goes out again, if it may, or the loss is delivered.
    pub(crate) fn lose(&self, lane: LaneId, due: Due, since_ns: Option<u64>, child: &str) {
        if due.attempt() <= self.retry_lost && self.is_open() {
            return self.put_back(std::iter::once(due.again()));
        }
        let end_ns = clock::now_ns();
        let span = Span { start_ns: since_ns.unwrap_or(end_ns), end_ns };
        let lost = Outcome::Lost(format!("item {} was in work in {child}", due.item()));
        self.deliver(lane, &due, span, lost);
        self.settle(1);
    }

    /// Takes back what a lane cannot run.
    pub(crate) fn put_back(&self, errands: impl DoubleEndedIterator<Item = Errand>) {
        self.lock().ledger.put_back(errands);
        self.changed.notify_all();
    }

    /// A lane can run nothing any more. With the last one, everything that waits is lost.
    pub(crate) fn leave(&self, lane: LaneId, reason: &str) {
        let mut books = self.lock();
        books.lanes -= 1;
        if books.lanes == 0 {
            let outcome =
                Outcome::Lost(format!("no child is left to run it; the last one: {reason}"));
            self.settle_queue(&mut books, lane, &outcome);
        }
    }

    fn settle_queue(&self, books: &mut Books, lane: LaneId, outcome: &Outcome) {
        while let Some(errand) = books.ledger.take() {
            let items = errand.len();
            errand.into_due().for_each(|due| self.deliver_unbegun(lane, &due, outcome.clone()));
            books.ledger.settle(items);
        }
        self.announce_if_settled(books);
    }

    fn deliver_unbegun(&self, lane: LaneId, due: &Due, outcome: Outcome) {
        let now_ns = clock::now_ns();
        self.deliver(lane, due, Span { start_ns: now_ns, end_ns: now_ns }, outcome);
    }

    fn announce_if_settled(&self, books: &Books) {
        if books.ledger.is_settled() {
            self.changed.notify_all();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A lane's part in a run. Its end is noted when this is dropped, also by a panic, after which no other
/// lane may wait for the items that this one had.
#[derive(Debug)]
pub(crate) struct Attendance<'a> {
    /// The run.
    pub(crate) run: &'a Run,
    /// Where the end is awaited.
    pub(crate) done: &'a Sender<()>,
}

impl Drop for Attendance<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.run.abandoned.store(true, Ordering::Relaxed);
            // Under the lock, so that a lane that is about to wait has seen it.
            let _books = self.run.lock();
            self.run.changed.notify_all();
        }
        // The pool may have given up waiting.
        let _ = self.done.send(());
    }
}

/// The tasks of a job, as far as nobody took them.
#[derive(Debug)]
struct FreshTasks(Arc<Job>);

impl Iterator for FreshTasks {
    type Item = Task;

    fn next(&mut self) -> Option<Task> {
        self.0.next_task()
    }
}

#[cfg(test)]
#[path = "run_tests.rs"]
mod tests;
