//! The tree sampler against real processes.
//!
//! The processes are this test binary itself, started again with [`ROLE`] set: the one test named
//! `puppet` then obeys the commands that it reads from its standard input, one a line, and answers
//! each with a line on standard error, which the test harness leaves alone.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test may fail where it stands")]

use paceline_measure::TreeSampler;
use paceline_protocol::{MemoryKind, TreeMemory};
use std::hint::black_box;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStderr, ChildStdin, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

const ROLE: &str = "PACELINE_MEASURE_PUPPET";
const MIB: u64 = 1 << 20;
/// Sweeps only when asked to.
const NEVER: Duration = Duration::from_secs(3_600);

#[test]
fn the_peak_is_the_memory_that_was_held_on_top_of_the_base() {
    let _turn = turn();
    let mut puppet = Puppet::start();
    let base = sampled_now(&puppet).peak_bytes;
    puppet.order(&format!("hold {}", 64 * MIB));
    let sampler = TreeSampler::start(puppet.pid(), NEVER).unwrap();
    sampler.sample_now();
    puppet.order("drop");
    sampler.sample_now();
    let memory = sampler.finish().unwrap();
    assert_eq!(memory.kind, MemoryKind::Pss);
    assert_near(memory.peak_bytes, base + 64 * MIB, 64 * MIB);
    assert_near(sampled_now(&puppet).peak_bytes, base, 64 * MIB);
}

#[test]
fn children_and_grandchildren_count_and_each_has_its_own_peak() {
    let _turn = turn();
    let mut puppet = Puppet::start();
    puppet.order("child");
    puppet.order("tell child");
    let base = sampled_now(&puppet).peak_bytes;
    puppet.order(&format!("hold {}", 16 * MIB));
    puppet.order(&format!("tell hold {}", 32 * MIB));
    puppet.order(&format!("tell tell hold {}", 64 * MIB));
    let memory = sampled_now(&puppet);
    assert_near(memory.peak_bytes, base + 112 * MIB, 112 * MIB);
    assert_eq!(memory.processes[0].pid, puppet.pid());
    let peaks = memory.processes.iter().map(|process| process.peak_rss_bytes / (16 * MIB));
    assert_eq!(peaks.collect::<Vec<_>>(), [1, 2, 4], "in {:?}", memory.processes);
}

#[test]
fn pages_that_processes_share_count_once() {
    let _turn = turn();
    let mut puppet = Puppet::start();
    puppet.order("child");
    puppet.order("tell child");
    let memory = sampled_now(&puppet);
    // Idle puppets are little more than the pages of one binary and of the C library.
    let resident: u64 = memory.processes.iter().map(|process| process.peak_rss_bytes).sum();
    assert!(memory.peak_bytes < resident / 2, "{} of {resident} bytes", memory.peak_bytes);
}

#[test]
fn children_that_come_and_go_are_no_error_and_never_double_their_parent() {
    let _turn = turn();
    let mut puppet = Puppet::start();
    puppet.order(&format!("hold {}", 64 * MIB));
    let quiet = sampled_now(&puppet).peak_bytes;
    let sampler = TreeSampler::start(puppet.pid(), Duration::ZERO).unwrap();
    puppet.order("churn 50");
    let memory = sampler.finish().unwrap();
    assert!(memory.samples > 1);
    assert_near(memory.peak_bytes, quiet, 64 * MIB);
}

#[test]
fn a_process_that_has_ended_keeps_its_peak_in_the_list() {
    let _turn = turn();
    let mut puppet = Puppet::start();
    puppet.order("child");
    puppet.order(&format!("tell hold {}", 64 * MIB));
    let sampler = TreeSampler::start(puppet.pid(), NEVER).unwrap();
    sampler.sample_now();
    puppet.order("bury");
    sampler.sample_now();
    let memory = sampler.finish().unwrap();
    assert_eq!(memory.processes.len(), 2);
    assert!(memory.processes[1].peak_rss_bytes >= 64 * MIB);
    assert!(memory.peak_bytes >= 64 * MIB);
}

#[test]
fn a_launcher_that_once_used_much_memory_changes_nothing() {
    let _turn = turn();
    let modest = sampled_now(&Puppet::start());
    hold(256 * MIB).clear();
    let after = sampled_now(&Puppet::start());
    assert_near(after.peak_bytes, modest.peak_bytes, 64 * MIB);
    assert_near(after.processes[0].peak_rss_bytes, modest.processes[0].peak_rss_bytes, 64 * MIB);
}

