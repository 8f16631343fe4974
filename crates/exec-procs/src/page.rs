//! The page of memory that a child and its parent share: how far the child has come, readable after
//! its death.
//!
//! A receipt in a message costs a system call, so a child collects the receipts of short items and
//! sends them together. A child that is killed takes what it has not sent with it, and nobody could
//! tell which items were done, which one was in work and which had not begun. So the child also notes
//! every item in this page, at the cost of a few stores: what was stored outlives the process.
//!
//! ```text
//! word   0         1        2          8           9        16 ...
//!        begun     done     since_ns   handed_ns   stop     marks: start_ns, end_ns, checksum
//!        `----- child writes ----'     `-parent writes-'    of the last MARKS items done
//! ```
//!
//! The counters number the items of one child from 1 in the order in which it runs them; which item
//! that is, the parent knows from its books.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ipc_channel::ipc::IpcSharedMemory;
use paceline_core::{Checksum, LaneId, Outcome, Span, clock};

use crate::wire::Report;

/// How many items a child may have done without having sent their receipts.
pub(crate) const MARKS: usize = 128;

const BEGUN: usize = 0;
const DONE: usize = 1;
const SINCE_NS: usize = 2;
// What the parent writes is on a cache line of its own.
const HANDED_NS: usize = 8;
const STOP: usize = 9;
const FIRST_MARK: usize = 16;
const WORDS_PER_MARK: usize = 3;
/// 4 KiB, so that no two lanes write to the same page.
const WORDS: usize = 512;
const BYTES: usize = WORDS * size_of::<AtomicU64>();

/// The pages of all lanes of a pool, in one piece of memory: one file descriptor for all of them.
#[derive(Debug)]
pub(crate) struct Board {
    /// Borrows from `memory`, which never moves and lives as long; it must not outlive this struct.
    words: &'static [AtomicU64],
    memory: IpcSharedMemory,
}

impl Board {
    /// A board of zeros for `lanes` lanes.
    pub(crate) fn new(lanes: usize) -> Self {
        Self::map(IpcSharedMemory::from_byte(0, lanes * BYTES))
    }

    /// The board in `memory`, which the other process made.
    pub(crate) fn map(mut memory: IpcSharedMemory) -> Self {
        let whole_words = memory.len() / size_of::<AtomicU64>();
        #[expect(unsafe_code, reason = "memory that two processes write is only sound as atomics")]
        // SAFETY: the mapping is as many writable words, starts at a page boundary and stays where it
        // is until `memory` is dropped, together with this reference. From here on both processes
        // touch it through atomics alone; no reference to its bytes is made again.
        let words = unsafe {
            let first = memory.deref_mut().as_mut_ptr().cast::<AtomicU64>();
            std::slice::from_raw_parts(first.cast_const(), whole_words)
        };
        Self { words, memory }
    }

    /// A handle on the same memory, to be sent to a child.
    pub(crate) fn share(&self) -> IpcSharedMemory {
        self.memory.clone()
    }

    /// All lanes and their pages.
    pub(crate) fn pages(self: &Arc<Self>) -> impl Iterator<Item = (LaneId, Page)> + use<> {
        let board = Arc::clone(self);
        (0..).map_while(move |lane| Some((LaneId(lane), board.page(LaneId(lane))?)))
    }

    /// The page of a lane; `None` when the board has no such lane.
    pub(crate) fn page(self: &Arc<Self>, lane: LaneId) -> Option<Page> {
        let first = lane.0 as usize * WORDS;
        let words = self.words.get(first..first + WORDS)?;
        Some(Page { words, _board: Arc::clone(self) })
    }
}

/// One lane's page.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    words: &'static [AtomicU64],
    /// Keeps the words mapped.
    _board: Arc<Board>,
}

impl Page {
    /// Child: an item is about to run.
    pub(crate) fn begin(&self) {
        let begun = self.words[BEGUN].load(Ordering::Relaxed);
        self.words[BEGUN].store(begun + 1, Ordering::Release);
    }

