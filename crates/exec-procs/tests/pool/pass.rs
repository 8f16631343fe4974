//! One pass of a workload through the pool, and a look at what it left behind.

use std::collections::BTreeSet;
use std::fs;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use paceline_core::{
    ExecError, Executor, Expected, ItemIndex, Job, Lanes, Outcome, Receipt, Setup, WorkloadSpec,
    verify,
};
use paceline_exec_procs::{Options, ProcsIpc};
use rustix::process::{Pid, Signal, kill_process};

use paceline_testkit::fault;

/// A workload and the way it is to run.
#[derive(Debug, Clone)]
pub(crate) struct Pass {
    pub(crate) spec: WorkloadSpec,
    pub(crate) options: Options,
    pub(crate) width: usize,
    pub(crate) batch: usize,
}

impl Pass {
    /// A pass with default options over `items` items, some of them with `faults`.
    pub(crate) fn new(items: u32, faults: &str, width: usize, batch: usize) -> Self {
        Self { spec: fault::spec(items, faults), options: Options::default(), width, batch }
    }

    /// With one parameter of the workload set.
    pub(crate) fn with(mut self, param: &str, value: impl std::fmt::Display) -> Self {
        self.spec = self.spec.with(param, value);
        self
    }

    /// With a limit for items, in milliseconds.
    pub(crate) fn item_timeout(mut self, milliseconds: u64) -> Self {
        self.options.item_timeout = Some(Duration::from_millis(milliseconds));
        self
    }

    /// A new job over all items.
    pub(crate) fn job(&self) -> Arc<Job> {
        let workload = fault::build_in_parent(&self.spec).expect("specs of tests are sound");
        Arc::new(Job::new(workload, NonZeroUsize::new(self.batch).expect("batches are positive")))
    }

    /// Children that are up.
    pub(crate) fn start(&self) -> Result<Box<dyn Lanes>, ExecError> {
        let width = NonZeroUsize::new(self.width).expect("widths are positive");
        let setup = Setup { width, tasks: usize::MAX, spec: &self.spec };
        ProcsIpc::new(self.options.clone()).start(&setup)
    }

    /// Starts, runs once, ends.
    pub(crate) fn run(&self) -> Vec<Receipt> {
        let job = self.job();
        let mut lanes = self.start().expect("children start");
        lanes.run(&job).expect("the pool holds");
        lanes.shutdown().expect("children end");
        job.receipts()
    }

    /// Whether `receipts` are what a sound row shows.
    pub(crate) fn is_sound(&self, receipts: &[Receipt]) -> bool {
        let items = self.job().workload().items();
        verify(receipts, &Expected { items, width: self.width, digest: None }).is_empty()
    }
}

/// Runs a job while another thread does something `beside` it, for as long as it is told it may.
pub(crate) fn run_beside(
    lanes: &mut dyn Lanes,
    job: &Arc<Job>,
    beside: impl FnOnce(&dyn Fn() -> bool) + Send,
) {
    let ended = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| beside(&|| !ended.load(Ordering::Relaxed)));
        let result = lanes.run(job);
        ended.store(true, Ordering::Relaxed);
        result.expect("the pool holds");
    });
}

/// The receipt of an item, of which there must be one.
pub(crate) fn of_item(receipts: &[Receipt], item: u32) -> &Receipt {
    let mut found = receipts.iter().filter(|receipt| receipt.item == ItemIndex(item));
    let receipt = found.next().expect("the item has a receipt");
    assert_eq!(found.count(), 0, "item {item} has one receipt");
    receipt
}

/// Why an item was lost.
pub(crate) fn loss(receipts: &[Receipt], item: u32) -> String {
    match &of_item(receipts, item).outcome {
        Outcome::Lost(reason) => reason.clone(),
        other => panic!("item {item} was not lost: {other:?}"),
    }
}

/// The items that were done.
pub(crate) fn done(receipts: &[Receipt]) -> Vec<u32> {
    let done = receipts.iter().filter(|receipt| matches!(receipt.outcome, Outcome::Done(_)));
    done.map(|receipt| receipt.item.0).collect()
}

/// What a process holds that a pool might leave behind.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Holdings {
    children: BTreeSet<u32>,
    threads: usize,
    files: usize,
}

impl Holdings {
    /// Of this process now.
    pub(crate) fn now() -> Self {
        Self {
            children: children_of(std::process::id()),
            threads: entries(Path::new("/proc/self/task")),
            files: entries(Path::new("/proc/self/fd")),
        }
    }

    /// Waits until this process holds the same again: a thread that was joined may still be listed for
    /// an instant.
    pub(crate) fn await_again(&self) {
        let begun = Instant::now();
        while Self::now() != *self && begun.elapsed() < Duration::from_secs(5) {
            thread::yield_now();
        }
        assert_eq!(&Self::now(), self, "something was left behind");
    }

    /// How many file descriptors are open.
    pub(crate) fn files(&self) -> usize {
        self.files
    }
}

/// Waits for something that happens soon or never.
pub(crate) fn await_true(what: &str, mut is_true: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_true() {
        assert!(begun.elapsed() < Duration::from_secs(20), "waited for {what}");
        thread::yield_now();
    }
}

/// The children of a process, zombies included.
pub(crate) fn children_of(parent: u32) -> BTreeSet<u32> {
    let processes = fs::read_dir("/proc").expect("this system has /proc").flatten();
    let pids = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    pids.filter(|pid| {
        // "pid (name) state parent ...", where the name may have spaces.
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        let fields = stat.rsplit(')').next().unwrap_or_default();
        fields.split_whitespace().nth(1).and_then(|field| field.parse().ok()) == Some(parent)
    })
    .collect()
}

/// What a process does, as the kernel's letter for it: 'T' for one that is stopped.
pub(crate) fn state(pid: u32) -> Option<char> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    stat.rsplit(')').next()?.trim_start().chars().next()
}

/// Sends a signal to a process, which may be gone by now.
pub(crate) fn signal(pid: u32, what: Signal) {
    let _ = kill_process(pid_of(pid), what);
}

/// A process id as the system calls want it.
pub(crate) fn pid_of(pid: u32) -> Pid {
    Pid::from_raw(pid as i32).expect("process ids are positive")
}

/// How many entries a folder has.
pub(crate) fn entries(folder: &Path) -> usize {
    fs::read_dir(folder).expect("the folder is there").count()
}
