//! Requests to a service of the user's own, over real sockets.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use paceline_journal::{Journal, SampleOutcome};

use crate::service::Service;
use crate::support::{Outcome, Paceline};

/// One counted round, and so two requests for each item of a row.
fn bench(paceline: &Paceline, arguments: &[&str]) -> Outcome {
    paceline.bench(&[arguments, &["--rounds", "1", "--retakes", "0"]].concat())
}

#[test]
fn a_service_is_asked_for_every_item_under_every_executor_and_not_once_more() {
    let (paceline, service) = (Paceline::new(), Service::start(""));
    let url = format!("{}/items/{{item}}?n={{index}}", service.url);
    let arguments = ["--url", &url, "--items", "1..4,a b", "--max-in-flight", "2"];
    let ran = bench(&paceline, &arguments).expect_code(0);
    assert!(
        ran.stderr.contains("for 5 items; the first asks for `/items/1?n=0`"),
        "{}",
        ran.stderr
    );
    assert!(ran.stderr.contains("rows wider than 2 are left out"), "{}", ran.stderr);
    let journal = Journal::read(&paceline.journal()).expect("the journal can be read");
    let rows = &journal.header.plan.rows;
    for executor in ["seq", "async-tokio", "async-smol", "threads-rayon", "procs-ipc"] {
        assert!(rows.iter().any(|row| row.case.executor == executor), "{executor}");
    }
    assert!(rows.iter().all(|row| row.case.width.is_some_and(|width| width.get() <= 2)));
    for sample in &journal.samples {
        let SampleOutcome::Measured { measured, .. } = &sample.outcome else {
            panic!("{sample:?}")
        };
        assert_eq!((measured.violations.len(), measured.items.item.len()), (0, 5), "{sample:?}");
    }
    // Each row has asked in each of two rounds, and nobody else did.
    let paths = ["1?n=0", "2?n=1", "3?n=2", "4?n=3", "a%20b?n=4"];
    let expected = paths.map(|path| (format!("GET /items/{path}"), rows.len() * 2));
    assert_eq!(service.asked(), BTreeMap::from(expected));
}

#[test]
fn another_method_is_sent_where_it_is_asked_for_and_without_a_body() {
    let (paceline, service) = (Paceline::new(), Service::start(""));
    for (method, only) in
        [("POST", "seq"), ("DELETE", "async-tokio, width 2"), ("PUT", "async-smol, width 2")]
    {
        let url = format!("{}/{{item}}", service.url);
        let arguments = ["--url", &url, "--items", "2", "--method", method, "--only", only];
        bench(&paceline, &arguments).expect_code(0);
        assert_eq!(service.asked()[&format!("{method} /2")], 2);
    }
}

#[test]
fn a_status_that_is_no_success_fails_its_item_with_method_path_and_status() {
    let (paceline, service) = (Paceline::new(), Service::start("/items/3"));
    let url = format!("{}/items/{{item}}", service.url);
    let ran = bench(&paceline, &["--url", &url, "--items", "1..4", "--only", "width 2"]);
    let ran = ran.expect_code(3);
    assert!(ran.stdout.contains("item 2: GET /items/3: status 500"), "{}", ran.stdout);
    assert!(ran.stdout.contains(": invalid"), "{}", ran.stdout);
}

#[test]
fn with_a_rate_the_items_are_asked_in_turn_as_often_as_arrivals_come() {
    let (paceline, service) = (Paceline::new(), Service::start(""));
    let url = format!("{}/{{item}}?n={{index}}", service.url);
    let load = ["--url", &url, "--items", "7..9", "--rate", "100/s", "--for", "100ms"];
    let ran = bench(&paceline, &[&load[..], &["--only", "seq", "--format", "json"]].concat());
    let json: serde_json::Value =
        serde_json::from_str(&ran.expect_code(0).stdout).expect("a JSON document");
    let row = &json["rows"][0];
    assert_eq!((&row["state"], &row["open_loop"]["arrivals"]), (&"valid".into(), &10.into()));
    // Ten arrivals in each of two rounds: three turns, and the first item once more.
    let expected = [("GET /7?n=0", 8), ("GET /8?n=1", 6), ("GET /9?n=2", 6)];
    assert_eq!(service.asked(), BTreeMap::from(expected.map(|(path, n)| (path.to_owned(), n))));
}

