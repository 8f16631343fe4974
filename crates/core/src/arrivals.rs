//! Items that arrive on schedule, whatever becomes of those before them: open loop.
//!
//! In a closed loop a lane asks for its next item when it is done with the last, so a slow service slows
//! its own load down and hides the waiting of everyone who would have come meanwhile ("coordinated
//! omission"). Here items arrive at a fixed rate, and an item's latency counts from its arrival.
//!
//! Which item arrives is left to the executor: the k-th item that is asked for is the k-th to arrive. So
//! lanes are served like the counters of one queue, first come, first served, whatever order a strategy
//! takes items in.

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::clock;
use crate::io::AsyncIo;
use crate::item::ItemIndex;

/// The longest an asynchronous lane sleeps before it looks whether its job was cancelled.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// When items arrive: item number k of those asked for, from 0, k / rate seconds after the first.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Schedule {
    /// Arrivals per second.
    pub rate_per_s: f64,
    /// How long after its last arrival a job may go on beginning items, in nanoseconds. What has not
    /// begun by then never does: a pool that cannot keep up would otherwise work its queue off for hours.
    pub patience_ns: u64,
}

impl Schedule {
    /// How long after the first arrival arrival number `number` is, in nanoseconds.
    #[must_use]
    pub fn offset_ns(&self, number: u32) -> u64 {
        // Saturates for rates next to zero; 2^64 ns are 584 years.
        (f64::from(number) * 1e9 / self.rate_per_s) as u64
    }
}

/// The arrivals of one job.
#[derive(Debug)]
pub(crate) struct Arrivals {
    schedule: Schedule,
    /// The time of the first arrival.
    origin_ns: OnceLock<u64>,
    /// How many arrivals have been given to items.
    next: AtomicU32,
    /// The arrival of each item; 0 before it was asked for. The clock never reads 0.
    of_item: Box<[AtomicU64]>,
    late: AtomicU32,
    overdue: AtomicBool,
    /// For lanes that wait on their thread.
    cancelled: Mutex<bool>,
    changed: Condvar,
}

/// What a lane that asks for an item has to do.
enum Turn {
    /// Begin it.
    Now,
    /// Wait so long and ask again.
    Wait(Duration),
    /// Leave it: its job is over.
    Never,
}

impl Arrivals {
    pub(crate) fn new(schedule: Schedule, items: usize) -> Self {
        Self {
            schedule,
            origin_ns: OnceLock::new(),
            next: AtomicU32::new(0),
            of_item: (0..items).map(|_| AtomicU64::new(0)).collect(),
            late: AtomicU32::new(0),
            overdue: AtomicBool::new(false),
            cancelled: Mutex::new(false),
            changed: Condvar::new(),
        }
    }

    /// The first item arrives now, unless it has already.
    pub(crate) fn begin(&self) -> u64 {
        *self.origin_ns.get_or_init(clock::now_ns)
    }

    /// Waits on this thread until `item` has arrived; `false` when it must not begin any more.
    pub(crate) fn wait(&self, item: ItemIndex) -> bool {
        let mut cancelled = self.cancelled.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            match self.turn(item, *cancelled) {
                Turn::Now => return true,
                Turn::Never => return false,
                Turn::Wait(duration) => {
                    let waited = self.changed.wait_timeout(cancelled, duration);
                    cancelled = waited.unwrap_or_else(PoisonError::into_inner).0;
                }
            }
        }
    }

    /// Waits on the lane's runtime until `item` has arrived; `false` when it must not begin any more.
    pub(crate) async fn wait_async(&self, item: ItemIndex, io: &dyn AsyncIo) -> bool {
        loop {
            let cancelled = *self.cancelled.lock().unwrap_or_else(PoisonError::into_inner);
            match self.turn(item, cancelled) {
                Turn::Now => return true,
                Turn::Never => return false,
                Turn::Wait(duration) => io.sleep(duration.min(LOOK_EVERY)).await,
            }
        }
    }

    /// Ends every wait.
    pub(crate) fn cancel(&self) {
        *self.cancelled.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.changed.notify_all();
    }

    /// When `item` arrived; `None` as long as it was not asked for.
    pub(crate) fn of(&self, item: ItemIndex) -> Option<u64> {
        let arrived_ns = self.of_item.get(item.position())?.load(Ordering::Relaxed);
        (arrived_ns > 0).then_some(arrived_ns)
    }

    /// How many items arrived when no lane was free to take them.
    pub(crate) fn late(&self) -> u32 {
        self.late.load(Ordering::Relaxed)
    }

    /// Whether items were left since the time for beginning them was up.
    pub(crate) fn is_overdue(&self) -> bool {
        self.overdue.load(Ordering::Relaxed)
    }

    fn turn(&self, item: ItemIndex, cancelled: bool) -> Turn {
        let Some(slot) = self.of_item.get(item.position()) else { return Turn::Never };
        if cancelled {
            return Turn::Never;
        }
        let now_ns = clock::now_ns();
        // Relaxed: only the lane that claimed an item, or keeps its books, asks for it.
        let arrives_ns = match slot.load(Ordering::Relaxed) {
            0 => self.assign(slot, now_ns),
            known => known,
        };
        if now_ns < arrives_ns {
            return Turn::Wait(Duration::from_nanos(arrives_ns - now_ns));
        }
        let last = (self.of_item.len() as u32).saturating_sub(1);
        let ends_ns = self
            .begin()
            .saturating_add(self.schedule.offset_ns(last))
            .saturating_add(self.schedule.patience_ns);
        if now_ns <= ends_ns {
            return Turn::Now;
        }
        self.overdue.store(true, Ordering::Relaxed);
        Turn::Never
    }

    /// Gives the next arrival to an item.
    fn assign(&self, slot: &AtomicU64, now_ns: u64) -> u64 {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let arrives_ns = self.begin().saturating_add(self.schedule.offset_ns(number));
        if arrives_ns < now_ns && number > 0 {
            self.late.fetch_add(1, Ordering::Relaxed);
        }
        slot.store(arrives_ns, Ordering::Relaxed);
        arrives_ns
    }
}

#[cfg(test)]
#[path = "arrivals_tests.rs"]
mod tests;
