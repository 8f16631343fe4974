//! The workload `url` over TLS: with whom a client speaks, and why with others it does not.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod authority;
mod breaks;
mod server;
mod support;

use std::io::Write as _;
use std::net::TcpListener;
use std::thread;

use authority::Authority;
use breaks::Breaks;
use paceline_core::{Executor, Outcome};
use paceline_exec_async::{AsyncStd, FalseTokio, Smol, Tokio};
use paceline_exec_threads::Threadpool;
use paceline_workloads::build;
use rcgen::{CertificateParams, date_time_ymd};
use server::Server;
use support::{run, spec};

fn executors() -> [Box<dyn Executor>; 4] {
    [Box::new(Threadpool), Box::new(Tokio), Box::new(AsyncStd), Box::new(Smol)]
}

/// All of 10 items fail, each with a reason that has `words`.
fn all_fail(url: &str, authority: &Authority, words: &str) {
    for executor in executors() {
        let receipts = run(&*executor, &spec(url, authority), 3);
        for receipt in &receipts {
            let Outcome::Failed(reason) = &receipt.outcome else { panic!("{receipt:?}") };
            assert!(reason.starts_with("GET /items/"), "{}: {reason}", executor.id());
            assert!(reason.contains(words), "{}: {reason}", executor.id());
        }
    }
}

fn all_done(executor: &dyn Executor, url: &str, authority: &Authority, width: usize) {
    for receipt in run(executor, &spec(url, authority), width) {
        assert!(matches!(receipt.outcome, Outcome::Done(_)), "{}: {receipt:?}", executor.id());
    }
}

#[test]
fn a_certificate_of_the_named_authority_is_accepted_for_a_name_and_for_an_address() {
    let authority = Authority::new();
    for host in ["localhost", "127.0.0.1"] {
        for executor in executors() {
            let server = Server::start(authority.issue(host));
            all_done(&*executor, &server.url(host), &authority, 3);
            assert_eq!(server.requests(), 10, "{}", executor.id());
        }
    }
}

#[test]
fn a_connection_is_encrypted_once_and_used_again() {
    let authority = Authority::new();
    for executor in executors() {
        let server = Server::start(authority.issue("localhost"));
        all_done(&*executor, &server.url("localhost"), &authority, 2);
        let connections = server.connections();
        assert!((1..=2).contains(&connections), "{}: {connections}", executor.id());
    }
    let server = Server::start(authority.issue("localhost"));
    all_done(&FalseTokio, &server.url("localhost"), &authority, 2);
    assert_eq!((server.connections(), server.requests()), (1, 10));
}

#[test]
fn a_certificate_of_another_authority_fails_every_item_as_of_an_unknown_issuer() {
    let server = Server::start(Authority::named("another authority").issue("localhost"));
    all_fail(&server.url("localhost"), &Authority::new(), "TLS: unknown issuer");
    assert_eq!(server.requests(), 0, "nothing is sent to a stranger");
}

#[test]
fn a_certificate_of_an_authority_that_only_calls_itself_the_same_fails_every_item() {
    let server = Server::start(Authority::new().issue("localhost"));
    all_fail(&server.url("localhost"), &Authority::new(), "BadSignature");
    assert_eq!(server.requests(), 0, "nothing is sent to a stranger");
}

#[test]
fn a_certificate_for_another_name_fails_every_item_with_both_names() {
    let authority = Authority::new();
    let server = Server::start(authority.issue("elsewhere.test"));
    all_fail(&server.url("localhost"), &authority, "TLS: name mismatch");
    all_fail(&server.url("localhost"), &authority, "elsewhere.test");
    assert_eq!(server.requests(), 0, "nothing is sent to a stranger");
}

#[test]
fn a_certificate_whose_time_is_over_fails_every_item() {
    let authority = Authority::new();
    let mut params = CertificateParams::new(["localhost".to_owned()]).unwrap();
    params.not_before = date_time_ymd(1999, 1, 1);
    params.not_after = date_time_ymd(2000, 1, 1);
    let server = Server::start(authority.sign(&params));
    all_fail(&server.url("localhost"), &authority, "expired");
    assert_eq!(server.requests(), 0, "nothing is sent to a stranger");
}

