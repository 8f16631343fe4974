//! What a case may leave running: programs that its items started, wherever they belong by now.
//!
//! Killing the worker's process group is not enough. The children of a process pool have groups of their
//! own, and die with the worker without a chance to end what they started themselves. So a worker is given
//! a mark that everything it starts inherits.

use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use paceline_core::wire::CASE_MARK;

/// The mark of one case.
pub(crate) struct Mark(String);

impl Mark {
    pub(crate) fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        Self(format!("{}-{number}", std::process::id()))
    }

    /// Has `command` and all that it starts bear the mark.
    pub(crate) fn put_on(&self, command: &mut Command) {
        command.env(CASE_MARK, &self.0);
    }

    /// Kills every process with the mark, and those that these start meanwhile. Where there is no process
    /// table to find them in, nothing is done.
    #[cfg(target_os = "linux")]
    pub(crate) fn kill_the_rest(&self) {
        use paceline_measure::process::with_variable;
        use rustix::process::{Pid, Signal, kill_process};
        use std::time::Duration;

        // One that cannot be killed, in a system call without end, must not keep the run.
        const MOST_LOOKS: usize = 500;
        for _ in 0..MOST_LOOKS {
            let rest = with_variable(CASE_MARK, self.0.as_ref()).unwrap_or_default();
            if rest.is_empty() {
                return;
            }
            for pid in rest.iter().filter_map(|process| Pid::from_raw(process.pid.cast_signed())) {
                // One that has ended meanwhile is what is wanted.
                let _ = kill_process(pid, Signal::KILL);
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    #[cfg(not(target_os = "linux"))]
    pub(crate) fn kill_the_rest(&self) {}
}
