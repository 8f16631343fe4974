//! The report as a page, from the outside.

use std::fs;

use crate::support::Paceline;

const RECORDED: &[u8] = include_bytes!("../../../fixtures/journals/smoke.ndjson");

/// The recorded run, saved as run `kept`.
fn with_a_run() -> Paceline {
    let paceline = Paceline::new();
    paceline.file("kept/journal.ndjson", RECORDED);
    paceline
}

#[test]
fn a_page_is_written_beside_the_journal_and_its_path_is_told() {
    let paceline = with_a_run();
    let told = paceline.report(&["kept", "--format", "html"]).expect_code(0);
    assert!(told.stderr.contains("report.html"), "{}", told.stderr);
    let page = fs::read_to_string(paceline.out.path().join("kept/report.html")).expect("a page");
    assert!(page.starts_with("<!DOCTYPE html>"));
    assert!(!page.contains("class=\"ghost\" d="), "the recorded matrix is not the reference's");
}

#[test]
fn the_reference_stands_beside_the_bars_on_demand() {
    let paceline = with_a_run();
    let file = paceline.out.path().join("elsewhere.html");
    let output = file.to_str().expect("a readable path");
    paceline
        .report(&["kept", "--format", "html", "--output", output, "--against", "seed"])
        .expect_code(0);
    assert!(fs::read_to_string(&file).expect("a page").contains("class=\"ghost\" d="));
    assert!(!paceline.out.path().join("kept/report.html").exists());
}

#[test]
fn any_form_can_be_written_to_a_file_and_only_a_page_can_be_opened() {
    let paceline = with_a_run();
    let file = paceline.out.path().join("table.txt");
    let output = file.to_str().expect("a readable path");
    let told = paceline.report(&["kept", "--output", output]).expect_code(0);
    assert_eq!(told.stdout, "");
    assert!(fs::read_to_string(&file).expect("a table").contains("Benchmark"));
    let refused = paceline.report(&["kept", "--open"]).expect_code(2);
    assert!(refused.stderr.contains("--format html"), "{}", refused.stderr);
}
