//! The command line, from the outside: what it lists, plans, compares and refuses.

use crate::support::{Outcome, Paceline, journals, program};

const RECORDED: &str = include_str!("../../../fixtures/journals/smoke.ndjson");

#[test]
fn list_prints_the_names_of_the_reference_table_and_runs_nothing() {
    let paceline = Paceline::new();
    let listed = paceline.bench(&["--list"]).expect_code(0);
    let reference = include_str!("../../../fixtures/reference/seed-report.txt");
    let names: Vec<&str> = reference
        .lines()
        .filter(|line| line.contains("heavy processing"))
        .map(|line| line[..67].trim_end())
        .collect();
    assert_eq!(listed.stdout.lines().collect::<Vec<_>>(), names);
    assert!(journals(paceline.out.path()).is_empty());
}

#[test]
fn a_dry_run_shows_the_plan_and_runs_nothing() {
    let paceline = Paceline::new();
    let shown =
        paceline.bench(&["--dry-run", "--only", "multiproc", "--only", "io"]).expect_code(0);
    assert!(shown.stdout.contains("8 rows of matrix `seed` at scale `quick`"), "{}", shown.stdout);
    assert!(shown.stdout.contains("executor procs-ipc, width 32, batch 5"), "{}", shown.stdout);
    assert!(journals(paceline.out.path()).is_empty());
}

#[test]
fn what_does_not_exist_is_refused_with_what_does() {
    let paceline = Paceline::new();
    let refuse = |arguments: &[&str], words: &[&str]| {
        let refused = paceline.bench(arguments).expect_code(2);
        for word in words {
            assert!(refused.stderr.contains(word), "{word}: {}", refused.stderr);
        }
    };
    let only = |row: &'static str| ["--matrix", "seed", "--only", row];
    refuse(&only("fibers"), &["`--only fibers`", "multiproc", "Sequential IO heavy"]);
    refuse(&only("Sequental"), &["did you mean `sequential`"]);
    refuse(&["--matrix", "sead"], &["matrix `sead`", "engines, ", "did you mean `seed`?"]);
    refuse(&["--scale", "huge"], &["scale `huge`", "quick, seed, smoke"]);
    refuse(&["--scale", "smokee"], &["did you mean `smoke`?"]);
    refuse(&["--images", "no/such/folder", "--only", "cpu"], &["no folder", "no/such/folder"]);
    refuse(&["--rounds", "0"], &["rounds"]);
    refuse(&["--budget", "0s"], &["`0s` is no duration"]);
    refuse(&["--precision", "100%"], &["`100%` is no percentage"]);
    refuse(&["--vs", "HEAD", "--gate", "5"], &["`5` is no percentage"]);
    refuse(&["--gate", "5%"], &["--vs"]);
    let refused = paceline.report(&["last-year"]).expect_code(2);
    assert!(refused.stderr.contains("find run `last-year`"), "{}", refused.stderr);
}

/// The recorded run as it was after its first two counted rounds.
fn after_two_rounds() -> String {
    let is_later = |line: &&str| (3..7).any(|round| line.contains(&format!("\"round\":{round},")));
    RECORDED.lines().filter(|line| !is_later(line)).map(|line| format!("{line}\n")).collect()
}

#[test]
fn two_runs_of_the_same_seed_are_compared_round_by_round() {
    let paceline = Paceline::new();
    let run = |name: &str| {
        paceline
            .file(&format!("{name}.ndjson"), after_two_rounds().as_bytes())
            .display()
            .to_string()
    };
    let sides = [run("base"), run("head")];
    let compare = |more: &[&str]| Outcome::of(paceline.command("compare").args(&sides).args(more));
    let compared = compare(&[]).expect_code(0).stdout;
    assert!(compared.contains("Rounds of the same seed were compared one by one"), "{compared}");
    assert!(compared.contains("inconclusive"), "{compared}");
    let gated = compare(&["--gate", "5%"]).expect_code(3);
    assert!(gated.stderr.contains("cannot tell whether"), "{}", gated.stderr);
    assert!(!gated.stderr.contains("only in"), "{}", gated.stderr);
    let json = compare(&["--format", "json"]).expect_code(0).stdout;
    let json: serde_json::Value = serde_json::from_str(&json).expect("a JSON document");
    assert_eq!(json["rows"][0]["time"]["paired"], true);
    compare(&["--gate", "0%"]).expect_code(2);
}

#[test]
fn a_row_is_explained_in_words_and_an_unknown_one_refused() {
    let paceline = Paceline::new();
    paceline.file("one/journal.ndjson", RECORDED.as_bytes());
    let told = paceline.report(&["--explain", "sequential io"]).expect_code(0).stdout;
    assert!(told.contains("A perfect executor") && told.contains("lower bound"), "{told}");
    let refused = paceline.report(&["--explain", "fibers"]).expect_code(2);
    assert!(refused.stderr.contains("Sequential IO heavy processing"), "{}", refused.stderr);
}

#[test]
fn a_folder_that_cannot_be_written_is_an_error_before_anything_runs() {
    let paceline = Paceline::new();
    let file = paceline.file("in-the-way", b"");
    let out = file.join("runs").display().to_string();
    let refused = Outcome::of(program().args(["bench", "--out", &out])).expect_code(1);
    assert!(refused.stderr.contains("make a folder for the run in"), "{}", refused.stderr);
    assert!(refused.stderr.contains("in-the-way"), "{}", refused.stderr);
    assert!(!refused.stderr.contains("building"), "{}", refused.stderr);
}

#[test]
fn a_worker_that_cannot_be_built_is_an_error_that_says_so_and_leaves_no_run() {
    let paceline = Paceline::new();
    let bench =
        |cargo: &str| Outcome::of(paceline.command("bench").env("CARGO", cargo)).expect_code(1);
    let failed = bench("false");
    assert!(
        failed.stderr.contains("failed to build paceline-worker: cargo ended"),
        "{}",
        failed.stderr
    );
    let missing = bench("no-such-cargo");
    assert!(
        missing.stderr.contains("failed to run no-such-cargo to build paceline-worker"),
        "{}",
        missing.stderr
    );
    assert!(journals(paceline.out.path()).is_empty());
}
