//! Deadlines under a runtime whose timer never rings.

use std::future::pending;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use futures_io::{AsyncRead, AsyncWrite};
use paceline_core::BoxFuture;

use crate::Client;

use super::*;

/// More reads than can be tried by the deadline. It ends a test whose request would go on for ever.
const MOST_READS: u32 = 20_000_000;

/// A runtime that never turns its timers, over connections that do as `read` says.
struct Timeless(fn(u32, &mut [u8]) -> Poll<io::Result<usize>>);

struct Line {
    read: fn(u32, &mut [u8]) -> Poll<io::Result<usize>>,
    reads: u32,
}

impl AsyncIo for Timeless {
    fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
        Box::pin(pending())
    }

    fn connect(&self, _: SocketAddr) -> BoxFuture<'static, io::Result<Box<dyn AsyncStream>>> {
        let line: Box<dyn AsyncStream> = Box::new(Line { read: self.0, reads: 0 });
        Box::pin(std::future::ready(Ok(line)))
    }
}

impl AsyncRead for Line {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        self.reads += 1;
        context.waker().wake_by_ref();
        (self.read)(self.reads, bytes)
    }
}

impl AsyncWrite for Line {
    fn poll_write(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

fn ask(io: &Timeless) -> Result<Vec<u8>, String> {
    let limits = Limits { timeout: Duration::from_millis(20), body_bytes: 10 };
    let client = Client::new("http://127.0.0.1:1", limits).unwrap();
    let answer = smol::block_on(client.send_async(&Request::get("/"), io));
    answer.map_err(|error| error.to_string())
}

#[test]
fn a_request_that_has_itself_woken_all_the_time_ends_at_its_deadline_without_the_runtimes_timer() {
    let never = Timeless(|reads, _| match reads {
        MOST_READS.. => Poll::Ready(Err(io::ErrorKind::BrokenPipe.into())),
        _ => Poll::Pending,
    });
    assert_eq!(ask(&never), Err("GET /: no answer within 20ms".to_owned()));
}

#[test]
fn an_answer_that_is_found_after_the_deadline_is_none() {
    let late = Timeless(|reads, bytes| {
        const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
        if reads == 1 {
            // Something else has the thread until the deadline is over.
            std::thread::sleep(Duration::from_millis(30));
        }
        // More than one turn of the request makes.
        if reads <= 50 {
            return Poll::Pending;
        }
        bytes[..ANSWER.len()].copy_from_slice(ANSWER);
        Poll::Ready(Ok(ANSWER.len()))
    });
    assert_eq!(ask(&late), Err("GET /: no answer within 20ms".to_owned()));
}
