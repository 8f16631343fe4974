//! What parent and child say to each other, and how it is sent and received.
//!
//! ```text
//! parent                                      child
//!   where to connect, on stdin    -------->
//!                                 <--------   Hello: build, sender for tasks
//!   Begin: sender for receipts,   -------->
//!          board, lane, spec                  builds the workload
//!                                 <--------   Ready (or Unfit)
//!   Run(tasks)                    -------->
//!                                 <--------   Receipts, as often as need be (or Skipped)
//!   closes the channel            -------->   ends
//! ```
//!
//! Only senders and shared memory cross the border: a receiver cannot on every system.

use std::io::ErrorKind;
use std::panic::{AssertUnwindSafe, catch_unwind};

use ipc_channel::IpcError;
use ipc_channel::ipc::{IpcReceiver, IpcSender, IpcSharedMemory};
use paceline_core::{LaneId, Outcome, Span, Task, WorkloadSpec, panic_message};
use serde::{Deserialize, Serialize};

/// The child's first message, through the door.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Hello {
    /// Which executable the child is ([`crate::os::build_id`]).
    pub(crate) build: u64,
    /// Where the child waits for tasks.
    pub(crate) tasks: IpcSender<ToChild>,
}

/// What a parent says.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum ToChild {
    /// The first message.
    Begin(Box<Begin>),
    /// Run these tasks, one after the other.
    Run(Vec<Task>),
}

/// All that a child needs to become a lane.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Begin {
    /// Where the parent waits for receipts.
    pub(crate) receipts: IpcSender<FromChild>,
    /// The memory of the pool's [`crate::page::Board`].
    pub(crate) board: IpcSharedMemory,
    /// Which lane's page is the child's.
    pub(crate) lane: LaneId,
    /// The workload.
    pub(crate) spec: WorkloadSpec,
}

/// What a child says.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum FromChild {
    /// The workload is built; tasks may come.
    Ready,
    /// The workload cannot be built, and why.
    Unfit(String),
    /// The next items are settled, in the order in which they were handed over.
    Receipts(Vec<Report>),
    /// So many of the items that come next were not begun, as the page asked.
    Skipped(usize),
}

/// A receipt as far as the parent does not know it already.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Report {
    /// When the item ran.
    pub(crate) span: Span,
    /// What came of it.
    pub(crate) outcome: Outcome,
}

/// Why nothing more can be said on a channel.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Broken {
    /// The other end is gone, and everything it had sent was received.
    #[error("the other end is closed")]
    Closed,
    /// A signal came before anything else did.
    #[error("interrupted by a signal")]
    Interrupted,
    /// The channel failed, or what came makes no sense.
    #[error("{0}")]
    Failed(String),
}

impl Broken {
    /// The other end said what only another version of this program would say now.
    pub(crate) fn out_of_turn() -> Self {
        Self::Failed("it spoke out of turn".to_owned())
    }
}

impl From<std::io::Error> for Broken {
    fn from(error: std::io::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

/// Waits for a message.
pub(crate) fn receive<T>(from: &IpcReceiver<T>) -> Result<T, Broken>
where
    T: for<'de> Deserialize<'de> + Serialize,
{
    uninterrupted(|| guarded(|| from.recv()))
}

/// Sends a message. It blocks while the other end has hundreds of them unread.
pub(crate) fn send<T: Serialize>(to: &IpcSender<T>, message: T) -> Result<(), Broken> {
    guarded(|| to.send(message))
}

/// Calls again after a signal: ipc-channel gives up then, before anything was received.
fn uninterrupted<T>(mut call: impl FnMut() -> Result<T, Broken>) -> Result<T, Broken> {
    loop {
        match call() {
            Err(Broken::Interrupted) => {}
            other => return other,
        }
    }
}

/// Calls into ipc-channel, which panics where it runs out of file descriptors or meets a message that
/// it did not write. For the pool that is one more way for a channel to break.
pub(crate) fn guarded<T, E: Into<IpcError>>(
    call: impl FnOnce() -> Result<T, E>,
) -> Result<T, Broken> {
    match catch_unwind(AssertUnwindSafe(call)).map(|result| result.map_err(Into::into)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(IpcError::Disconnected)) => Err(Broken::Closed),
        Ok(Err(IpcError::Io(error))) if error.kind() == ErrorKind::Interrupted => {
            Err(Broken::Interrupted)
        }
        Ok(Err(error)) => Err(Broken::Failed(error.to_string())),
        Err(panic) => {
            let message = panic_message(panic.as_ref());
            Err(Broken::Failed(format!("ipc-channel panicked: {message}")))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[test]
    fn a_signal_does_not_break_a_channel() {
        let mut signals = 3;
        let received = uninterrupted(|| {
            guarded(|| match signals {
                0 => Ok("a message"),
                _ => {
                    signals -= 1;
                    Err(io::Error::from(ErrorKind::Interrupted))
                }
            })
        });
        assert_eq!(received.ok(), Some("a message"));
    }

    #[test]
    fn a_panic_of_the_dependency_is_a_broken_channel() {
        let broken = guarded(|| -> Result<(), IpcError> { panic!("out of descriptors, say") });
        let text = broken.expect_err("it panicked").to_string();
        assert_eq!(text, "ipc-channel panicked: out of descriptors, say");
    }

    #[test]
    fn a_closed_channel_is_told_from_a_failed_one() {
        let (sender, receiver) = ipc_channel::ipc::channel::<u32>().expect("channels can be made");
        send(&sender, 7).expect("the other end is there");
        drop(sender);
        assert_eq!(receive(&receiver).ok(), Some(7));
        assert!(matches!(receive(&receiver), Err(Broken::Closed)));
        let failed = guarded(|| -> Result<(), io::Error> { Err(ErrorKind::InvalidData.into()) });
        assert!(matches!(failed, Err(Broken::Failed(_))));
    }
}
