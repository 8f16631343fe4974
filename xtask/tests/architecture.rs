//! The dependency table in ARCHITECTURE.md is what cargo sees.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

type Dependencies = BTreeMap<String, BTreeSet<String>>;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask stands in the root").to_owned()
}

/// Which crates of the workspace each one depends on, without development dependencies. Nothing depends on the
/// checks, and they may depend on anything.
fn seen_by_cargo() -> Dependencies {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo can be run");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo writes JSON");
    let packages = metadata["packages"].as_array().expect("packages is a list");
    let defaults = metadata["workspace_default_members"].as_array().expect("it is a list");
    let packages = packages.iter().filter(|package| defaults.contains(&package["id"]));
    let text = |value: &Value| value.as_str().expect("a name is text").to_owned();
    let members: BTreeSet<String> =
        packages.clone().map(|package| text(&package["name"])).collect();
    let dependencies_of = |package: &Value| {
        let all = package["dependencies"].as_array().expect("dependencies is a list");
        all.iter()
            .filter(|dependency| dependency["kind"] != "dev")
            .map(|dependency| text(&dependency["name"]))
            .filter(|name| members.contains(name))
            .collect()
    };
    packages.map(|package| (text(&package["name"]), dependencies_of(package))).collect()
}

/// The same, as the table of the page says.
fn written_down() -> Dependencies {
    let page = std::fs::read_to_string(root().join("ARCHITECTURE.md")).expect("the page is there");
    let table = page
        .lines()
        .skip_while(|line| !line.starts_with("| crate "))
        .skip(2)
        .take_while(|line| line.starts_with('|'));
    table
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            let listed = cells[3].split(',').map(str::trim).filter(|name| *name != "-");
            (cells[0].to_owned(), listed.map(str::to_owned).collect())
        })
        .collect()
}

#[test]
fn the_table_of_dependencies_is_what_cargo_sees() {
    let (seen, written) = (seen_by_cargo(), written_down());
    assert_eq!(
        seen.keys().collect::<Vec<_>>(),
        written.keys().collect::<Vec<_>>(),
        "the table names other crates than the workspace has"
    );
    for (package, dependencies) in &seen {
        assert_eq!(dependencies, &written[package], "dependencies of {package}");
    }
}

#[test]
fn the_command_line_knows_neither_the_worker_nor_an_executor() {
    let seen = seen_by_cargo();
    let is_executor = |name: &str| name.starts_with("exec-") || name.contains("-exec-");
    let forbidden = |name: &String| name == "paceline-worker" || is_executor(name);
    for program in ["xtask", "paceline", "paceline-driver"] {
        assert!(!seen[program].iter().any(forbidden), "{:?}", seen[program]);
    }
    for (executor, dependencies) in seen.iter().filter(|(name, _)| is_executor(name)) {
        assert!(!dependencies.iter().any(|name| is_executor(name)), "{executor}: {dependencies:?}");
    }
}
