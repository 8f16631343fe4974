//! The server as a process: it says where it is, answers, and ends with whoever started it.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::Duration;

use paceline_api::{Record, Remote};
use paceline_http::{Client, Limits, Method, Request};
use paceline_protocol::service::{Counters, Listening};

fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_paceline-api-server"));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// A server that has said where it listens.
fn start() -> (Child, Listening) {
    listening(&mut command())
}

fn listening(command: &mut Command) -> (Child, Listening) {
    let mut child = command.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    (child, serde_json::from_str(&line).unwrap())
}

fn client(listening: &Listening) -> Client {
    let limits = Limits { timeout: Duration::from_secs(10), body_bytes: 10_000 };
    Client::new(&listening.url, limits).unwrap()
}

fn post(path: &str, body: &str) -> Request {
    Request { method: Method::POST, path: path.to_owned(), body: Some(body.into()) }
}

#[test]
fn requests_for_no_record_are_counted_apart_and_those_of_the_driver_are_not() {
    let (_child, listening) = start();
    let client = client(&listening);
    client.send(&post("/reset", r#"{"seed": 9, "records": 3, "max_wait_us": 0}"#)).unwrap();
    let of = |method: Method, path: &str| Request { method, ..Request::get(path) };
    let stray = [
        of(Method::HEAD, "/records/2"),
        of(Method::DELETE, "/records/2"),
        of(Method::POST, "/records/2"),
        of(Method::GET, "/records/x"),
        of(Method::PUT, "/records/x"),
        of(Method::GET, "/"),
        of(Method::GET, "/records/2/more"),
        of(Method::GET, "/reset"),
    ];
    for request in &stray {
        let answer = client.send(request).expect_err("it is for no record").to_string();
        assert!(answer.contains("status 40"), "{answer}");
    }
    let seen: Counters =
        serde_json::from_slice(&client.send(&Request::get("/stats")).unwrap()).unwrap();
    assert_eq!(seen, Counters { others: stray.len() as u64, ..Counters::default() });
}

#[test]
fn it_says_where_it_listens_answers_there_and_ends_when_its_input_does() {
    let (mut child, listening) = start();
    assert_eq!(listening.pid, child.id());
    assert!(listening.url.starts_with("http://127.0.0.1:"), "{listening:?}");
    let client = client(&listening);
    client.send(&post("/reset", r#"{"seed": 9, "records": 3, "max_wait_us": 0}"#)).unwrap();
    let record: Record =
        serde_json::from_slice(&client.send(&Request::get("/records/2")).unwrap()).unwrap();
    let remote = Remote::without_waits(9);
    assert_eq!(record, remote.get(2));
    let put = Request::put("/records/2", serde_json::to_vec(&record).unwrap());
    let stored: Record = serde_json::from_slice(&client.send(&put).unwrap()).unwrap();
    assert_eq!(stored, remote.put(record));
    let seen: Counters =
        serde_json::from_slice(&client.send(&Request::get("/stats")).unwrap()).unwrap();
    assert_eq!((seen.gets, seen.puts, seen.errors, seen.peak), (1, 1, 0, 1));
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
}

#[test]
fn requests_that_make_no_sense_are_refused_and_counted_as_errors() {
    let (_child, listening) = start();
    let client = client(&listening);
    let refused_with = |status: u16, request: &Request| {
        let error = client.send(request).unwrap_err().to_string();
        assert!(error.contains(&format!(": status {status} ")), "{error}");
    };
    refused_with(404, &Request::get("/records/0"));
    refused_with(404, &Request::get("/records/51"));
    refused_with(400, &Request::get("/records/one"));
    refused_with(404, &Request::get("/elsewhere"));
    refused_with(400, &Request::put("/records/1", b"{}".to_vec()));
    let other = serde_json::to_vec(&Remote::without_waits(0).get(2)).unwrap();
    refused_with(400, &Request::put("/records/1", other));
    refused_with(400, &post("/reset", "{}"));
    let wrong = r#"{"seed": 1, "records": 1, "max_wait_us": 0, "faults": {"errors": 2}}"#;
    refused_with(400, &post("/reset", wrong));
    let seen: Counters =
        serde_json::from_slice(&client.send(&Request::get("/stats")).unwrap()).unwrap();
    assert_eq!((seen.gets, seen.puts, seen.errors), (2, 2, 4));
}

#[test]
fn a_port_that_is_taken_is_refused_by_its_address() {
    let (_child, listening) = start();
    let port = listening.url.rsplit(':').next().unwrap();
    let Output { status, stderr, .. } = command().args(["--port", port]).output().unwrap();
    assert_eq!(status.code(), Some(1));
    let stderr = String::from_utf8(stderr).unwrap();
    assert!(stderr.contains(&format!("failed to listen on 127.0.0.1:{port}: ")), "{stderr}");
}

#[cfg(unix)]
#[test]
fn without_descriptors_it_takes_no_more_connections_until_some_are_closed() {
    let mut few = Command::new("sh");
    few.args(["-c", "ulimit -n 24 && exec \"$0\"", env!("CARGO_BIN_EXE_paceline-api-server")]);
    few.stdin(Stdio::piped()).stdout(Stdio::piped());
    let (_child, listening) = listening(&mut few);
    let address = listening.url.trim_start_matches("http://");
    // The system queues what the server cannot accept.
    let crowd: Vec<TcpStream> = (0..40).map(|_| TcpStream::connect(address).unwrap()).collect();
    let limits = Limits { timeout: Duration::from_millis(300), body_bytes: 10_000 };
    let hasty = Client::new(&listening.url, limits).unwrap();
    let error = hasty.send(&Request::get("/stats")).unwrap_err().to_string();
    assert!(error.contains("no answer within 300ms"), "{error}");
    drop(crowd);
    client(&listening).send(&Request::get("/stats")).unwrap();
}

#[test]
fn arguments_it_does_not_know_are_refused_with_those_it_takes() {
    for arguments in [&["--port"][..], &["--port", "70000"], &["--help"]] {
        let Output { status, stderr, .. } = command().args(arguments).output().unwrap();
        assert_eq!(status.code(), Some(2), "{arguments:?}");
        assert!(String::from_utf8(stderr).unwrap().contains("--port N"), "{arguments:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn it_ends_with_its_parent_even_while_its_input_stays_open() {
    // For the kernel the parent is the thread that started it.
    let (mut child, _) = thread::spawn(start).join().unwrap();
    assert!(child.stdin.is_some());
    assert!(!child.wait().unwrap().success());
}
