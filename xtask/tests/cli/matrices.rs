//! Faults of matrix files that are reported without a worker.

use crate::support::{Outcome, Paceline, TWO_ROWS, program};

fn check(files: &[&str]) -> Outcome {
    Outcome::of(program().args(["matrix", "check"]).args(files))
}

#[test]
fn every_file_that_cannot_be_read_is_told_and_where() {
    let paceline = Paceline::new();
    let file = paceline.file("m.toml", b"format = 1\ntitle = \"\xc3\xa9\xff\"\n");
    let refused = check(&["no-such.toml", &file.display().to_string()]).expect_code(2).stderr;
    assert!(refused.contains("find matrix `no-such.toml`: it is no file"), "{refused}");
    assert!(refused.contains("m.toml:2:11: what begins here is not UTF-8"), "{refused}");
}

#[test]
fn names_of_rows_are_shown_in_one_line_and_without_orders_to_a_terminal() {
    let paceline = Paceline::new();
    let text = TWO_ROWS.replace("\"two\"", r#""two\nlines \u001b[2J""#);
    let file = paceline.file("m.toml", text.as_bytes()).display().to_string();
    let shown = r"two\nlines \u{1b}[2J";
    let listed = paceline.bench(&["--matrix", &file, "--list"]).expect_code(0).stdout;
    assert_eq!(listed, format!("one\n{shown}\n"));
    let dry = paceline.bench(&["--matrix", &file, "--dry-run"]).expect_code(0).stdout;
    assert!(dry.contains(&format!("\n  {shown}\n    workload noop")), "{dry}");
    let none = paceline.bench(&["--matrix", &file, "--list", "--only", "x"]).expect_code(2).stderr;
    assert!(none.contains(&format!("\n  {shown}\n")), "{none}");
}