#[test]
fn a_server_may_show_the_very_certificate_that_is_trusted_although_it_is_an_authoritys() {
    let authority = Authority::of_a_server("localhost");
    let server = Server::start(authority.own());
    for executor in executors() {
        all_done(&*executor, &server.url("localhost"), &authority, 3);
    }
}

#[test]
fn the_trusted_certificate_of_an_authority_must_be_for_the_name_and_in_its_time() {
    let authority = Authority::of_a_server("localhost");
    let server = Server::start(authority.own());
    all_fail(&server.url("127.0.0.1"), &authority, "TLS: name mismatch");
    assert_eq!(server.requests(), 0, "nothing is sent to a stranger");

    for (from, to, words) in [(1999, 2000, "expired"), (3000, 3001, "not valid yet")] {
        let mut params = CertificateParams::new(["localhost".to_owned()]).unwrap();
        params.not_before = date_time_ymd(from, 1, 1);
        params.not_after = date_time_ymd(to, 1, 1);
        let authority = Authority::of(params);
        let server = Server::start(authority.own());
        all_fail(&server.url("localhost"), &authority, words);
        assert_eq!(server.requests(), 0, "nothing is sent to a stranger");
    }
}

#[test]
fn the_certificate_of_an_authority_that_is_not_trusted_fails_every_item_as_of_an_unknown_issuer() {
    let server = Server::start(Authority::of_a_server("localhost").own());
    all_fail(&server.url("localhost"), &Authority::new(), "TLS: unknown issuer");
    assert_eq!(server.requests(), 0, "nothing is sent to a stranger");
}

#[test]
fn the_trusted_certificate_shown_without_its_key_fails_every_item() {
    let authority = Authority::of_a_server("localhost");
    let (certificate, _) = authority.own();
    let (_, other_key) = Authority::of_a_server("localhost").own();
    let server = Server::start((certificate, other_key));
    all_fail(&server.url("localhost"), &authority, "TLS: ");
    assert_eq!(server.requests(), 0, "nothing is sent to a stranger");
}

#[test]
fn an_answer_that_is_cut_off_or_garbled_on_the_way_fails_every_item_as_a_fault_of_tls() {
    let authority = Authority::new();
    let url = breaks::start(authority.issue("localhost"), Breaks::Off);
    all_fail(&url, &authority, "TLS: the connection was closed before its end");
    // A record of TLS whose contents nobody has encrypted.
    let url = breaks::start(authority.issue("localhost"), Breaks::Garbled);
    all_fail(&url, &authority, "TLS: cannot decrypt");
}

#[test]
fn plain_http_spoken_to_a_port_of_tls_fails_every_item() {
    let authority = Authority::new();
    let server = Server::start(authority.issue("localhost"));
    let plain = server.url("localhost").replace("https:", "http:");
    all_fail(&plain, &authority, "");
    assert_eq!(server.requests(), 0);
}

#[test]
fn tls_spoken_to_a_port_of_plain_http_fails_every_item_with_that_reason() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://127.0.0.1:{}/items/{{item}}", listener.local_addr().unwrap().port());
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            // The client may have hung up, which is its right.
            let _ = (&stream).write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
        }
    });
    all_fail(&url, &Authority::new(), "does not speak TLS");
}

#[test]
fn a_handshake_that_never_ends_fails_every_item_in_its_time() {
    // It accepts nothing: connections stand as soon as the system has queued them.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://127.0.0.1:{}/items/{{item}}", listener.local_addr().unwrap().port());
    let authority = Authority::new();
    for executor in executors() {
        let spec = spec(&url, &authority).with("timeout_ms", 200).with("items", "1..3");
        for receipt in run(&*executor, &spec, 3) {
            let Outcome::Failed(reason) = &receipt.outcome else { panic!("{receipt:?}") };
            assert!(reason.ends_with("no answer within 200ms"), "{}: {reason}", executor.id());
        }
    }
}

#[test]
fn a_file_without_a_certificate_is_refused_before_the_run() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let spec = spec("https://127.0.0.1:1/{item}", &Authority::new());
    let error = build(&spec.with("ca_file", file.path().display())).unwrap_err().to_string();
    assert!(error.contains("there is none"), "{error}");
}
