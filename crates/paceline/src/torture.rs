//! Process pools under random murder: does every item still get exactly one receipt, and does nothing
//! stay behind?
//!
//! A trial is a real worker process that runs a case on `procs-ipc`, while its children, and sometimes
//! the worker itself, are killed or stopped at random. Afterwards every promise of the pool is checked from
//! outside. In some trials each item is a program that leaves a mark, so that what began is known without
//! the receipts. Everything random in a trial comes from the seed and the trial's number, except for the
//! kernel's timing.

use std::collections::HashSet;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use std::{fs, thread};

use anyhow::{Context, Result};
use paceline_core::SOCKET_FOLDER;
use paceline_core::WorkloadSpec;
use paceline_measure::process::{descendants, open_descriptors, with_variable};
use paceline_protocol::{Case, FORMAT, PoolLimits, Request};
use rand::{Rng as _, RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use paceline_driver::leftovers::Mark;
use paceline_driver::process::Process;
use paceline_driver::worker::Worker;

mod judgement;
mod marks;

use judgement::{Answer, Outcome, judge};
use marks::Marks;

/// A trial that has no answer by then hangs.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long children, and what they remove, may outlive a worker that was killed.
const ORPHAN_LIMIT: Duration = Duration::from_secs(1);

/// What all trials together came to.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) trials: u64,
    pub(crate) items: u64,
    pub(crate) lost: u64,
    pub(crate) retried: u64,
    /// Marks that the items of some trials left when they began.
    pub(crate) marks: u64,
    pub(crate) kills: u64,
    pub(crate) stops: u64,
    pub(crate) parents_killed: u64,
    /// Trials in which a child was killed before it was ready, so that the pool reported an error.
    pub(crate) refused: u64,
    /// What must never happen, each with its trial.
    pub(crate) violations: Vec<String>,
}

/// Runs trials with one worker binary.
pub(crate) struct Torturer {
    worker: Worker,
    images: PathBuf,
    folder: PathBuf,
    seed: u64,
    /// Descriptors that a worker has open after a calm trial.
    calm_descriptors: Option<usize>,
}

impl Torturer {
    /// Prepares trials in `folder`, which must be there and empty; a calm trial is run to compare with.
    pub(crate) fn new(worker: Worker, images: PathBuf, folder: PathBuf, seed: u64) -> Result<Self> {
        let mut torturer = Self { worker, images, folder, seed, calm_descriptors: None };
        let calm = Trial { mischief: 0, parent_dies_after: None, ..torturer.trial(0) };
        let mut tally = Tally::default();
        let outcome = torturer.run_trial(&calm, &mut tally)?;
        torturer.calm_descriptors = outcome.descriptors;
        Ok(torturer)
    }

    /// Runs trial `number` and adds what came of it to `tally`.
    pub(crate) fn run(&self, number: u64, tally: &mut Tally) -> Result<()> {
        let trial = self.trial(number);
        let outcome = self.run_trial(&trial, tally)?;
        let found = judge(&outcome, self.calm_descriptors);
        tally.trials += 1;
        let answer = outcome.answer.name();
        let told = found.into_iter().map(|what| format!("trial {number} ({answer}): {what}"));
        tally.violations.extend(told);
        Ok(())
    }

    /// Draws a trial.
    fn trial(&self, number: u64) -> Trial {
        let mut random = ChaCha8Rng::seed_from_u64(self.seed);
        random.set_stream(number);
        // The last two kinds of work are scripts for `sh`.
        let kinds = if cfg!(unix) { 6 } else { 4 };
        let spec = match random.random_range(0..kinds) {
            0 | 1 => WorkloadSpec::new("noop").with("items", random.random_range(0..3_000)),
            2 => WorkloadSpec::new("api")
                .with("records", random.random_range(1..200))
                .with("max_wait_us", random.random_range(0..4_000)),
            3 => WorkloadSpec::new("rotate")
                .with("images", self.images.display())
                .with("items", random.random_range(1..6))
                .with("repetitions", 1)
                .with("degrees", 1),
            _ => {
                let wait = Duration::from_millis(random.random_range(0..8));
                marks::workload(&self.folder, random.random_range(1..150), wait)
            }
        };
        let number_from = |random: &mut ChaCha8Rng, most| {
            NonZeroUsize::new(random.random_range(1..=most)).unwrap_or(NonZeroUsize::MIN)
        };
        let (width, batch) = (number_from(&mut random, 12), number_from(&mut random, 9));
        let parent_dies = random.random_range(0..8) == 0;
        // Few signals leave a pool nearly whole; many take the last child of some lanes.
        let most_signals = [10, 40][random.random_range(0..2)];
        Trial {
            case: Case { spec, executor: "procs-ipc".to_owned(), width: Some(width), batch },
            pool: PoolLimits {
                // Stopped children are found by it.
                item_timeout_ms: Some(random.random_range(150..400)),
                retry_lost: random.random_range(0..3),
                // A child that is stopped before it is ready is found by this one.
                handshake_timeout_ms: 1_000,
            },
            // Half of the trials are left in peace until their pool is likely to be up.
            peace: Duration::from_millis(random.random_range(0..2) * 40),
            mischief: random.random_range(0..most_signals),
            longest_pause: Duration::from_micros([1_000, 8_000, 20_000][random.random_range(0..3)]),
            parent_dies_after: parent_dies
                .then(|| Duration::from_micros(random.random_range(0..60_000))),
            random_seed: random.next_u64(),
        }
    }

