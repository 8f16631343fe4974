//! Servers that are not there, or not what they should be: items fail with a reason, and none hangs.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use paceline_core::WorkloadSpec;
use paceline_protocol::service::Faults;
use paceline_workloads::build;

use crate::support::{Api, executors, failures, run, spec};

/// Answers every request with what `answer` writes, one for each connection. It ends with the tests.
fn server(answer: impl Fn(&mut TcpStream) -> io::Result<()> + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let answer = Arc::new(answer);
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let answer = Arc::clone(&answer);
            thread::spawn(move || serve(stream, &*answer));
        }
    });
    url
}

fn serve(
    mut stream: TcpStream,
    answer: &dyn Fn(&mut TcpStream) -> io::Result<()>,
) -> io::Result<()> {
    let head = BufReader::new(stream.try_clone()?).lines();
    head.map_while(Result::ok).take_while(|line| !line.is_empty()).for_each(drop);
    // The client may have hung up, which is its right.
    answer(&mut stream)
}

/// All of ten items fail, each with a reason that `check` accepts.
fn all_fail(url: &str, check: impl Fn(&str) -> bool) {
    for executor in executors() {
        let reasons = failures(&run(&*executor, &spec(url, 10), 4));
        assert_eq!(reasons.len(), 10, "{}: {reasons:?}", executor.id());
        for reason in reasons {
            assert!(reason.starts_with("GET /records/"), "{}: {reason}", executor.id());
            assert!(check(&reason), "{}: {reason}", executor.id());
        }
    }
}

fn answer_with(text: &'static str) -> String {
    server(move |stream| stream.write_all(text.as_bytes()))
}

#[test]
fn no_server_there() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    all_fail(&url, |reason| reason.contains("refused"));
}

#[test]
fn not_http() {
    all_fail(&answer_with("220 ftp.example.org ready\r\n"), |reason| !reason.contains("status"));
}

#[test]
fn a_connection_that_is_closed_without_an_answer() {
    all_fail(&answer_with(""), |reason| !reason.contains("no answer within"));
}

#[test]
fn json_that_is_no_record() {
    // The server closes after each answer, and says so: a client that was not told might ask once more.
    let answer = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 9\r\n\r\n{\"id\": 1}";
    all_fail(&answer_with(answer), |reason| reason.contains("the answer is no record"));
}

#[test]
fn a_redirect_is_a_failure_and_is_not_followed() {
    let api = Api::start();
    api.set(10, 0, Faults::default());
    let location = format!("{}/records/1", api.server.url());
    let url = server(move |stream| {
        let head = "HTTP/1.1 302 Found\r\nConnection: close\r\nContent-Length: 0";
        write!(stream, "{head}\r\nLocation: {location}\r\n\r\n")
    });
    all_fail(&url, |reason| reason.contains("status 302"));
    assert_eq!(api.counters().gets, 0);
}

/// Writes a body of 100 MB in `head`'s way and counts what the client took.
fn huge(head: &'static str, chunk_head: &'static str, taken: &Arc<AtomicU64>) -> String {
    const CHUNK_BYTES: usize = 0x10000;
    let taken = Arc::clone(taken);
    server(move |stream| {
        stream.write_all(head.as_bytes())?;
        for _ in 0..100_000_000 / CHUNK_BYTES {
            stream.write_all(chunk_head.as_bytes())?;
            stream.write_all(&[b'x'; CHUNK_BYTES])?;
            taken.fetch_add(CHUNK_BYTES as u64, Ordering::Relaxed);
        }
        Ok(())
    })
}

#[test]
fn a_body_of_a_hundred_megabytes_is_refused_before_it_is_taken() {
    let taken = Arc::new(AtomicU64::new(0));
    let sized = "HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n";
    all_fail(&huge(sized, "", &taken), |reason| reason.contains("more than 65536 bytes"));
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let url = huge(chunked, "10000\r\n", &taken);
    // After the first chunk no line end follows, so that a client may find that first.
    all_fail(&url, |reason| !reason.contains("no answer within"));
    // Eighty answers; what the sockets hold on the way was taken by nobody.
    assert!(taken.load(Ordering::Relaxed) < 80 * 10_000_000, "{taken:?}");
}

#[test]
fn a_body_of_a_hundred_megabytes_is_refused_from_a_service_of_the_users_own_too() {
    let sized = "HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n";
    let url = format!("{}/{{item}}", huge(sized, "", &Arc::default()));
    let spec = WorkloadSpec::new("url").with("url", url).with("items", "1..4");
    let spec = spec.with("method", "GET").with("timeout_ms", 10_000).with("send", true);
    for executor in executors() {
        let reasons = failures(&run(&*executor, &spec, 2));
        assert_eq!(reasons.len(), 4, "{}: {reasons:?}", executor.id());
        for reason in reasons {
            assert!(reason.contains("more than 16777216 bytes"), "{}: {reason}", executor.id());
        }
    }
}

#[test]
fn an_endless_body_without_a_length_is_refused_at_the_limit() {
    let url = server(|stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")?;
        loop {
            stream.write_all(&[b'x'; 4096])?;
        }
    });
    all_fail(&url, |reason| reason.contains("more than 65536 bytes"));
}

const INFORMATIONAL: &[u8] = b"HTTP/1.1 103 Early Hints\r\nA: b\r\n\r\n";

#[test]
fn informational_answers_without_end_are_refused_when_there_are_too_many() {
    let url = server(|stream| {
        let many = INFORMATIONAL.repeat(1_000);
        loop {
            stream.write_all(&many)?;
        }
    });
    all_fail(&url, |reason| reason.contains("more than 100 informational answers"));
}

#[test]
fn slow_informational_answers_without_end_do_not_outlast_the_timeout() {
    let url = server(|stream| {
        loop {
            stream.write_all(INFORMATIONAL)?;
            // Far fewer than too many come in time.
            thread::sleep(Duration::from_millis(30));
        }
    });
    for executor in executors() {
        let spec = spec(&url, 2).with("timeout_ms", 300);
        let reasons = failures(&run(&*executor, &spec, 2));
        assert_eq!(reasons.len(), 2, "{}: {reasons:?}", executor.id());
        let are_timeouts = reasons.iter().all(|reason| reason.contains("no answer within"));
        assert!(are_timeouts, "{}: {reasons:?}", executor.id());
    }
}

#[test]
fn a_host_without_an_address_is_refused_before_the_run() {
    let error = build(&spec("http://no-such-host.invalid:80", 10)).unwrap_err().to_string();
    assert!(error.contains("look up the host of `http://no-such-host.invalid:80`"), "{error}");
}

#[test]
fn what_is_no_address_of_a_server_and_no_time_for_a_request_are_refused_before_the_run() {
    let no_time = build(&spec("http://127.0.0.1:1", 10).with("timeout_ms", 0)).unwrap_err();
    assert!(no_time.to_string().contains("`timeout_ms` must be at least 1"), "{no_time}");
    for url in ["ftp://127.0.0.1:1", "127.0.0.1:1", "http://127.0.0.1:1/records"] {
        let error = build(&spec(url, 10)).unwrap_err().to_string();
        assert!(error.contains(url), "{error}");
    }
}
