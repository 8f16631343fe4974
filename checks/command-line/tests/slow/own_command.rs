//! Commands, folders and items of the user's own, with real programs.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::{Outcome, Paceline};
use paceline_journal::{Journal, SampleOutcome};

/// One round of a command on real files, without retakes.
const ONCE: [&str; 4] = ["--rounds", "1", "--retakes", "0"];

/// What a command line comes to that runs in a folder of four files.
fn in_folder(paceline: &Paceline, arguments: &[&str]) -> Outcome {
    Outcome::of(&mut bench_in_folder(paceline, arguments))
}

fn bench_in_folder(paceline: &Paceline, arguments: &[&str]) -> Command {
    for name in ["b.txt", "a c.txt", "d.txt", "e'$(x).txt"] {
        paceline.file(&format!("work/in/{name}"), name.as_bytes());
    }
    let mut command = paceline.command("bench");
    command.args(arguments).current_dir(paceline.out.path().join("work"));
    command
}

#[test]
fn a_program_runs_for_every_file_of_a_folder_under_every_executor() {
    let paceline = Paceline::new();
    let script = "mkdir -p {stem} && cat {item} > {stem}/$$.{index}";
    let arguments = ["--command", script, "--shell", "--items", "in/*.txt"];
    let ran = in_folder(&paceline, &[&arguments[..], &ONCE].concat()).expect_code(0);
    let first = "for 4 items; the first is `sh -c 'paceline_stem=$1 paceline_item=$2 paceline_index=$3; mkdir";
    assert!(ran.stderr.contains(first), "{}", ran.stderr);
    assert!(ran.stderr.contains("' sh 'a c' 'in/a c.txt' 0`"), "{}", ran.stderr);
    let journal = Journal::read(&paceline.journal()).expect("the journal can be read");
    let rows = journal.header.plan.rows.len();
    for executor in ["seq", "async-tokio", "async-smol", "threads-rayon", "procs-ipc"] {
        assert!(
            journal.header.plan.rows.iter().any(|row| row.case.executor == executor),
            "{executor}"
        );
    }
    for sample in &journal.samples {
        let SampleOutcome::Measured { measured, .. } = &sample.outcome else {
            panic!("{sample:?}")
        };
        assert_eq!((measured.violations.len(), measured.items.item.len()), (0, 4), "{sample:?}");
    }
    // Every row has run every item once in each of two rounds, and nothing else ran them.
    let written = fs::read_dir(paceline.out.path().join("work/d")).expect("a folder");
    assert_eq!(written.count(), rows * 2);

    assert_eq!(paceline.report(&[]).expect_code(0).stdout, ran.stdout);
    let resumed = paceline.bench(&["--resume"]).expect_code(0);
    assert!(resumed.stderr.contains("nothing is left to do"), "{}", resumed.stderr);
}

#[test]
fn programs_see_the_environment_of_the_users_shell_under_every_executor() {
    let paceline = Paceline::new();
    let temporary = paceline.out.path().join("temporary");
    fs::create_dir(&temporary).expect("made");
    let script = "env > $$.env";
    let arguments = ["--command", script, "--shell", "--items", "2", "--only", "width 2"];
    let mut bench = bench_in_folder(&paceline, &[&arguments[..], &ONCE].concat());
    // Cargo started this test, so it has set the rest of its variables.
    bench.env("TMPDIR", &temporary);
    Outcome::of(&mut bench).expect_code(0);
    let seen: Vec<String> = fs::read_dir(paceline.out.path().join("work"))
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "env"))
        .map(|path| fs::read_to_string(path).expect("text"))
        .collect();
    assert!(seen.len() >= 8 * 2 * 2, "{}", seen.len());
    let own = format!("TMPDIR={}", temporary.display());
    let of_cargo = ["CARGO=", "CARGO_PKG_", "CARGO_MANIFEST_", "RUSTUP_TOOLCHAIN_SOURCE="];
    let folder = Path::new(crate::PROGRAM).parent().expect("a folder");
    let libraries = format!("LD_LIBRARY_PATH={}", folder.display());
    for variables in &seen {
        assert!(variables.lines().any(|line| line == own), "{variables}");
        let is_added = |line: &str| of_cargo.iter().any(|name| line.starts_with(name));
        let added = variables.lines().find(|line| is_added(line) || line.starts_with(&libraries));
        assert_eq!(added, None, "{variables}");
    }
    assert_eq!(fs::read_dir(temporary).expect("a folder").count(), 0, "nothing is left in TMPDIR");
}

#[test]
fn files_whose_names_a_shell_would_run_are_names_under_every_executor() {
    let paceline = Paceline::new();
    for name in ["$(touch ran)", "`touch ran`", "\ntouch ran\n"] {
        paceline.file(&format!("work/in/{name}.txt"), b"");
    }
    let script = "# don't run it: {item}\ncat <<E\n{item}\nE";
    let arguments = ["--command", script, "--shell", "--items", "in/*.txt", "--only", "width 2"];
    in_folder(&paceline, &[&arguments[..], &ONCE].concat()).expect_code(0);
    assert!(!paceline.out.path().join("work/ran").exists());
}

