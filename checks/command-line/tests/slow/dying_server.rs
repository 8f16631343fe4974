//! A server that dies while a real bench runs against it.

use std::fs;
use std::process::{Child, Stdio};
use std::thread;

use paceline_journal::Journal;
use rustix::process::{Pid, Signal, kill_process};

use crate::support::{Outcome, Paceline};

/// Items that take seconds, so that the server dies in the middle of one, whatever the machine does.
const MATRIX: &str = r#"
format = 1
title = "t"
[scales.smoke]
about = "a"
[workloads.http]
params = { url = "{server}", records = 9, timeout_ms = 60_000, max_wait_us = 60_000_000 }
[workloads.noop]
params = { items = 3 }
[[rows]]
name = "sockets"
workload = "http"
executor = "EXECUTOR"
width = 3
[[rows]]
name = "other"
workload = "noop"
executor = "seq"
width = 1
"#;

fn start(paceline: &Paceline, executor: &str) -> Child {
    let matrix = paceline.file("m.toml", MATRIX.replace("EXECUTOR", executor).as_bytes());
    let mut command = paceline.command("bench");
    command.arg("--matrix").arg(matrix).args(["--scale", "smoke", "--rounds", "1"]);
    command.args(["--retakes", "0"]).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().expect("the binary can be run")
}

/// The processes of this program among the children of `parent`.
fn children(parent: u32, program: &str) -> Vec<u32> {
    let task = format!("/proc/{parent}/task");
    let threads = fs::read_dir(task).into_iter().flatten().flatten();
    let lists = threads.flat_map(|thread| fs::read_to_string(thread.path().join("children")));
    let pids: Vec<u32> = lists
        .flat_map(|list| list.split_whitespace().flat_map(str::parse).collect::<Vec<_>>())
        .collect();
    let is_it = |pid: &u32| {
        let name = fs::read_link(format!("/proc/{pid}/exe")).unwrap_or_default();
        name.ends_with(program)
    };
    pids.into_iter().filter(is_it).collect()
}

/// How many sockets it has: of a server, the one that it listens on, and one for each connection.
fn sockets(pid: u32) -> usize {
    let files = fs::read_dir(format!("/proc/{pid}/fd")).into_iter().flatten().flatten();
    let links = files.flat_map(|file| fs::read_link(file.path()));
    links.filter(|link| link.to_string_lossy().starts_with("socket:")).count()
}

/// Waits until the server has requests in flight, beside the driver's connection, and kills it as nothing can be prepared for.
fn kill_server_in_flight(bench: &mut Child) {
    loop {
        if let Some(server) = children(bench.id(), "paceline-api-server").first()
            && sockets(*server) >= 4
        {
            let pid = i32::try_from(*server).ok().and_then(Pid::from_raw).expect("a process");
            kill_process(pid, Signal::KILL).expect("it was alive");
            // Until it is seen to be gone, it would be taken for the next one.
            while children(bench.id(), "paceline-api-server").contains(server) {
                thread::yield_now();
            }
            return;
        }
        assert!(bench.try_wait().expect("it can be asked").is_none(), "the bench has ended");
        thread::yield_now();
    }
}

#[test]
fn a_server_that_dies_in_mid_run_makes_its_row_invalid_and_the_others_go_on() {
    for executor in ["threads-threadpool", "async-smol", "procs-ipc"] {
        let paceline = Paceline::new();
        let mut bench = start(&paceline, executor);
        // Once in the round to warm up, once in the counted one: each gets a server of its own.
        kill_server_in_flight(&mut bench);
        kill_server_in_flight(&mut bench);
        let output = bench.wait_with_output().expect("it ends");
        let ran = Outcome::from(output).expect_code(3);
        assert!(ran.stdout.contains("sockets: invalid"), "{executor}: {}", ran.stdout);
        assert!(ran.stdout.contains("GET /records/"), "{executor}: {}", ran.stdout);
        assert!(ran.stdout.contains("its counters cannot be read"), "{executor}: {}", ran.stdout);
        assert!(!ran.stdout.contains("other: invalid"), "{executor}: {}", ran.stdout);
        let journal = Journal::read(&paceline.journal()).expect("the journal can be read");
        assert_eq!(journal.samples.len(), 4);
    }
}
