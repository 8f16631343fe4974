//! Where the system refuses threads, every executor either has all of its lanes or says how many it has.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test may fail where it stands")]

use std::io::{BufRead as _, BufReader, Write as _};
use std::num::NonZeroUsize;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use paceline_core::WorkloadSpec;
use paceline_protocol::{Case, FORMAT, PoolLimits, Registry, Reply, Request};

/// How long to wait for something that must happen; reached only when it does not.
const PATIENCE: Duration = Duration::from_secs(30);

const WORKER: &str = env!("CARGO_BIN_EXE_paceline-worker");

/// So many lanes do not fit into the address space, which holds the stack of each thread. Everything else that a
/// thread allocates is small beside 64 MiB, so the system always refuses a stack.
const LANES: NonZeroUsize = NonZeroUsize::new(1_000).unwrap();
const ADDRESS_SPACE: &str = "ulimit -v 1000000; exec \"$0\" case";
const STACK: (&str, &str) = ("RUST_MIN_STACK", "67108864");

/// A worker under the limit; it ends with the test, also when the test fails.
struct Worker(Child);

impl Worker {
    fn asked(executor: &str) -> Self {
        let spec = WorkloadSpec::new("overlap").with("items", LANES.get()).with("sleep_us", 1_000);
        let (executor, width) = (executor.to_owned(), Some(LANES));
        let case = Case { spec, executor, width, batch: NonZeroUsize::MIN };
        let pool = PoolLimits::default();
        let request = Request::Run {
            format: FORMAT,
            case,
            expected: None,
            hold: false,
            pool,
            schedule: None,
        };
        let mut command = Command::new("sh");
        command.args(["-c", ADDRESS_SPACE, WORKER]).env(STACK.0, STACK.1);
        // A backtrace takes more memory than there is left.
        command.env("RUST_BACKTRACE", "1");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let request = serde_json::to_string(&request).unwrap();
        writeln!(child.stdin.as_mut().unwrap(), "{request}").unwrap();
        Self(child)
    }

    fn reply(&mut self) -> Option<String> {
        let (sender, reply) = mpsc::channel();
        let mut replies = BufReader::new(self.0.stdout.take()?);
        std::thread::spawn(move || {
            let mut line = String::new();
            replies.read_line(&mut line).map(|_| sender.send(line))
        });
        reply.recv_timeout(PATIENCE).ok()
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn every_executor_has_all_its_lanes_or_says_how_many_came_up() {
    let list = Command::new(WORKER).arg("list").output().unwrap();
    let registry: Registry = serde_json::from_slice(&list.stdout).unwrap();
    let mut refused = Vec::new();
    for executor in registry.executors.iter().filter(|executor| executor.ceiling.is_none()) {
        let id = executor.id.as_str();
        let reply = Worker::asked(id).reply().unwrap_or_else(|| panic!("{id} hangs"));
        match serde_json::from_str(&reply).unwrap_or_else(|error| panic!("{id}: {error}: {reply}"))
        {
            Reply::Measured(measured) => assert_eq!(measured.started, LANES.get(), "{id}"),
            Reply::Broken { reason } => {
                assert!(reason.starts_with(&format!("start the lanes of {id}: ")), "{reason}");
                let limit = reason.contains("RLIMIT_AS 976 MiB");
                let counts = reason.contains(" of 1000 came up: ") && limit;
                let beforehand = "find room for 1000 children: they take";
                // Without the system's words, the executor went on where the next allocation may abort it.
                let counts = counts && reason.contains("Resource temporarily unavailable");
                assert!(counts || reason.contains(beforehand), "{reason}");
                refused.push(id);
            }
            other => panic!("{id}: {other:?}"),
        }
    }
    let threads = [
        "async-tokio-mt",
        "async-tokio-blocking",
        "threads-threadpool",
        "threads-rayon",
        "procs-ipc",
    ];
    assert_eq!(refused, threads);
}
