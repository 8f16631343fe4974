//! What items ask for, on each runtime: a program that runs and one that does not exist, a connection,
//! a wait.

#![cfg(unix)]

use std::future::Future;
use std::io::{ErrorKind, Read};
use std::net::TcpListener;
use std::process::Command;
use std::thread;
use std::time::Duration;

use futures_lite::io::AsyncWriteExt as _;
use paceline_core::AsyncIo;
use paceline_io::{SmolIo, TokioIo};

fn on_tokio(work: impl Future) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(work);
}

fn on_smol(work: impl Future) {
    smol::block_on(work);
}

async fn runs_programs(io: &dyn AsyncIo) {
    let mut command = Command::new("sh");
    command.args(["-c", "echo out; echo err >&2; cat; exit 3"]);
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let status = io.run_program(command, Some(&mut out), Some(&mut err)).await;
    assert_eq!(status.expect("it starts").code(), Some(3));
    assert_eq!((&out[..], &err[..]), (&b"out\n"[..], &b"err\n"[..]));
    let missing = io.run_program(Command::new("no-such-program"), None, None).await;
    assert_eq!(missing.expect_err("there is none").kind(), ErrorKind::NotFound);
}

/// More than a pipe holds, on both streams.
async fn reads_both_streams_at_once(io: &dyn AsyncIo) {
    let mut command = Command::new("sh");
    command.args(["-c", "head -c 300000 /dev/zero >&2; head -c 300000 /dev/zero"]);
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let status = io.run_program(command, Some(&mut out), Some(&mut err)).await;
    assert!(status.expect("it starts").success());
    assert_eq!((out.len(), err.len()), (300_000, 300_000));
}

async fn connects(io: &dyn AsyncIo) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("bound");
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a client");
        let mut said = String::new();
        stream.read_to_string(&mut said).expect("the client closes");
        said
    });
    let mut stream = io.connect(address).await.expect("somebody listens");
    stream.write_all(b"hello").await.expect("written");
    stream.close().await.expect("closed");
    drop(stream);
    assert_eq!(server.join().expect("no panic"), "hello");
    assert_eq!(
        io.connect(address).await.err().expect("nobody listens").kind(),
        ErrorKind::ConnectionRefused
    );
}

#[test]
fn tokio_answers_what_items_ask() {
    on_tokio(async {
        runs_programs(&TokioIo).await;
        reads_both_streams_at_once(&TokioIo).await;
        connects(&TokioIo).await;
        TokioIo.sleep(Duration::from_millis(1)).await;
    });
}

#[test]
fn smol_answers_what_items_ask() {
    on_smol(async {
        runs_programs(&SmolIo).await;
        reads_both_streams_at_once(&SmolIo).await;
        connects(&SmolIo).await;
        SmolIo.sleep(Duration::from_millis(1)).await;
    });
}
