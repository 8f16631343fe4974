//! The worker's end of the conversation with the driver.

use std::io::{self, BufRead, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, OnceLock};
use std::thread;

use anyhow::Context;
use paceline_core::Job;
use paceline_protocol::{CANCEL, Reply, Request};

use crate::leftovers;

/// The driver, on the other side of standard input and output.
pub(crate) struct Driver {
    lines: Receiver<String>,
    job: Arc<OnceLock<Arc<Job>>>,
    answered: Arc<AtomicBool>,
    replies: Replies,
}

#[cfg(unix)]
type Replies = std::fs::File;
#[cfg(not(unix))]
type Replies = io::Stdout;

impl Driver {
    /// Reads the request and then watches standard input: its end means that the driver is gone, and a
    /// worker must not outlive it.
    pub(crate) fn connect() -> anyhow::Result<(Self, Request)> {
        let replies = take_stdout().context("take standard output for the replies")?;
        let mut first = String::new();
        io::stdin().lock().read_line(&mut first)?;
        let request = serde_json::from_str(&first).context("parse it")?;
        // The receipts of a run that was cancelled are wanted; half a digest is not.
        let may_finish = matches!(request, Request::Run { .. });
        let (sender, lines) = channel();
        let job = Arc::new(OnceLock::<Arc<Job>>::new());
        let answered = Arc::new(AtomicBool::new(false));
        let (watched, done) = (Arc::clone(&job), Arc::clone(&answered));
        thread::Builder::new().name("driver-watch".to_owned()).spawn(move || {
            for line in io::stdin().lock().lines().map_while(Result::ok) {
                if line != CANCEL {
                    // Without a receiver the worker is about to end anyway.
                    let _ = sender.send(line);
                } else if let (Some(job), true) = (watched.get(), may_finish) {
                    job.cancel();
                } else {
                    // Nothing has begun that would be worth finishing.
                    break;
                }
            }
            // The driver is gone, or wants nothing more: no item may begin, and what items have started, be it
            // by one that is done, may have nobody else to end it.
            if let Some(job) = watched.get() {
                job.cancel();
            }
            leftovers::kill();
            std::process::exit(if done.load(Ordering::Relaxed) { 0 } else { 1 });
        })?;
        Ok((Self { lines, job, answered, replies }, request))
    }

    /// Writes the last reply and stays until the driver has looked at what is left of this process.
    pub(crate) fn finish(&self, reply: &Reply) -> anyhow::Result<()> {
        self.answered.store(true, Ordering::Relaxed);
        match write(&self.replies, reply) {
            // The driver is gone, and the watch is about to end what items have started. It ends this
            // process too; ending it here would leave that undone.
            Err(error) if is_broken_pipe(&error) => {}
            printed => printed?,
        }
        while self.lines.recv().is_ok() {}
        Ok(())
    }

    /// Has `job` cancelled when the driver says so or is gone.
    pub(crate) fn watch(&self, job: &Arc<Job>) {
        // There is one job in a worker's life.
        let _ = self.job.set(Arc::clone(job));
    }

    /// Tells the driver that all items are settled and waits until it has looked at the lanes.
    pub(crate) fn hold(&self) -> anyhow::Result<()> {
        write(&self.replies, &Reply::LanesUp)?;
        self.lines.recv().context("wait for the driver to let go")?;
        Ok(())
    }
}

/// Takes standard output for the replies alone, and points it at the case's log: an executor that is being
/// written prints this and that, which must not stand between the words of the protocol.
#[cfg(unix)]
fn take_stdout() -> io::Result<Replies> {
    // Behind the three that every program has, and not to be had by what is started.
    let own = rustix::io::fcntl_dupfd_cloexec(io::stdout(), 3)?;
    rustix::stdio::dup2_stdout(io::stderr())?;
    Ok(own.into())
}

/// Here nothing may be printed beside the replies.
#[cfg(not(unix))]
fn take_stdout() -> io::Result<Replies> {
    Ok(io::stdout())
}

/// Writes `message` to standard output as one line.
pub(crate) fn print(message: &impl serde::Serialize) -> anyhow::Result<()> {
    write(io::stdout(), message)
}

fn write(mut to: impl Write, message: &impl serde::Serialize) -> anyhow::Result<()> {
    let mut line = serde_json::to_vec(message)?;
    line.push(b'\n');
    to.write_all(&line)?;
    to.flush()?;
    Ok(())
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let kind = error.downcast_ref::<io::Error>().map(io::Error::kind);
    kind == Some(io::ErrorKind::BrokenPipe)
}
