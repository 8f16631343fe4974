//! What comes of files of other programs, whole and broken.

use std::path::Path;

use paceline_foreign::{Renaming, is_journal, read, rename};
use paceline_stats::compare::Side;
use proptest::prelude::*;

const PYPERF: &str = include_str!("../../../fixtures/foreign/pyperf.json");
const HYPERFINE: &str = include_str!("../../../fixtures/foreign/hyperfine.json");

fn parse(text: &str) -> Result<Side, String> {
    let chain = |error: paceline_foreign::ForeignError| {
        let source = std::error::Error::source(&error).map(|source| format!(": {source}"));
        format!("{error}{}", source.unwrap_or_default())
    };
    read(Path::new("their.json"), text.as_bytes()).map_err(chain)
}

fn side(text: &str) -> Side {
    parse(text).expect("the file can be read")
}

fn refused(text: &str) -> String {
    parse(text).expect_err("the file is refused")
}

fn values<'a>(side: &'a Side, name: &str) -> Option<&'a [f64]> {
    let row = side.rows.iter().find(|row| row.name == name).expect("the row");
    row.seconds.as_ref().map(|seconds| seconds.values())
}

#[test]
fn a_process_of_pyperf_is_a_value_and_its_calibration_is_none() {
    let side = side(PYPERF);
    let names: Vec<&str> = side.rows.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names, ["sleep", "spin"]);
    let found = values(&side, "sleep").expect("it has values");
    let document: serde_json::Value = serde_json::from_str(PYPERF).expect("JSON");
    let runs = document["benchmarks"][0]["runs"].as_array().expect("runs");
    let with_values = runs.iter().filter_map(|run| run["values"].as_array());
    let means: Vec<f64> = with_values
        .map(|run| run.iter().filter_map(|v| v.as_f64()).sum::<f64>() / run.len() as f64)
        .collect();
    assert_eq!(found, means);
    assert_eq!(runs.len(), means.len() + 1, "the record has a run that calibrates");
    assert!(side.caveats[0].contains("their.json comes from pyperf 2.10.0, on "), "{side:?}");
}

#[test]
fn every_time_of_hyperfine_is_a_value() {
    let side = side(HYPERFINE);
    assert_eq!(values(&side, "sleep 0.01"), Some(&[0.0112, 0.0108, 0.011, 0.0109][..]));
    assert_eq!(side.rows.len(), 2);
}

#[test]
fn runs_of_hyperfine_that_failed_are_told() {
    let side = side(HYPERFINE);
    assert_eq!(side.caveats[1], "2 of 3 runs of `false` did not end with exit code 0");
}

#[test]
fn what_another_program_wrote_is_known_by_its_content() {
    assert!(is_journal(include_bytes!("../../../fixtures/journals/smoke.ndjson")));
    assert!(is_journal(b" \n"), "the reader of journals tells that it is empty");
    assert!(!is_journal(PYPERF.as_bytes()) && !is_journal(HYPERFINE.as_bytes()));
    assert!(refused("{\"rows\": []}").contains("no pyperf file"));
    assert!(refused("[1]").contains("line 1 column"));
    let gzip = read(Path::new("x.json.gz"), &[0x1f, 0x8b, 8]).expect_err("it is refused");
    assert!(gzip.to_string().contains("compressed"), "{gzip}");
}

