//! Faults of a server under every executor, child processes among them: as many items fail as meet one.

use std::time::Duration;

use paceline_api_server::Server;
use paceline_protocol::service::{Counters, Faults, Setting};
use serde_json::Value;

use crate::support::Paceline;

const MATRIX: &str = r#"
format = 1
title = "t"
[scales.smoke]
about = "a"
[workloads.http]
params = { url = "URL", records = 300, timeout_ms = 400, max_wait_us = 0 }
[[rows]]
name = "{executor}"
workload = "http"
executor = "*"
width = 4
"#;

fn agent() -> ureq::Agent {
    let timeout = Some(Duration::from_secs(10));
    ureq::Agent::config_builder().timeout_global(timeout).build().new_agent()
}

/// Three of 300 items meet the fault, and fail under every executor for the reason `words`.
fn check(faults: Faults, words: &str) {
    let (paceline, server) = (Paceline::new(), Server::start(0).expect("a free port"));
    // The seed decides which records meet a fault, not how many.
    let setting = Setting { seed: 1, records: 300, max_wait_us: 0, faults };
    let setting = serde_json::to_vec(&setting).expect("JSON");
    agent().post(format!("{}/reset", server.url())).send(&setting[..]).expect("it is taken");
    let matrix = paceline.file("m.toml", MATRIX.replace("URL", &server.url()).as_bytes());
    let more = ["--scale", "smoke", "--rounds", "1", "--retakes", "0", "--format", "json"];
    let matrix = ["--matrix", matrix.to_str().expect("the path is text")];
    let ran = paceline.bench(&[&matrix[..], &more].concat()).expect_code(3);
    let report: Value = serde_json::from_str(&ran.stdout).expect("the report is JSON");
    let rows = report["rows"].as_array().expect("rows is a list");
    assert!(rows.iter().any(|row| row["name"] == "procs-ipc"), "{rows:?}");
    for row in rows {
        let reasons = row["reasons"].to_string();
        assert_eq!(row["state"], "invalid", "{row}");
        assert!(reasons.contains("failed: 3 items"), "{row}");
        assert!(reasons.contains(words), "{row}");
    }
    let mut stats = agent().get(format!("{}/stats", server.url())).call().expect("it answers");
    let stats = stats.body_mut().read_to_vec().expect("a body");
    let seen: Counters = serde_json::from_slice(&stats).expect("counters");
    // Two rounds of every row, and nothing was asked for twice.
    assert_eq!((seen.gets, seen.errors), (rows.len() as u64 * 600, rows.len() as u64 * 6));
}

#[test]
fn one_per_cent_of_status_500_fails_exactly_that_many_items_under_every_executor() {
    check(Faults { errors: 0.01, ..Faults::default() }, "status 500");
}

#[test]
fn one_per_cent_of_resets_fails_exactly_that_many_items_under_every_executor() {
    check(Faults { resets: 0.01, ..Faults::default() }, "reset");
}

#[test]
fn one_per_cent_of_truncated_bodies_fails_exactly_that_many_items_under_every_executor() {
    check(Faults { truncated: 0.01, ..Faults::default() }, "in the middle of the answer's body");
}

#[test]
fn one_per_cent_of_stalls_fails_exactly_that_many_items_under_every_executor() {
    check(Faults { stalls: 0.01, ..Faults::default() }, "no answer within 400ms");
}
