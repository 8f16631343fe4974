//! `cargo xtask doctor`, from the outside.

use std::process::{Command, Output};

fn doctor(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.arg("doctor").args(arguments).output().expect("the binary can be run")
}

#[test]
fn doctor_judges_this_host_or_says_what_it_does_not_know_and_ends_well() {
    let shown = doctor(&["--only", "multiproc"]);
    let text = String::from_utf8(shown.stdout).expect("text");
    assert_eq!(shown.status.code(), Some(0), "{text}");
    for subject in ["governor", "load", "open files", "memory", "cores"] {
        assert!(text.contains(subject), "{subject}: {text}");
    }
    let verdict = text.lines().last().expect("a verdict");
    assert!(verdict.starts_with("This host is ready") || verdict.contains("warning"), "{text}");

    let json = doctor(&["--format", "json"]);
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).expect("a JSON document");
    let examination = &json["examination"];
    let count = |list: &str| examination[list].as_array().map_or(0, Vec::len);
    assert_eq!((&json["format"], count("findings") + count("unknown")), (&1.into(), 11), "{json}");
    assert!(
        ["fine", "note", "warning"].map(Into::into).contains(&examination["findings"][0]["grade"])
    );

    assert_eq!(doctor(&["--matrix", "sead"]).status.code(), Some(2));
}
