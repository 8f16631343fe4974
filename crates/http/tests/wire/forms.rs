//! The same requests by each form: blocking, and on both reactors.

use std::future::Future;
use std::time::Duration;

use paceline_core::AsyncIo;
use paceline_http::{Client, HttpError, Limits, Method, Request};
use paceline_io::{SmolIo, TokioIo};

/// More than any request of these tests takes.
pub(crate) const LONG: Duration = Duration::from_secs(20);

/// What the longest body of these tests may have, in bytes.
pub(crate) const BODY_BYTES: u64 = 64 * 1024;

pub(crate) type Answer = Result<Vec<u8>, String>;

pub(crate) const FORMS: [&str; 3] = ["blocking", "tokio", "smol"];

/// A client with the limits of these tests.
pub(crate) fn client(url: &str) -> Client {
    Client::new(url, Limits { timeout: LONG, body_bytes: BODY_BYTES }).unwrap()
}

/// Asks `times` times in turn, by each form with a client of its own.
pub(crate) fn ask(new: impl Fn() -> Client, request: &Request, times: usize) -> [Vec<Answer>; 3] {
    FORMS.map(|form| ask_by(form, &new(), request, times))
}

pub(crate) fn ask_by(form: &str, client: &Client, request: &Request, times: usize) -> Vec<Answer> {
    match form {
        "blocking" => (0..times).map(|_| told(client.send(request))).collect(),
        "tokio" => on_tokio(in_turn(client, request, times, &TokioIo)),
        _ => smol::block_on(in_turn(client, request, times, &SmolIo)),
    }
}

/// What all forms say to one request; they must say the same.
pub(crate) fn agreed(url: &str, method: Method) -> Answer {
    let request = Request { method, path: "/a".to_owned(), body: None };
    let [blocking, tokio, smol] = ask(|| client(url), &request, 1).map(|mut all| all.remove(0));
    assert_eq!(blocking, tokio);
    assert_eq!(blocking, smol);
    blocking
}

async fn in_turn(
    client: &Client,
    request: &Request,
    times: usize,
    io: &dyn AsyncIo,
) -> Vec<Answer> {
    let mut answers = Vec::new();
    for _ in 0..times {
        answers.push(told(client.send_async(request, io).await));
    }
    answers
}

fn on_tokio<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

fn told(answer: Result<Vec<u8>, HttpError>) -> Answer {
    answer.map_err(|error| error.to_string())
}
