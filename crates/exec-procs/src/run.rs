//! One job on its way through the lanes.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use paceline_core::{ItemIndex, Job, LaneId, Outcome, Receipt, Span, Task, clock};

use crate::ledger::{Due, Errand, Ledger};

/// One job, its books, and the lanes that wait for work on it.
#[derive(Debug)]
pub(crate) struct Run {
    job: Arc<Job>,
    retry_lost: u32,
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
        Self { job: Arc::clone(job), retry_lost, books, changed: Condvar::new() }
    }

    /// Waits until there is an errand for `lane`; `false` when everything is settled.
    pub(crate) fn wait_for_work(&self, lane: u32) -> bool {
        let mut books = self.lock();
        loop {
            if !self.is_open() {
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
        let mut books = self.lock();
        let share = (books.ledger.waiting() / books.lanes.max(1)).saturating_sub(in_flight);
        let most = wanted.min(share).max(usize::from(in_flight == 0));
        std::iter::from_fn(|| books.ledger.take()).take(most).collect()
    }

    /// Whether items may still begin.
    pub(crate) fn is_open(&self) -> bool {
        !self.job.is_cancelled()
    }

    /// Delivers the receipt that `due` owed. It counts as settled only with [`Run::settle`].
    pub(crate) fn deliver(&self, lane: u32, due: &Due, span: Span, outcome: Outcome) {
        let (item, attempt) = (due.item(), due.attempt());
        self.job.deliver(Receipt { item, lane: LaneId(lane), span, attempt, outcome });
    }

    /// Notes that the receipts of `items` items have been delivered.
    pub(crate) fn settle(&self, items: usize) {
        let mut books = self.lock();
        books.ledger.settle(items);
        self.announce_if_settled(&books);
    }

    /// Delivers for items that a child was asked not to begin.
    pub(crate) fn cancel(&self, lane: u32, items: impl Iterator<Item = Due>) {
        let count = items.map(|due| self.deliver_unbegun(lane, &due, Outcome::Cancelled)).count();
        self.settle(count);
    }

    /// An item was lost with its lane's child: it goes out again, if it may, or the loss is delivered.
    pub(crate) fn lose(&self, lane: u32, due: Due, since_ns: Option<u64>, reason: &str) {
        if due.attempt() <= self.retry_lost && self.is_open() {
            return self.put_back(std::iter::once(due.again()));
        }
        let end_ns = clock::now_ns();
        let span = Span { start_ns: since_ns.unwrap_or(end_ns), end_ns };
        let ItemIndex(item) = due.item();
        self.deliver(
            lane,
            &due,
            span,
            Outcome::Lost(format!("item {item} was in work in {reason}")),
        );
        self.settle(1);
    }

    /// Takes back what a lane cannot run.
    pub(crate) fn put_back(&self, errands: impl DoubleEndedIterator<Item = Errand>) {
        self.lock().ledger.put_back(errands);
        self.changed.notify_all();
    }

    /// A lane can run nothing any more. With the last one, everything that waits is lost.
    pub(crate) fn leave(&self, lane: u32, reason: &str) {
        let mut books = self.lock();
        books.lanes -= 1;
        if books.lanes == 0 {
            let outcome =
                Outcome::Lost(format!("no child is left to run it; the last one: {reason}"));
            self.settle_queue(&mut books, lane, &outcome);
        }
    }

    fn settle_queue(&self, books: &mut Books, lane: u32, outcome: &Outcome) {
        while let Some(errand) = books.ledger.take() {
            let items = errand.len();
            errand.into_due().for_each(|due| self.deliver_unbegun(lane, &due, outcome.clone()));
            books.ledger.settle(items);
        }
        self.announce_if_settled(books);
    }

    fn deliver_unbegun(&self, lane: u32, due: &Due, outcome: Outcome) {
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

/// The tasks of a job, as far as nobody took them.
#[derive(Debug)]
struct FreshTasks(Arc<Job>);

impl Iterator for FreshTasks {
    type Item = Task;

    fn next(&mut self) -> Option<Task> {
        self.0.next_task()
    }
}
