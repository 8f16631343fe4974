//! The one thread that looks at the clock: it kills children whose time is up.
//!
//! Lanes only ever wait for their child. ipc-channel cannot give up on a message whose sender stopped
//! in the middle of it, so no lane could keep a deadline itself. A killed child closes its channel, which
//! wakes its lane at once, whatever it waits for.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use paceline_core::{LaneId, clock};

use crate::os::Mother;
use crate::page::Page;
use crate::process::Process;

/// How late the warden may notice, at most. It sleeps while nothing has a limit.
const TICK: Duration = Duration::from_millis(10);
/// An item is reported within 50 ms of its limit, and half of that is for the kill and the way of its news. How
/// late it really is, the bench `figures` shows.
const _: () = assert!(TICK.as_millis() <= 25, "the warden looks too seldom");

/// Watches over the children of one pool.
#[derive(Debug)]
pub(crate) struct Warden {
    wards: Mutex<Wards>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Wards {
    /// By lane; `None` for a lane whose child has no limit.
    watches: Vec<Option<Watch>>,
    /// Whether the thread sleeps until it is told of a change.
    asleep: bool,
    dismissed: bool,
}

/// A child and its limit.
#[derive(Debug)]
pub(crate) enum Watch {
    /// A child that the lane's thread is spawning, and by when it must be there, in nanoseconds of the clock.
    Birth { mother: Mother, by_ns: u64 },
    /// A child that is there.
    Child {
        /// The child.
        process: Arc<Process>,
        /// What it has to keep.
        limit: Limit,
    },
}

/// What a child has to keep.
#[derive(Debug)]
pub(crate) enum Limit {
    /// To be ready, or to have ended, by then, in nanoseconds of the clock.
    Over { by_ns: u64 },
    /// To be on one item no longer than that.
    Item { page: Page, longest: Duration },
}

impl Warden {
    /// A warden for `lanes` lanes, and its thread.
    pub(crate) fn start(lanes: usize) -> std::io::Result<(Arc<Self>, JoinHandle<()>)> {
        let watches = std::iter::repeat_with(|| None).take(lanes).collect();
        let wards = Mutex::new(Wards { watches, ..Wards::default() });
        let warden = Arc::new(Self { wards, changed: Condvar::new() });
        let thread = std::thread::Builder::new().name("procs-warden".to_owned()).spawn({
            let warden = Arc::clone(&warden);
            move || warden.keep()
        })?;
        Ok((warden, thread))
    }

    /// Replaces the watch over the child of `lane`.
    pub(crate) fn watch(&self, lane: LaneId, watch: Option<Watch>) {
        let mut wards = self.lock();
        if let Some(place) = wards.watches.get_mut(lane.0 as usize) {
            *place = watch;
        }
        if wards.asleep {
            self.changed.notify_one();
        }
    }

    /// Ends the thread.
    pub(crate) fn dismiss(&self) {
        self.lock().dismissed = true;
        self.changed.notify_one();
    }

    fn keep(&self) {
        let mut wards = self.lock();
        while !wards.dismissed {
            let now_ns = clock::now_ns();
            wards.watches.iter().flatten().for_each(|watch| watch.enforce(now_ns));
            wards.asleep = wards.watches.iter().all(Option::is_none);
            wards = if wards.asleep {
                self.changed.wait(wards).unwrap_or_else(PoisonError::into_inner)
            } else {
                self.changed.wait_timeout(wards, TICK).unwrap_or_else(PoisonError::into_inner).0
            };
        }
    }

    fn lock(&self) -> MutexGuard<'_, Wards> {
        self.wards.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Watch {
    fn enforce(&self, now_ns: u64) {
        match self {
            Self::Birth { mother, by_ns } if now_ns >= *by_ns => mother.kill_newborn(),
            Self::Child { process, limit } if limit.is_over(now_ns) => process.expire(),
            Self::Birth { .. } | Self::Child { .. } => {}
        }
    }
}

impl Limit {
    fn is_over(&self, now_ns: u64) -> bool {
        match self {
            Self::Over { by_ns } => now_ns >= *by_ns,
            Self::Item { page, longest } => {
                let since_ns = page.busy_since_ns().unwrap_or(now_ns);
                u128::from(now_ns.saturating_sub(since_ns)) >= longest.as_nanos()
            }
        }
    }
}
