//! Advice, from the outside, on journals with planted times and sizes.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::support::{Outcome, Paceline};

const SEQUENTIAL: &str = "Sequential IO heavy processing";
const ASYNC: &str = "Truly-asyncronous IO heavy processing";
const THREADS: &str = "Threaded IO heavy processing (8 threads)";
const PROCESSES: &str = "Multiprocessed IO heavy processing (2 processes, 5 items per task)";

/// The rows of the recorded journal with the seconds and MiB that are planted in it.
fn planted() -> BTreeMap<&'static str, (f64, u64)> {
    BTreeMap::from([
        (SEQUENTIAL, (20.0, 5)),
        (ASYNC, (1.03, 6)),
        (THREADS, (1.02, 12)),
        (PROCESSES, (12.0, 90)),
        ("Sequential CPU heavy processing", (8.0, 40)),
        ("Threaded CPU heavy processing (2 threads, 8 images)", (4.0, 80)),
    ])
}

/// The recorded journal with planted times and sizes. Rounds that it does not have are copies of those
/// it has, with seeds of their own.
fn journal(rounds: u64, edit: impl Fn(&mut Value)) -> Vec<u8> {
    let recorded = include_str!("../../../fixtures/journals/smoke.ndjson");
    let mut lines: Vec<Value> =
        recorded.lines().map(|line| serde_json::from_str(line).expect("a record")).collect();
    let end = lines.pop().expect("an end");
    let samples: Vec<Value> =
        lines.extract_if(.., |line| !line["record"]["sample"].is_null()).collect();
    for round in 0..=rounds {
        let source = if round == 0 { 0 } else { (round - 1) % 6 + 1 };
        for mut line in samples.iter().cloned() {
            let sample = &mut line["record"]["sample"];
            if sample["round"] == source {
                plant(sample, round);
                edit(sample);
                lines.push(line);
            }
        }
    }
    lines.push(end);
    lines.iter().map(|line| format!("{line}\n")).collect::<String>().into_bytes()
}

fn plant(sample: &mut Value, round: u64) {
    let row = sample["row"].as_str().expect("a row's name").to_owned();
    let (seconds, memory_mib) = planted()[row.as_str()];
    // What a round does to all rows alike cancels; what it does to one of them is small.
    let shared = 1.0 + 0.1 * (round % 3) as f64;
    let own = 1.0 + 0.001 * ((round + row.len() as u64) % 4) as f64;
    sample["round"] = json!(round);
    sample["seed"] = json!(1000 + round);
    let outcome = &mut sample["outcome"]["measured"];
    let measured = &mut outcome["measured"];
    measured["run_ns"] = json!((seconds * shared * own * 1e9) as u64);
    measured["startup_ns"] = json!(0);
    measured["shutdown_ns"] = json!(0);
    if !outcome["memory"].is_null() {
        outcome["memory"]["peak_bytes"] = json!(memory_mib << 20);
    }
}

fn advise(journal: &[u8], arguments: &[&str]) -> Outcome {
    let paceline = Paceline::new();
    let path = paceline.file("planted.ndjson", journal);
    Outcome::of(paceline.command("advise").arg(path).args(arguments))
}

/// What is said of the workload `api`, for programs.
fn api(journal: &[u8], arguments: &[&str], code: i32) -> Value {
    let told = advise(journal, &[arguments, &["--format", "json"]].concat()).expect_code(code);
    let mut document: Value = serde_json::from_str(&told.stdout).expect("JSON");
    document["workloads"][0].take()
}

#[test]
fn the_planted_answer_is_advised() {
    let journal = journal(12, |_| {});
    let api = api(&journal, &[], 0);
    assert_eq!(api["advised"], ASYNC);
    assert_eq!(api["tied"], json!([THREADS, ASYNC]));
    assert_eq!(api["smallest_width"], THREADS);
    assert_eq!(api["least_memory"], ASYNC);
    assert_eq!(api["pareto"], json!([THREADS, ASYNC, SEQUENTIAL]));
    let text = advise(&journal, &[]).expect_code(0).stdout;
    let tied = format!("; {THREADS} is tied in time at 2.0 times the memory.");
    assert!(text.contains(&format!("Use {ASYNC}: ")) && text.contains(&tied), "{text}");
}

#[test]
fn too_few_rounds_are_ranked_and_the_rounds_to_run_are_named() {
    // Four rows need 7 rounds, the two of the other workload 6.
    let journal = journal(6, |_| {});
    let api = api(&journal, &[], 0);
    assert_eq!((&api["outcome"], &api["advised"]), (&json!("too_few_rounds"), &Value::Null));
    let ranked: Vec<&Value> = api["rows"].as_array().unwrap().iter().map(|r| &r["name"]).collect();
    assert_eq!(ranked, [THREADS, ASYNC, PROCESSES, SEQUENTIAL]);
    let text = advise(&journal, &[]).expect_code(0).stdout;
    assert!(text.contains("6 rounds are too few to tell 4 rows apart"), "{text}");
    assert!(text.contains("--rounds 7"), "{text}");
    assert!(text.contains("Use Threaded CPU heavy processing (2 threads, 8 images): "), "{text}");
}

#[test]
fn limits_leave_rows_out_and_say_so() {
    let journal = journal(12, |_| {});
    let api = |arguments: &[&str], code| api(&journal, arguments, code);
    assert_eq!(api(&["--max-width", "8"], 0)["advised"], THREADS);
    assert_eq!(api(&["--max-width", "7"], 0)["advised"], PROCESSES);
    // The other workload has no row as small as that, so there is an answer missing.
    let small = api(&["--max-memory", "11.9MiB"], 3);
    assert_eq!(small["advised"], ASYNC);
    let reason = "it takes 12.0 MiB, above the limit";
    assert_eq!(small["left_out"][0], json!({"name": THREADS, "reason": reason}));
    let nothing = advise(&journal, &["--max-memory", "1kB"]).expect_code(3);
    assert!(nothing.stdout.contains("No row is left to choose from."), "{}", nothing.stdout);
}

#[test]
fn a_row_with_one_violation_is_never_advised() {
    let journal = journal(12, |sample| {
        if sample["row"] == ASYNC && sample["round"] == 3 {
            let measured = &mut sample["outcome"]["measured"]["measured"];
            measured["violations"] = json!([{"missing": {"items": {"count": 1, "first": 7}}}]);
        }
    });
    let api = api(&journal, &[], 0);
    assert_eq!(api["advised"], THREADS);
    assert_eq!(api["left_out"][0]["name"], ASYNC);
    let reason = api["left_out"][0]["reason"].as_str().unwrap();
    assert!(reason.starts_with("invalid: round 3: "), "{reason}");
}

#[test]
fn what_is_no_size_width_or_run_is_refused() {
    let paceline = Paceline::new();
    let refuse = |arguments: &[&str], word: &str| {
        let refused = Outcome::of(paceline.command("advise").args(arguments)).expect_code(2);
        assert!(refused.stderr.contains(word), "{}", refused.stderr);
    };
    refuse(&["--max-memory", "64"], "`64` is no size");
    for none in ["0", "-1", "a"] {
        let reason = format!("`{none}` is no whole number from 1, such as 8");
        refuse(&["--max-width", none], &reason);
    }
    refuse(&["last-year"], "find run `last-year`");
    refuse(&[], "find the latest run");
}
