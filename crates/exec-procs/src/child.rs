//! A child as its lane sees it: started, shaken hands with, given tasks, and laid to rest.

use std::process::ExitStatus;
use std::sync::Arc;
use std::time::Duration;

use ipc_channel::ipc::{self, IpcOneShotServer, IpcReceiver, IpcSender};
use paceline_core::{Task, WorkloadSpec, clock};

use crate::Options;
use crate::error::PoolError;
use crate::page::{Autopsy, Board, Page};
use crate::process::{self, Process};
use crate::warden::{Limit, Warden, Watch};
use crate::wire::{Begin, Broken, FromChild, Hello, Report, ToChild, guarded, receive, send};

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
}

/// A child that is ready for tasks.
#[derive(Debug)]
pub(crate) struct Child {
    lane: u32,
    process: Arc<Process>,
    page: Page,
    tasks: IpcSender<ToChild>,
    receipts: IpcReceiver<FromChild>,
    /// How many receipts have arrived.
    received: u64,
    warden: Arc<Warden>,
}

impl Child {
    /// Starts a child for `lane` and waits until it is ready.
    pub(crate) fn start(nursery: &Nursery, lane: u32, page: &Page) -> Result<Self, PoolError> {
        let system = |what| move |source| PoolError::System { what, source };
        let first_words = tempfile::tempfile().map_err(system("make a file for first words"))?;
        let process = Process::spawn(&first_words).map_err(system("spawn a child process"))?;
        let process = Arc::new(process);
        page.reset();
        match shake_hands(nursery, lane, &process) {
            Ok((tasks, receipts)) => {
                process::pass_on(&first_words);
                let (page, warden) = (page.clone(), Arc::clone(&nursery.warden));
                let child = Self { lane, process, page, tasks, receipts, received: 0, warden };
                child.limit_items(nursery.options.item_timeout);
                Ok(child)
            }
            Err(error) => {
                let ended = process.end();
                nursery.warden.watch(lane, None);
                Err(explain(error, &process, ended, nursery, &process::last_words(&first_words)))
            }
        }
    }

    /// Its process id.
    pub(crate) fn pid(&self) -> u32 {
        self.process.pid()
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
        let by_ns = clock::now_ns() + GRACE.as_nanos() as u64;
        let process = Arc::clone(&self.process);
        self.warden.watch(self.lane, Some(Watch { process, limit: Limit::Ended { by_ns } }));
        drop(self.tasks);
        // It says nothing more; this returns when it is gone.
        while receive(&self.receipts).is_ok() {}
        let _ = self.process.end();
        self.warden.watch(self.lane, None);
    }

    /// Kills it if it still lives, and gathers what it left.
    pub(crate) fn bury(mut self) -> Remains {
        self.process.kill();
        let mut reports = Vec::new();
        // Messages sent before the death can still be read.
        while let Ok(message) = self.receive() {
            if let FromChild::Receipts(more) = message {
                reports.extend(more);
            }
        }
        let status = self.process.end();
        self.warden.watch(self.lane, None);
        let autopsy = self.page.autopsy(self.received);
        let work = autopsy.map(|Autopsy { unsent, in_work }| {
            reports.extend(unsent);
            in_work
        });
        let since_ns = self.page.busy_since_ns();
        Remains { pid: self.pid(), cause: cause(&self.process, status), reports, work, since_ns }
    }

    fn limit_items(&self, item_timeout: Option<Duration>) {
        let watch = item_timeout.map(|longest| Watch {
            process: Arc::clone(&self.process),
            limit: Limit::Item { page: self.page.clone(), longest },
        });
        self.warden.watch(self.lane, watch);
    }
}

/// What is left of a child.
#[derive(Debug)]
pub(crate) struct Remains {
    /// Which process it was.
    pub(crate) pid: u32,
    /// How it ended, in words.
    pub(crate) cause: String,
    /// The last receipts, which its lane has not seen yet.
    pub(crate) reports: Vec<Report>,
    /// Whether the item after those was in work; `None` when nobody can say.
    pub(crate) work: Option<bool>,
    /// Since when it had been on that item.
    pub(crate) since_ns: Option<u64>,
}

type Hands = (IpcSender<ToChild>, IpcReceiver<FromChild>);

fn shake_hands(
    nursery: &Nursery,
    lane: u32,
    process: &Arc<Process>,
) -> Result<Hands, PoolError> {
    let broken = |what| move |source| PoolError::Channel { what, source };
    // The child is spawned before its door exists: should this process be killed here, then nearly
    // always a child is there that knows of the door and removes it.
    let (server, door) = guarded(IpcOneShotServer::<Hello>::new)
        .map_err(broken("make a socket for the handshake"))?;
    let by_ns = clock::now_ns() + nursery.options.handshake_timeout.as_nanos() as u64;
    let limit = Limit::Ready { by_ns, door: door.clone() };
    nursery.warden.watch(lane, Some(Watch { process: Arc::clone(process), limit }));
    process.tell(&door);

    let greeting = guarded(|| server.accept()).map_err(broken("greet the child"))?;
    let (_, Hello { build, tasks }) = greeting;
    if build != nursery.build {
        return Err(PoolError::OtherBuild);
    }
    let (receipts, from_child) =
        guarded(ipc::channel).map_err(broken("make a channel for receipts"))?;
    let begin = Begin { receipts, board: nursery.board.share(), lane, spec: nursery.spec.clone() };
    send(&tasks, ToChild::Begin(Box::new(begin))).map_err(broken("introduce the child"))?;
    match receive(&from_child).map_err(broken("wait for the child"))? {
        FromChild::Ready => Ok((tasks, from_child)),
        FromChild::Unfit(reason) => Err(PoolError::Unfit(reason)),
        FromChild::Receipts(_) | FromChild::Skipped(_) => {
            Err(broken("wait for the child")(Broken::Failed("it speaks out of turn".to_owned())))
        }
    }
}

/// A broken channel is how a lane notices that its child ended; the user wants to know why it did.
fn explain(
    error: PoolError,
    process: &Process,
    ended: std::io::Result<ExitStatus>,
    nursery: &Nursery,
    last_words: &str,
) -> PoolError {
    let (pid, last_words) = (process.pid(), last_words.to_owned());
    let within = nursery.options.handshake_timeout;
    match error {
        PoolError::Channel { source: Broken::Closed, .. } if process.is_expired() => {
            PoolError::TooLate { pid, within, last_words }
        }
        PoolError::Channel { source: Broken::Closed, .. } => {
            PoolError::Ended { pid, status: in_words(ended), last_words }
        }
        other => other,
    }
}

fn cause(process: &Process, ended: std::io::Result<ExitStatus>) -> String {
    match process.is_expired() {
        true => "killed, since the item's time was up".to_owned(),
        false => in_words(ended),
    }
}

fn in_words(ended: std::io::Result<ExitStatus>) -> String {
    ended.map_or_else(|error| format!("unknown: {error}"), |status| status.to_string())
}
