//! What the whole process holds: its threads, children and descriptors, and whose turn it is to look.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The right to run a check, which one thread of the process has at a time.
pub(crate) struct Turn {
    thread: Option<u32>,
    _turn: MutexGuard<'static, ()>,
}

/// Threads that wait for their turn or have it. A test harness may start the thread of the next test
/// while a check is counting threads: that one is no leftover.
static IN_LINE: Mutex<BTreeSet<u32>> = Mutex::new(BTreeSet::new());

impl Turn {
    pub(crate) fn wait() -> Self {
        static TURN: Mutex<()> = Mutex::new(());
        let thread = own_thread();
        in_line().extend(thread);
        Self { thread, _turn: TURN.lock().unwrap_or_else(PoisonError::into_inner) }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(thread) = self.thread {
            in_line().remove(&thread);
        }
    }
}

fn in_line() -> MutexGuard<'static, BTreeSet<u32>> {
    IN_LINE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The number of the calling thread in /proc, where there is one.
fn own_thread() -> Option<u32> {
    number(&fs::read_link("/proc/thread-self").ok()?)
}

/// The threads of this process, without those in line for a check; `None` without /proc.
pub(crate) fn threads() -> Option<BTreeSet<u32>> {
    let mut threads = numbers("/proc/self/task")?;
    for waiting in in_line().iter() {
        threads.remove(waiting);
    }
    Some(threads)
}

/// From now on, a process whose parent has ended becomes a child of this one, so that a child's child that
/// was left behind is seen among [`children`]. Where a system knows no such thing, it is not seen.
pub(crate) fn adopt_orphans() {
    #[cfg(target_os = "linux")]
    {
        // Refused by nothing but kernels from before 3.4, on which orphans are not seen either.
        let _ = rustix::process::set_child_subreaper(Some(rustix::process::getpid()));
    }
}

/// The children of this process, also those that have ended and were not reaped; `None` without
/// /proc.
pub(crate) fn children() -> Option<BTreeSet<u32>> {
    let own = std::process::id();
    let processes = numbers("/proc")?;
    Some(processes.into_iter().filter(|process| parent_of(*process) == Some(own)).collect())
}

/// The open descriptors of this process, and the one that lists them; `None` without /proc.
pub(crate) fn descriptors() -> Option<BTreeSet<u32>> {
    numbers("/proc/self/fd")
}

/// The second field after the name, which stands in brackets and may hold anything. Source:
/// proc_pid_stat(5).
fn parent_of(process: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
}

fn numbers(folder: &str) -> Option<BTreeSet<u32>> {
    let entries = fs::read_dir(folder).ok()?;
    Some(entries.filter_map(|entry| number(&entry.ok()?.path())).collect())
}

fn number(path: &Path) -> Option<u32> {
    path.file_name()?.to_str()?.parse().ok()
}