    /// Child: the item in work is done, and its receipt waits to be sent.
    pub(crate) fn note_done(&self, span: Span, checksum: Checksum) {
        let done = self.words[DONE].load(Ordering::Relaxed);
        let mark = self.mark(done);
        mark[0].store(span.start_ns, Ordering::Relaxed);
        mark[1].store(span.end_ns, Ordering::Relaxed);
        mark[2].store(checksum.0, Ordering::Relaxed);
        self.words[SINCE_NS].store(span.end_ns, Ordering::Relaxed);
        // Release: who sees the count sees the mark.
        self.words[DONE].store(done + 1, Ordering::Release);
    }

    /// Child: the item in work is settled, and its receipt has been sent.
    pub(crate) fn note_sent(&self) {
        let begun = self.words[BEGUN].load(Ordering::Relaxed);
        self.words[DONE].store(begun, Ordering::Release);
    }

    /// Child: whatever comes next begins now.
    pub(crate) fn touch(&self) {
        self.words[SINCE_NS].store(clock::now_ns(), Ordering::Release);
    }

    /// Child: whether the parent wants no further item begun.
    pub(crate) fn is_stopped(&self) -> bool {
        self.words[STOP].load(Ordering::Relaxed) != 0
    }

    /// Parent: another child begins on this page.
    pub(crate) fn reset(&self) {
        self.words[..FIRST_MARK].iter().for_each(|word| word.store(0, Ordering::Release));
    }

    /// Parent: the child, which had nothing, now has a task.
    pub(crate) fn note_handed(&self) {
        self.words[HANDED_NS].store(clock::now_ns(), Ordering::Release);
    }

    /// Parent: the child has nothing to do.
    pub(crate) fn note_idle(&self) {
        self.words[HANDED_NS].store(0, Ordering::Release);
    }

    /// Parent: no further item is to begin, or (`false`) items may begin again.
    pub(crate) fn stop(&self, stop: bool) {
        self.words[STOP].store(stop.into(), Ordering::Relaxed);
    }

    /// Parent: since when the child has been on what it does now, in nanoseconds of the clock; `None`
    /// when it has nothing to do.
    pub(crate) fn busy_since_ns(&self) -> Option<u64> {
        match self.words[HANDED_NS].load(Ordering::Acquire) {
            0 => None,
            handed_ns => Some(handed_ns.max(self.words[SINCE_NS].load(Ordering::Acquire))),
        }
    }

    /// Parent: what a dead child left, when `received` of its receipts arrived. `None` when it makes
    /// no sense, which takes a child that wrote where it should not.
    pub(crate) fn autopsy(&self, received: u64) -> Option<Autopsy> {
        let done = self.words[DONE].load(Ordering::Acquire);
        let begun = self.words[BEGUN].load(Ordering::Acquire);
        // A receipt is sent before it is counted only when it carries text (see `note_sent`).
        let settled = done.max(received);
        let plausible = (done..=done + 1).contains(&begun)
            && settled <= begun
            && done.saturating_sub(received) <= MARKS as u64;
        plausible.then(|| Autopsy {
            unsent: (received..done).map(|number| self.report(number)).collect(),
            in_work: begun > settled,
        })
    }

    fn report(&self, number: u64) -> Report {
        let [start_ns, end_ns, checksum] =
            [0, 1, 2].map(|word| self.mark(number)[word].load(Ordering::Relaxed));
        Report { span: Span { start_ns, end_ns }, outcome: Outcome::Done(Checksum(checksum)) }
    }

    fn mark(&self, number: u64) -> &[AtomicU64] {
        let first = FIRST_MARK + (number % MARKS as u64) as usize * WORDS_PER_MARK;
        &self.words[first..first + WORDS_PER_MARK]
    }
}

/// What a dead child left in its page.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Autopsy {
    /// Items that were done and whose receipts had not been sent.
    pub(crate) unsent: Vec<Report>,
    /// Whether the item after those had begun.
    pub(crate) in_work: bool,
}

#[cfg(test)]
#[path = "page_tests.rs"]
mod tests;
