//! Requests that arrive on schedule at the real server.

use paceline_journal::{Journal, Sample, SampleOutcome};

use crate::support::{Outcome, Paceline};

const MATRIX: &str = r#"
format = 1
title = "Arrivals at the server"
[scales.smoke]
about = "waits of at most 4 ms"
[workloads.http]
params = { url = "{server}", records = 5, timeout_ms = 10_000, max_wait_us = 4_000 }
[workloads.slow]
workload = "http"
params = { url = "{server}", records = 5, timeout_ms = 10_000, max_wait_us = 30_000 }
[[rows]]
name = "Row {executor}"
workload = "http"
executor = "*"
width = 8
[[rows]]
name = "Slow"
workload = "slow"
executor = "threads-threadpool"
width = 1
"#;

fn bench(paceline: &Paceline, more: &[&str]) -> Outcome {
    let matrix = paceline.file("arrivals.toml", MATRIX.as_bytes()).display().to_string();
    let fixed = ["--matrix", &matrix, "--scale", "smoke", "--retakes", "0", "--quiet"];
    paceline.bench(&[&fixed[..], more].concat())
}

fn samples(paceline: &Paceline) -> Vec<Sample> {
    Journal::read(&paceline.journal()).expect("a journal").samples
}

#[test]
fn the_rate_is_held_under_every_executor_and_the_servers_counters_agree() {
    let paceline = Paceline::new();
    let load = ["--rounds", "1", "--rate", "100/s", "--for", "300ms", "--only", "Row"];
    let ran = bench(&paceline, &[&load[..], &["--format", "json"]].concat()).expect_code(0);
    let json: serde_json::Value = serde_json::from_str(&ran.stdout).expect("a JSON document");
    let rows = json["rows"].as_array().expect("rows");
    assert!(rows.len() > 10, "{rows:?}");
    for row in rows {
        assert_eq!((&row["state"], &row["latency"]["items"]), (&"valid".into(), &30.into()));
        // The last request is sent 290 ms after the first, and no sooner.
        assert!(row["mean_s"].as_f64() >= Some(0.29), "{row}");
        assert!(row["in_flight"]["server_peak"].as_u64() >= Some(1), "{row}");
    }
    for sample in samples(&paceline) {
        let seen = sample.server.expect("the second witness");
        assert_eq!((seen.gets, seen.puts, seen.errors), (30, 10, 0), "{}", sample.row);
    }
}

#[test]
fn latency_counts_from_the_arrival_and_not_from_when_the_request_is_sent() {
    let paceline = Paceline::new();
    // 20 ms an item on average, and one arrives every 17 ms: the last wait behind those before.
    let load = ["--rounds", "1", "--rate", "60/s", "--for", "300ms", "--only", "Slow"];
    bench(&paceline, &load).expect_code(0);
    for sample in samples(&paceline) {
        let SampleOutcome::Measured { measured, .. } = &sample.outcome else {
            panic!("{sample:?}")
        };
        let open_loop = measured.open_loop.expect("it was in open loop");
        assert_eq!((open_loop.arrivals, open_loop.done), (18, 18));
        assert!(open_loop.late_starts > 0, "{open_loop:?}");
        let slowest_ns = measured.latency.as_ref().and_then(|l| l.value_ns.last()).copied();
        assert!(slowest_ns > measured.items.duration_ns.iter().max().copied(), "{measured:?}");
        assert_eq!(sample.server.map(|seen| seen.peak), Some(1));
    }
}

#[test]
fn a_pool_that_cannot_keep_up_with_the_server_is_invalid_with_what_it_left() {
    let paceline = Paceline::new();
    let load = ["--rounds", "1", "--rate", "2000/s", "--for", "100ms", "--only", "Slow"];
    let ran = bench(&paceline, &load).expect_code(3);
    assert!(ran.stdout.contains("could not keep up"), "{}", ran.stdout);
    assert!(!ran.stdout.contains("the server saw otherwise"), "{}", ran.stdout);
    for sample in samples(&paceline) {
        assert!(sample.server.is_some_and(|seen| seen.gets < 200), "{sample:?}");
    }
}

#[test]
fn a_rate_is_found_for_a_row_of_the_matrix_http() {
    let paceline = Paceline::new();
    let find = [
        "--matrix",
        "http",
        "--scale",
        "smoke",
        "--only",
        "Truly-asyncronous HTTP requests (smol)",
    ];
    let load = ["--find-rate", "p50=2s", "--rate", "200/s", "--for", "200ms"];
    let ran = paceline.bench(&[&find[..], &load].concat()).expect_code(0);
    assert!(ran.stdout.contains("at least 200/s, the highest rate tried"), "{}", ran.stdout);
    let gets = samples(&paceline)
        .iter()
        .map(|sample| sample.server.map(|seen| seen.gets))
        .collect::<Vec<_>>();
    // At the lowest rate one request arrives, at the highest forty.
    assert_eq!(gets, [Some(1), Some(40)]);
}