#[test]
fn a_file_that_is_cut_off_or_misshapen_is_refused_with_its_place() {
    let cut = refused(&PYPERF[..PYPERF.len() / 2]);
    assert!(cut.contains("their.json") && cut.contains("line "), "{cut}");
    let nan = refused(r#"{"version": "1.0", "benchmarks": [{"runs": [{"values": [NaN]}]}]}"#);
    assert!(nan.contains("column "), "{nan}");
    let text =
        refused("{\"version\": \"1.0\",\n\"benchmarks\": [{\"runs\": [{\"values\": [\"1\"]}]}]}");
    assert!(text.contains("pyperf's JSON") && text.contains("line 2"), "{text}");
    let command = refused("{\"results\": [{\"times\": [1.0]}]}");
    assert!(command.contains("hyperfine's JSON") && command.contains("command"), "{command}");
}

#[test]
fn what_cannot_be_compared_is_refused_with_its_benchmark() {
    let pyperf = |metadata: &str, values: &str| {
        format!(
            "{{\"version\": \"1.0\", \"benchmarks\": [{{\"metadata\": {{{metadata}}}, \
             \"runs\": [{{\"values\": [1.0]}}, {{\"values\": [{values}]}}]}}]}}"
        )
    };
    let refuse = |text: &str, words: &[&str]| {
        let reason = refused(text);
        assert!(words.iter().all(|word| reason.contains(word)), "{reason}");
    };
    refuse(&pyperf("\"name\": \"a\", \"unit\": \"byte\"", "2"), &["`a`", "`byte`"]);
    refuse(&pyperf("\"name\": \"a\"", "2, 0"), &["`a`", "value 2 of run 2 is 0 s"]);
    refuse(&pyperf("\"name\": \"a\"", "1e300"), &["`a`", "run 2"]);
    refuse(&pyperf("", "1"), &["number 1", "no name"]);
    refuse(&PYPERF.replace("\"spin\"", "\"sleep\""), &["`sleep`", "twice"]);
    refuse(&PYPERF.replace("\"version\": \"1.0\"", "\"version\": 5"), &["format 5", "convert"]);
    refuse(&HYPERFINE.replace("\"false\"", "\"sleep 0.01\""), &["`sleep 0.01`", "twice"]);
    refuse(&HYPERFINE.replace("\"times\"", "\"time\""), &["`sleep 0.01`", "no `times`"]);
    refuse(&HYPERFINE.replace("0.0108", "-0.0108"), &["`sleep 0.01`", "time 2 is -0.0108 s"]);
}

#[test]
fn a_mapping_parts_where_a_row_has_its_name() {
    let mapping = |typed: &str| Renaming::new(typed).expect("a mapping");
    let mut sides = [side(&HYPERFINE.replace("sleep 0.01", "A=1 sleep")), side(PYPERF)];
    rename(&mut sides, &[mapping("A=1 sleep=Ours (a=b)"), mapping("spin=Spun")]).expect("both hit");
    assert_eq!(
        (sides[0].rows[0].name.as_str(), sides[1].rows[1].name.as_str()),
        ("Ours (a=b)", "Spun")
    );

    let missing = rename(&mut sides, &[mapping("walk=Run")]).expect_err("no such row").to_string();
    assert!(missing.contains("`walk=Run`") && missing.contains("`sleep`"), "{missing}");
    let taken = rename(&mut sides, &[mapping("sleep=Spun")]).expect_err("taken").to_string();
    assert!(taken.contains("has a row `Spun` already"), "{taken}");
    for typed in ["", "=", "a=", "=b", "ab"] {
        assert_eq!(Renaming::new(typed), None, "{typed}");
    }
}

proptest! {
    /// A byte that changed makes another file or a refusal, never a panic.
    #[test]
    fn damaged_files_are_read_or_refused(at in any::<usize>(), byte in any::<u8>(), cut in any::<usize>()) {
        for text in [PYPERF, HYPERFINE] {
            let mut bytes = text.as_bytes().to_vec();
            let length = bytes.len();
            bytes[at % length] = byte;
            let _ = read(Path::new("their.json"), &bytes);
            bytes.truncate(cut % length);
            let _ = read(Path::new("their.json"), &bytes);
        }
    }
}

#[test]
fn a_byte_order_mark_is_passed_over_and_what_is_no_object_is_told_in_plain_words() {
    let text = "\u{feff}{\"results\": [{\"command\": \"a\", \"times\": [1.0]}]}";
    assert_eq!(parse(text).expect("it is read").rows.len(), 1);
    for odd in ["[1, 2]", "\"x\"", "7"] {
        let refused = refused(odd);
        assert!(refused.contains("an object, as pyperf and hyperfine write one"), "{refused}");
    }
}
