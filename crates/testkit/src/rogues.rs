//! Executors that break one promise each, as real ones do: an off-by-one, a lock held too long, a
//! shortcut, a value taken for another.
//!
//! A suite that lets one of them pass has a hole; one that fails it for more than one promise gives a
//! poor diagnosis. The test `mutation` holds the suite to both.

mod another_door;
mod asynchronous;
mod failures;
mod items;
mod leftovers;
mod scale;
mod width;

use std::fmt;

use paceline_core::Executor;

/// All rogues, by the check that catches them, in the order of the checks.
pub const ROGUES: &[&[Rogue]] = &[
    items::ROGUES,
    width::ROGUES,
    failures::ROGUES,
    scale::ROGUES,
    asynchronous::ROGUES,
    leftovers::ROGUES,
];

/// What the names of files that a rogue leaves behind begin with. Whoever runs rogues removes them.
pub const LEFT_BEHIND_PREFIX: &str = "paceline-rogue-";

/// An executor that breaks one promise.
#[derive(Clone, Copy)]
pub struct Rogue {
    /// What it does wrong, as one sentence without its full stop.
    pub flaw: &'static str,
    /// The name of the check that catches it, and no other does.
    pub caught_by: &'static str,
    /// The executor.
    pub executor: &'static dyn Executor,
}

impl fmt::Debug for Rogue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { flaw, caught_by, executor } = self;
        f.debug_struct("Rogue")
            .field("flaw", flaw)
            .field("caught_by", caught_by)
            .field("executor", &executor.id())
            .finish()
    }
}
