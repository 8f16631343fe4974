//! Executors that panic or print, in a real worker: each row says why, and the others run.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::support::{Outcome, Paceline};
use paceline_journal::{Journal, SampleOutcome};

/// Stands for cargo, and builds the worker with the executors that panic under the name of the one that
/// is asked for.
const BUILD_THE_OTHER: &str = r#"#!/bin/sh
"$REAL_CARGO" build --release --package paceline-worker --example shaky-worker \
    --message-format=json-render-diagnostics |
    sed 's/"name":"shaky-worker"/"name":"paceline-worker"/'
"#;

const MATRIX: &str = r#"
format = 1
title = "Shaky"
[scales.quick]
about = "eight items"
[workloads.noop]
params = { items = 8 }
[[rows]]
name = "{executor}"
workload = "noop"
executor = "*"
width = 2
"#;

#[test]
fn an_executor_that_panics_costs_its_own_row_which_says_where_and_what_the_panic_said() {
    let paceline = Paceline::new();
    let matrix = paceline.file("shaky.toml", MATRIX.as_bytes());
    let cargo = paceline.file("cargo", BUILD_THE_OTHER.as_bytes());
    fs::set_permissions(&cargo, fs::Permissions::from_mode(0o755)).expect("it can be run");
    let mut bench = paceline.command("bench");
    bench.arg("--matrix").arg(matrix).args(["--rounds", "1", "--retakes", "0"]);
    let ran = Outcome::of(bench.env("CARGO", cargo).env("REAL_CARGO", env!("CARGO")));
    let ran = ran.expect_code(3);

    let expected = [
        ("threads-shaky-start", "start the lanes", "no room for 2 lanes"),
        ("threads-shaky-run", "run on the lanes", "lost the queue"),
        ("threads-shaky-shutdown", "end the lanes", "cannot join"),
    ];
    let journal = Journal::read(&paceline.journal()).expect("the journal can be read");
    let samples_of =
        |row: &str| journal.samples.iter().filter(|sample| sample.row == row).collect::<Vec<_>>();
    for (executor, step, said) in expected {
        let reason = format!("{step} of {executor}: the executor panicked at ");
        assert!(ran.stdout.contains(&reason), "{reason}: {}", ran.stdout);
        let samples = samples_of(executor);
        assert!(!samples.is_empty());
        for sample in samples {
            let SampleOutcome::Broken { reason: told } = &sample.outcome else {
                panic!("{executor} ran: {:?}", sample.outcome);
            };
            assert!(told.contains(&reason) && told.ends_with(&format!(": {said}")), "{told}");
            assert!(told.contains("shaky-worker.rs:"), "{told}");
        }
    }
    // What one prints to standard output is no part of the conversation of worker and driver.
    for sound in ["seq", "threads-talking"].map(samples_of) {
        assert_eq!(sound.len(), 2, "the warm-up round and the counted one");
        let is_measured = |outcome: &_| matches!(outcome, SampleOutcome::Measured { .. });
        assert!(sound.iter().all(|sample| is_measured(&sample.outcome)), "{}", ran.stdout);
    }
}
