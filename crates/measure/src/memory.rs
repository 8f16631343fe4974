//! Peak memory of a whole tree of processes, seen from outside.

mod control;
mod tally;
mod tree;

use control::{Control, EndNotice};
use paceline_protocol::TreeMemory;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};
use tally::Tally;
use tree::Tree;

/// A thread that sums the memory of a process and of all its descendants at a fixed interval.
///
/// Each process counts with its proportional set size (PSS): its private pages, and its share of
/// every page that it shares with others. Only that sum is what the tree really costs: adding up
/// resident sets counts a shared library once per process, and adding up the processes' own peaks
/// joins moments that never met.
///
/// What it cannot see:
///
/// - A peak shorter than the interval falls between two sweeps, unless the one who causes it asks
///   for a sweep with [`TreeSampler::sample_now`].
/// - A sweep reads one process after the other. Memory that moves between them meanwhile can be
///   counted twice or not at all.
/// - A process whose parent ended before any sweep saw it belongs to nobody's tree any more.
/// - A child that was forked and does not call `exec` is left out for its first 100 ms. Until `exec`
///   a child of `posix_spawn` borrows its parent's whole memory, which would be counted twice.
///
/// Reading PSS walks the page tables of the process and holds up its page faults meanwhile; take
/// times from a run that is not sampled.
#[derive(Debug)]
pub struct TreeSampler {
    control: Arc<Control>,
    /// `None` after the end, and where the system offers no way to look.
    thread: Option<JoinHandle<Option<TreeMemory>>>,
}

/// Why a measurement could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum MeasureError {
    /// The system refused one more thread.
    #[error("start the thread that samples the memory of process {pid}")]
    SamplerThread {
        /// The process that was to be watched.
        pid: u32,
        /// The system's own reason.
        source: std::io::Error,
    },
}

impl TreeSampler {
    /// Begins to watch the process `root` and its descendants: at once, and then every `interval`.
    ///
    /// When a sweep takes longer than the interval, the next one follows right after it.
    ///
    /// # Errors
    ///
    /// If the thread cannot be started. A system that does not show the memory of other processes
    /// is no error: [`TreeSampler::finish`] then has nothing to tell.
    pub fn start(root: u32, interval: Duration) -> Result<Self, MeasureError> {
        let control = Arc::new(Control::default());
        let Some(tree) = Tree::of(root) else {
            return Ok(Self { control, thread: None });
        };
        let theirs = Arc::clone(&control);
        let thread = thread::Builder::new()
            .name("memory-sampler".to_owned())
            .spawn(move || watch(tree, interval, &theirs))
            .map_err(|source| MeasureError::SamplerThread { pid: root, source })?;
        Ok(Self { control, thread: Some(thread) })
    }

    /// Takes a sweep out of turn, and returns once it is complete.
    ///
    /// The sweep begins after this call, so whoever holds a lot of memory until it returns can be
    /// sure that it was counted.
    pub fn sample_now(&self) {
        if self.thread.is_some() {
            self.control.request();
        }
    }

    /// Ends the watch and returns its figures.
    ///
    /// `None` if no sweep found the tree alive, or if the system does not show the memory of other
    /// processes. A sweep under way is completed, a pause is cut short.
    ///
    /// # Panics
    ///
    /// If the sampler's own thread has panicked, with its panic.
    #[must_use]
    pub fn finish(mut self) -> Option<TreeMemory> {
        self.control.stop();
        self.thread.take()?.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }
}

impl Drop for TreeSampler {
    fn drop(&mut self) {
        self.control.stop();
        if let Some(thread) = self.thread.take() {
            // Who drops the sampler has given up its figures, and with them the reason for none.
            drop(thread.join());
        }
    }
}

/// The life of the sampler's thread.
fn watch(mut tree: Tree, interval: Duration, control: &Control) -> Option<TreeMemory> {
    let _notice = EndNotice(control);
    let mut tally = Tally::default();
    while let Some(ticket) = control.begin() {
        let began = Instant::now();
        if let Some(sweep) = tree.sweep(began) {
            tally.add(began, sweep);
        }
        control.served(ticket);
        control.pause(interval.saturating_sub(began.elapsed()));
    }
    tally.into_memory(tree.peaks())
}
