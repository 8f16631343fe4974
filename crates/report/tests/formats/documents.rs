//! The JSON of pyperf, hyperfine and the benchmark action, key by key.

use paceline_report::{ReportError, github, hyperfine, pyperf};
use serde::Deserialize;
use serde_json::Value;

use crate::journals::{ROW, named, recorded, run, without_valid_rows};

fn pyperf_of(journal: &paceline_journal::Journal) -> Value {
    let text = pyperf(&run(journal)).expect("there are results");
    serde_json::from_str(&text).expect("the document is JSON")
}

#[test]
fn a_round_is_a_run_of_pyperf_and_the_warm_up_is_one_that_calibrates() {
    let suite = pyperf_of(&recorded());
    assert_eq!(suite["version"], "1.0");
    let metadata = &suite["metadata"];
    assert_eq!((&metadata["unit"], &metadata["cpu_count"]), (&"second".into(), &2.into()));
    assert_eq!(metadata["cpu_model_name"], "AMD EPYC");
    for key in ["platform", "perf_version", "python_version"] {
        assert!(metadata[key].is_string(), "{key}");
    }
    let benchmarks = suite["benchmarks"].as_array().expect("benchmarks");
    assert_eq!(benchmarks.len(), 6);
    let run = run(&recorded());
    for (benchmark, row) in benchmarks.iter().zip(run.rows()) {
        assert_eq!(benchmark["metadata"]["name"], row.row.name);
        let peak = row.memory.as_ref().map(|memory| memory.peak_bytes);
        assert_eq!(benchmark["metadata"]["mem_max_rss"].as_u64(), peak);
        let runs = benchmark["runs"].as_array().expect("runs");
        assert!(runs[0].get("values").is_none() && runs[0]["warmups"][0][0] == 1, "{}", runs[0]);
        let values: Vec<f64> =
            runs[1..].iter().filter_map(|run| run["values"][0].as_f64()).collect();
        assert_eq!(values, row.seconds.as_ref().expect("a valid row").values());
        assert_eq!(runs[1]["metadata"]["date"].as_str().map(str::len), Some(26));
    }
}

#[test]
fn rows_without_a_result_are_named_and_left_out_of_pyperf() {
    let mut journal = recorded();
    for sample in journal.samples.iter_mut().filter(|sample| sample.row == ROW) {
        sample.outcome = paceline_journal::SampleOutcome::Broken { reason: "a\nb".to_owned() };
    }
    let suite = pyperf_of(&journal);
    assert_eq!(suite["benchmarks"].as_array().map(Vec::len), Some(5));
    let left_out = suite["metadata"]["paceline_left_out"].as_str().expect("it is said");
    assert!(left_out.starts_with(&format!("{ROW}: broken, warm-up: a\\nb")), "{left_out}");
    assert!(pyperf_of(&recorded())["metadata"].get("paceline_left_out").is_none());
}

#[test]
fn a_run_without_a_result_is_no_file_of_pyperf() {
    let journal = without_valid_rows();
    let error = pyperf(&run(&journal)).expect_err("pyperf would refuse it");
    assert!(matches!(error, ReportError::NoResult { .. }), "{error}");
    assert!(error.to_string().contains("no row has a result"), "{error}");
}

#[test]
fn names_that_pyperf_refuses_are_told_apart_all_the_same() {
    let mut journal = recorded();
    let rows = &mut journal.header.plan.rows;
    let odd = ["", " ", "a", " a", "a\n", "a\\n"];
    for (row, name) in rows.iter_mut().zip(odd) {
        let before = std::mem::replace(&mut row.name, name.to_owned());
        for sample in journal.samples.iter_mut().filter(|sample| sample.row == before) {
            name.clone_into(&mut sample.row);
        }
    }
    let suite = pyperf_of(&journal);
    let names: Vec<&str> = suite["benchmarks"]
        .as_array()
        .expect("benchmarks")
        .iter()
        .filter_map(|benchmark| benchmark["metadata"]["name"].as_str())
        .collect();
    assert_eq!(names, ["row 1", "row 2", "a", "a (row 4)", "a\\n", "a\\n (row 6)"]);
}

/// hyperfine 1.x: every key, of the type it writes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Hyperfine {
    results: Vec<HyperfineResult>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HyperfineResult {
    command: String,
    mean: f64,
    stddev: Option<f64>,
    median: f64,
    user: f64,
    system: f64,
    min: f64,
    max: f64,
    times: Vec<f64>,
    memory_usage_byte: Vec<u64>,
    exit_codes: Vec<Option<i32>>,
    parameters: std::collections::BTreeMap<String, String>,
}

#[test]
fn a_row_is_a_result_of_hyperfine() {
    let journal = recorded();
    let text = hyperfine(&run(&journal)).expect("every value has a form in JSON");
    let export: Hyperfine = serde_json::from_str(&text).expect("hyperfine's own shape");
    let result = &export.results[2];
    assert_eq!((result.command.as_str(), result.times.len()), (ROW, 6));
    assert_eq!(result.exit_codes, [Some(0); 6]);
    assert_eq!(result.memory_usage_byte, [2_035_712]);
    assert_eq!(result.parameters["executor"], "threads-threadpool");
    assert_eq!(result.parameters["width"], "8");
    assert!(result.min <= result.median && result.median <= result.max);
    assert!(result.min <= result.mean && result.mean <= result.max);
    assert!(result.stddev.is_some_and(|deviation| deviation > 0.0));
    assert!(result.user + result.system < result.mean, "the row waits most of its time");
    assert!(serde_json::from_str::<Hyperfine>(&text.replace("\"mean\"", "\"average\"")).is_err());
}

#[test]
fn what_the_system_did_not_tell_is_null_for_hyperfine() {
    let mut journal = named("n");
    for sample in &mut journal.samples {
        if let paceline_journal::SampleOutcome::Measured { measured, memory, .. } =
            &mut sample.outcome
        {
            (measured.user_ns, *memory) = (None, None);
        }
    }
    let text = hyperfine(&run(&journal)).expect("every value has a form in JSON");
    let export: Value = serde_json::from_str(&text).expect("the document is JSON");
    assert!(export["results"][0]["user"].is_null() && export["results"][0]["system"].is_number());
    assert!(export["results"][0].get("memory_usage_byte").is_none());
}

/// github-action-benchmark, `src/extract.ts`: an entry of `customSmallerIsBetter`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    unit: String,
    value: f64,
    range: Option<String>,
    extra: Option<String>,
}

#[test]
fn a_row_is_two_entries_of_the_benchmark_action() {
    let text = github(&run(&recorded())).expect("every value has a form in JSON");
    let entries: Vec<Entry> = serde_json::from_str(&text).expect("the action's own shape");
    assert_eq!(entries.len(), 12);
    let (time, memory) = (&entries[4], &entries[5]);
    assert_eq!((time.name.as_str(), time.unit.as_str()), (&*format!("{ROW} / time"), "s"));
    assert!((time.value - 0.01624).abs() < 1e-5, "{}", time.value);
    assert_eq!(time.range.as_deref(), Some("± 0.002224"));
    assert!(time.extra.as_deref().is_some_and(|extra| extra.contains("in flight: 8 -> 8")));
    assert_eq!((memory.unit.as_str(), memory.value), ("MiB", 1.94140625));
    let nothing = github(&run(&without_valid_rows())).expect("every value has a form in JSON");
    assert_eq!(nothing, "[]\n");
}
