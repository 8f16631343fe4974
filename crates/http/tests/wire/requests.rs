//! What is sent: the same by every form, and where it is sent.

use std::net::TcpListener;

use paceline_http::{Method, Request};

use crate::forms::{FORMS, ask, ask_by, client};
use crate::server::{Server, Then};

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/// The lines of a head in an order of their own, since those of fields are the libraries'.
fn sorted(request: &str) -> (String, Vec<String>) {
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let mut lines: Vec<String> = head.lines().map(str::to_owned).collect();
    lines[1..].sort();
    (body.to_owned(), lines)
}

#[test]
fn all_forms_send_the_same_request_and_say_who_they_are() {
    let requests = [
        Request::get("/a?b=c%20d"),
        Request { method: Method::HEAD, ..Request::get("/") },
        Request { method: Method::POST, ..Request::get("/") },
        Request { method: Method::PUT, ..Request::get("//double//") },
        Request { method: Method::PATCH, ..Request::get("/../a;b") },
        Request { method: Method::DELETE, ..Request::get("/") },
        Request::put("/a", b"{}".to_vec()),
    ];
    for request in requests {
        let server = Server::writing(OK, Then::Stay);
        ask(|| client(&server.url), &request, 1);
        let sent: Vec<_> = server.requests().iter().map(|request| sorted(request)).collect();
        assert_eq!(sent.len(), 3);
        assert_eq!(sent[0], sent[1]);
        assert_eq!(sent[0], sent[2]);
        let (body, lines) = &sent[0];
        assert_eq!(lines[0], format!("{} {} HTTP/1.1", request.method, request.path));
        assert_eq!(body.as_bytes(), request.body.clone().unwrap_or_default());
        let host = server.url.replace("http://", "host: ");
        assert!(lines.contains(&host), "{lines:?}");
        assert!(lines.iter().any(|line| line.starts_with("user-agent: paceline/")), "{lines:?}");
        let has_length = lines.iter().any(|line| line.starts_with("content-length: "));
        let usually = ["POST", "PUT", "PATCH"].contains(&request.method.as_str());
        assert_eq!(has_length, usually, "{lines:?}");
    }
}

#[test]
fn a_path_that_no_request_can_have_is_an_error_by_every_form() {
    let server = Server::writing(OK, Then::Stay);
    let long = format!("/{}", "x".repeat(70_000));
    for path in ["/a b", "/a\r\nHost: b", "/a\0", &long] {
        for answers in ask(|| client(&server.url), &Request::get(path), 1) {
            let error = answers[0].as_ref().expect_err("no such path");
            assert!(error.contains("no such request can be made"), "{error}");
        }
    }
    assert_eq!(server.requests(), [""; 0]);
}

#[test]
fn a_head_of_16_kib_is_sent_and_a_longer_one_refused_by_every_form_in_the_same_words() {
    let server = Server::writing(OK, Then::Stay);
    let without_path = {
        ask(|| client(&server.url), &Request::get("/"), 1);
        server.requests()[0].len() - 1
    };
    let of = |length: usize| Request::get(format!("/{}", "x".repeat(length - without_path - 1)));
    for answers in ask(|| client(&server.url), &of(16 * 1024), 1) {
        assert_eq!(answers, [Ok(b"ok".to_vec())]);
    }
    let sent = server.requests();
    assert_eq!(sent[3..].iter().map(String::len).collect::<Vec<_>>(), [16 * 1024; 3]);
    for length in [16 * 1024 + 1, 40_000, 70_000] {
        let words = format!(
            ": no such request can be made: its head has {length} bytes, and 16384 are the most"
        );
        for answers in ask(|| client(&server.url), &of(length), 1) {
            let error = answers[0].as_ref().expect_err("it is too long");
            assert!(error.starts_with("GET /xxx") && error.ends_with(&words), "{error}");
            assert!(error.len() < 400, "nobody reads a path of that length: {error}");
        }
    }
    assert_eq!(server.requests().len(), 6);
}

#[test]
fn an_address_of_version_6_is_asked_by_every_form() {
    // A system may be without it.
    let Ok(_) = TcpListener::bind("[::1]:0") else { return };
    let server = Server::on("::1", |stream| {
        std::io::Write::write_all(stream, OK.as_bytes()).map(|()| Then::Stay)
    });
    assert!(server.url.starts_with("http://[::1]:"));
    for answers in ask(|| client(&server.url), &Request::get("/"), 2) {
        assert_eq!(answers, [Ok(b"ok".to_vec()), Ok(b"ok".to_vec())]);
    }
    let host = server.url.replace("http://", "host: ");
    assert!(server.requests().iter().all(|request| request.contains(&host)));
}

#[test]
fn an_answer_before_the_request_was_read_is_an_answer() {
    // The first bytes are enough for this server; it reads the rest when it has answered.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let answered = std::io::Read::read_exact(&mut stream, &mut [0; 3])
                .and_then(|()| std::io::Write::write_all(&mut stream, OK.as_bytes()));
            let rest = std::io::copy(&mut stream, &mut std::io::sink());
            answered.and(rest).unwrap();
        }
    });
    let request = Request::put("/", vec![b' '; 300]);
    for form in FORMS {
        let answers = ask_by(form, &client(&url), &request, 1);
        assert_eq!(answers, [Ok(b"ok".to_vec())], "{form}");
    }
}
