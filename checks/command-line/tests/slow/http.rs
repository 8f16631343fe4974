//! Rows over real sockets, with the real server.

use std::fs;

use serde_json::Value;

use crate::support::{Outcome, Paceline};

const MATRIX: &str = r#"
format = 1
title = "t"
[scales.smoke]
about = "a"
[workloads.http]
params = { url = "URL", records = 20, timeout_ms = 5_000, max_wait_us = 20_000 }
[[rows]]
name = "false"
workload = "http"
executor = "async-false-tokio"
width = 8
[[rows]]
name = "true"
workload = "http"
executor = "async-smol"
width = 8
[[rows]]
name = "processes"
workload = "http"
executor = "procs-ipc"
width = 4
"#;

fn bench(paceline: &Paceline, url: &str) -> Outcome {
    let matrix = paceline.file("matrix.toml", MATRIX.replace("URL", url).as_bytes());
    let matrix = matrix.to_str().expect("the path is text");
    let more = ["--scale", "smoke", "--rounds", "1", "--retakes", "0", "--format", "json"];
    paceline.bench(&[&["--matrix", matrix][..], &more].concat())
}

fn rows(outcome: &Outcome) -> Vec<Value> {
    let report: Value = serde_json::from_str(&outcome.stdout).expect("the report is JSON");
    report["rows"].as_array().expect("rows is a list").clone()
}

#[test]
fn both_witnesses_agree_and_false_asynchrony_shows_one_request_in_flight_at_the_server() {
    let paceline = Paceline::new();
    let outcome = bench(&paceline, "{server}").expect_code(0);
    let peaks: Vec<(u64, u64)> = rows(&outcome)
        .iter()
        .map(|row| {
            let of = |key: &str| row["in_flight"][key].as_u64().expect("a number");
            assert_eq!(row["state"], "valid", "{row}");
            (of("server_peak"), of("seen_peak"))
        })
        .collect();
    assert_eq!(peaks[0], (1, 1));
    assert!(peaks[1..].iter().all(|(server, seen)| *server > 1 && server <= seen), "{peaks:?}");
    let journal = fs::read_to_string(paceline.journal()).expect("the journal can be read");
    assert!(journal.contains(r#""server":{"gets":20,"puts":7,"errors":0,"#), "{journal}");
    // The port is of this run alone, and would make two runs differ in their rows.
    assert!(journal.contains("{server}") && !journal.contains("http://127.0.0.1"), "{journal}");
}

#[test]
fn requests_that_were_given_up_or_never_made_are_no_contradiction_between_the_witnesses() {
    let paceline = Paceline::new();
    // Most records wait longer than a request may take.
    let impatient = MATRIX.replace("timeout_ms = 5_000, max_wait_us = 20_000", WAITS);
    let impatient = impatient.replace("URL", "{server}").replace("records = 20", "records = 100");
    let matrix =
        paceline.file("matrix.toml", impatient.replace("width = 8", "width = 16").as_bytes());
    let matrix = ["--matrix", matrix.to_str().expect("the path is text"), "--scale", "smoke"];
    let more = ["--rounds", "2", "--retakes", "0", "--format", "json"];
    let outcome = paceline.bench(&[&matrix[..], &more].concat()).expect_code(3);
    for row in rows(&outcome) {
        let reasons = row["reasons"].to_string();
        assert!(reasons.contains("no answer within 40ms"), "{row}");
        assert!(!reasons.contains("the server saw otherwise"), "{row}");
    }
}

const WAITS: &str = "timeout_ms = 40, max_wait_us = 400_000";

#[test]
fn a_matrix_may_name_a_server_of_its_own_and_without_one_no_row_looks_valid() {
    let port = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        listener.local_addr().expect("it has an address").port()
    };
    let outcome = bench(&Paceline::new(), &format!("http://127.0.0.1:{port}")).expect_code(3);
    for row in rows(&outcome) {
        assert_eq!(row["state"], "invalid", "{row}");
        let reasons = row["reasons"].to_string();
        assert!(reasons.contains("GET /records/1: ") && reasons.contains("refused"), "{row}");
    }
}

#[test]
fn a_host_without_an_address_is_refused_before_the_first_item() {
    let outcome = bench(&Paceline::new(), "http://no-such-host.invalid:80").expect_code(3);
    for row in rows(&outcome) {
        assert_eq!(row["state"], "broken", "{row}");
        assert!(row["reasons"].to_string().contains("look up the host of"), "{row}");
    }
}
