//! Servers that take their time: a request ends when its own is up, whatever it waits for.

use std::io::Write as _;
use std::net::TcpListener;
use std::time::Duration;

use paceline_http::{Client, Limits, Request};

use crate::forms::{BODY_BYTES, ask};
use crate::server::Server;

fn all_time_out(url: &str, request: &Request) {
    let limits = Limits { timeout: Duration::from_millis(250), body_bytes: BODY_BYTES };
    for answers in ask(|| Client::new(url, limits).unwrap(), request, 2) {
        for answer in answers {
            let error = answer.expect_err("no whole answer comes");
            assert!(error.ends_with("no answer within 250ms"), "{error}");
        }
    }
}

/// It accepts nothing: connections stand as soon as the system has queued them, and nobody reads.
fn deaf() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    (listener, url)
}

#[test]
fn a_server_that_reads_nothing_of_a_large_body() {
    let (_listener, url) = deaf();
    // More than the system keeps for a reader on both sides.
    all_time_out(&url, &Request::put("/", vec![b' '; 64 << 20]));
}

#[test]
fn a_server_that_reads_nothing_of_a_small_request() {
    let (_listener, url) = deaf();
    all_time_out(&url, &Request::get("/"));
}

#[test]
fn an_answer_that_comes_drop_by_drop() {
    let parts = [
        "HTTP/1.1 200 OK\r\nA: b",
        "\r\n\r\n",
        "\r\nTransfer-Encoding: chunked\r\n\r\n",
        "\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: b",
    ];
    for rest in 0..parts.len() {
        let start =
            if rest == 0 { parts[0].to_owned() } else { format!("{}{}", parts[0], parts[rest]) };
        let drop = if rest == 2 { "1\r\nx\r\n" } else { "x" };
        let server = Server::answering(move |stream| {
            stream.write_all(start.as_bytes())?;
            loop {
                // The pause is what is tested: each drop comes well within the time of a request.
                std::thread::sleep(Duration::from_millis(10));
                stream.write_all(drop.as_bytes())?;
            }
        });
        all_time_out(&server.url, &Request::get("/"));
    }
}
