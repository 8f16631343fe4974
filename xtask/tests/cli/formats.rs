//! Forms for other programs, and their files as sides of a comparison, from the outside.

use std::path::{Path, PathBuf};

use crate::support::{Outcome, Paceline};

fn fixture(name: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the root of the checkout");
    root.join("fixtures").join(name).display().to_string()
}

fn compare(paceline: &Paceline, arguments: &[&str]) -> Outcome {
    Outcome::of(paceline.command("compare").args(arguments))
}

#[test]
fn a_report_is_written_to_a_file_in_every_form() {
    let paceline = Paceline::new();
    let journal = fixture("journals/smoke.ndjson");
    for (format, word) in [
        ("table", "Benchmark"),
        ("seed", "Benchmark"),
        ("json", "\"format\": 1"),
        ("markdown", "| Benchmark |"),
        ("csv", "name,workload"),
        ("pyperf", "\"benchmarks\""),
        ("hyperfine", "\"results\""),
        ("bencher", "\"latency\""),
        ("github", "\"unit\": \"s\""),
        ("junit", "<testsuites"),
    ] {
        let file: PathBuf = paceline.out.path().join(format);
        let path = file.display().to_string();
        let done = paceline.report(&[&journal, "--format", format, "--output", &path]);
        let done = done.expect_code(0);
        assert!(done.stdout.is_empty() && done.stderr.contains("written to"), "{done:?}");
        let text = std::fs::read_to_string(&file).expect("the file is there");
        assert!(text.contains(word), "{format}: {text}");
        assert_eq!(paceline.report(&[&journal, "--format", format]).expect_code(0).stdout, text);
        let dash = [&journal, "--format", format, "--output", "-"];
        assert_eq!(paceline.report(&dash).expect_code(0).stdout, text);
    }
    let nowhere = paceline.out.path().join("no/such/folder").display().to_string();
    let failed = paceline.report(&[&journal, "--output", &nowhere]).expect_code(1);
    assert!(failed.stderr.contains("write ") && failed.stderr.contains("no/such"), "{failed:?}");
}

#[test]
fn a_run_without_a_result_is_refused_as_a_file_for_pyperf() {
    let paceline = Paceline::new();
    let text = std::fs::read_to_string(fixture("journals/smoke.ndjson")).expect("the fixture");
    let header = text.lines().next().expect("a header");
    let unrun = paceline.file("unrun.ndjson", format!("{header}\n").as_bytes());
    let unrun = unrun.display().to_string();
    let refused = paceline.report(&[&unrun, "--format", "pyperf"]).expect_code(2);
    assert!(refused.stderr.contains("no row has a result"), "{}", refused.stderr);
    paceline.report(&[&unrun, "--format", "csv"]).expect_code(0);
}

#[test]
fn files_of_other_programs_are_compared_with_a_run() {
    let paceline = Paceline::new();
    let journal = fixture("journals/smoke.ndjson");
    let (pyperf, hyperfine) = (fixture("foreign/pyperf.json"), fixture("foreign/hyperfine.json"));
    let row = "Truly-asyncronous IO heavy processing";

    let map = format!("sleep={row}");
    let done = compare(&paceline, &[&pyperf, &journal, "--map", &map]).expect_code(0);
    assert!(done.stdout.starts_with("Careful: "), "{}", done.stdout);
    assert!(
        done.stdout.contains("comes from pyperf 2.10.0, on AMD EPYC, 2 cores"),
        "{}",
        done.stdout
    );
    assert!(done.stdout.contains("slower"), "the row takes 11 ms, the sleep 2: {}", done.stdout);
    assert!(done.stdout.contains("compared as wholes"), "{}", done.stdout);
    assert!(done.stdout.contains("\n  spin\n"), "{}", done.stdout);
    let gate = ["--map", &map, "--gate", "5%"];
    compare(&paceline, &[&[&*pyperf, &journal], &gate[..]].concat()).expect_code(1);
    let open = compare(&paceline, &[&[&*journal, &pyperf], &gate[..]].concat()).expect_code(3);
    assert!(open.stderr.contains("(only in ") && !open.stderr.contains(row), "{}", open.stderr);

    let map = format!("sleep 0.01={row}");
    let done = compare(&paceline, &[&journal, &hyperfine, "--map", &map]).expect_code(0);
    assert!(done.stdout.contains("comes from hyperfine"), "{}", done.stdout);

    let nothing = compare(&paceline, &[&pyperf, &journal, "--gate", "5%"]).expect_code(3);
    assert!(nothing.stderr.contains("--map"), "{}", nothing.stderr);
}

