//! The only door to an item.

pub mod remote;

use std::any::Any;
use std::cell::Cell;
use std::future::poll_fn;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::arrivals::{Arrivals, Schedule};
use crate::clock;
use crate::io::AsyncIo;
use crate::item::{ItemIndex, ItemResult, Task};
use crate::receipt::{LaneId, Outcome, Receipt, Span};
use crate::workload::Workload;

/// One pass over all items of a workload, as an executor sees it: tasks to hand out, a door to run
/// them through, and nothing else.
///
/// The door claims the item, stamps its span, catches a panic and writes the receipt, so no executor
/// can forget to. An item is run at most once: a second request leaves a second receipt
/// ([`Outcome::Refused`]) and runs nothing.
#[derive(Debug)]
pub struct Job {
    workload: Arc<dyn Workload>,
    batch: NonZeroUsize,
    next_task: AtomicUsize,
    cancelled: AtomicBool,
    claimed: Box<[AtomicBool]>,
    receipts: Box<[OnceLock<Receipt>]>,
    /// Receipts for items that already have one. Only a broken executor ever puts any here.
    surplus: Mutex<Vec<Receipt>>,
    /// In open loop: when items arrive. Without it, an item may begin as soon as a lane asks for it.
    arrivals: Option<Arrivals>,
}

impl Job {
    /// A job over all items of `workload`, in tasks of `batch` items (the last may be shorter).
    ///
    /// # Panics
    ///
    /// When the workload has more items than an [`ItemIndex`] can number.
    #[must_use]
    pub fn new(workload: Arc<dyn Workload>, batch: NonZeroUsize) -> Self {
        let items = workload.items();
        assert!(u32::try_from(items).is_ok(), "a workload has at most {} items", u32::MAX);
        Self {
            workload,
            batch,
            next_task: AtomicUsize::new(0),
            cancelled: AtomicBool::new(false),
            claimed: (0..items).map(|_| AtomicBool::new(false)).collect(),
            receipts: (0..items).map(|_| OnceLock::new()).collect(),
            surplus: Mutex::new(Vec::new()),
            arrivals: None,
        }
    }

    /// The same job in open loop: its items arrive as `schedule` says, and none begins before.
    #[must_use]
    pub fn arriving(self, schedule: Schedule) -> Self {
        let arrivals = Some(Arrivals::new(schedule, self.receipts.len()));
        Self { arrivals, ..self }
    }

    /// Runs the items of `task`, one after the other, on the calling thread, which is the lane.
    pub fn run_task(&self, task: &Task) {
        let lane = this_thread();
        for item in task.items() {
            self.run_item(item, lane);
        }
    }

    /// Runs the items of `task`, one after the other, in the calling asynchronous task, whose lane
    /// number the executor gives. `io` is the runtime's side of the item's waits.
    pub async fn run_task_async(&self, task: &Task, lane: LaneId, io: &dyn AsyncIo) {
        for item in task.items() {
            self.run_item_async(item, lane, io).await;
        }
    }

    /// Runs task after task on the calling thread until none is left: all that a lane does which fetches
    /// its own.
    pub fn run_tasks(&self) {
        while let Some(task) = self.next_task() {
            self.run_task(&task);
        }
    }

    /// Runs task after task in the calling asynchronous task until none is left, as the lane of this
    /// number. Many of these spawned side by side are true asynchrony; one of them awaited in place is
    /// false asynchrony. `io` is the runtime's side of the items' waits.
    pub async fn run_tasks_async(&self, lane: usize, io: &dyn AsyncIo) {
        // A workload has at most 2^32 items, and no executor starts more lanes than there are tasks.
        let lane = LaneId(lane as u32);
        while let Some(task) = self.next_task() {
            self.run_task_async(&task, lane, io).await;
        }
    }

    /// Takes the next task that nobody took yet. For lanes that fetch their own work.
    pub fn next_task(&self) -> Option<Task> {
        // Relaxed: the counter hands out numbers and publishes nothing else. The early look keeps it
        // from running on for ever under lanes that keep asking.
        if self.next_task.load(Ordering::Relaxed) >= self.task_count() {
            return None;
        }
        let number = self.next_task.fetch_add(1, Ordering::Relaxed);
        (number < self.task_count()).then(|| self.task(number))
    }

