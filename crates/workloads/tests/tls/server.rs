//! A service over TLS, which answers everything with success and counts what it is asked.

use std::io::{self, BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use rustls::crypto::ring;
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::authority::Identity;

/// It answers until the tests end.
pub(crate) struct Server {
    port: u16,
    seen: Arc<Seen>,
}

#[derive(Default)]
struct Seen {
    /// Connections on which at least one request came.
    connections: AtomicUsize,
    requests: AtomicUsize,
}

impl Server {
    pub(crate) fn start(identity: Identity) -> Self {
        let (config, seen) = (config(identity), Arc::<Seen>::default());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let counts = Arc::clone(&seen);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
                let counts = Arc::clone(&counts);
                // A client that hangs up ends it, which is its right.
                thread::spawn(move || serve(StreamOwned::new(connection, stream), &counts));
            }
        });
        Self { port, seen }
    }

    pub(crate) fn url(&self, host: &str) -> String {
        format!("https://{host}:{}/items/{{item}}", self.port)
    }

    pub(crate) fn connections(&self) -> usize {
        self.seen.connections.load(Ordering::SeqCst)
    }

    pub(crate) fn requests(&self) -> usize {
        self.seen.requests.load(Ordering::SeqCst)
    }
}

/// What shows the certificate of `identity`, whether or not its key is the right one.
pub(crate) fn config((certificate, key): Identity) -> Arc<ServerConfig> {
    let key = ring::sign::any_supported_type(&key).unwrap();
    let certified = CertifiedKey::new(vec![certificate], key);
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(SingleCertAndKey::from(certified)));
    Arc::new(config)
}

fn serve(stream: StreamOwned<ServerConnection, TcpStream>, seen: &Seen) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    for number in 0.. {
        let mut line = String::new();
        while line != "\r\n" {
            line.clear();
            if stream.read_line(&mut line)? == 0 {
                return Ok(());
            }
        }
        seen.requests.fetch_add(1, Ordering::SeqCst);
        seen.connections.fetch_add(usize::from(number == 0), Ordering::SeqCst);
        let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
        stream.get_mut().write_all(answer)?;
    }
    Ok(())
}
