//! A child as its lane sees it: ready for tasks, answering, and one day laid to rest.

use std::io;
use std::path::PathBuf;
use std::process::ExitStatus;
use std::sync::Arc;
use std::time::Duration;

use ipc_channel::ipc::{IpcReceiver, IpcSender};
use paceline_core::{LaneId, Task, WorkloadSpec, clock};

use crate::Options;
use crate::page::{Autopsy, Board, Page};
use crate::process::Process;
use crate::warden::{Limit, Warden, Watch};
use crate::wire::{Broken, FromChild, Report, ToChild, receive, send};

/// How long a child without work may take to end before it is killed.
const GRACE: Duration = Duration::from_secs(1);

/// What all children of a pool have in common.
#[derive(Debug)]
pub(crate) struct Nursery {
    /// The limits that the pool was given.
    pub(crate) options: Options,
    /// The workload that the children build.
    pub(crate) spec: WorkloadSpec,
    /// The executable that they must be.
    pub(crate) build: u64,
    /// Where they note how far they have come.
    pub(crate) board: Arc<Board>,
    /// Who ends them when their time is up.
    pub(crate) warden: Arc<Warden>,
    /// Where doors and first words are for a while.
    pub(crate) folder: PathBuf,
}

/// A child that is ready for tasks. [`Child::start`] stands with the handshake.
#[derive(Debug)]
pub(crate) struct Child {
    nursery: Arc<Nursery>,
    lane: LaneId,
    process: Arc<Process>,
    page: Page,
    tasks: IpcSender<ToChild>,
    receipts: IpcReceiver<FromChild>,
    /// How many receipts have arrived.
    received: u64,
}

impl Child {
    /// A child that said it was ready, on `lane` with its `page`.
    pub(crate) fn new(
        nursery: Arc<Nursery>,
        lane: LaneId,
        page: Page,
        process: Arc<Process>,
        (tasks, receipts): (IpcSender<ToChild>, IpcReceiver<FromChild>),
    ) -> Self {
        let child = Self { nursery, lane, process, page, tasks, receipts, received: 0 };
        let limit = child.nursery.options.item_timeout.map(|longest| {
            let page = child.page.clone();
            Limit::Item { page, longest }
        });
        child.set_limit(limit);
        child
    }

    /// The page it shares with this process.
    pub(crate) fn page(&self) -> &Page {
        &self.page
    }

    /// Hands it tasks.
    pub(crate) fn hand(&self, tasks: Vec<Task>) -> Result<(), Broken> {
        send(&self.tasks, ToChild::Run(tasks))
    }

    /// Waits for its next message.
    pub(crate) fn receive(&mut self) -> Result<FromChild, Broken> {
        let message = receive(&self.receipts)?;
        if let FromChild::Receipts(reports) = &message {
            self.received += reports.len() as u64;
        }
        Ok(message)
    }

    /// Has it end in its own time, as it has nothing to do.
    pub(crate) fn dismiss(self) {
        self.set_limit(Some(Limit::Over { by_ns: clock::now_ns() + GRACE.as_nanos() as u64 }));
        self.process.release();
        // It says nothing more; this returns when it is gone.
        while receive(&self.receipts).is_ok() {}
        let _ = self.process.end();
        self.set_limit(None);
    }

    /// Kills it if it still lives, and gathers what it left. A child to `blame` is one that could not be
    /// understood: then neither its messages nor its notes are believed.
    pub(crate) fn bury(mut self, blame: Option<&str>) -> Remains {
        self.process.kill();
        let mut reports = Vec::new();
        // Messages sent before the death can still be read.
        while let (None, Ok(message)) = (blame, self.receive()) {
            if let FromChild::Receipts(more) = message {
                reports.extend(more);
            }
        }
        let status = in_words(self.process.end());
        self.set_limit(None);
        let notes = self.page.autopsy(self.received).filter(|_| blame.is_none());
        let in_work = notes.map(|Autopsy { unsent, in_work }| {
            reports.extend(unsent);
            in_work
        });
        let cause = match (self.process.is_expired(), blame) {
            (true, _) => "killed: its time for one item was up".to_owned(),
            (false, Some(blame)) => format!("killed: {blame}"),
            (false, None) => status,
        };
        Remains {
            identity: format!("child process {} ({cause})", self.process.pid()),
            reports,
            in_work,
            since_ns: self.page.busy_since_ns(),
        }
    }

    fn set_limit(&self, limit: Option<Limit>) {
        let watch = limit.map(|limit| Watch::Child { process: Arc::clone(&self.process), limit });
        self.nursery.warden.watch(self.lane, watch);
    }
}

/// What is left of a child.
#[derive(Debug)]
pub(crate) struct Remains {
    /// Which process it was and how it ended, in words.
    pub(crate) identity: String,
    /// The last receipts, which its lane has not seen yet.
    pub(crate) reports: Vec<Report>,
    /// Whether the item after those was in work; `None` when nobody can say.
    pub(crate) in_work: Option<bool>,
    /// Since when it had been on that item.
    pub(crate) since_ns: Option<u64>,
}

/// How a process ended, in words.
pub(crate) fn in_words(ended: io::Result<ExitStatus>) -> String {
    ended.map_or_else(|error| format!("its end is unknown: {error}"), |status| status.to_string())
}

#[cfg(test)]
#[path = "child_tests.rs"]
mod tests;
