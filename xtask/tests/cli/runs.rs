//! Saved runs from the outside: names, lists, removal, several side by side.

use std::fs;

use paceline_journal::{Journal, Writer};

use crate::support::{Outcome, Paceline};

const RECORDED: &str = include_str!("../../../fixtures/journals/smoke.ndjson");
const RECORDED_ID: &str = "20261124-151602-smoke-smoke";

/// Saves the recorded run under `id`, with a name if it has one.
fn save(paceline: &Paceline, id: &str, name: Option<&str>) {
    let mut journal = RECORDED.replace(RECORDED_ID, id);
    if let Some(name) = name {
        let with_name = format!("\"run_id\":\"{id}\",\"name\":\"{name}\"");
        journal = journal.replacen("\"name\":null,", "", 1);
        journal = journal.replacen(&format!("\"run_id\":\"{id}\""), &with_name, 1);
    }
    paceline.file(&format!("{id}/journal.ndjson"), journal.as_bytes());
}

fn runs(paceline: &Paceline, arguments: &[&str]) -> Outcome {
    Outcome::of(paceline.command("runs").args(arguments))
}

#[test]
fn a_name_stands_for_its_run_wherever_a_run_is_asked_for() {
    let paceline = Paceline::new();
    save(&paceline, "one", Some("before-change"));
    save(&paceline, "two", Some("after-change"));
    let shown = paceline.report(&["before-change"]).expect_code(0).stdout;
    assert!(shown.contains("run before-change (one)"), "{shown}");
    let compared = Outcome::of(paceline.command("compare").args(["before-change", "after-change"]));
    let compared = compared.expect_code(0).stdout;
    assert!(compared.contains("after-change (two) against before-change (one)"), "{compared}");
    Outcome::of(paceline.command("advise").arg("after-change")).expect_code(0);
    runs(&paceline, &["show", "before-change"]).expect_code(0);
}

#[test]
fn an_unknown_name_is_refused_with_what_there_is_and_an_ambiguous_one_with_its_runs() {
    let paceline = Paceline::new();
    save(&paceline, "one", Some("twice"));
    save(&paceline, "two", Some("twice"));
    let refused = paceline.report(&["thrice"]).expect_code(2).stderr;
    assert!(refused.contains("find run `thrice`") && refused.contains("one (twice)"), "{refused}");
    let refused = paceline.report(&["twice"]).expect_code(2).stderr;
    assert!(refused.contains("these have that name") && refused.contains("\n  two"), "{refused}");
}

#[test]
fn a_name_that_is_taken_or_no_name_is_refused_before_anything_runs() {
    let paceline = Paceline::new();
    save(&paceline, "one", Some("taken"));
    for name in ["taken", "one"] {
        let refused = paceline.bench(&["--name", name]).expect_code(2).stderr;
        assert!(refused.contains("run one has that name already"), "{refused}");
    }
    for name in ["latest", "../up", "two words"] {
        let refused = paceline.bench(&["--name", name]).expect_code(2).stderr;
        assert!(refused.contains("--name"), "{refused}");
    }
}

#[test]
fn runs_are_listed_oldest_first_and_a_broken_one_is_listed_as_such() {
    let paceline = Paceline::new();
    assert!(runs(&paceline, &["list"]).expect_code(0).stdout.starts_with("no runs in "));
    save(&paceline, "one", Some("first"));
    save(&paceline, "two", None);
    paceline.file("three/journal.ndjson", b"{}\n");
    paceline.file("four/notes.txt", b"no run");
    let list = runs(&paceline, &["list"]).expect_code(0).stdout;
    let one = list.lines().find(|line| line.starts_with(" one ")).expect("it is listed");
    for fact in ["first", "2026-11-24 15:16", "smoke", " 6 |", "complete"] {
        assert!(one.contains(fact), "{fact}: {list}");
    }
    assert!(list.contains("unreadable") && list.contains("3 runs, "), "{list}");
    assert!(!list.contains("four"), "{list}");
    let json = runs(&paceline, &["list", "--format", "json"]).expect_code(0).stdout;
    let json: serde_json::Value = serde_json::from_str(&json).expect("a JSON document");
    let of_one = json["runs"].as_array().expect("a list").iter().find(|run| run["id"] == "one");
    let of_one = of_one.expect("it is listed");
    assert_eq!((&of_one["rows"], &of_one["rounds"]), (&6.into(), &6.into()));
    let narrow = paceline.command("runs").env("COLUMNS", "60").output().expect("it runs");
    let narrow = String::from_utf8_lossy(&narrow.stdout).into_owned();
    assert!(narrow.lines().all(|line| line.len() <= 60), "{narrow}");
    assert!(narrow.contains("unreadable"), "{narrow}");
}

