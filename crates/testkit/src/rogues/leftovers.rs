//! Rogues that leave something behind each time they are started.

use std::env;
use std::fs::{self, File};
use std::process::{self, Command};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::{LEFT_BEHIND_PREFIX, Rogue};
use crate::reference::{PoolExecutor, SOUND_POOL};

pub(super) const ROGUES: &[Rogue] = &[
    Rogue {
        flaw: "leaves a thread that nobody ends",
        caught_by: "no_thread_stays_behind",
        executor: &PoolExecutor {
            id: "threads-leaks-a-thread",
            at_start: leak_a_thread,
            ..SOUND_POOL
        },
    },
    Rogue {
        flaw: "does not wait for a child that it started",
        caught_by: "no_child_stays_behind",
        executor: &PoolExecutor {
            id: "threads-leaks-a-child",
            at_start: leak_a_child,
            ..SOUND_POOL
        },
    },
    Rogue {
        flaw: "waits for a child, and not for what that has started",
        caught_by: "no_child_stays_behind",
        executor: &PoolExecutor {
            id: "threads-leaks-a-grandchild",
            at_start: leak_a_grandchild,
            ..SOUND_POOL
        },
    },
    Rogue {
        flaw: "forgets to close a file",
        caught_by: "no_descriptor_stays_behind",
        executor: &PoolExecutor {
            id: "threads-leaks-a-descriptor",
            at_start: leak_a_descriptor,
            ..SOUND_POOL
        },
    },
    Rogue {
        flaw: "leaves a temporary file",
        caught_by: "no_temporary_file_stays_behind",
        executor: &PoolExecutor {
            id: "threads-leaves-a-file",
            at_start: leave_a_file,
            ..SOUND_POOL
        },
    },
    Rogue {
        flaw: "leaves a temporary file that has one name for the whole process",
        caught_by: "no_temporary_file_stays_behind",
        executor: &PoolExecutor {
            id: "threads-leaves-its-file",
            at_start: leave_the_same_file,
            ..SOUND_POOL
        },
    },
];

fn leak_a_thread() {
    thread::spawn(|| {
        loop {
            thread::park();
        }
    });
}

/// The child ends at once, and stays in the process table since nobody asks for its status.
fn leak_a_child() {
    let program = env::current_exe().unwrap_or_default();
    // The test binary lists its tests, whatever harness it has, and ends.
    let child = Command::new(program).arg("--list").stdout(process::Stdio::null()).spawn();
    drop(child);
}

/// What is left behind is nobody's child any more, and ends by itself when the suite has long seen it.
fn leak_a_grandchild() {
    let mut shell = Command::new("sh");
    shell.args(["-c", "sleep 60 >/dev/null 2>&1 &"]).stdin(process::Stdio::null());
    // Where there is no shell, nothing is left.
    let _ = shell.status();
}

fn leak_a_descriptor() {
    let file = env::current_exe().and_then(File::open);
    std::mem::forget(file);
}

fn leave_a_file() {
    static LEFT: AtomicUsize = AtomicUsize::new(0);
    let number = LEFT.fetch_add(1, Ordering::Relaxed);
    let name = format!("{LEFT_BEHIND_PREFIX}{}-{number}", process::id());
    // Nothing to leave where nothing can be written.
    let _ = fs::write(env::temp_dir().join(name), "");
}

fn leave_the_same_file() {
    let name = format!("{LEFT_BEHIND_PREFIX}{}-own", process::id());
    let _ = fs::write(env::temp_dir().join(name), "");
}
