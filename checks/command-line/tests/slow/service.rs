//! A service of the user's own, as a thread of the test.

use std::collections::BTreeMap;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

/// A service that answers until the test ends or it is stopped, and counts what it is asked.
pub(crate) struct Service {
    pub(crate) url: String,
    address: SocketAddr,
    seen: Arc<Seen>,
    door: JoinHandle<()>,
}

struct Seen {
    /// A request whose first line contains this is answered with status 500.
    bad: &'static str,
    /// How many requests it answers before it dies.
    most: usize,
    address: SocketAddr,
    asked: Mutex<BTreeMap<String, usize>>,
    is_over: AtomicBool,
}

impl Service {
    /// Answers a request whose first line contains `bad` with status 500.
    pub(crate) fn start(bad: &'static str) -> Self {
        Self::on(SocketAddr::from(([127, 0, 0, 1], 0)), bad, usize::MAX)
    }

    /// Answers `most` requests, and then dies with all its connections.
    pub(crate) fn mortal(most: usize) -> Self {
        Self::on(SocketAddr::from(([127, 0, 0, 1], 0)), "", most)
    }

    /// Stops, and starts again where it was.
    pub(crate) fn stop(self) -> impl FnOnce() -> Self {
        self.seen.end();
        self.door.join().expect("nothing in it panics");
        move || Self::on(self.address, "", usize::MAX)
    }

    fn on(address: SocketAddr, bad: &'static str, most: usize) -> Self {
        let listener = TcpListener::bind(address).expect("a free port");
        let address = listener.local_addr().expect("bound");
        let (asked, is_over) = (Mutex::default(), AtomicBool::new(false));
        let seen = Arc::new(Seen { bad, most, address, asked, is_over });
        let theirs = Arc::clone(&seen);
        let door = thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if theirs.is_over.load(Ordering::SeqCst) {
                    break;
                }
                let seen = Arc::clone(&theirs);
                // A client that hangs up ends it, which is its right.
                thread::spawn(move || serve(&stream, &seen));
            }
        });
        Self { url: format!("http://{address}"), address, seen, door }
    }

    pub(crate) fn asked(&self) -> BTreeMap<String, usize> {
        self.seen.asked.lock().expect("no test failed in between").clone()
    }
}

impl Seen {
    /// Notes a request; `None` when it is not to be answered any more.
    fn note(&self, asks: String) -> Option<String> {
        let mut asked = self.asked.lock().expect("no test failed in between");
        if asked.values().sum::<usize>() >= self.most {
            self.end();
        }
        if self.is_over.load(Ordering::SeqCst) {
            return None;
        }
        let times = asked.entry(asks).or_default();
        *times += 1;
        Some(times.to_string())
    }

    /// Has the door see that it is over: it only looks when somebody knocks.
    fn end(&self) {
        if !self.is_over.swap(true, Ordering::SeqCst) {
            drop(TcpStream::connect(self.address));
        }
    }
}

/// Answers on one connection until the client closes it. Every body is another one.
fn serve(stream: &TcpStream, seen: &Seen) -> io::Result<()> {
    let mut lines = BufReader::new(stream).lines();
    while let Some(first) = lines.next() {
        let asks = first?.trim_end_matches(" HTTP/1.1").to_owned();
        let head = lines.by_ref().map_while(Result::ok).take_while(|line| !line.is_empty());
        let has_body = head.map(|line| line.to_lowercase()).any(|line| {
            line.starts_with("transfer-encoding")
                || (line.starts_with("content-length") && line != "content-length: 0")
        });
        let is_bad = !seen.bad.is_empty() && asks.contains(seen.bad) || has_body;
        let status = if is_bad { "500 Internal Server Error" } else { "200 OK" };
        let Some(body) = seen.note(asks) else { return Ok(()) };
        let length = body.len();
        let answer = format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\n\r\n{body}");
        (&mut &*stream).write_all(answer.as_bytes())?;
    }
    Ok(())
}
