//! Requests to a service of the user's own, over real sockets.

use std::collections::BTreeMap;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use paceline_journal::{Journal, SampleOutcome};

use crate::support::{Outcome, Paceline};

/// A service that answers until the test ends, and counts what it is asked.
struct Service {
    url: String,
    asked: Arc<Mutex<BTreeMap<String, usize>>>,
}

impl Service {
    /// Answers a request whose first line contains `bad` with status 500.
    fn start(bad: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("bound"));
        let asked: Arc<Mutex<BTreeMap<String, usize>>> = Arc::default();
        let seen = Arc::clone(&asked);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let seen = Arc::clone(&seen);
                thread::spawn(move || serve(&stream, bad, &seen));
            }
        });
        Self { url, asked }
    }

    fn asked(&self) -> BTreeMap<String, usize> {
        self.asked.lock().expect("no test failed in between").clone()
    }
}

/// Answers on one connection until the client closes it. Every body is another one.
fn serve(stream: &TcpStream, bad: &str, asked: &Mutex<BTreeMap<String, usize>>) -> io::Result<()> {
    let mut lines = BufReader::new(stream).lines();
    while let Some(first) = lines.next() {
        let asks = first?.trim_end_matches(" HTTP/1.1").to_owned();
        let head = lines.by_ref().map_while(Result::ok).take_while(|line| !line.is_empty());
        let has_body = head.map(|line| line.to_lowercase()).any(|line| {
            line.starts_with("transfer-encoding")
                || (line.starts_with("content-length") && line != "content-length: 0")
        });
        let is_bad = !bad.is_empty() && asks.contains(bad) || has_body;
        let status = if is_bad { "500 Internal Server Error" } else { "200 OK" };
        let body = {
            let mut asked = asked.lock().expect("no test failed in between");
            let times = asked.entry(asks).or_default();
            *times += 1;
            times.to_string()
        };
        let length = body.len();
        let answer = format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\n\r\n{body}");
        (&mut &*stream).write_all(answer.as_bytes())?;
    }
    Ok(())
}

/// One counted round, and so two requests for each item of a row.
fn bench(paceline: &Paceline, arguments: &[&str]) -> Outcome {
    paceline.bench(&[arguments, &["--rounds", "1", "--retakes", "0"]].concat())
}

#[test]
fn a_service_is_asked_for_every_item_under_every_executor_and_not_once_more() {
    let (paceline, service) = (Paceline::new(), Service::start(""));
    let url = format!("{}/items/{{item}}?n={{index}}", service.url);
    let arguments = ["--url", &url, "--items", "1..4,a b", "--max-in-flight", "2"];
    let ran = bench(&paceline, &arguments).expect_code(0);
    assert!(
        ran.stderr.contains("for 5 items; the first asks for `/items/1?n=0`"),
        "{}",
        ran.stderr
    );
    assert!(ran.stderr.contains("rows wider than 2 are left out"), "{}", ran.stderr);
    let journal = Journal::read(&paceline.journal()).expect("the journal can be read");
    let rows = &journal.header.rows;
    for executor in ["seq", "async-tokio", "async-smol", "threads-rayon", "procs-ipc"] {
        assert!(rows.iter().any(|row| row.case.executor == executor), "{executor}");
    }
    assert!(rows.iter().all(|row| row.case.width.is_some_and(|width| width.get() <= 2)));
    for sample in &journal.samples {
        let SampleOutcome::Measured { measured, .. } = &sample.outcome else {
            panic!("{sample:?}")
        };
        assert_eq!((measured.violations.len(), measured.items.item.len()), (0, 5), "{sample:?}");
    }
    // Each row has asked in each of two rounds, and nobody else did.
    let paths = ["1?n=0", "2?n=1", "3?n=2", "4?n=3", "a%20b?n=4"];
    let expected = paths.map(|path| (format!("GET /items/{path}"), rows.len() * 2));
    assert_eq!(service.asked(), BTreeMap::from(expected));
}

#[test]
fn another_method_is_sent_where_it_is_asked_for_and_without_a_body() {
    let (paceline, service) = (Paceline::new(), Service::start(""));
    for (method, only) in
        [("POST", "seq"), ("DELETE", "async-tokio, width 2"), ("PUT", "async-smol, width 2")]
    {
        let url = format!("{}/{{item}}", service.url);
        let arguments = ["--url", &url, "--items", "2", "--method", method, "--only", only];
        bench(&paceline, &arguments).expect_code(0);
        assert_eq!(service.asked()[&format!("{method} /2")], 2);
    }
}

#[test]
fn a_status_that_is_no_success_fails_its_item_with_method_path_and_status() {
    let (paceline, service) = (Paceline::new(), Service::start("/items/3"));
    let url = format!("{}/items/{{item}}", service.url);
    let ran = bench(&paceline, &["--url", &url, "--items", "1..4", "--only", "width 2"]);
    let ran = ran.expect_code(3);
    assert!(ran.stdout.contains("item 2: GET /items/3: status 500"), "{}", ran.stdout);
    assert!(ran.stdout.contains(": invalid"), "{}", ran.stdout);
}

#[test]
fn what_cannot_be_asked_is_refused_before_anything_is_built() {
    let paceline = Paceline::new();
    let service = Service::start("");
    let good = format!("{}/{{item}}", service.url);
    // A port that was free a moment ago, and that nobody was given since.
    let nobody = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    let nobody = format!("http://{}/{{item}}", nobody.expect("a free port"));
    let refuse = |url: &str, more: &[&str], words: &str| {
        // Whatever tries to build ends with 1 here.
        let mut command = paceline.command("bench");
        command.args(["--url", url]).args(more).env("CARGO", "no-such-cargo");
        let refused = Outcome::of(&mut command).expect_code(2);
        assert!(refused.stderr.contains(words), "{words}: {}", refused.stderr);
    };
    let items = ["--items", "1..3"];
    refuse(&nobody, &items, "connect to port");
    refuse(&good.replace("item", "itm"), &items, "unknown placeholder `{itm}`");
    refuse(&good.replace("http:", "https:"), &items, "speak no TLS");
    refuse("http://no-such-host.invalid/{item}", &items, "look up the host");
    refuse(&good, &["--items", "0"], "there are none");
    refuse(&good, &[], "--items");
    refuse(&good, &[&items[..], &["--method", "BREW"]].concat(), "BREW");
    refuse(&good, &[&items[..], &["--command", "true"]].concat(), "cannot be used with");
    refuse(&good, &[&items[..], &["--matrix", "floor"]].concat(), "matrix `floor`");
    let narrow = ["--only", "width 8", "--max-in-flight", "4"];
    let narrow = [&["--url", &good][..], &items, &narrow].concat();
    let narrow = bench(&paceline, &narrow).expect_code(2);
    assert!(narrow.stderr.contains("every row is wider"), "{}", narrow.stderr);
    let unnamed = bench(&paceline, &["--matrix", "url"]).expect_code(2);
    assert!(unnamed.stderr.contains("connect to port 1 of 127.0.0.1"), "{}", unnamed.stderr);
    assert_eq!(service.asked(), BTreeMap::new(), "no request was sent");
}