#[test]
fn a_service_that_dies_in_mid_run_makes_rows_invalid_and_is_not_asked_again() {
    let (paceline, service) = (Paceline::new(), Service::mortal(30));
    let url = format!("{}/items/{{item}}", service.url);
    let arguments = ["--url", &url, "--items", "1..4", "--only", "width 2", "--format", "json"];
    let ran = bench(&paceline, &arguments).expect_code(3);
    let json: serde_json::Value = serde_json::from_str(&ran.stdout).expect("a JSON document");
    let rows = json["rows"].as_array().expect("rows");
    for row in rows {
        assert_eq!(row["state"], "invalid", "{row}");
        assert!(row["reasons"].to_string().contains("GET /items/"), "{row}");
    }
    // Its rows wanted more than it answered, and so it died while they ran.
    assert!(rows.len() * 4 * 2 > 30, "{rows:?}");
    assert_eq!(service.asked().values().sum::<usize>(), 30);
}

#[test]
fn a_dry_run_says_how_many_requests_a_service_gets_and_sends_none() {
    let (paceline, service) = (Paceline::new(), Service::start(""));
    let url = format!("{}/{{item}}", service.url);
    let said = |more: &[&str]| {
        let fixed = ["--url", &url, "--items", "1..3", "--only", "seq", "--dry-run"];
        paceline.bench(&[&fixed[..], more].concat()).expect_code(0).stdout
    };
    let check = |more: &[&str], words: &str| {
        let said = said(more);
        assert!(said.contains(&format!("your own service: {words}\n")), "{words}: {said}");
    };
    let rounds = ["--rounds", "4"];
    check(&rounds, "3 requests in a sample, 15 in all if none is taken again");
    let load = [&rounds[..], &["--rate", "20/s", "--for", "2s"]].concat();
    check(&load, "40 requests in a sample, 200 in all if none is taken again");
    let find = ["--find-rate", "p99=1s", "--rate", "300/s", "--for", "2s"];
    check(&find, "the highest rate tried is 300/s, which is 600 requests in a sample");
    let find = ["--find-rate", "p99=50ms"];
    check(&find, "the highest rate tried is 10000/s, which is 30000 requests in a sample");
    // Items arrive for longer, so that they can wait for so long.
    let find = ["--find-rate", "p99=1s"];
    check(&find, "the highest rate tried is 10000/s, which is 212130 requests in a sample");
    let smol = ["--url", &url, "--items", "1..3", "--only", "async-smol", "--dry-run"];
    let planned = paceline.bench(&[&smol[..], &["--max-in-flight", "8"]].concat()).expect_code(0);
    assert!(planned.stdout.contains("1 row wider than 8 is left out"), "{}", planned.stdout);
    let wide = ["--url", &url, "--items", "1..3", "--only", "width 8", "--max-in-flight", "4"];
    let refused = paceline.bench(&wide).expect_code(2);
    assert!(refused.stderr.contains("every row is wider"), "{}", refused.stderr);
    assert_eq!(service.asked(), BTreeMap::new());
}

#[test]
fn what_stands_for_the_server_of_paceline_is_an_item_like_any_other() {
    let (paceline, service) = (Paceline::new(), Service::start(""));
    let url = format!("{}/{{{{server}}}}/{{item}}", service.url);
    bench(&paceline, &["--url", &url, "--items", "{server},b", "--only", "seq"]).expect_code(0);
    let asked: Vec<_> = service.asked().into_iter().collect();
    assert!(asked.iter().all(|(_, times)| *times == 2), "{asked:?}");
    assert!(asked.iter().any(|(request, _)| request.ends_with("/%7Bserver%7D")), "{asked:?}");
    assert_eq!(asked.len(), 2, "{asked:?}");
}

#[test]
fn a_run_goes_on_only_while_its_service_is_there() {
    let (paceline, service) = (Paceline::new(), Service::start(""));
    let url = format!("{}/{{item}}", service.url);
    let mut command = paceline.command("bench");
    command.args(["--url", &url, "--items", "1..3", "--only", "seq", "--rounds", "200"]);
    command.stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the binary can be run");
    let stderr = BufReader::new(child.stderr.take().expect("it is piped"));
    let shown = stderr.lines().map_while(Result::ok).find(|line| line.starts_with('['));
    assert!(shown.is_some(), "a sample was shown before the run was killed");
    child.kill().expect("the driver is alive");
    child.wait().expect("it ends");

    let start_again = service.stop();
    let refused = paceline.bench(&["--resume"]).expect_code(2);
    assert!(refused.stderr.contains("connect to 127.0.0.1:"), "{}", refused.stderr);
    let before = std::fs::read(paceline.journal()).expect("the journal can be read");
    let service = start_again();
    paceline.bench(&["--resume"]).expect_code(0);
    let after = std::fs::read(paceline.journal()).expect("the journal can be read");
    assert!(after.starts_with(&before) && after.len() > before.len());
    assert_eq!(service.asked().len(), 3);
}