#[test]
fn what_a_run_was_is_shown_and_what_all_take_is_told() {
    let paceline = Paceline::new();
    save(&paceline, "one", Some("first"));
    let shown = runs(&paceline, &["show", "first"]).expect_code(0).stdout;
    for fact in ["name      first", "scale smoke, seed 1", "6 of at most 6", "AMD EPYC with 2"] {
        assert!(shown.contains(fact), "{fact}: {shown}");
    }
    let size = runs(&paceline, &["size"]).expect_code(0).stdout;
    assert!(size.contains(" MiB  one\n") && size.contains("all 1 run\n"), "{size}");
}

#[test]
fn runs_are_removed_only_with_yes_and_all_are_found_before_the_first_goes() {
    let paceline = Paceline::new();
    save(&paceline, "one", Some("first"));
    save(&paceline, "two", None);
    let there = |id: &str| paceline.out.path().join(id).exists();
    let asked = runs(&paceline, &["remove", "first", "two"]).expect_code(2);
    assert!(asked.stdout.contains("would remove") && asked.stderr.contains("--yes"), "{asked:?}");
    runs(&paceline, &["remove", "--yes", "first", "thre"]).expect_code(2);
    assert!(there("one") && there("two"));
    // The same run twice is one run.
    runs(&paceline, &["remove", "--yes", "first", "one"]).expect_code(0);
    assert!(!there("one") && there("two"));
}

#[test]
fn what_is_no_run_of_the_folder_is_not_removed() {
    let paceline = Paceline::new();
    let elsewhere = Paceline::new();
    save(&elsewhere, "other", None);
    save(&paceline, "one", None);
    paceline.file("broken/journal.ndjson", b"my diary\n");
    let stray = paceline.file("stray.ndjson", RECORDED.as_bytes()).display().to_string();
    let other = elsewhere.out.path().join("other").display().to_string();
    for (wanted, why) in [
        (other.as_str(), "only those are removed"),
        (&stray, "only those are removed"),
        ("broken", "does not look like a run"),
        (".", "find run"),
        ("..", "find run"),
    ] {
        let refused = runs(&paceline, &["remove", "--yes", wanted]).expect_code(2);
        assert!(refused.stderr.contains(why), "{wanted}: {}", refused.stderr);
    }
    assert!(elsewhere.out.path().join("other/journal.ndjson").exists());
    assert!(
        paceline.out.path().join("broken/journal.ndjson").exists()
            && fs::exists(&stray).unwrap_or(false)
    );
}

#[cfg(unix)]
#[test]
fn a_link_to_a_run_elsewhere_is_not_followed_by_removal() {
    let (paceline, elsewhere) = (Paceline::new(), Paceline::new());
    save(&elsewhere, "other", None);
    let link = paceline.out.path().join("link");
    std::os::unix::fs::symlink(elsewhere.out.path().join("other"), &link).expect("a link");
    let refused = runs(&paceline, &["remove", "--yes", "link"]).expect_code(2);
    assert!(refused.stderr.contains("only those are removed"), "{}", refused.stderr);
    assert!(elsewhere.out.path().join("other/journal.ndjson").exists());
}

#[test]
fn several_runs_stand_side_by_side_as_a_table_alone() {
    let paceline = Paceline::new();
    save(&paceline, "one", Some("before"));
    save(&paceline, "two", Some("after"));
    let shown = paceline.report(&["before", "two", "latest"]).expect_code(0).stdout;
    assert!(shown.contains("A: before (one)") && shown.contains("B: after (two)"), "{shown}");
    assert!(shown.contains("| C (MiB)"), "{shown}");
    let refused = paceline.report(&["one", "two", "--format", "json"]).expect_code(2).stderr;
    assert!(refused.contains("only a table shows them side by side"), "{refused}");
    paceline.report(&["one", "two", "--explain", "io"]).expect_code(2);
}

#[cfg(unix)]
#[test]
fn a_run_that_is_still_going_is_told_and_neither_removed_nor_gone_on_with() {
    let paceline = Paceline::new();
    save(&paceline, "one", None);
    let path = paceline.out.path().join("one/journal.ndjson");
    // As its driver has it, whose process is this one here.
    let journal = Journal::read(&path).expect("the journal");
    let end = journal.whole_bytes - RECORDED.lines().last().expect("an end").len() as u64 - 1;
    let writer = Writer::resume(&path, end).expect("nobody else writes it");
    let listed = runs(&paceline, &[]).expect_code(0).stdout;
    assert!(listed.contains("running"), "{listed}");
    let refused = runs(&paceline, &["remove", "--yes", "one"]).expect_code(2).stderr;
    assert!(refused.contains("still running") && path.exists(), "{refused}");
    let refused = paceline.bench(&["--resume", "one"]).expect_code(2).stderr;
    assert!(refused.contains("still running"), "{refused}");
    // Others may read it meanwhile.
    paceline.report(&["one"]).expect_code(0);
    drop(writer);
    assert!(runs(&paceline, &[]).expect_code(0).stdout.contains("no end"));
    runs(&paceline, &["remove", "--yes", "one"]).expect_code(0);
    assert!(!path.exists());
}
