//! What the command line makes of the place it writes to.

use std::process::{Command, Stdio};

use crate::skip::skip;
use crate::support::{Outcome, Paceline, program};

fn with_a_run() -> Paceline {
    let paceline = Paceline::new();
    let recorded = include_bytes!("../../../fixtures/journals/smoke.ndjson");
    paceline.file("one/journal.ndjson", recorded);
    paceline
}

fn report(paceline: &Paceline, arguments: &[&str], environment: &[(&str, &str)]) -> Outcome {
    let mut command = paceline.command("report");
    for name in ["COLUMNS", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "LC_ALL", "LC_CTYPE", "LANG"]
    {
        command.env_remove(name);
    }
    Outcome::of(command.args(arguments).envs(environment.iter().copied())).expect_code(0)
}

fn widest(text: &str) -> usize {
    text.lines().map(|line| line.chars().count()).max().unwrap_or(0)
}

#[test]
fn a_pipe_gets_full_width_and_columns_overrides_it() {
    let paceline = with_a_run();
    assert!(widest(&report(&paceline, &[], &[]).stdout) > 120);
    assert!(widest(&report(&paceline, &[], &[("COLUMNS", "80")]).stdout) <= 80);
    assert!(widest(&report(&paceline, &["--format", "bars"], &[("COLUMNS", "50")]).stdout) <= 50);
    assert!(widest(&report(&paceline, &[], &[("COLUMNS", "0")]).stdout) > 120);
}

#[test]
fn a_pipe_is_not_coloured_unless_it_is_told_to_be() {
    let paceline = with_a_run();
    let colored = |arguments: &[&str], environment: &[(&str, &str)]| {
        report(&paceline, arguments, environment).stdout.contains('\u{1b}')
    };
    assert!(!colored(&[], &[]));
    assert!(colored(&["--color", "always"], &[]));
    // What is typed is meant for this one command, and the variable for all.
    assert!(colored(&["--color", "always"], &[("NO_COLOR", "1")]));
    assert!(!colored(&["--color", "never"], &[("CLICOLOR_FORCE", "1")]));
}

#[test]
fn every_command_that_has_colours_takes_the_option_and_gives_a_pipe_none_by_itself() {
    let paceline = with_a_run();
    let run = paceline.out.path().join("one/journal.ndjson").display().to_string();
    let commands: [(&str, &[&str]); 5] = [
        ("report", &[&run]),
        ("compare", &[&run, &run]),
        ("advise", &[&run]),
        ("runs", &[]),
        ("runs", &["list"]),
    ];
    for (subcommand, arguments) in commands {
        let colored = |more: &[&str]| {
            let mut command = paceline.command(subcommand);
            Outcome::of(command.args(arguments).args(more)).expect_code(0).stdout.contains('\u{1b}')
        };
        assert!(colored(&["--color", "always"]), "{subcommand} {arguments:?}");
        assert!(!colored(&[]) && !colored(&["--color=never"]), "{subcommand} {arguments:?}");
    }
}

#[test]
fn a_locale_without_unicode_gets_ascii_bars() {
    let paceline = with_a_run();
    let bars = |arguments: &[&str], locale: &str| {
        let all = [&["--format", "bars"], arguments].concat();
        report(&paceline, &all, &[("LC_ALL", locale)]).stdout
    };
    assert!(bars(&[], "C").is_ascii());
    assert!(bars(&["--ascii"], "en_GB.UTF-8").is_ascii());
    assert!(bars(&[], "en_GB.UTF-8").contains('█'));
}

#[test]
fn columns_and_order_are_taken_from_the_command_line_and_nonsense_is_refused() {
    let paceline = with_a_run();
    let shown = report(&paceline, &["--columns", "-ideal,+cv", "--sort", "time"], &[]).stdout;
    let lines: Vec<&str> = shown.lines().filter(|line| line.contains(" | ")).collect();
    assert!(lines[0].contains("CV (%)") && !lines[0].contains("vs ideal"), "{shown}");
    assert!(lines[1].starts_with(" Truly-asyncronous"), "{shown}");
    let refused = paceline.report(&["--columns", "speed"]).expect_code(2).stderr;
    assert!(refused.contains("`speed`") && refused.contains("median"), "{refused}");
    paceline.report(&["--sort", "luck"]).expect_code(2);
    // An option that a form has no use for would be taken for one that did something.
    for unused in [["--sort", "time", "--format", "csv"], ["--columns", "time", "--format", "bars"]]
    {
        let refused = paceline.report(&unused).expect_code(2).stderr;
        assert!(refused.contains("which it has no use for"), "{refused}");
    }
    let help = Outcome::of(program().args(["report", "--help"]));
    assert!(help.expect_code(0).stdout.contains("imbalance"));
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let paceline = with_a_run();
    for format in ["table", "bars", "json"] {
        let mut command = paceline.command("report");
        command.args(["--format", format]).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the binary can be run");
        drop(child.stdout.take());
        let ended = Outcome::from(child.wait_with_output().expect("it ends"));
        assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""), "{format}");
    }
}

/// A real terminal, of 70 columns, that `script` makes.
#[cfg(target_os = "linux")]
#[test]
fn a_terminal_gets_its_own_width_and_colours_unless_they_are_unwanted() {
    let paceline = with_a_run();
    let program = crate::PROGRAM;
    let in_terminal = |prefix: &str| {
        let out = paceline.out.path().display();
        let line = format!("stty cols 70 rows 24; {prefix} {program} report --out {out}");
        let mut command = Command::new("script");
        command.args(["--quiet", "--return", "--command", &line, "/dev/null"]);
        command.env("TERM", "xterm-256color").env_remove("NO_COLOR").env_remove("COLUMNS");
        match command.stdin(Stdio::null()).output() {
            Ok(output) => Some(Outcome::from(output).expect_code(0).stdout.replace('\r', "")),
            Err(error) => {
                skip(&format!("there is no `script` to make a terminal with: {error}"));
                None
            }
        }
    };
    let Some(colored) = in_terminal("") else { return };
    assert!(colored.contains("\u{1b}[1m"), "{colored}");
    let plain = in_terminal("NO_COLOR=1").unwrap_or_default();
    assert!(!plain.contains('\u{1b}') && plain.contains("Mean time"), "{plain}");
    assert!(widest(&plain) <= 70, "{plain}");
}
