//! Runs that go on, as far as no case has to run.

use crate::support::Paceline;

#[test]
fn options_that_the_run_itself_answers_are_refused() {
    let paceline = Paceline::new();
    for option in [
        ["--matrix", "seed"],
        ["--scale", "smoke"],
        ["--only", "io"],
        ["--rounds", "3"],
        ["--budget", "5m"],
        ["--precision", "2%"],
        ["--min-rounds", "4"],
        ["--memory-rounds", "2"],
        ["--retakes", "2"],
        ["--timeout", "5s"],
        ["--item-timeout", "5s"],
        ["--handshake-timeout", "5s"],
        ["--retry-lost", "1"],
        ["--seed", "3"],
        ["--images", "."],
        ["--rate", "5/s"],
        ["--find-rate", "p99=1s"],
        ["--vs", "HEAD"],
        ["--name", "again"],
    ] {
        let refused = paceline.bench(&[&["--resume"], &option[..]].concat()).expect_code(2);
        assert!(refused.stderr.contains("cannot be used with"), "{option:?}: {}", refused.stderr);
    }
}
