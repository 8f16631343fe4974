//! Items that arrive on schedule, under executors of every kind.

use paceline_journal::{Journal, SampleOutcome};

use crate::support::{Outcome, Paceline};

/// Rows that wait a little, one for each kind of executor, and one that cannot keep up with much.
const MATRIX: &str = r#"
format = 1
title = "Arrivals"
[scales.smoke]
about = "waits of at most 2 ms"
[workloads.api]
group = "io"
params = { records = 5, max_wait_us = 2_000 }
[workloads.slow]
workload = "overlap"
params = { items = 5, sleep_us = 20_000 }
[[rows]]
name = "Row {executor}"
workload = "api"
executor = "*"
width = 8
[[rows]]
name = "Batches"
workload = "api"
executor = "procs-ipc"
width = 2
batch = 3
[[rows]]
name = "Slow"
workload = "slow"
executor = "seq"
width = 1
"#;

fn bench(paceline: &Paceline, more: &[&str]) -> Outcome {
    let matrix = paceline.file("arrivals.toml", MATRIX.as_bytes()).display().to_string();
    let fixed = ["--matrix", &matrix, "--scale", "smoke", "--retakes", "0", "--quiet"];
    paceline.bench(&[&fixed[..], more].concat())
}

#[test]
fn every_executor_keeps_to_the_schedule_and_proves_its_work() {
    let paceline = Paceline::new();
    let load = ["--rounds", "1", "--rate", "100/s", "--for", "300ms"];
    let only = ["--only", "io", "--format", "json"];
    let ran = bench(&paceline, &[&load[..], &only].concat()).expect_code(0);
    let json: serde_json::Value = serde_json::from_str(&ran.stdout).expect("a JSON document");
    let rows = json["rows"].as_array().expect("rows");
    assert!(rows.len() > 10, "{rows:?}");
    for row in rows {
        assert_eq!(row["state"], "valid", "{row}");
        assert_eq!(row["open_loop"]["arrivals"], 30, "{row}");
        assert_eq!(row["latency"]["items"], 30, "{row}");
        // The last item arrives 290 ms after the first, whoever runs it.
        assert!(row["mean_s"].as_f64() >= Some(0.29), "{row}");
        assert!(row["latency"]["p50_s"].as_f64() <= row["latency"]["max_s"].as_f64(), "{row}");
    }
    let table = paceline.report(&[]).expect_code(0).stdout;
    assert!(table.contains("Offered (1/s)") && table.contains("Late starts"), "{table}");
    judged_by_no_time(&paceline, "every row's time is the schedule's");
}

#[test]
fn a_pool_that_falls_behind_shows_growing_latency_and_late_starts() {
    let paceline = Paceline::new();
    // 18 items of 20 ms arrive in 300 ms: the last begins when 340 ms have passed, well within the time.
    let load = ["--rounds", "1", "--rate", "60/s", "--for", "300ms", "--only", "Slow"];
    bench(&paceline, &[&load[..], &["--format", "json"]].concat()).expect_code(0);
    let journal = Journal::read(&paceline.journal()).expect("a journal");
    let last = &journal.samples.last().expect("samples").outcome;
    let SampleOutcome::Measured { measured, .. } = last else { panic!("{last:?}") };
    let open_loop = measured.open_loop.expect("it was in open loop");
    assert_eq!((open_loop.arrivals, open_loop.done), (18, 18));
    // An item is in flight for 20 ms and more, and the last waits behind 17 others.
    assert!(open_loop.late_starts >= 16, "{open_loop:?}");
    let slowest_ns = *measured.latency.as_ref().expect("items were done").value_ns.last().unwrap();
    let longest_ns = *measured.items.duration_ns.iter().max().expect("items ran");
    assert!(slowest_ns > longest_ns, "{slowest_ns} {longest_ns}");
}

#[test]
fn a_pool_that_cannot_keep_up_is_invalid_with_what_it_left() {
    let paceline = Paceline::new();
    let load = ["--rounds", "1", "--rate", "2000/s", "--for", "100ms", "--only", "Slow"];
    let ran = bench(&paceline, &load).expect_code(3);
    assert!(ran.stdout.contains("Slow: invalid"), "{}", ran.stdout);
    assert!(ran.stdout.contains("could not keep up"), "{}", ran.stdout);
}

#[test]
fn a_search_ends_between_a_rate_that_holds_and_one_that_fails_and_is_shown_again() {
    let paceline = Paceline::new();
    // One lane with 20 ms an item bears less than 50 a second, and 2 a second easily.
    let find = ["--find-rate", "p50=200ms", "--rate", "2000/s", "--for", "500ms", "--only", "Slow"];
    let ran = bench(&paceline, &find).expect_code(0);
    assert!(ran.stdout.contains("it fails at"), "{}", ran.stdout);
    assert!(ran.stdout.contains("2.0/s: holds, p50"), "{}", ran.stdout);
    assert!(ran.stdout.contains("2000/s: fails"), "{}", ran.stdout);
    assert_eq!(paceline.report(&[]).expect_code(0).stdout, ran.stdout);
    let json = paceline.report(&["--format", "json"]).expect_code(0).stdout;
    let json: serde_json::Value = serde_json::from_str(&json).expect("a JSON document");
    let row = &json["rows"][0];
    let (holds, fails) = (row["holds_per_s"].as_f64(), row["fails_per_s"].as_f64());
    assert!(holds >= Some(2.0) && holds < fails && fails <= Some(2_000.0), "{row}");
    assert_eq!(row["is_settled"], true);
    let refused = paceline.bench(&["--resume"]).expect_code(0);
    assert!(refused.stderr.contains("nothing is left to do"), "{}", refused.stderr);
    let page = paceline.report(&["--format", "html", "--output", "-"]).expect_code(0).stdout;
    assert!(page.contains("The highest rate at which p50 stays within"), "{page}");
    assert!(paceline.journal().with_file_name("report.html").is_file());
    judged_by_no_time(&paceline, "whose samples have different loads");
}

/// Neither advice nor a comparison nor others beside it takes the times of the latest run for what they are not.
fn judged_by_no_time(paceline: &Paceline, why: &str) {
    for command in
        [&["advise"][..], &["compare", "latest", "latest"], &["report", "latest", "latest"]]
    {
        let mut refused = paceline.command(command[0]);
        let refused = Outcome::of(refused.args(&command[1..])).expect_code(2);
        assert!(refused.stderr.contains(why), "{}", refused.stderr);
    }
}

#[test]
fn a_search_is_honest_when_the_lowest_rate_fails_and_when_the_highest_holds() {
    let paceline = Paceline::new();
    let fails = ["--find-rate", "max=1ms", "--rate", "10/s", "--for", "200ms", "--only", "Slow"];
    let ran = bench(&paceline, &fails).expect_code(0);
    assert!(
        ran.stdout.contains("none: it fails at 1.0/s, the lowest rate tried"),
        "{}",
        ran.stdout
    );
    let holds = ["--find-rate", "p99=10s", "--rate", "10/s", "--for", "200ms", "--only", "Slow"];
    let ran = bench(&paceline, &holds).expect_code(0);
    assert!(ran.stdout.contains("at least 10.0/s, the highest rate tried"), "{}", ran.stdout);
}
