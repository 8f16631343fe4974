//! Answers of every kind: each is taken by all forms or by none, with the same words.

use paceline_http::Method;

use crate::forms::agreed;
use crate::server::{Server, Then};

/// What is to become of an answer: its body, or words of the error.
type Wanted = Result<&'static str, &'static str>;

fn check_as(method: &Method, answer: &[u8], wanted: Wanted) {
    let shown = String::from_utf8_lossy(&answer[..answer.len().min(200)]).into_owned();
    for server in [Server::writing(answer, Then::Close), Server::dripping(answer)] {
        match (agreed(&server.url, method.clone()), wanted) {
            (Ok(body), Ok(wanted)) => assert_eq!(body, wanted.as_bytes(), "{shown}"),
            (Err(error), Err(words)) => assert!(error.contains(words), "{shown}\n{error}"),
            (found, _) => panic!("{shown}\n{found:?}"),
        }
    }
}

/// An answer of status 200 with `rest` after its first line, on a connection that is closed then.
fn check(rest: &str, wanted: Wanted) {
    check_as(&Method::GET, format!("HTTP/1.1 200 OK\r\n{rest}").as_bytes(), wanted);
}

fn check_chunks(body: &str, wanted: Wanted) {
    check(&format!("Transfer-Encoding: chunked\r\n\r\n{body}"), wanted);
}

/// A body that is not whole.
const CUT: Wanted = Err("GET /a: the connection was closed in the middle of the answer's body");

#[test]
fn a_body_that_is_cut_off_is_an_error_wherever_it_is_cut() {
    check("Content-Length: 3\r\n\r\nok", CUT);
    check("Content-Length: 3\r\n\r\n", CUT);
    let whole = "2\r\nok\r\n0\r\n\r\n";
    for length in 0..whole.len() {
        check_chunks(&whole[..length], CUT);
    }
    check_chunks(whole, Ok("ok"));
    check_chunks("2\r\nok\r\n0\r\nA: b\r\n", CUT);
    check("Content-Le", Err("in the middle of the answer's head"));
    check_as(&Method::GET, b"", Err("closed without an answer"));
    check_as(&Method::GET, b"HTTP/1.1 100 Continue\r\n\r\n", Err("closed without an answer"));
}

#[test]
fn sizes_of_chunks_are_read_as_they_must_be_and_little_may_stand_beside_them() {
    for good in [
        "2",
        "02",
        "2 ",
        "2\t",
        "2;",
        "2;a",
        "2 ; a=\"b\"",
        "2;a=456789012345678",
        "00000000000000000002",
    ] {
        check_chunks(&format!("{good}\r\nok\r\n0\r\n\r\n"), Ok("ok"));
    }
    for bad in [
        "",
        " 2",
        "+2",
        "-2",
        "0x2",
        "2 2",
        "2,",
        "g",
        ";2",
        "2\n",
        "2;\n",
        "2;\r;",
        "fffffffffffffffff",
    ] {
        check_chunks(&format!("{bad}\r\nok\r\n0\r\n\r\n"), Err("whose size is no number"));
    }
    check_chunks(
        "2;a=45678901234567890\r\nok\r\n0\r\n\r\n",
        Err("more than 20 bytes for the size"),
    );
    check_chunks("1\r\nok\r\n0\r\n\r\n", Err("longer than it says"));
    check_chunks("2\r\nok\n0\r\n\r\n", Err("longer than it says"));
    let extended = "1;3456789012345678\r\nx\r\n".repeat(16 * 1024 / 16);
    check_chunks(&format!("{extended}0\r\n\r\n"), Err("bytes beside the sizes"));
}

#[test]
fn too_much_beside_the_sizes_of_chunks_is_found_alike_wherever_a_read_ends() {
    let line = "1;3456789012345678\r\nx\r\n";
    let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let answer = format!("{head}{}0\r\n\r\n", line.repeat(16 * 1024 / 16));
    let last_line = answer.len() - "0\r\n\r\n".len() - line.len();
    for cut in last_line..answer.len() {
        let server = Server::cut_at(cut, answer.as_str());
        let error = agreed(&server.url, Method::GET).unwrap_err();
        assert!(error.contains("bytes beside the sizes"), "{cut}: {error}");
    }
}

#[test]
fn a_trailer_is_left_out_of_the_body_and_is_made_of_fields() {
    check_chunks("2\r\nok\r\n0\r\nA: b\r\nC: d\r\n\r\n", Ok("ok"));
    let of = |line: &str| format!("2\r\nok\r\n0\r\n{line}\r\n\r\n");
    for bad in ["no field", "A: b\nC: d", "A: b\rC: d", ": b", "A: \0"] {
        check_chunks(&of(bad), Err("a trailer that is not made of fields"));
    }
    check_chunks(&of(&format!("A: {}", "b".repeat(8_000))), Ok("ok"));
    check_chunks(
        &of(&format!("A: {}", "b".repeat(9_000))),
        Err("a trailer of more than 8192 bytes"),
    );
}

