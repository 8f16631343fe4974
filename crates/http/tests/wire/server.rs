//! A server that reads requests as it should, and answers as a test says.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// What becomes of a connection after an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Then {
    Close,
    Stay,
}

/// It answers until the tests end.
pub(crate) struct Server {
    pub(crate) url: String,
    seen: Arc<Seen>,
}

#[derive(Default)]
struct Seen {
    connections: AtomicUsize,
    /// The heads of all requests, with their bodies.
    requests: Mutex<Vec<String>>,
}

impl Server {
    /// Answers each request on a port of `host` as `answer` does.
    pub(crate) fn on(
        host: &str,
        answer: impl Fn(&mut TcpStream) -> io::Result<Then> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind((host, 0)).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (answer, seen) = (Arc::new(answer), Arc::<Seen>::default());
        let books = Arc::clone(&seen);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                books.connections.fetch_add(1, Ordering::SeqCst);
                let (answer, books) = (Arc::clone(&answer), Arc::clone(&books));
                // A client that hangs up ends it, which is its right.
                thread::spawn(move || serve(stream, &*answer, &books));
            }
        });
        Self { url, seen }
    }

    pub(crate) fn answering(
        answer: impl Fn(&mut TcpStream) -> io::Result<Then> + Send + Sync + 'static,
    ) -> Self {
        Self::on("127.0.0.1", answer)
    }

    /// Writes `bytes` at once, and `then` closes.
    pub(crate) fn writing(bytes: impl Into<Vec<u8>>, then: Then) -> Self {
        let bytes = bytes.into();
        Self::answering(move |stream| stream.write_all(&bytes).map(|()| then))
    }

    /// Writes `bytes` one by one, and closes.
    pub(crate) fn dripping(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        Self::answering(move |stream| {
            stream.set_nodelay(true)?;
            bytes.chunks(1).try_for_each(|byte| stream.write_all(byte))?;
            Ok(Then::Close)
        })
    }

    /// Writes `bytes` up to `cut`, waits until that is likely to have been read, writes the rest, and closes.
    pub(crate) fn cut_at(cut: usize, bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        Self::answering(move |stream| {
            stream.set_nodelay(true)?;
            stream.write_all(&bytes[..cut])?;
            thread::sleep(Duration::from_millis(20));
            stream.write_all(&bytes[cut..])?;
            Ok(Then::Close)
        })
    }

    pub(crate) fn connections(&self) -> usize {
        self.seen.connections.load(Ordering::SeqCst)
    }

    pub(crate) fn requests(&self) -> Vec<String> {
        self.seen.requests.lock().unwrap().clone()
    }
}

fn serve(
    mut stream: TcpStream,
    answer: &dyn Fn(&mut TcpStream) -> io::Result<Then>,
    seen: &Seen,
) -> io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    loop {
        let mut request = String::new();
        while !request.ends_with("\r\n\r\n") {
            if reader.read_line(&mut request)? == 0 {
                return Ok(());
            }
        }
        let length = request.lines().find_map(|line| line.strip_prefix("content-length: "));
        let length = length.map_or(0, |length| length.parse().unwrap());
        (&mut reader).take(length).read_to_string(&mut request)?;
        seen.requests.lock().unwrap().push(request);
        if answer(&mut stream)? == Then::Close {
            return stream.shutdown(Shutdown::Both);
        }
    }
}
