//! What the process pool's options do from the command line, with items that are real programs: the
//! parent of each is the child of the pool that runs it.

use std::fs;

use crate::support::{Outcome, Paceline};
use paceline_journal::{Journal, SampleOutcome};
use paceline_protocol::Measured;

/// Item 2 takes its child with it, but only once in a folder.
const LOSE_ONE: &str = "if test {index} = 2 && mkdir lost 2>/dev/null; then kill -9 $PPID; fi";

/// One round of a script for four items on two children.
fn pool(paceline: &Paceline, script: &str, more: &[&str]) -> Outcome {
    let mut command = paceline.command("bench");
    command.args(["--command", script, "--shell", "--items", "4", "--rounds", "1"]);
    command.args(["--only", "procs-ipc", "--only", "width 2", "--retakes", "0"]).args(more);
    Outcome::of(command.current_dir(paceline.out.path()))
}

/// The samples of the only run, in order.
fn samples(paceline: &Paceline) -> Vec<Measured> {
    let journal = Journal::read(&paceline.journal()).expect("the journal can be read");
    let measured = journal.samples.into_iter().map(|sample| match sample.outcome {
        SampleOutcome::Measured { measured, .. } => *measured,
        other => panic!("not measured: {other:?}"),
    });
    measured.collect()
}

#[test]
fn a_lost_item_makes_its_row_invalid_and_names_process_and_signal() {
    let paceline = Paceline::new();
    let ran = pool(&paceline, LOSE_ONE, &[]).expect_code(3);
    for words in [": invalid", "item 2 was in work in child process", "SIGKILL"] {
        assert!(ran.stdout.contains(words), "{words}: {}", ran.stdout);
    }
    let first = &samples(&paceline)[0];
    assert_eq!(first.items.item.len(), 4, "the others were run");
    assert_eq!(first.violations.len(), 1, "{:?}", first.violations);
}

#[test]
fn an_item_that_is_retried_to_success_leaves_its_row_valid_and_its_attempts_counted() {
    let paceline = Paceline::new();
    let ran = pool(&paceline, LOSE_ONE, &["--retry-lost", "1"]).expect_code(0);
    assert!(ran.stdout.contains("1 attempts more than items"), "{}", ran.stdout);
    let first = &samples(&paceline)[0];
    assert_eq!(first.items.retried.iter().collect::<Vec<_>>(), [(&2, &2)], "item 2, attempt 2");
    assert_eq!(first.violations, []);
}

#[test]
fn an_item_that_outstays_its_time_is_lost_with_its_child() {
    let paceline = Paceline::new();
    let script = "test {index} != 1 || sleep 1000";
    // Without the item's limit that of the case would end it, with another code.
    let limits = ["--item-timeout", "2s", "--timeout", "60s"];
    let ran = pool(&paceline, script, &limits).expect_code(3);
    let words = "killed: its time for one item was up";
    assert!(ran.stdout.contains(words), "{}", ran.stdout);
}

/// The process that runs an item has the log of its case as standard error.
#[cfg(target_os = "linux")]
#[test]
fn what_an_item_writes_to_standard_error_stands_in_the_log_of_its_case() {
    let paceline = Paceline::new();
    pool(&paceline, "echo item {index} was here >> /proc/$PPID/fd/2", &[]).expect_code(0);
    let logs = paceline.journal().with_file_name("logs");
    let logs = fs::read_dir(logs)
        .expect("the run has logs")
        .map(|log| fs::read_to_string(log.expect("an entry").path()).expect("a log can be read"));
    let written: Vec<String> = logs.collect();
    assert_eq!(written.len(), 2, "a log for each of two samples: {written:?}");
    for log in &written {
        assert!((0..4).all(|item| log.contains(&format!("item {item} was here"))), "{log}");
    }
}
