//! Requests that fail leave no descriptors behind. Those of a process are counted, so this stands in a
//! binary of its own.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::fs::read_dir;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use paceline_http::{Client, Limits, Request};
use paceline_io::{SmolIo, TokioIo};

const TIMES: usize = 600;

fn open_files() -> usize {
    read_dir("/proc/self/fd").unwrap().count()
}

/// Every way to end a connection, in turn by the number in the path.
fn serve(mut stream: TcpStream) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut head = String::new();
    while reader.read_line(&mut head).is_ok_and(|length| length > 0) {
        if !head.ends_with("\r\n\r\n") {
            continue;
        }
        let number: usize = head[5..].split(' ').next().unwrap().parse().unwrap();
        let answer: &[u8] = match number % 6 {
            0 => b"HTTP/1.1 500 Oh\r\nContent-Length: 2\r\n\r\noh",
            1 => b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok",
            2 => b"nonsense\r\n\r\n",
            3 => b"",
            4 => b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n",
            _ => b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
        };
        if stream.write_all(answer).is_err() || [1, 3].contains(&(number % 6)) {
            return;
        }
        head.clear();
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

#[test]
fn requests_that_fail_in_any_way_leave_no_descriptor_open() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            thread::spawn(move || serve(stream));
        }
    });
    let limits = Limits { timeout: Duration::from_secs(20), body_bytes: 1_000 };
    let requests = || (0..TIMES).map(|number| Request::get(format!("/{number}")));
    // Runtimes keep some for the rest of the process.
    smol::block_on(smol::Timer::after(Duration::from_millis(1)));
    drop(runtime());
    let before = open_files();
    let blocking = Client::new(&url, limits).unwrap();
    let mut done = requests().filter(|request| blocking.send(request).is_ok()).count();
    let on_smol = Client::new(&url, limits).unwrap();
    done += smol::block_on(async {
        let mut done = 0;
        for request in requests() {
            done += usize::from(on_smol.send_async(&request, &SmolIo).await.is_ok());
        }
        done
    });
    let on_tokio = Client::new(&url, limits).unwrap();
    let runtime = runtime();
    done += runtime.block_on(async {
        let mut done = 0;
        for request in requests() {
            done += usize::from(on_tokio.send_async(&request, &TokioIo).await.is_ok());
        }
        done
    });
    assert_eq!(done, 3 * TIMES / 6);
    drop((blocking, on_smol, on_tokio, runtime));
    // The server in this process closes its ends when it has seen that ours are.
    while open_files() > before {
        thread::yield_now();
    }
}
