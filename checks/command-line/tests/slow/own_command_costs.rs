//! What the programs of items cost, and that none of them stays.

use std::fs;
use std::process::Command;

use crate::support::{Outcome, Paceline};
use paceline_journal::{Journal, SampleOutcome};

const EXECUTORS: [&str; 6] =
    ["seq", "async-tokio", "async-async-std", "async-smol", "threads-threadpool", "procs-ipc"];

/// A matrix with a row of width 2 for each of [`EXECUTORS`].
fn matrix(paceline: &Paceline) -> String {
    let mut text =
        "format = 1\ntitle = \"t\"\n[scales.quick]\nabout = \"a\"\n[workloads.command]\n"
            .to_owned();
    for executor in EXECUTORS {
        let row =
            format!("name = \"{executor}\"\nworkload = \"command\"\nexecutor = \"{executor}\"");
        text += &format!("[[rows]]\n{row}\nwidth = 2\n");
    }
    paceline.file("m.toml", text.as_bytes()).display().to_string()
}

fn run(paceline: &Paceline, script: &str, more: &[&str]) -> Outcome {
    let matrix = matrix(paceline);
    let mut command = paceline.command("bench");
    command.args(["--matrix", &matrix, "--command", script, "--shell", "--items", "2"]);
    command.args(["--rounds", "1", "--retakes", "0"]).args(more);
    Outcome::of(command.current_dir(paceline.out.path()))
}

#[test]
fn cpu_and_memory_of_programs_are_their_rows_also_below_the_children_of_a_pool() {
    let paceline = Paceline::new();
    // A program's program holds 30 MB, and the shell writes down its own time and that of what it ran.
    let hold = "head -c 30000000 /dev/zero | tail -c 30000000 | (sleep 0.2; cat) > /dev/null";
    let script =
        format!("i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; {hold}; times > $$.times");
    run(&paceline, &script, &[]).expect_code(0);
    let journal = Journal::read(&paceline.journal()).expect("the journal can be read");
    let told: f64 = fs::read_dir(paceline.out.path())
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "times"))
        .map(|path| fs::read_to_string(path).expect("text"))
        .map(|text| text.split_whitespace().map(seconds).sum::<f64>())
        .sum();
    let mut seen_ns = 0;
    for sample in &journal.samples {
        let SampleOutcome::Measured { measured, memory, .. } = &sample.outcome else {
            panic!("{sample:?}")
        };
        seen_ns += measured.user_ns.unwrap_or(0) + measured.system_ns.unwrap_or(0);
        if let (0, Some(memory)) = (sample.round, memory) {
            assert!(memory.peak_bytes > 25_000_000, "{}: {memory:?}", sample.row);
        }
    }
    // A shell counts in hundredths of a second, or finer.
    let samples = journal.samples.len() as f64;
    assert!(told > 0.0 && seen_ns as f64 / 1e9 >= told - 0.04 * samples, "{seen_ns} {told}");
}

/// What `times` writes: `0m0.120000s`.
fn seconds(text: &str) -> f64 {
    let (minutes, seconds) =
        text.trim_end_matches('s').split_once('m').expect("minutes and seconds");
    minutes.parse::<f64>().expect("a number") * 60.0 + seconds.parse::<f64>().expect("a number")
}

/// Whether any process runs `sleep` for so long.
fn sleeps(duration: &str) -> bool {
    let wanted = format!("sleep\0{duration}\0");
    fs::read_dir("/proc")
        .expect("there is a /proc")
        .filter_map(|entry| fs::read(entry.ok()?.path().join("cmdline")).ok())
        .any(|line| line == wanted.as_bytes())
}

#[test]
fn programs_that_hang_end_with_the_timeout_under_every_executor() {
    let paceline = Paceline::new();
    // A number that no other test sleeps for.
    let duration = format!("7{}", std::process::id());
    let script = format!("sleep {duration} & sleep {duration}; true");
    let ran = run(&paceline, &script, &["--timeout", "1s"]).expect_code(4);
    assert_eq!(ran.stdout.matches(": timed out").count(), EXECUTORS.len(), "{}", ran.stdout);
    assert!(!sleeps(&duration), "a program has outlived its case");
}

#[test]
fn programs_end_with_a_driver_that_is_killed() {
    for executor in ["threads-threadpool", "async-smol", "procs-ipc"] {
        let paceline = Paceline::new();
        let duration = format!("8{}", std::process::id());
        let mut command: Command = paceline.command("bench");
        command.args(["--command", &format!("sleep {duration}"), "--items", "2", "--quiet"]);
        command.args(["--only", executor, "--only", "width 2"]);
        let mut driver = command.stderr(std::process::Stdio::null()).spawn().expect("it starts");
        until(|| sleeps(&duration));
        driver.kill().expect("it runs");
        driver.wait().expect("it ends");
        until(|| !sleeps(&duration));
    }
}

fn until(holds: impl Fn() -> bool) {
    // Only a failure takes as long as this: the worker may have to be built first.
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(300);
    while !holds() {
        assert!(std::time::Instant::now() < deadline, "it did not happen");
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
}
