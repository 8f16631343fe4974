//! Connections between two requests: which are used again, and which are left before anything is sent.

use std::io::{self, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::thread;

use paceline_http::{Client, Limits, Method, Request, Trust};
use rcgen::{CertificateParams, KeyPair};
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection};

use crate::forms::{BODY_BYTES, FORMS, LONG, ask_by, client};
use crate::server::{Server, Then};

const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/// Asks `times` times, and demands that the client needed `connections` connections for that.
fn check(form: &str, server: &Server, times: usize, connections: usize) {
    let before = server.connections();
    let answers = ask_by(form, &client(&server.url), &Request::get("/"), times);
    assert!(answers.iter().all(|answer| answer == &Ok(b"ok".to_vec())), "{form}: {answers:?}");
    assert_eq!(server.connections() - before, connections, "{form}");
}

#[test]
fn a_connection_is_used_again_also_after_an_answer_in_chunks_or_without_a_body() {
    let chunked =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nA: b\r\n\r\n";
    for (answer, method) in [
        (&b"HTTP/1.1 204\r\n\r\n"[..], Method::GET),
        (OK, Method::GET),
        (chunked.as_bytes(), Method::GET),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", Method::HEAD),
    ] {
        let server = Server::writing(answer, Then::Stay);
        for (number, form) in FORMS.into_iter().enumerate() {
            let request = Request { method: method.clone(), ..Request::get("/") };
            let answers = ask_by(form, &client(&server.url), &request, 5);
            assert!(answers.iter().all(Result::is_ok), "{form}: {answers:?}");
            assert_eq!(server.connections(), number + 1, "{form}");
        }
    }
}

#[test]
fn a_connection_that_its_server_says_it_closes_is_left() {
    let closing = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok";
    let old = b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok";
    for answer in [&closing[..], old] {
        // It stays open, and whoever sent on it would have no answer.
        let server = Server::writing(answer, Then::Stay);
        FORMS.into_iter().for_each(|form| check(form, &server, 3, 3));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn an_end_of_the_connection_that_comes_together_with_the_answer_is_seen_before_the_next_request() {
    use rustix::net::sockopt::set_tcp_cork;
    // What is held back goes out with the end, in one packet.
    let server = Server::answering(|stream| {
        set_tcp_cork(&*stream, true)?;
        stream.write_all(OK).map(|()| Then::Close)
    });
    FORMS.into_iter().for_each(|form| check(form, &server, 20, 20));
}

#[test]
fn more_than_the_answer_has_its_connection_left_and_is_no_answer_to_the_next_request() {
    let stale = [OK, b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nstale"].concat();
    let server = Server::writing(stale, Then::Stay);
    FORMS.into_iter().for_each(|form| check(form, &server, 5, 5));
}

#[test]
fn a_connection_that_its_server_closed_while_it_lay_idle_is_left_by_every_form() {
    for form in FORMS {
        let (closed, is_closed) = channel();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        thread::spawn(move || {
            for mut stream in listener.incoming().map_while(Result::ok) {
                let read = stream.read(&mut [0; 1024]);
                read.and_then(|_| stream.write_all(OK)).unwrap();
                drop(stream);
                closed.send(()).unwrap();
            }
        });
        let client = client(&url);
        for _ in 0..5 {
            let answers = ask_by(form, &client, &Request::get("/"), 1);
            assert_eq!(answers, [Ok(b"ok".to_vec())], "{form}");
            is_closed.recv().unwrap();
        }
    }
}

/// Answers on each connection once and says that nothing more comes, in one packet; and does not close
/// before the client does.
fn last_words(stream: &mut TcpStream, config: &Arc<ServerConfig>) -> io::Result<()> {
    let mut connection = ServerConnection::new(Arc::clone(config)).unwrap();
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        connection.complete_io(stream)?;
        // Nothing yet is no error.
        let _ = connection.reader().read_to_end(&mut request);
    }
    connection.writer().write_all(OK)?;
    connection.send_close_notify();
    let mut packet = Vec::new();
    while connection.wants_write() {
        connection.write_tls(&mut packet)?;
    }
    stream.write_all(&packet)?;
    io::copy(stream, &mut io::sink()).map(drop)
}

#[test]
fn the_end_of_tls_that_comes_together_with_the_answer_is_seen_before_the_next_request() {
    let key = KeyPair::generate().unwrap();
    let certificate =
        CertificateParams::new(["localhost".to_owned()]).unwrap().self_signed(&key).unwrap();
    let certificate: CertificateDer<'static> = certificate.der().clone();
    let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.clone()], key)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let config = Arc::clone(&config);
            thread::spawn(move || last_words(&mut stream, &config));
        }
    });
    let url = format!("https://localhost:{}", address.port());
    let limits = Limits { timeout: LONG, body_bytes: BODY_BYTES };
    let trust = Trust::Only(vec![certificate]);
    for form in FORMS {
        let client = Client::with(&url, Some(address), &trust, limits).unwrap();
        let answers = ask_by(form, &client, &Request::get("/"), 5);
        assert!(answers.iter().all(|answer| answer == &Ok(b"ok".to_vec())), "{form}: {answers:?}");
    }
}