    /// All tasks in order. For executors that hand tasks out themselves.
    pub fn tasks(&self) -> impl DoubleEndedIterator<Item = Task> + ExactSizeIterator + '_ {
        (0..self.task_count()).map(|number| self.task(number))
    }

    /// How many tasks there are.
    #[must_use]
    pub fn task_count(&self) -> usize {
        self.receipts.len().div_ceil(self.batch.get())
    }

    /// Has every item that has not begun settled as [`Outcome::Cancelled`] when it comes to the door.
    /// Items in flight end as they would have. Executors go on handing out tasks, which now cost
    /// nothing; one whose lanes stand behind another door looks at [`Job::is_cancelled`] itself.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
        if let Some(arrivals) = &self.arrivals {
            arrivals.cancel();
        }
    }

    /// Whether [`Job::cancel`] was called.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// In open loop: has the first item arrive now, and returns when that is, in nanoseconds of
    /// [`crate::clock`]. Without this call it arrives when it is first asked for.
    pub fn begin_arrivals(&self) -> Option<u64> {
        self.arrivals.as_ref().map(Arrivals::begin)
    }

    /// Whether items arrive on a schedule.
    #[must_use]
    pub fn is_open_loop(&self) -> bool {
        self.arrivals.is_some()
    }

    /// In open loop: when `item` arrived, in nanoseconds of [`crate::clock`]. `None` for one that nobody
    /// waited for.
    #[must_use]
    pub fn arrived_ns(&self, item: ItemIndex) -> Option<u64> {
        self.arrivals.as_ref()?.of(item)
    }

    /// In open loop: how many items arrived when no lane was free to take them.
    #[must_use]
    pub fn late_starts(&self) -> u32 {
        self.arrivals.as_ref().map_or(0, Arrivals::late)
    }

    /// In open loop: whether items were left because the time for beginning them was up.
    #[must_use]
    pub fn is_overdue(&self) -> bool {
        self.arrivals.as_ref().is_some_and(Arrivals::is_overdue)
    }

    /// The workload behind the door, for executors that have it rebuilt in another process.
    #[must_use]
    pub fn workload(&self) -> &Arc<dyn Workload> {
        &self.workload
    }

    /// Every receipt written so far, in order of the items, surplus ones at the end.
    #[must_use]
    pub fn receipts(&self) -> Vec<Receipt> {
        let surplus = self.surplus.lock().unwrap_or_else(PoisonError::into_inner);
        self.receipts.iter().filter_map(OnceLock::get).chain(surplus.iter()).cloned().collect()
    }

    fn run_item(&self, item: ItemIndex, lane: LaneId) {
        let mut claim = self.claim(item);
        if claim == Claim::Granted && !self.await_arrival(item) {
            claim = Claim::Cancelled;
        }
        let start_ns = clock::now_ns();
        let outcome = match claim {
            Claim::Granted => run_caught(self.workload.as_ref(), item),
            Claim::Cancelled => Outcome::Cancelled,
            Claim::Taken => Outcome::Refused,
        };
        let span = Span { start_ns, end_ns: clock::now_ns() };
        self.deliver(Receipt { item, lane, span, attempt: 1, outcome });
    }

    async fn run_item_async(&self, item: ItemIndex, lane: LaneId, io: &dyn AsyncIo) {
        let mut claim = self.claim(item);
        if let (Claim::Granted, Some(arrivals)) = (&claim, &self.arrivals)
            && !self.is_on(arrivals.wait_async(item, io).await)
        {
            claim = Claim::Cancelled;
        }
        let start_ns = clock::now_ns();
        let outcome = match claim {
            Claim::Granted => self.drive(item, io).await,
            Claim::Cancelled => Outcome::Cancelled,
            Claim::Taken => Outcome::Refused,
        };
        let span = Span { start_ns, end_ns: clock::now_ns() };
        self.deliver(Receipt { item, lane, span, attempt: 1, outcome });
    }

    /// Runs the item's future, with a panic caught at every poll, where it would otherwise unwind into
    /// the runtime and take other items with it.
    async fn drive(&self, item: ItemIndex, io: &dyn AsyncIo) -> Outcome {
        let mut future =
            match catch_unwind(AssertUnwindSafe(|| self.workload.run_item_async(item, io))) {
                Ok(future) => future,
                Err(panic) => return Outcome::Panicked(panic_message(panic.as_ref())),
            };
        poll_fn(move |context| {
            match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
                Ok(poll) => poll.map(settled),
                Err(panic) => Outcome::Panicked(panic_message(panic.as_ref())).into(),
            }
        })
        .await
    }

    /// In open loop, gives `item` the next arrival, unless it has one, and waits for it on this thread.
    /// Returns `false` if the job is cancelled, so that the item must not begin any more.
    fn await_arrival(&self, item: ItemIndex) -> bool {
        let arrived = self.arrivals.as_ref().is_none_or(|arrivals| arrivals.wait(item));
        self.is_on(arrived)
    }

    /// An item whose time is up is the last that is waited for.
    fn is_on(&self, arrived: bool) -> bool {
        if !arrived {
            self.cancel();
        }
        !self.is_cancelled()
    }

    fn claim(&self, item: ItemIndex) -> Claim {
        match self.claimed.get(item.position()) {
            // Relaxed: the claim decides only who runs the item; receipts are published by their slots.
            Some(claimed) if !claimed.swap(true, Ordering::Relaxed) => {
                if self.is_cancelled() {
                    Claim::Cancelled
                } else {
                    Claim::Granted
                }
            }
            _ => Claim::Taken,
        }
    }

    fn task(&self, number: usize) -> Task {
        let first = number * self.batch.get();
        let end = (first + self.batch.get()).min(self.receipts.len());
        // Both fit: `new` refuses workloads whose items an index cannot number.
        Task::new(first as u32..end as u32)
    }

    /// Files a receipt. A second one for the same item, or one for no item, is kept as surplus.
    fn deliver(&self, receipt: Receipt) {
        match self.receipts.get(receipt.item.position()) {
            Some(slot) => {
                if let Err(second) = slot.set(receipt) {
                    self.add_surplus(second);
                }
            }
            None => self.add_surplus(receipt),
        }
    }

    fn add_surplus(&self, receipt: Receipt) {
        self.surplus.lock().unwrap_or_else(PoisonError::into_inner).push(receipt);
    }
}

