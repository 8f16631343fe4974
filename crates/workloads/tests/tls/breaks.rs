//! A service over TLS whose answers break off.

use std::io::{self, BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use rustls::{ServerConnection, StreamOwned};

use super::authority::Identity;
use super::server::config;

/// How an answer ends before its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Breaks {
    /// The connection is closed, and TLS says nothing of it.
    Off,
    /// Something comes that is not encrypted.
    Garbled,
}

/// The URL of a service at `localhost`, which sends half of each answer until the tests end.
pub(crate) fn start(identity: Identity, breaks: Breaks) -> String {
    let config = config(identity);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            // A client that hangs up ends it, which is its right.
            thread::spawn(move || serve(StreamOwned::new(connection, stream), breaks));
        }
    });
    format!("https://localhost:{port}/items/{{item}}")
}

fn serve(stream: StreamOwned<ServerConnection, TcpStream>, breaks: Breaks) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    while line != "\r\n" {
        line.clear();
        stream.read_line(&mut line)?;
    }
    stream.get_mut().write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel")?;
    if breaks == Breaks::Garbled {
        let socket = &mut stream.get_mut().sock;
        socket.write_all(&[&b"\x17\x03\x03\x00\x20"[..], &[0; 32]].concat())?;
        // To close it while something is unread would reset it.
        io::copy(socket, &mut io::sink())?;
    }
    Ok(())
}
