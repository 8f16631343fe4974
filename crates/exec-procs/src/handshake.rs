//! How a child comes to be: spawned, greeted, introduced to its work, and ready; or gone again, with
//! the reason known.

use std::sync::Arc;

use ipc_channel::ipc::{self, IpcReceiver, IpcSender};
use paceline_core::{LaneId, clock};

use crate::child::{Child, Nursery, in_words};
use crate::door::Door;
use crate::error::PoolError;
use crate::os::{self, Mother};
use crate::page::Page;
use crate::process::{Process, last_words, pass_on};
use crate::warden::{Limit, Watch};
use crate::wire::{Begin, Broken, FromChild, Hello, ToChild, guarded, receive, send};

impl Child {
    /// Starts a child for `lane` and waits until it is ready, or until it is gone again.
    pub(crate) fn start(
        nursery: &Arc<Nursery>,
        lane: LaneId,
        page: &Page,
    ) -> Result<Self, PoolError> {
        let system = |what| move |source| PoolError::System { what, source };
        let first_words =
            os::nameless_file(&nursery.folder).map_err(system("make a file for first words"))?;
        let by_ns = clock::now_ns() + nursery.options.handshake_timeout.as_nanos() as u64;
        nursery.warden.watch(lane, Some(Watch::Birth { mother: Mother::this_thread(), by_ns }));
        let spawned = Process::spawn(&first_words);
        nursery.warden.watch(lane, None);
        let process = Arc::new(spawned.map_err(system("spawn a child process"))?);
        page.reset();
        match shake_hands(nursery, lane, &process, by_ns) {
            Ok(channels) => {
                pass_on(&first_words);
                Ok(Self::new(Arc::clone(nursery), lane, page.clone(), process, channels))
            }
            Err(refusal) => {
                let status = in_words(process.end());
                nursery.warden.watch(lane, None);
                Err(refusal.explain(nursery, &process, &status, last_words(&first_words)))
            }
        }
    }
}

type Channels = (IpcSender<ToChild>, IpcReceiver<FromChild>);

fn shake_hands(
    nursery: &Nursery,
    lane: LaneId,
    process: &Arc<Process>,
    by_ns: u64,
) -> Result<Channels, Refusal> {
    let watch = Watch::Child { process: Arc::clone(process), limit: Limit::Over { by_ns } };
    nursery.warden.watch(lane, Some(watch));
    let door = Door::open(&nursery.folder, process)?;
    let Hello { build, tasks } = door.admit(process)?;
    if build != nursery.build {
        return Err(Refusal::OtherBuild);
    }
    let (receipts, from_child) = guarded(ipc::channel).map_err(Refusal::NoChannel)?;
    let (board, spec) = (nursery.board.share(), nursery.spec.clone());
    send(&tasks, ToChild::Begin(Box::new(Begin { receipts, board, lane, spec })))?;
    match receive(&from_child)? {
        FromChild::Ready => Ok((tasks, from_child)),
        FromChild::Unfit(reason) => Err(Refusal::Unfit(reason)),
        FromChild::Receipts(_) | FromChild::Skipped(_) => Err(Broken::out_of_turn().into()),
    }
}

/// Why hands were not shaken, as the channel shows it.
#[derive(Debug)]
enum Refusal {
    /// This process could make no channel.
    NoChannel(Broken),
    /// The child is another executable.
    OtherBuild,
    /// It said why it cannot work.
    Unfit(String),
    /// It said nothing, or nonsense. Why is known only to the operating system.
    Silent(Broken),
}

impl From<Broken> for Refusal {
    fn from(broken: Broken) -> Self {
        Self::Silent(broken)
    }
}

impl Refusal {
    /// What the user is told of a child that by now has ended with `status`.
    fn explain(
        self,
        nursery: &Nursery,
        process: &Process,
        status: &str,
        last_words: String,
    ) -> PoolError {
        let pid = process.pid();
        match self {
            Self::NoChannel(source) => PoolError::NoChannel { source },
            Self::OtherBuild => PoolError::OtherBuild { pid },
            Self::Unfit(reason) => PoolError::Unfit { pid, reason },
            Self::Silent(_) if process.is_expired() => {
                PoolError::TooLate { pid, within: nursery.options.handshake_timeout, last_words }
            }
            Self::Silent(Broken::Closed) => {
                PoolError::Ended { pid, status: status.to_owned(), last_words }
            }
            Self::Silent(broken) => {
                PoolError::Ended { pid, status: format!("{status}, after: {broken}"), last_words }
            }
        }
    }
}
