//! A child process as the operating system sees it: spawned, killed, and always waited for.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::os;

/// The first argument by which a process knows that it is a child of a pool.
pub(crate) const CHILD_ARGUMENT: &str = "paceline-ipc-child";

/// A child process. It is killed and waited for at the latest when this is dropped, so that neither a
/// process nor a zombie stays behind.
///
/// A lane and the warden share it. No signal is sent to a process id that was already waited for and might
/// belong to someone else: whoever waits takes the child away under the lock.
#[derive(Debug)]
pub(crate) struct Process {
    pid: u32,
    /// `None` once it was waited for.
    child: Mutex<Option<Child>>,
    expired: AtomicBool,
}

impl Process {
    /// Starts this executable again, as a child that waits for [`Process::tell`] and whose standard
    /// error goes into `first_words` until it is ready.
    ///
    /// Its standard output goes to the standard error of this process: whoever starts a pool may use
    /// its own standard output for a protocol.
    pub(crate) fn spawn(first_words: &File) -> io::Result<Self> {
        let mut command = Command::new(os::own_executable()?);
        command.arg(CHILD_ARGUMENT).stdin(Stdio::piped()).stdout(io::stderr());
        command.stderr(first_words.try_clone()?);
        os::set_apart(&mut command);
        // Nothing that would need code between fork and exec: a fork copies a large parent's page tables.
        let child = command.spawn()?;
        Ok(Self {
            pid: child.id(),
            child: Mutex::new(Some(child)),
            expired: AtomicBool::new(false),
        })
    }

    /// Its process id.
    pub(crate) fn pid(&self) -> u32 {
        self.pid
    }

    /// Tells the child a line: first what to remove if this process dies next, then where to connect. Its
    /// standard input stays open as long as this process lives, which is how the child sees that it does.
    pub(crate) fn tell(&self, line: &str) {
        if let Some(stdin) = self.lock().as_mut().and_then(|child| child.stdin.as_mut()) {
            // A child that is gone is noticed where its answer is awaited.
            let _ = writeln!(stdin, "{line}");
        }
    }

    /// This process's end of the child's standard input, which shows when nobody is at the other end any
    /// more; `None` after [`Process::release`].
    #[cfg(all(unix, not(target_os = "macos")))]
    pub(crate) fn leash(&self) -> io::Result<Option<std::os::fd::OwnedFd>> {
        use std::os::fd::AsFd;
        let child = self.lock();
        let stdin = child.as_ref().and_then(|child| child.stdin.as_ref());
        stdin.map(|stdin| stdin.as_fd().try_clone_to_owned()).transpose()
    }

    /// Closes its standard input, upon which it ends.
    pub(crate) fn release(&self) {
        if let Some(child) = &mut *self.lock() {
            child.stdin = None;
        }
    }

    /// Whether it has ended.
    #[cfg(not(all(unix, not(target_os = "macos"))))]
    pub(crate) fn has_ended(&self) -> bool {
        self.lock().as_mut().is_none_or(os::has_ended)
    }

    /// Kills it, and what its items have started, also if it has ended by itself.
    pub(crate) fn kill(&self) {
        if let Some(child) = &mut *self.lock() {
            os::kill_group(child);
        }
    }

    /// Kills it because its time is up.
    pub(crate) fn expire(&self) {
        self.expired.store(true, Ordering::Relaxed);
        self.kill();
    }

    /// Whether it was killed because its time was up.
    pub(crate) fn is_expired(&self) -> bool {
        self.expired.load(Ordering::Relaxed)
    }

    /// Kills it and waits until it is gone, for which there is one time: later ones are errors.
    pub(crate) fn end(&self) -> io::Result<ExitStatus> {
        // Whoever else asks finds it there or gone, and nothing between.
        let mut kept = self.lock();
        let mut child = kept.take().ok_or_else(|| io::Error::other("it was waited for before"))?;
        os::kill_group(&mut child);
        child.wait()
    }

    fn lock(&self) -> MutexGuard<'_, Option<Child>> {
        self.child.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Whoever wanted to know the status has asked before; then nothing is left to be done.
        let _ = self.end();
    }
}

/// The last lines that a child wrote to `first_words`, in one line.
pub(crate) fn last_words(mut first_words: &File) -> String {
    const MOST_BYTES: u64 = 2_000;
    let mut text = Vec::new();
    let read = first_words.seek(SeekFrom::End(0)).and_then(|end| {
        first_words.seek(SeekFrom::Start(end.saturating_sub(MOST_BYTES)))?;
        first_words.take(MOST_BYTES).read_to_end(&mut text)
    });
    match read {
        Ok(_) => String::from_utf8_lossy(&text).trim().replace('\n', " | "),
        Err(error) => format!("(unreadable: {error})"),
    }
}

/// Passes on what a child wrote before it was ready, to where it writes from then on.
pub(crate) fn pass_on(mut first_words: &File) {
    if first_words.metadata().is_ok_and(|file| file.len() > 0) {
        // A standard error that cannot be written to takes nobody's words.
        let _ = first_words.rewind().and_then(|()| io::copy(&mut first_words, &mut io::stderr()));
    }
}
