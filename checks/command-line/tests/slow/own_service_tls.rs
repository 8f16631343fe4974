//! Requests to a service of the user's own over TLS, whose authority only the user knows.

#[path = "../../../../crates/workloads/tests/tls/authority.rs"]
#[expect(clippy::unwrap_used, reason = "it is shared with tests that may")]
mod authority;
#[path = "../../../../crates/workloads/tests/tls/server.rs"]
#[expect(clippy::unwrap_used, reason = "it is shared with tests that may")]
mod server;

use authority::Authority;
use paceline_journal::{Journal, SampleOutcome};
use server::Server;

use crate::support::{Outcome, Paceline};

#[test]
fn every_executor_has_valid_rows_over_tls_with_an_authority_of_the_users_own() {
    let (paceline, authority) = (Paceline::new(), Authority::new());
    let server = Server::start(authority.issue("localhost"));
    let file = authority.file.path().to_str().expect("the path is text");
    let url = server.url("localhost");
    let fixed = ["--url", &url, "--items", "1..4", "--rounds", "1", "--retakes", "0"];
    let more = ["--ca-file", file, "--max-in-flight", "2"];
    paceline.bench(&[&fixed[..], &more].concat()).expect_code(0);
    let journal = Journal::read(&paceline.journal()).expect("the journal can be read");
    let rows = &journal.header.plan.rows;
    for executor in ["seq", "async-tokio", "async-async-std", "async-smol", "procs-ipc"] {
        assert!(rows.iter().any(|row| row.case.executor == executor), "{executor}");
    }
    for sample in &journal.samples {
        let SampleOutcome::Measured { measured, .. } = &sample.outcome else {
            panic!("{sample:?}")
        };
        assert_eq!((measured.violations.len(), measured.items.item.len()), (0, 4), "{sample:?}");
    }
    assert_eq!(server.requests(), rows.len() * 2 * 4);
    // Each sample is a process of its own, and so has a connection of its own.
    assert!(server.connections() >= rows.len() * 2, "{}", server.connections());
}

#[test]
fn a_certificate_that_signed_itself_as_openssl_makes_it_is_one_to_name() {
    let (paceline, itself) = (Paceline::new(), Authority::of_a_server("localhost"));
    let server = Server::start(itself.own());
    let file = itself.file.path().to_str().expect("the path is text");
    let url = server.url("localhost");
    let fixed = ["--url", &url, "--items", "1..4", "--rounds", "1", "--retakes", "0"];
    let more = ["--ca-file", file, "--only", "width 2"];
    paceline.bench(&[&fixed[..], &more].concat()).expect_code(0);
}

#[test]
fn an_authority_that_nobody_named_makes_rows_invalid_with_that_reason() {
    let paceline = Paceline::new();
    let server = Server::start(Authority::named("of the server").issue("localhost"));
    let others = Authority::named("of others");
    let mut command = paceline.command("bench");
    command.args(["--url", &server.url("localhost"), "--items", "1..4", "--rounds", "1"]);
    command.args(["--only", "width 2", "--only", "async"]);
    // Whom the system trusts may be nobody at all.
    let ran = Outcome::of(command.env("SSL_CERT_FILE", others.file.path())).expect_code(3);
    assert!(ran.stdout.contains("GET /items/1: TLS: unknown issuer"), "{}", ran.stdout);
    assert_eq!(server.requests(), 0, "nothing is sent to a stranger");
}

#[test]
fn the_file_that_openssl_is_told_of_says_whom_the_system_trusts() {
    let (paceline, authority) = (Paceline::new(), Authority::new());
    let server = Server::start(authority.issue("localhost"));
    let url = server.url("localhost");
    let mut command = paceline.command("bench");
    command.args(["--url", &url, "--items", "1..4", "--rounds", "1", "--only", "seq"]);
    Outcome::of(command.env("SSL_CERT_FILE", authority.file.path())).expect_code(0);
}