#[test]
fn a_sampler_stops_in_the_middle_of_a_long_pause() {
    let _turn = turn();
    let puppet = Puppet::start();
    let sampler = TreeSampler::start(puppet.pid(), NEVER).unwrap();
    for _ in 0..3 {
        sampler.sample_now();
    }
    // With luck the first request came before the sweep that the sampler begins with.
    let samples = sampler.finish().unwrap().samples;
    assert!((3..=4).contains(&samples), "{samples} samples for 3 requests");
    drop(TreeSampler::start(puppet.pid(), NEVER).unwrap());
}

#[test]
fn a_process_that_ended_before_the_first_sweep_has_no_memory() {
    let _turn = turn();
    let mut child = Command::new("true").spawn().unwrap();
    child.wait().unwrap();
    let sampler = TreeSampler::start(child.id(), NEVER).unwrap();
    sampler.sample_now();
    assert_eq!(sampler.finish(), None);
}

#[test]
fn the_figures_survive_the_way_through_a_journal() {
    let _turn = turn();
    let memory = sampled_now(&Puppet::start());
    let text = serde_json::to_string(&memory).unwrap();
    assert_eq!(serde_json::from_str::<TreeMemory>(&text).unwrap(), memory);
}

/// Puppets share the pages of the binary with each other, so a second test that starts or ends one
/// would change what the first one measures.
fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn sampled_now(puppet: &Puppet) -> TreeMemory {
    let sampler = TreeSampler::start(puppet.pid(), NEVER).unwrap();
    sampler.sample_now();
    sampler.finish().unwrap()
}

/// Asserts that two sizes differ by at most 2 % of `scale`.
fn assert_near(actual: u64, expected: u64, scale: u64) {
    assert!(actual.abs_diff(expected) <= scale / 50, "{actual} bytes instead of {expected}");
}

fn hold(bytes: u64) -> Vec<u8> {
    black_box(vec![1; usize::try_from(bytes).unwrap()])
}

/// A search path with many dead ends at its beginning.
///
/// A child looks for its program while it still borrows its parent's memory. The longer it looks,
/// the surer a sweep meets it in that state.
fn long_search_path() -> String {
    "nowhere:".repeat(2_000) + &std::env::var("PATH").unwrap()
}

/// A process that does as it is told. It ends when its input does, so no puppet outlives its test.
struct Puppet {
    process: Child,
    orders: ChildStdin,
    answers: BufReader<ChildStderr>,
}

impl Puppet {
    fn start() -> Self {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "puppet", "--nocapture", "--test-threads=1"])
            .env(ROLE, "1")
            .env("PATH", long_search_path())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let orders = process.stdin.take().unwrap();
        let answers = BufReader::new(process.stderr.take().unwrap());
        let mut puppet = Self { process, orders, answers };
        puppet.hear();
        puppet
    }

    fn pid(&self) -> u32 {
        self.process.id()
    }

    /// Gives an order and returns once it is carried out.
    fn order(&mut self, order: &str) {
        writeln!(self.orders, "{order}").unwrap();
        self.hear();
    }

    fn hear(&mut self) {
        let mut answer = String::new();
        self.answers.read_line(&mut answer).unwrap();
        assert_eq!(answer, "done\n");
    }
}

impl Drop for Puppet {
    fn drop(&mut self) {
        // Both fail only if it has ended already.
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

#[test]
fn puppet() {
    if std::env::var_os(ROLE).is_none() {
        return;
    }
    let mut held = Vec::new();
    let mut child = None;
    eprintln!("done");
    for order in std::io::stdin().lines() {
        obey(&order.unwrap(), &mut held, &mut child);
        eprintln!("done");
    }
}

fn obey(order: &str, held: &mut Vec<u8>, child: &mut Option<Puppet>) {
    let (verb, rest) = order.split_once(' ').unwrap_or((order, ""));
    match verb {
        "hold" => *held = hold(rest.parse().unwrap()),
        "drop" => *held = Vec::new(),
        "child" => *child = Some(Puppet::start()),
        "tell" => child.as_mut().unwrap().order(rest),
        "bury" => *child = None,
        "churn" => {
            for _ in 0..rest.parse().unwrap() {
                assert!(Command::new("true").status().unwrap().success());
            }
        }
        _ => panic!("a puppet cannot {order}"),
    }
}
