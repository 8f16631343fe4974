//! Random pools under random attacks: children killed and stopped, and now and then the parent killed,
//! at any moment from the first spawn to the last wait.
//!
//! After every trial, each item has exactly one receipt, nothing ran more often than its receipt says,
//! and no process, file descriptor or file is left; after one whose parent was killed, no process or file. A test
//! run makes a few trials. PACELINE_TORTURE_TRIALS or PACELINE_TORTURE_SECONDS asks for more, and
//! PACELINE_TORTURE_SEED for the same ones again.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;
use std::process::Child;
use std::str::FromStr;
use std::thread;
use std::time::{Duration, Instant};

use fastrand::Rng;
use paceline_core::Outcome;
use rustix::process::{Signal, WaitOptions, getpid, set_child_subreaper, wait};

use paceline_testkit::fault::began_in;

use crate::Test;
use crate::pass::{Holdings, Pass, await_true, children_of, entries, signal};
use crate::scenario::{SOUND, command, say};

pub(crate) const TESTS: &[Test] = &[("every_trial_of_the_torture_is_sound", torture)];

fn torture() {
    let seconds = variable("PACELINE_TORTURE_SECONDS").map(Duration::from_secs);
    let most = variable("PACELINE_TORTURE_TRIALS").unwrap_or(if seconds.is_some() {
        u32::MAX
    } else {
        20
    });
    let seed = variable("PACELINE_TORTURE_SEED").unwrap_or_else(|| fastrand::u64(..));
    let mut rng = Rng::with_seed(seed);
    let mut attacks = Attacks::default();
    // Children of a killed parent come to this process, which can then see them end.
    set_child_subreaper(Some(getpid())).expect("orphans can be taken in");
    let begun = Instant::now();
    let mut trials = 0;
    while trials < most && seconds.is_none_or(|seconds| begun.elapsed() < seconds) {
        let made = Trial::random(&mut rng);
        made.play(&mut rng, &mut attacks, &format!("trial {trials} of seed {seed}: {made:?}"));
        trials += 1;
    }
    set_child_subreaper(None).expect("as it was");
    writeln!(io::stderr(), "{trials} trials of seed {seed}: {attacks:?}").expect("it is open");
}

/// How often what was done to the trials.
#[derive(Debug, Default)]
struct Attacks {
    kills: usize,
    stops: usize,
    parent_kills: usize,
    lost: usize,
    run_again: usize,
}

/// One pool and one job.
#[derive(Debug)]
struct Trial {
    width: usize,
    batch: usize,
    items: u32,
    wait_us: u64,
    retry_lost: u32,
    /// How many attacks there are at most: a pool must have the time to start.
    attacks: usize,
    /// The mean time between attacks, in microseconds.
    peace_us: u64,
    kills_parent: bool,
}

impl Trial {
    fn random(rng: &mut Rng) -> Self {
        let wait_us = *rng.choice(&[0, 0, 20, 300, 3_000]).unwrap_or(&0);
        Self {
            width: rng.usize(1..9),
            batch: *rng.choice(&[1, 1, 2, 7, 50, 500]).unwrap_or(&1),
            items: rng.u32(1..if wait_us < 1_000 { 1_500 } else { 150 }),
            wait_us,
            retry_lost: rng.u32(0..3),
            attacks: rng.usize(0..40),
            peace_us: *rng.choice(&[500, 2_000, 10_000]).unwrap_or(&500),
            kills_parent: rng.u8(..) < 40,
        }
    }

    fn play(&self, rng: &mut Rng, attacks: &mut Attacks, name: &str) {
        let [folder, marks] = [(); 2].map(|()| tempfile::tempdir().expect("there is a folder"));
        let own = std::env::current_exe().expect("this binary has a path");
        let mut tortured = command(&own, "tortured")
            .env("TRIAL", self.to_string())
            .env("MARKS", marks.path())
            .env("TMPDIR", folder.path())
            .stderr(std::process::Stdio::null())
            .spawn()
            .expect("this binary can be run again");
        let survived = self.attack(&mut tortured, rng, attacks);
        let ended = await_end(&mut tortured);
        if !ended {
            tortured.kill().expect("it is not yet waited for");
        }
        let output = tortured.wait_with_output().expect("it can be waited for");
        assert!(ended, "still running: {name}");
        let left = || children_of(std::process::id());
        await_true("orphans to end", || {
            while let Ok(Some(_)) = wait(WaitOptions::NOHANG) {}
            left().is_empty()
        });
        assert_eq!(entries(folder.path()), 0, "left in TMPDIR after {name}");
        if survived {
            let text = String::from_utf8_lossy(&output.stdout);
            assert!(output.status.success() && text.ends_with(SOUND), "{name}: {text}");
            self.check(&text, marks.path(), attacks, name);
        }
    }