/// An answer whose head has exactly so many bytes.
fn with_head_of(length: usize) -> Vec<u8> {
    let mut head = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n".to_vec();
    let line = length - head.len() - "X: \r\n\r\n".len();
    head.extend_from_slice(format!("X: {}\r\n\r\n", "x".repeat(line)).as_bytes());
    assert_eq!(head.len(), length);
    head.extend_from_slice(b"ok");
    head
}

#[test]
fn a_head_has_one_limit_of_bytes_and_one_of_fields() {
    check_as(&Method::GET, &with_head_of(32 * 1024), Ok("ok"));
    for length in [32 * 1024 + 1, 70_000, 300_000] {
        check_as(
            &Method::GET,
            &with_head_of(length),
            Err("the head of the answer has more than 32768 bytes"),
        );
    }
    // Spaces count, too.
    check(&format!("A:{}b\r\nContent-Length: 2\r\n\r\nok", " ".repeat(33_000)), Err("32768 bytes"));
    let fields =
        |count: usize| format!("{}Content-Length: 2\r\n\r\nok", "A: b\r\n".repeat(count - 1));
    check(&fields(100), Ok("ok"));
    for count in [101, 129, 1_000] {
        check(&fields(count), Err("the head of the answer has more than 100 fields"));
    }
}

#[test]
fn a_length_is_one_number() {
    for good in ["2", "02", "2, 2", "2\r\nContent-Length: 2", " 2 "] {
        check(&format!("Content-Length: {good}\r\n\r\nok"), Ok("ok"));
    }
    for bad in [
        "",
        "-1",
        "+2",
        "2,",
        "2, 3",
        "0x2",
        "2.0",
        "2\r\nContent-Length: 3",
        "18446744073709551616",
    ] {
        check(&format!("Content-Length: {bad}\r\n\r\nok"), Err("Content-Length is not one number"));
    }
    for huge in ["9223372036854775808", "18446744073709551613", "18446744073709551615"] {
        check(&format!("Content-Length: {huge}\r\n\r\nok"), Err("not one number below 2^63"));
    }
    for long in ["65537", "100000000", "9223372036854775807"] {
        let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {long}\r\n\r\nok");
        let server = Server::writing(answer, Then::Close);
        // Which of two faults is found first is a matter of the library.
        agreed_to_fail(&server.url);
    }
    // What is more than was announced is nobody's.
    check("Content-Length: 2\r\n\r\nokay", Ok("ok"));
    check("Content-Length: 0\r\n\r\nokay", Ok(""));
}

fn agreed_to_fail(url: &str) {
    let request = paceline_http::Request::get("/a");
    for answers in crate::forms::ask(|| crate::forms::client(url), &request, 1) {
        assert!(answers[0].is_err(), "{answers:?}");
    }
}

#[test]
fn chunks_outweigh_a_length_and_other_codings_are_refused() {
    let both = "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n";
    check(both, Ok("ok"));
    check("Transfer-Encoding: Chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", Ok("ok"));
    let codings = [
        "gzip, chunked",
        "chunked, gzip",
        "gzip",
        "identity",
        "",
        "chunked\r\nTransfer-Encoding: chunked",
    ];
    for coding in codings {
        let answer = format!("Transfer-Encoding: {coding}\r\nContent-Length: 2\r\n\r\nok");
        check(&answer, Err("a transfer coding other than `chunked`"));
    }
    let old = b"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n";
    check_as(&Method::GET, old, Err("a transfer coding other than `chunked`"));
}

#[test]
fn some_answers_have_no_body_whatever_they_say() {
    let answer = |status: &str, rest: &str| format!("HTTP/1.1 {status}\r\n{rest}").into_bytes();
    check_as(&Method::GET, &answer("204 No Content", "\r\n"), Ok(""));
    check_as(&Method::GET, &answer("204 No Content", "Content-Length: 2\r\n\r\nok"), Ok(""));
    check_as(&Method::GET, &answer("204", "Transfer-Encoding: chunked\r\n\r\n"), Ok(""));
    check_as(&Method::GET, &answer("204", "Content-Length: x\r\n\r\n"), Err("not one number"));
    check_as(&Method::GET, &answer("205 Reset Content", "Content-Length: 0\r\n\r\n"), Ok(""));
    check_as(&Method::GET, &answer("206 Partial Content", "Content-Length: 2\r\n\r\nok"), Ok("ok"));
    check_as(&Method::GET, &answer("304 Not Modified", "\r\n"), Err("status 304"));
    for rest in ["", "Content-Length: 100000000\r\n", "Transfer-Encoding: chunked\r\n"] {
        check_as(&Method::HEAD, &answer("200 OK", &format!("{rest}\r\n")), Ok(""));
    }
    let bad = answer("200 OK", "Content-Length: -1\r\n\r\n");
    check_as(&Method::HEAD, &bad, Err("not one number"));
    check_as(&Method::HEAD, &answer("500 Oh", "\r\n"), Err("HEAD /a: status 500"));
}

