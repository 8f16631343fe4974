//! Which item is where: the books of a run, apart from processes and channels.

use std::collections::VecDeque;
use std::ops::Range;

use paceline_core::{ItemIndex, Task};

/// The tasks that wait for a lane, and the count of items that are with one.
///
/// Every item is in exactly one place: in this queue, in one lane's [`Flight`], or settled. Items move
/// between them only inside an [`Errand`], which cannot be copied.
#[derive(Debug)]
pub(crate) struct Ledger<F> {
    /// Tasks that no lane has had yet.
    fresh: F,
    fresh_left: usize,
    /// What came back from lanes whose child died. It goes out again before anything fresh.
    returned: VecDeque<Errand>,
    /// Items that were taken and are neither settled nor put back.
    out: usize,
}

impl<F: Iterator<Item = Task>> Ledger<F> {
    /// Books over the `tasks` tasks that `fresh` yields.
    pub(crate) fn new(fresh: F, tasks: usize) -> Self {
        Self { fresh, fresh_left: tasks, returned: VecDeque::new(), out: 0 }
    }

    /// The next errand, which is with the caller's lane from now on.
    pub(crate) fn take(&mut self) -> Option<Errand> {
        let errand = self.returned.pop_front().or_else(|| self.take_fresh())?;
        self.out += errand.len();
        Some(errand)
    }

    /// Notes that `items` of the items taken are settled.
    pub(crate) fn settle(&mut self, items: usize) {
        debug_assert!(items <= self.out, "{items} items settled, {} taken", self.out);
        self.out -= items;
    }

    /// Takes back what a lane cannot run, to the front and in its order.
    pub(crate) fn put_back(&mut self, errands: impl DoubleEndedIterator<Item = Errand>) {
        for errand in errands.rev() {
            self.out -= errand.len();
            self.returned.push_front(errand);
        }
    }

    /// How many errands wait.
    pub(crate) fn waiting(&self) -> usize {
        self.returned.len() + self.fresh_left
    }

    /// Whether every item is settled.
    pub(crate) fn is_settled(&self) -> bool {
        self.waiting() == 0 && self.out == 0
    }

    fn take_fresh(&mut self) -> Option<Errand> {
        let task = self.fresh.next();
        self.fresh_left = if task.is_some() { self.fresh_left.saturating_sub(1) } else { 0 };
        task.map(|task| Errand::first_attempt(&task))
    }
}

/// Consecutive items on their way to a receipt, and which attempt at them this is.
///
/// It is not `Clone`, so that no item can be in two places.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Errand {
    items: Range<u32>,
    attempt: u32,
}

impl Errand {
    fn first_attempt(task: &Task) -> Self {
        let mut items = task.items();
        let first = items.next().map_or(0, |item| item.0);
        let end = items.last().map_or(first, |item| item.0) + 1;
        Self { items: first..end, attempt: 1 }
    }

    /// How many items there are.
    pub(crate) fn len(&self) -> usize {
        self.items.len()
    }

    /// What a child is told of it.
    pub(crate) fn task(&self) -> Task {
        Task::new(self.items.clone())
    }

    /// The items one by one, each owing its receipt.
    pub(crate) fn into_due(self) -> impl Iterator<Item = Due> {
        let Self { items, attempt } = self;
        let end = items.end;
        items.map(move |item| Due { item, attempt, ends_errand: item + 1 == end })
    }
}

/// The errands that one lane's child has, in the order in which it runs them: only the first can have
/// begun.
#[derive(Debug, Default)]
pub(crate) struct Flight(VecDeque<Errand>);

impl Flight {
    /// Adds an errand behind the others.
    pub(crate) fn add(&mut self, errand: Errand) {
        self.0.push_back(errand);
    }

    /// How many errands there are.
    pub(crate) fn errands(&self) -> usize {
        self.0.len()
    }

    /// How many items there are.
    pub(crate) fn items(&self) -> usize {
        self.0.iter().map(Errand::len).sum()
    }

    /// Takes out the `count` items that run first: those that the next receipts are for.
    pub(crate) fn take_due(&mut self, count: usize) -> impl Iterator<Item = Due> {
        std::iter::from_fn(|| self.next_due()).take(count)
    }

    /// Everything, in order.
    pub(crate) fn into_errands(self) -> impl DoubleEndedIterator<Item = Errand> {
        self.0.into_iter()
    }

    fn next_due(&mut self) -> Option<Due> {
        let errand = self.0.front_mut()?;
        let item = errand.items.next()?;
        let due = Due { item, attempt: errand.attempt, ends_errand: errand.items.is_empty() };
        if due.ends_errand {
            self.0.pop_front();
        }
        Some(due)
    }
}

/// One item that owes its receipt.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Due {
    item: u32,
    attempt: u32,
    /// Whether no item of its errand comes after it.
    pub(crate) ends_errand: bool,
}

impl Due {
    /// Which item.
    pub(crate) fn item(&self) -> ItemIndex {
        ItemIndex(self.item)
    }

    /// Which attempt at it this is, from 1.
    pub(crate) fn attempt(&self) -> u32 {
        self.attempt
    }

    /// The errand of trying it once more.
    pub(crate) fn again(self) -> Errand {
        Errand { items: self.item..self.item + 1, attempt: self.attempt + 1 }
    }
}

#[cfg(test)]
#[path = "ledger_tests.rs"]
mod tests;
