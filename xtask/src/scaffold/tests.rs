//! What is refused, and that nothing is changed by it, on the checkout itself: planning writes nothing.

use super::*;
use paceline_driver::workspace;

fn name(text: &str) -> Name {
    text.parse().expect("a good name")
}

/// Why there is no such scaffold, which the user is to blame for.
fn refused(scaffold: Result<Scaffold>) -> String {
    let error = scaffold.expect_err("it is refused");
    assert!(error.is::<Usage>(), "{error:#}");
    error.to_string()
}

#[test]
fn an_executor_is_planned_as_its_crate_and_its_place_in_five_lists() {
    let root = workspace::root();
    let planned = executor(&root, &name("never-made"), Kind::Blocking).expect("planned");
    let paths: Vec<(&str, bool)> = planned.changes.paths().collect();
    assert_eq!(
        paths,
        [
            ("crates/exec-never-made/Cargo.toml", true),
            ("crates/exec-never-made/src/lib.rs", true),
            ("crates/exec-never-made/tests/conformance.rs", true),
            ("Cargo.toml", false),
            ("crates/worker/Cargo.toml", false),
            ("crates/worker/src/registry.rs", false),
            ("ARCHITECTURE.md", false),
        ]
    );
    let patch = planned.changes.patch();
    for line in [
        "+    \"crates/exec-never-made\",",
        "+exec-never-made = { path = \"crates/exec-never-made\" }",
        "+exec-never-made.workspace = true",
        "+        Box::new(exec_never_made::NeverMade),",
        "+const ID: &str = \"threads-never-made\";",
    ] {
        assert_eq!(patch.matches(&format!("{line}\n")).count(), 1, "{line}\n{patch}");
    }
    assert!(!patch.contains("{{"), "a word of a template was not filled in:\n{patch}");
    assert!(!root.join("crates/exec-never-made").exists());
}

#[test]
fn a_workload_is_planned_as_its_module_its_rows_and_its_place_in_three_lists() {
    let root = workspace::root();
    let planned = workload(&root, &name("never-made")).expect("planned");
    let paths: Vec<(&str, bool)> = planned.changes.paths().collect();
    assert_eq!(
        paths,
        [
            ("crates/workloads/src/never_made.rs", true),
            ("fixtures/matrices/never-made.toml", true),
            ("crates/workloads/src/lib.rs", false),
            ("crates/workloads/src/registry.rs", false),
            ("crates/workloads/tests/contract.rs", false),
        ]
    );
    let patch = planned.changes.patch();
    assert!(!patch.contains("{{"), "a word of a template was not filled in:\n{patch}");
    assert!(patch.contains("+mod never_made;\n"), "{patch}");
}

#[test]
fn the_kind_of_an_executor_decides_its_family_and_a_name_that_has_it_keeps_it() {
    let id = |text: &str, kind| {
        let planned = executor(&workspace::root(), &name(text), kind).expect("planned");
        let patch = planned.changes.patch();
        let after = patch.split("const ID: &str = \"").nth(1).expect("it has an id");
        after.split('"').next().map(str::to_owned).expect("it ends")
    };
    assert_eq!(id("never-made", Kind::Blocking), "threads-never-made");
    assert_eq!(id("never-made", Kind::Async), "async-never-made");
    assert_eq!(id("async-never-made", Kind::Async), "async-never-made");
    assert_eq!(id("async-never-made", Kind::Blocking), "threads-async-never-made");
}

#[test]
fn an_executors_name_that_is_in_use_is_refused() {
    let refused = |text: &str, kind| refused(executor(&workspace::root(), &name(text), kind));
    assert!(refused("procs", Kind::Blocking).contains("crates/exec-procs is there"));
    assert!(refused("rayon", Kind::Blocking).contains("the rows of executor `threads-rayon`"));
    assert!(refused("smol", Kind::Async).contains("the rows of executor `async-"));
    assert!(refused("cpu", Kind::Blocking).contains("`--only` knows a group"));
    assert!(refused("job", Kind::Blocking).contains("`Job` is a name in the code"));
    assert!(refused("self", Kind::Blocking).contains("`Self` is a name in the code"));
    assert!(refused("runtime", Kind::Async).contains("`Runtime` is a name in the code"));
}

#[test]
fn a_name_by_which_only_finds_other_rows_is_refused() {
    // Parts of ids and of names of rows, a workload, and a word that all rows of `engines` have.
    for text in ["pool", "tok", "thread", "process", "ray", "tokio", "e", "noop", "width"] {
        let executor = refused(executor(&workspace::root(), &name(text), Kind::Blocking));
        let why = format!("take the name `{text}`: `--only {text}` would find ");
        assert!(executor.starts_with(&why), "{executor}");
    }
    for text in ["pool", "tok", "thread", "process", "ray", "tokio", "e"] {
        let workload = refused(workload(&workspace::root(), &name(text)));
        assert!(workload.contains("would find "), "{workload}");
    }
}

#[test]
fn a_workload_may_be_called_like_anything_that_the_crate_has_or_uses() {
    for text in ["build", "core", "entry", "paceline-core", "workloads"] {
        let planned = workload(&workspace::root(), &name(text)).expect("planned");
        let patch = planned.changes.patch();
        let module = name(text).module();
        assert!(patch.contains(&format!("+        build: crate::{module}::build,\n")), "{patch}");
        assert!(!patch.contains("+use crate::"), "{patch}");
    }
}

#[test]
fn a_workloads_name_that_is_in_use_or_no_module_is_refused() {
    let refused = |text: &str| refused(workload(&workspace::root(), &name(text)));
    assert!(refused("noop").contains("has a module `noop`"));
    assert!(refused("rotation-tests").contains("has a module `rotation_tests`"));
    assert!(refused("engines").contains("a matrix of that name"));
    assert!(refused("io").contains("`--only` knows a group"));
    assert!(refused("match").contains("Rust keeps that word"));
    assert!(refused("main").contains("cargo takes src/main.rs for a program"));
    assert!(refused("workload").contains("`Workload` is a name in the code"));
}

#[test]
fn a_template_is_filled_with_every_word() {
    assert_eq!(fill("{{a}}-{{b}}-{{a}} {width}", &[("a", "1"), ("b", "2")]), "1-2-1 {width}");
}