#[derive(PartialEq, Eq)]
enum Claim {
    Granted,
    Cancelled,
    Taken,
}

fn run_caught(workload: &dyn Workload, item: ItemIndex) -> Outcome {
    match catch_unwind(AssertUnwindSafe(|| workload.run_item(item))) {
        Ok(result) => settled(result),
        Err(panic) => Outcome::Panicked(panic_message(panic.as_ref())),
    }
}

fn settled(result: ItemResult) -> Outcome {
    match result {
        Ok(checksum) => Outcome::Done(checksum),
        Err(error) => Outcome::Failed(error.to_string()),
    }
}

/// What a caught panic says, as far as its payload is text.
#[must_use]
pub fn panic_message(panic: &(dyn Any + Send)) -> String {
    panic
        .downcast_ref::<&str>()
        .map(ToString::to_string)
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a panic whose payload is not text".to_owned())
}

/// The lane number of the calling thread. The door sees the thread itself, so an executor cannot claim
/// threads that it does not have. Numbers are never given twice in one process.
fn this_thread() -> LaneId {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    thread_local! {
        static NUMBER: Cell<Option<u32>> = const { Cell::new(None) };
    }
    NUMBER.with(|number| {
        let known = number.get().unwrap_or_else(|| NEXT.fetch_add(1, Ordering::Relaxed));
        number.set(Some(known));
        LaneId(known)
    })
}

#[cfg(test)]
#[path = "job_tests.rs"]
mod tests;