#[test]
fn informational_answers_are_passed_over_and_a_switch_of_protocols_is_none() {
    let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    let early = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n";
    check_as(&Method::GET, format!("{early}{ok}").as_bytes(), Ok("ok"));
    let switch = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n";
    check_as(&Method::GET, switch, Err("status 101"));
}

#[test]
fn a_continue_with_fields_is_refused_by_every_form() {
    let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    let with_field = format!("HTTP/1.1 100 Continue\r\nServer: a\r\n\r\n{ok}");
    let words = "GET /a: an informational answer of status 100 has fields";
    check_as(&Method::GET, with_field.as_bytes(), Err(words));
}

#[test]
fn an_informational_answer_has_no_body_whatever_it_says_and_may_not_say_nonsense() {
    let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    let check_field = |field: &str, wanted: Wanted| {
        for status in ["102", "103", "199"] {
            let informational = format!("HTTP/1.1 {status} Wait\r\n{field}\r\n\r\n");
            check_as(&Method::GET, format!("{informational}{ok}").as_bytes(), wanted);
        }
    };
    for field in ["Content-Length: 5", "Transfer-Encoding: chunked", "Connection: close"] {
        check_field(field, Ok("ok"));
    }
    check_field("Content-Length: x", Err("Content-Length is not one number"));
    check_field("Transfer-Encoding: gzip", Err("a transfer coding other than `chunked`"));
}

#[test]
fn a_hundred_informational_answers_are_passed_over_and_one_more_is_refused() {
    let answer = |count: usize| {
        let informational = "HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n".repeat(count);
        format!("{informational}HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").into_bytes()
    };
    check_as(&Method::GET, &answer(100), Ok("ok"));
    let continues = "HTTP/1.1 100 Continue\r\n\r\n".repeat(100);
    let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    check_as(&Method::GET, format!("{continues}{ok}").as_bytes(), Ok("ok"));
    let words = "more than 100 informational answers came before the answer";
    check_as(&Method::GET, &answer(101), Err(words));
    // Each request has as many for itself.
    let server = Server::writing(answer(100), Then::Stay);
    for answers in crate::forms::ask(
        || crate::forms::client(&server.url),
        &paceline_http::Request::get("/a"),
        3,
    ) {
        assert!(answers.iter().all(|answer| answer == &Ok(b"ok".to_vec())), "{answers:?}");
    }
}

#[test]
fn a_body_without_a_length_ends_with_its_connection() {
    check("\r\nok", Ok("ok"));
    check_as(&Method::GET, b"HTTP/1.0 200 OK\r\n\r\nok", Ok("ok"));
    check_as(&Method::GET, b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", Ok("ok"));
}

#[test]
fn what_is_not_http_is_refused_as_that() {
    for answer in [
        "220 ftp.example.org ready\r\n\r\n",
        "<html>",
        "HTTP/2.0 200 OK\r\n\r\n",
        "HTTP/1.1 2000 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno field\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA : b\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: \0\r\n\r\n",
    ] {
        check_as(&Method::GET, answer.as_bytes(), Err("the answer is not HTTP/1.1"));
    }
    for status in ["404", "500", "600", "999"] {
        let answer = format!("HTTP/1.1 {status} Oh\r\nContent-Length: x\r\n\r\n");
        agreed_to_fail(&Server::writing(answer, Then::Close).url);
        let answer = format!("HTTP/1.1 {status} Oh\r\nContent-Length: 0\r\n\r\n");
        check_as(&Method::GET, answer.as_bytes(), Err(&*format!("status {status}").leak()));
    }
    for status in ["000", "099"] {
        let answer = format!("HTTP/1.1 {status} Oh\r\nContent-Length: 0\r\n\r\n");
        agreed_to_fail(&Server::writing(answer, Then::Close).url);
    }
}

#[test]
fn a_body_of_another_encoding_comes_as_it_is() {
    let gzip = "Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\u{1f}\u{8}x!";
    check(gzip, Ok("\u{1f}\u{8}x!"));
}