#[test]
fn what_was_written_for_others_compares_with_the_run_that_it_came_from() {
    let paceline = Paceline::new();
    let journal = fixture("journals/smoke.ndjson");
    for format in ["pyperf", "hyperfine"] {
        let text = paceline.report(&[&journal, "--format", format]).expect_code(0).stdout;
        // The name says nothing of what is in it.
        let path = paceline.file("theirs.ndjson", text.as_bytes()).display().to_string();
        let json = ["--format", "json"];
        let done = compare(&paceline, &[&[&*path, &journal], &json[..]].concat()).expect_code(0);
        let document: serde_json::Value = serde_json::from_str(&done.stdout).expect("JSON");
        let rows = document["rows"].as_array().expect("rows");
        assert_eq!(rows.len(), 6);
        for row in rows {
            assert_eq!((&row["time"]["ratio"], &row["time"]["rounds"]), (&1.0.into(), &6.into()));
            assert_eq!((&row["time"]["paired"], &row["memory_ratio"]), (&false.into(), &().into()));
        }
    }
}

#[test]
fn broken_files_and_wrong_wishes_are_refused_with_their_reason() {
    let paceline = Paceline::new();
    let journal = fixture("journals/smoke.ndjson");
    let refuse = |arguments: &[&str], words: &[&str]| {
        let refused = compare(&paceline, arguments).expect_code(2);
        for word in words {
            assert!(refused.stderr.contains(word), "{word}: {}", refused.stderr);
        }
    };
    let whole = std::fs::read(fixture("foreign/pyperf.json")).expect("the fixture");
    let cut = paceline.file("cut.json", &whole[..whole.len() / 2]).display().to_string();
    refuse(&[&cut, &journal], &["cut.json as JSON", "line "]);
    let other = paceline.file("other.json", b"{\"a\": 1}").display().to_string();
    refuse(&[&journal, &other], &["other.json", "no pyperf file"]);
    let pyperf = fixture("foreign/pyperf.json");
    refuse(&[&pyperf, &journal, "--map", "walk=Run"], &["`walk=Run`", "`sleep`, `spin`"]);
    refuse(&[&pyperf, &journal, "--map", "walk"], &["`walk` is not two names"]);
    refuse(&[&journal], &["one revision"]);
    refuse(&[&journal, &journal, "--format", "junit"], &["--gate"]);
}

#[test]
fn the_revisions_of_one_run_are_compared_from_its_journal() {
    let paceline = Paceline::new();
    let text = std::fs::read_to_string(fixture("journals/smoke.ndjson")).expect("the fixture");
    // The second row becomes the first row's other revision.
    let mut lines: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).expect("a record")).collect();
    let rows = &mut lines[0]["record"]["run"]["rows"];
    rows[1]["case"] = rows[0]["case"].clone();
    rows[1]["revision"] = "abc123".into();
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let journal = paceline.file("two.ndjson", text.as_bytes()).display().to_string();
    let done = compare(&paceline, &[&journal, "--format", "markdown"]).expect_code(0);
    assert!(done.stdout.starts_with("### this checkout against abc123"), "{}", done.stdout);
    let gated = compare(&paceline, &[&journal, "--format", "junit", "--gate", "5%"]);
    let gated = gated.expect_code(1);
    assert!(gated.stdout.contains("<failure message=\"time ratio"), "{}", gated.stdout);
}