    /// Attacks; `false` when the trial itself was killed.
    fn attack(&self, tortured: &mut Child, rng: &mut Rng, attacks: &mut Attacks) -> bool {
        for _ in 0..self.attacks {
            thread::sleep(Duration::from_micros(rng.u64(0..2 * self.peace_us)));
            if self.kills_parent && rng.u8(..) < 10 {
                attacks.parent_kills += 1;
                tortured.kill().expect("it is not yet waited for");
                return false;
            }
            let children: Vec<u32> = children_of(tortured.id()).into_iter().collect();
            let Some(victim) = rng.choice(&children) else { continue };
            // With two threads, a child has asked the kernel to die with its parent. One that is stopped before
            // outlives its parent: see the limits in docs/process-pool.md.
            let old_enough = !self.kills_parent || threads_of(*victim) == 2;
            if old_enough && rng.u8(..) < 50 {
                attacks.stops += 1;
                signal(*victim, Signal::STOP);
            } else {
                attacks.kills += 1;
                signal(*victim, Signal::KILL);
            }
        }
        true
    }

    /// Holds the receipts against what began.
    fn check(&self, text: &str, marks: &Path, attacks: &mut Attacks, name: &str) {
        let mut attempts = BTreeMap::new();
        for line in text.lines().filter(|line| *line != SOUND.trim_end()) {
            let fields: Vec<u32> = line.split(' ').map(number).collect();
            let &[item, attempt, done] = &fields[..] else { panic!("{name}: {line}") };
            let began = began_in(marks, item).len() as u32;
            assert!(began <= attempt, "item {item} ran {began} times in {attempt}: {name}");
            assert!(done == 0 || began > 0, "item {item} was done but never began: {name}");
            assert_eq!(attempts.insert(item, attempt), None, "item {item} has two: {name}");
            attacks.lost += usize::from(done == 0);
            attacks.run_again += usize::from(attempt > 1);
        }
        let items: Vec<u32> = attempts.into_keys().collect();
        assert_eq!(items, (0..self.items).collect::<Vec<u32>>(), "items with a receipt: {name}");
    }
}

/// The victim's side: one pass, its receipts as "item attempt done" lines, and nothing left behind.
pub(crate) fn be_tortured() {
    let trial: Trial = variable("TRIAL").expect("it is set");
    let marks: String = variable("MARKS").expect("it is set");
    let mut pass = Pass::new(trial.items, "", trial.width, trial.batch)
        .with("wait_us", trial.wait_us)
        .with("marks", marks)
        .item_timeout(100);
    pass.options.retry_lost = trial.retry_lost;
    pass.options.restarts_per_lane = 10_000;
    pass.options.handshake_timeout = Duration::from_millis(1_000);
    let before = Holdings::now();
    // Attacks may also hit children that start; then there is no pool, and nothing is left of it.
    let mut lanes = loop {
        match pass.start() {
            Ok(lanes) => break lanes,
            Err(_) => before.await_again(),
        }
    };
    let job = pass.job();
    lanes.run(&job).expect("the pool holds");
    lanes.shutdown().expect("children end");
    before.await_again();
    for receipt in job.receipts() {
        let done = match receipt.outcome {
            Outcome::Done(_) => 1,
            Outcome::Lost(_) => 0,
            other => panic!("neither done nor lost: {other:?}"),
        };
        say(&format!("{} {} {done}\n", receipt.item, receipt.attempt));
    }
}

impl std::fmt::Display for Trial {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { width, batch, items, wait_us, retry_lost, .. } = self;
        write!(f, "{width} {batch} {items} {wait_us} {retry_lost}")
    }
}

impl FromStr for Trial {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fields: Vec<u32> = text.split(' ').map(number).collect();
        let &[width, batch, items, wait_us, retry_lost] = &fields[..] else {
            return Err(format!("not a trial: {text}"));
        };
        let (width, batch, wait_us) = (width as usize, batch as usize, wait_us.into());
        Ok(Self {
            width,
            batch,
            items,
            wait_us,
            retry_lost,
            attacks: 0,
            peace_us: 0,
            kills_parent: false,
        })
    }
}

/// Waits for a trial, whose output fits into a pipe; `false` if it hangs.
fn await_end(tortured: &mut Child) -> bool {
    let begun = Instant::now();
    while tortured.try_wait().expect("it can be waited for").is_none() {
        if begun.elapsed() > Duration::from_secs(120) {
            return false;
        }
        thread::sleep(Duration::from_millis(1));
    }
    true
}

fn threads_of(pid: u32) -> usize {
    std::fs::read_dir(format!("/proc/{pid}/task")).map_or(0, Iterator::count)
}

fn number(text: &str) -> u32 {
    text.parse().unwrap_or_else(|_| panic!("not a number: {text}"))
}

fn variable<T: FromStr>(name: &str) -> Option<T> {
    std::env::var(name).ok()?.parse().ok()
}
