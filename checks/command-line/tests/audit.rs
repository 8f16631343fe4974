//! `cargo xtask audit`, from the outside: the checks whose truth does not depend on chance.

#![cfg(target_os = "linux")]

use std::fs;
use std::process::Command;

use serde_json::Value;

#[test]
fn memory_and_concurrency_are_told_as_they_are() {
    let folder = tempfile::TempDir::new().expect("a temporary folder");
    let page = folder.path().join("audit.md");
    let mut command = Command::new(env!("CARGO_BIN_EXE_check-command-line"));
    command.args(["audit", "--quick", "--only", "memory", "--only", "concurrency"]);
    command.args(["--format", "json", "--out"]).arg(&page);
    let output = command.output().expect("the binary can be run");
    let text = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{text}\n{stderr}");

    let audit: Value = serde_json::from_str(&text).expect("a JSON document");
    let checks = audit["findings"].as_array().expect("a list of checks");
    let counts: Vec<_> = checks
        .iter()
        .map(|of_check| (&of_check["check"], of_check["findings"].as_array().map_or(0, Vec::len)))
        .collect();
    assert_eq!(counts, [(&"memory".into(), 2), (&"concurrency".into(), 6)]);

    let page = fs::read_to_string(page).expect("the page is written");
    let command = "cargo xtask audit --seed 1 --quick --only memory --only concurrency\n";
    assert!(page.contains(command) && page.contains("usable cores"), "{page}");
    assert!(page.ends_with("All 8 limits hold.\n"), "{page}");
}

#[test]
fn an_unknown_check_is_refused_with_those_there_are() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_check-command-line"));
    let output = command.args(["audit", "--only", "luck"]).output().expect("it can be run");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(stderr.contains("same, slowdown, memory, concurrency, hog"), "{stderr}");
}