    fn run_trial(&self, trial: &Trial, tally: &mut Tally) -> Result<Outcome> {
        let temporary = self.folder.join("t");
        fs::create_dir_all(&temporary)
            .with_context(|| format!("make the folder {}", temporary.display()))?;
        let log = self.folder.join("log");
        let mut process = Process::start(&self.worker, &log, Some(&temporary), &Mark::unique())?;
        let (case, pool) = (trial.case.clone(), trial.pool);
        let (expected, schedule) = (None, None);
        process.send(&Request::Run { format: FORMAT, case, expected, hold: false, pool, schedule });

        let done = AtomicBool::new(false);
        let worker = process.id();
        let (answer, meddled) = thread::scope(|scope| {
            let mischief = scope.spawn(|| trial.make_mischief(worker, &done));
            let answer = process.replies.recv_timeout(PATIENCE);
            done.store(true, Ordering::Relaxed);
            // A thread that only sends signals and sleeps does not panic.
            let made = mischief.join().unwrap_or_default();
            tally.kills += made.kills;
            tally.stops += made.stops;
            tally.parents_killed += u64::from(made.parent_killed);
            (Answer::of(answer, made.parent_killed), made.kills + made.stops > 0)
        });
        answer.count(tally);
        let left = descendants(worker).unwrap_or_default();
        let outcome = Outcome {
            processes_left: if matches!(answer, Answer::ParentKilled) { 0 } else { left.len() },
            descriptors: open_descriptors(worker),
            orphans: 0,
            files_left: Vec::new(),
            meddled,
            marks: None,
            answer,
        };
        process.end()?;
        let (orphans, files_left) = wait_for_leftovers(&temporary);
        fs::remove_dir_all(&temporary)
            .with_context(|| format!("remove the folder {}", temporary.display()))?;
        // Only now has every program of an item ended.
        let marks = if marks::are_left_by(&trial.case.spec) {
            let marks = Marks::take(&self.folder)?;
            tally.marks += marks.count();
            Some(marks)
        } else {
            None
        };
        Ok(Outcome { orphans, files_left, marks, ..outcome })
    }
}

/// Everything that is random about one trial.
struct Trial {
    case: Case,
    pool: PoolLimits,
    /// How many signals are sent to children at most.
    mischief: u32,
    /// How long the pauses between signals are at most.
    longest_pause: Duration,
    parent_dies_after: Option<Duration>,
    /// How long the children are left alone at first.
    peace: Duration,
    random_seed: u64,
}

/// What was done to a trial.
#[derive(Debug, Default)]
struct Mischief {
    kills: u64,
    stops: u64,
    parent_killed: bool,
}

impl Trial {
    /// Sends signals to random children of `worker`, and perhaps to the worker, until `done`. Programs of
    /// items are spared: one that is killed fails its item.
    fn make_mischief(&self, worker: u32, done: &AtomicBool) -> Mischief {
        let mut random = ChaCha8Rng::seed_from_u64(self.random_seed);
        let mut made = Mischief::default();
        let began = Instant::now();
        // A child that is stopped before it has asked the kernel to die with its parent outlives it until it
        // is continued. So where the parent dies, only one that was there at an earlier look is stopped.
        let mut known = HashSet::new();
        while !done.load(Ordering::Relaxed) {
            if self.parent_dies_after.is_some_and(|after| began.elapsed() >= after) {
                made.parent_killed = send(worker, Deed::Kill);
                break;
            }
            let spent = made.kills + made.stops >= u64::from(self.mischief);
            if spent && self.parent_dies_after.is_none() {
                break;
            }
            let mut children = descendants(worker).unwrap_or_default();
            children.retain(|process| process.parent == worker);
            let in_peace = began.elapsed() < self.peace;
            if !spent && !in_peace && !children.is_empty() {
                let victim = children[random.random_range(0..children.len())];
                let old_enough =
                    self.parent_dies_after.is_none() || known.contains(&victim.identity);
                let stop = random.random_range(0..4) == 0 && old_enough;
                let deed = if stop { Deed::Stop } else { Deed::Kill };
                if !victim.is_zombie && send(victim.identity.pid, deed) {
                    match deed {
                        Deed::Kill => made.kills += 1,
                        Deed::Stop => made.stops += 1,
                    }
                }
            }
            known.extend(children.iter().map(|child| child.identity));
            thread::sleep(random.random_range(Duration::ZERO..self.longest_pause));
        }
        made
    }
}

#[derive(Debug, Clone, Copy)]
enum Deed {
    Kill,
    Stop,
}

#[cfg(unix)]
fn send(pid: u32, deed: Deed) -> bool {
    use rustix::process::{Pid, Signal, kill_process};
    let signal = match deed {
        Deed::Kill => Signal::KILL,
        Deed::Stop => Signal::STOP,
    };
    Pid::from_raw(pid.cast_signed()).is_some_and(|pid| kill_process(pid, signal).is_ok())
}

#[cfg(not(unix))]
fn send(_: u32, _: Deed) -> bool {
    false
}

/// Waits until no process has this trial's mark and its folder is empty, or the limit is over; returns
/// how many processes have the mark, and the files. A process that is just being started bears no mark
/// for an instant, and may still have a file to remove.
fn wait_for_leftovers(temporary: &Path) -> (usize, Vec<PathBuf>) {
    let began = Instant::now();
    loop {
        let processes =
            with_variable(SOCKET_FOLDER, temporary.as_os_str()).unwrap_or_default().len();
        let files = files_in(temporary);
        if (processes == 0 && files.is_empty()) || began.elapsed() > ORPHAN_LIMIT {
            return (processes, files);
        }
        thread::sleep(Duration::from_millis(2));
    }
}

fn files_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    entries.map(|entry| entry.path()).collect()
}
