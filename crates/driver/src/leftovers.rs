//! Finds what a case left running: programs that its items started, whatever their parents are now.
//!
//! Killing the worker's process group is not enough. The children of a process pool have groups of their
//! own, and die with the worker without a chance to end what they started themselves. So a worker is given
//! a mark that everything it starts inherits.

use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use paceline_measure::process::kill_with_variable;
use paceline_protocol::CASE_MARK;

/// The mark of one case.
#[derive(Debug)]
pub struct Mark(String);

impl Mark {
    /// A mark that differs from those of all other cases of this process.
    pub fn unique() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        Self(format!("{}-{number}", std::process::id()))
    }

    /// Marks `command` and everything that it starts.
    pub fn put_on(&self, command: &mut Command) {
        command.env(CASE_MARK, &self.0);
    }

    /// Kills every process with the mark, and those that these start meanwhile. Does nothing on a system
    /// without a process table to find them in.
    pub fn kill_the_rest(&self) {
        kill_with_variable(CASE_MARK, self.0.as_ref());
    }
}
