//! Completions and manual pages, read by those who read them.

use std::fs;
use std::process::Command;

use tempfile::TempDir;

use crate::skip::skip;
use crate::support::{Outcome, program};

fn xtask(arguments: &[&str]) -> Outcome {
    Outcome::of(program().args(arguments)).expect_code(0)
}

/// What bash offers for `words`, the last of which is being typed, with a completion for cargo that
/// was there before.
fn completed_by_bash(words: &[&str]) -> Option<Vec<String>> {
    let folder = TempDir::new().expect("a temporary folder");
    let script = folder.path().join("completions.bash");
    fs::write(&script, xtask(&["completions", "bash"]).stdout).expect("written");
    let line = format!(
        "_cargo_before() {{ COMPREPLY=(from-cargo); }}; complete -F _cargo_before cargo\n\
         . '{script}'; . '{script}'\n\
         COMP_WORDS=({}); COMP_CWORD={}\n\
         $(complete -p cargo | sed 's/.* -F \\([^ ]*\\) .*/\\1/') cargo\n\
         printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        words.join(" "),
        words.len() - 1,
        script = script.display()
    );
    match Command::new("bash").args(["--norc", "-c", &line]).output() {
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(said, "");
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            Some(text.lines().map(str::to_owned).collect())
        }
        Err(error) => {
            skip(&format!("there is no bash: {error}"));
            None
        }
    }
}

#[test]
fn bash_completes_what_follows_the_alias_and_leaves_the_rest_to_cargo() {
    let Some(offered) = completed_by_bash(&["cargo", "xtask", "be"]) else { return };
    assert_eq!(offered, ["bench"]);
    let of = |words: &[&str]| completed_by_bash(words).unwrap_or_default();
    assert_eq!(of(&["cargo", "xtask", "report", "--format", "ba"]), ["bars"]);
    assert!(of(&["cargo", "xtask", "runs", "re"]).contains(&"remove".to_owned()));
    assert_eq!(of(&["cargo", "bu"]), ["from-cargo"]);
}

#[test]
fn every_shell_gets_every_subcommand() {
    for shell in ["bash", "zsh", "fish"] {
        let script = xtask(&["completions", shell]).stdout;
        for word in ["bench", "runs", "advise", "torture"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
    // Cargo's completion for zsh calls a function of this name.
    assert!(xtask(&["completions", "zsh"]).stdout.starts_with("#compdef cargo-xtask"));
    assert!(xtask(&["completions", "fish"]).stdout.contains("__fish_seen_subcommand_from xtask"));
}

#[test]
fn each_shell_can_read_its_script_and_refuses_a_broken_one() {
    let folder = TempDir::new().expect("a temporary folder");
    for (shell, only_read) in [("bash", "-n"), ("zsh", "-n"), ("fish", "--no-execute")] {
        let script = xtask(&["completions", shell]).stdout;
        let takes = |text: &str| {
            let path = folder.path().join(shell);
            fs::write(&path, text).expect("written");
            Command::new(shell).arg(only_read).arg(&path).output()
        };
        match takes(&script) {
            Ok(output) => {
                let said = String::from_utf8_lossy(&output.stderr).into_owned();
                assert!(output.status.success() && said.is_empty(), "{shell}: {said}");
                let broken = takes(&format!("{script}\nif (\n")).expect("the shell starts again");
                assert!(!broken.status.success(), "{shell} takes anything");
            }
            Err(error) => skip(&format!("there is no {shell} to read its completions: {error}")),
        }
    }
}

#[test]
fn there_is_a_manual_page_for_every_subcommand_and_groff_takes_it() {
    let folder = TempDir::new().expect("a temporary folder");
    let place = folder.path().display().to_string();
    xtask(&["man", "--out", &place]);
    for page in ["cargo-xtask", "cargo-xtask-bench", "cargo-xtask-runs-remove"] {
        let path = folder.path().join(format!("{page}.1"));
        let text = fs::read_to_string(&path).expect("the page is there");
        assert!(text.contains(".TH "), "{page}");
        match Command::new("groff").args(["-man", "-Tutf8", "-P-cbou", "-ww"]).arg(&path).output() {
            Ok(output) => {
                let shown = String::from_utf8_lossy(&output.stdout).into_owned();
                assert!(shown.contains("OPTIONS"), "{shown}");
            }
            Err(error) => skip(&format!("there is no groff: {error}")),
        }
    }
    assert!(xtask(&["man"]).stdout.contains(".TH cargo-xtask"));
}