#[test]
fn a_program_that_fails_makes_its_rows_invalid_with_the_last_line_of_its_stderr() {
    let paceline = Paceline::new();
    let script = "test {index} != 2 || { echo early >&2; echo line $((1+1)) >&2; exit 7; }";
    let some = ["--command", script, "--shell", "--items", "in/*.txt", "--only", "width 2"];
    let ran = in_folder(&paceline, &[&some[..], &ONCE].concat()).expect_code(3);
    for words in ["item 2", "exit status: 7, its stderr ends with", "early", "line 2"] {
        assert!(ran.stdout.contains(words), "{words}: {}", ran.stdout);
    }
    // What the programs write does not get into the terminal.
    assert!(!ran.stderr.contains("line 2"), "{}", ran.stderr);
    let invalid = ran.stdout.lines().filter(|line| line.ends_with(": invalid")).count();
    assert_eq!(invalid, 8, "every row of that width: {}", ran.stdout);
    paceline.report(&[]).expect_code(3);
}

#[test]
fn output_that_changes_is_noticed_only_where_it_is_to_be_checked() {
    let paceline = Paceline::new();
    let changing = ["--command", "echo $$", "--shell", "--items", "3", "--only", "seq"];
    for (more, told) in [
        (&[][..], "Standard output of the programs: read and thrown away."),
        (&["--output", "null"][..], "Standard output of the programs: the null device."),
    ] {
        let ran = in_folder(&paceline, &[&changing[..], &ONCE, more].concat()).expect_code(0);
        assert!(ran.stdout.replace('\n', " ").contains(told), "{}", ran.stdout);
    }
    let checked = [&changing[..], &ONCE, &["--check-output"]].concat();
    let ran = in_folder(&paceline, &checked).expect_code(3);
    assert!(ran.stdout.contains("digest"), "{}", ran.stdout);
    let steady =
        ["--command", "cat {item}", "--items", "in/*", "--check-output", "--only", "width 2"];
    in_folder(&paceline, &[&steady[..], &ONCE].concat()).expect_code(0);
}

#[cfg(target_os = "linux")]
#[test]
fn programs_write_into_a_pipe_under_every_executor_unless_they_are_not_to() {
    let paceline = Paceline::new();
    let run = |test: &str, more: &[&str]| {
        let script = format!("test {test} /proc/self/fd/1");
        let arguments = ["--command", &script, "--shell", "--items", "2", "--only", "width 2"];
        in_folder(&paceline, &[&arguments[..], &ONCE, more].concat()).expect_code(0);
    };
    run("-p", &[]);
    run("-c", &["--output", "null"]);
}

#[test]
fn a_row_whose_products_cannot_be_checked_is_not_valid() {
    let paceline = Paceline::new();
    // It hangs the first time, which is in sequence: only its row gets it done.
    let script = "mkdir been 2>/dev/null && sleep 600; cat {item}";
    let arguments = ["--command", script, "--shell", "--check-output", "--items", "in/b.txt"];
    let limits = ["--only", "seq", "--timeout", "1s"];
    let ran = in_folder(&paceline, &[&arguments[..], &limits, &ONCE].concat()).expect_code(3);
    let reason = "its expected products are not known: the run in sequence did not end within";
    assert!(ran.stdout.contains(reason), "{}", ran.stdout);
}

#[test]
fn a_dry_run_shows_the_first_command_and_says_that_a_placeholder_is_missing() {
    let paceline = Paceline::new();
    let shown = in_folder(&paceline, &["--command", "true", "--items", "1..50", "--dry-run"]);
    let shown = shown.expect_code(0).stdout;
    assert!(shown.contains("`true` for 50 items; the first is `true`"), "{shown}");
    assert!(
        shown.contains("has no placeholder") && shown.contains("rows of matrix `command`"),
        "{shown}"
    );
    let listed =
        in_folder(&paceline, &["--command", "true", "--items", "2", "--list"]).expect_code(0);
    assert!(listed.stdout.starts_with("Command: seq, width 1\n"), "{}", listed.stdout);
}

#[test]
fn the_files_of_a_folder_are_read_by_every_executor_and_from_the_disk_where_that_can_be_told() {
    let paceline = Paceline::new();
    let ran = in_folder(&paceline, &[&["--files", "in"][..], &ONCE].concat()).expect_code(0);
    assert!(ran.stdout.contains("Files: procs-ipc, width 8"), "{}", ran.stdout);
    let dropped = [&["--files", "in", "--drop-cache", "--only", "width 2"][..], &ONCE].concat();
    let dropped = in_folder(&paceline, &dropped);
    // The folder of temporary files may lie in memory.
    match dropped.code {
        Some(2) => assert!(dropped.stderr.contains("--drop-cache"), "{}", dropped.stderr),
        code => assert_eq!(code, Some(0), "{}{}", dropped.stdout, dropped.stderr),
    }
}
