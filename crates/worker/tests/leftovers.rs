//! What programs of items come to when the driver is gone: none outlives the worker, whatever it is doing.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test may fail where it stands")]

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Write as _};
use std::num::NonZeroUsize;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use paceline_core::WorkloadSpec;
use paceline_measure::process::{kill_with_variable, with_variable};
use paceline_protocol::{CASE_MARK, Case, FORMAT, PoolLimits, Reply, Request};

/// How long to wait for something that must happen; reached only when it does not.
const PATIENCE: Duration = Duration::from_secs(30);

/// A worker that was sent a request, and the mark of all that it starts.
struct Worker {
    child: Child,
    mark: String,
}

impl Worker {
    fn asked(name: &str, request: &Request) -> Self {
        let mark = format!("{name}-{}", std::process::id());
        let mut command = Command::new(env!("CARGO_BIN_EXE_paceline-worker"));
        command.arg("case").env(CASE_MARK, &mark).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let request = serde_json::to_string(request).unwrap();
        writeln!(child.stdin.as_mut().unwrap(), "{request}").unwrap();
        Self { child, mark }
    }

    /// The processes that bear the mark, the worker's own not among them.
    fn programs(&self) -> usize {
        let marked = with_variable(CASE_MARK, OsStr::new(&self.mark)).unwrap();
        marked.iter().filter(|process| process.pid != self.child.id()).count()
    }

    fn await_programs(&self, count: usize) {
        let began = Instant::now();
        while self.programs() != count {
            assert!(began.elapsed() < PATIENCE, "there are {} programs", self.programs());
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Does to the worker what the death of its driver does.
    fn abandon(&mut self) {
        drop(self.child.stdin.take());
        self.child.wait().unwrap();
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // A test that fails leaves nothing running either.
        kill_with_variable(CASE_MARK, OsStr::new(&self.mark));
    }
}

/// Two items of a script.
fn commands(script: &str, check_output: bool) -> WorkloadSpec {
    let spec = WorkloadSpec::new("command").with("command", script).with("shell", true);
    let spec = spec.with("items", "1..2").with("directory", ".").with("run", true);
    spec.with("output", "pipe").with("check_output", check_output)
}

fn run(spec: WorkloadSpec) -> Request {
    let (width, batch) = (Some(NonZeroUsize::MIN), NonZeroUsize::MIN);
    let case = Case { spec, executor: "seq".to_owned(), width, batch };
    let pool = PoolLimits::default();
    Request::Run { format: FORMAT, case, expected: None, hold: false, pool, schedule: None }
}

#[test]
fn a_program_of_a_case_ends_with_the_driver() {
    let mut worker = Worker::asked("case", &run(commands("exec sleep 100", false)));
    worker.await_programs(1);
    worker.abandon();
    assert_eq!(worker.programs(), 0);
}

#[test]
fn a_program_of_the_run_in_sequence_ends_with_the_driver_and_none_follows() {
    let spec = commands("exec sleep 100", true);
    let mut worker = Worker::asked("digest", &Request::Digest { format: FORMAT, spec });
    worker.await_programs(1);
    worker.abandon();
    assert_eq!(worker.programs(), 0);
}

#[test]
fn a_program_that_an_item_left_behind_ends_although_the_worker_has_answered() {
    let script = "sleep 100 >/dev/null 2>&1 & true";
    let mut worker = Worker::asked("answered", &run(commands(script, false)));
    let mut answer = String::new();
    BufReader::new(worker.child.stdout.take().unwrap()).read_line(&mut answer).unwrap();
    assert!(matches!(serde_json::from_str(&answer).unwrap(), Reply::Measured(_)), "{answer}");
    worker.await_programs(2);
    worker.abandon();
    assert_eq!(worker.programs(), 0);
}
