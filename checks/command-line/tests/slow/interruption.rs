//! Ctrl-C and a killed driver: nothing is lost, and nothing is left running.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::thread;
use std::time::Duration;

use crate::support::{Outcome, Paceline};
use paceline_journal::{EndReason, Journal};

/// How long to wait for something that must happen; reached only when it does not.
const DEADLINE: Duration = Duration::from_secs(30);

/// Starts a run that would take minutes, and returns once its first sample is done.
fn start(paceline: &Paceline) -> Child {
    let temporary = paceline.out.path().join("tmp");
    fs::create_dir(&temporary).expect("the folder can be written to");
    let mut command = paceline.command("bench");
    command.env("TMPDIR", temporary);
    command.args(["--only", "processes", "--only", "io", "--rounds", "50", "--seed", "3"]);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary can be run");
    let stderr = child.stderr.take().expect("stderr is piped");
    let mut lines = BufReader::new(stderr).lines().map_while(Result::ok);
    lines.find(|line| line.starts_with("[1/")).expect("a first sample is done");
    // The rest must be read, or the child would block on a full pipe.
    thread::spawn(move || lines.for_each(drop));
    child
}

fn signal(child: &Child, signal: rustix::process::Signal) {
    let pid = rustix::process::Pid::from_child(child);
    rustix::process::kill_process(pid, signal).expect("the driver is alive");
}

/// The processes that run any binary called `paceline-worker` under this run's driver.
fn workers_of(driver: u32) -> Vec<u32> {
    let is_worker = |pid: &u32| {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        let Some((name, rest)) = stat.rsplit_once(')') else { return false };
        let parent = rest.split_whitespace().nth(1).and_then(|parent| parent.parse().ok());
        name.contains("paceline-worke") && parent == Some(driver)
    };
    fs::read_dir("/proc")
        .expect("there is a /proc")
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter(is_worker)
        .collect()
}

fn group_is_gone(leader: u32) -> bool {
    let in_group = |pid: &u32| {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        let group = stat.rsplit_once(')').and_then(|(_, rest)| rest.split_whitespace().nth(2));
        group.and_then(|group| group.parse().ok()) == Some(leader)
    };
    !fs::read_dir("/proc")
        .expect("there is a /proc")
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .any(|pid| in_group(&pid))
}

fn eventually(what: &str, holds: impl Fn() -> bool) {
    let began = std::time::Instant::now();
    while !holds() {
        assert!(began.elapsed() < DEADLINE, "{what}");
        thread::sleep(Duration::from_millis(10));
    }
}

/// Waits until the driver has a worker, which leads a group of its own.
fn some_worker(driver: &Child) -> u32 {
    eventually("the driver starts a worker", || !workers_of(driver.id()).is_empty());
    workers_of(driver.id()).first().copied().unwrap_or_default()
}

#[test]
fn ctrl_c_ends_the_children_keeps_the_journal_whole_and_prints_a_partial_table() {
    let paceline = Paceline::new();
    let driver = start(&paceline);
    let worker = some_worker(&driver);
    signal(&driver, rustix::process::Signal::INT);
    let output = Outcome::from(driver.wait_with_output().expect("it ends")).expect_code(130);
    assert!(output.stdout.contains("interrupted: this table is partial"), "{}", output.stdout);
    eventually("the worker and its children have ended", || group_is_gone(worker));
    let temporary = fs::read_dir(paceline.out.path().join("tmp")).expect("the folder is there");
    assert_eq!(temporary.count(), 0, "nothing is left in TMPDIR");

    let journal = Journal::read(&paceline.journal()).expect("the journal can be read");
    assert_eq!(journal.torn_line, None);
    assert_eq!(journal.end.map(|end| end.reason), Some(EndReason::Interrupted));
    assert!(!journal.samples.is_empty());
}

#[test]
fn a_killed_driver_leaves_a_readable_journal_and_no_process() {
    let paceline = Paceline::new();
    let mut driver = start(&paceline);
    let worker = some_worker(&driver);
    signal(&driver, rustix::process::Signal::KILL);
    driver.wait().expect("it ends");
    eventually("the worker and its children end with the driver", || group_is_gone(worker));

    let journal = Journal::read(&paceline.journal()).expect("the journal can be read");
    assert!(!journal.samples.is_empty());
    assert!(journal.end.is_none());
    let shown = paceline.report(&[]).expect_code(0);
    assert!(shown.stdout.contains("the run was cut short"), "{}", shown.stdout);
}
