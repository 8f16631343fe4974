//! Children that do not keep to the protocol, and a parent that does nothing more than it must. Their
//! messages have the form of the pool's own.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, BufRead, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::thread;

use ipc_channel::ipc::{self, IpcOneShotServer, IpcReceiver, IpcSender, IpcSharedMemory};
use paceline_core::{Checksum, LaneId, Outcome, Span, Task, WorkloadSpec};
use serde::{Deserialize, Serialize};

use crate::pass::{Pass, await_true};

/// The variable that says which part a child plays.
pub(crate) const PART: &str = "PACELINE_TEST_ROGUE";

#[derive(Debug, Serialize, Deserialize)]
struct Hello {
    build: u64,
    tasks: IpcSender<ToChild>,
}

#[derive(Debug, Serialize, Deserialize)]
enum ToChild {
    Begin(Box<Begin>),
    Run(Vec<Task>),
}

#[derive(Debug, Serialize, Deserialize)]
struct Begin {
    receipts: IpcSender<FromChild>,
    board: IpcSharedMemory,
    lane: LaneId,
    spec: WorkloadSpec,
}

#[derive(Debug, Serialize, Deserialize)]
enum FromChild {
    Ready,
    Unfit(String),
    Receipts(Vec<(Span, Outcome)>),
}

/// Plays the part that the environment asks for, if this process was started as a child.
pub(crate) fn serve_if_asked() -> Option<ExitCode> {
    let part = std::env::var(PART).ok()?;
    if std::env::args().nth(1)? != "paceline-ipc-child" {
        return None;
    }
    match part.as_str() {
        "leaves-at-once" => {
            let mut err = io::stderr().lock();
            let _ = (0..1_000).try_for_each(|line| writeln!(err, "this is no reason: {line}"));
            let _ = writeln!(err, "some library is missing\nso this process ends");
            Some(ExitCode::from(3))
        }
        "never-connects" => loop {
            thread::park();
        },
        "other-build" => serve(1, || FromChild::Ready),
        "speaks-out-of-turn" => serve(build(), || FromChild::Ready),
        "reports-too-much" => serve(build(), || {
            let span = Span { start_ns: 1, end_ns: 2 };
            FromChild::Receipts(vec![(span, Outcome::Done(Checksum(0))); 2])
        }),
        "sends-nonsense" => {
            let parent = IpcSender::<(u64, u64)>::connect(door()).expect("the parent waits");
            parent.send((1, 1)).expect("the parent waits");
            Some(ExitCode::SUCCESS)
        }
        other => panic!("no part {other}"),
    }
}

/// Answers tasks of one item with what is no answer.
fn serve(build: u64, answer: impl Fn() -> FromChild) -> Option<ExitCode> {
    let parent = IpcSender::<Hello>::connect(door()).expect("the parent waits");
    let (tasks, from_parent) = ipc::channel().expect("channels can be made");
    parent.send(Hello { build, tasks }).expect("the parent waits");
    let Ok(ToChild::Begin(begin)) = from_parent.recv() else { return Some(ExitCode::FAILURE) };
    begin.receipts.send(FromChild::Ready).expect("the parent waits");
    while from_parent.recv().is_ok() && begin.receipts.send(answer()).is_ok() {}
    Some(ExitCode::FAILURE)
}

/// A parent in this process, with one child that has begun the first item of `pass`.
#[derive(Debug)]
pub(crate) struct LoneParent {
    pub(crate) child: Child,
    /// Kept open, so that only the leash can tell the child to end.
    _channels: (IpcSender<ToChild>, IpcReceiver<FromChild>),
}

impl LoneParent {
    pub(crate) fn of_busy_child(pass: &Pass) -> Self {
        let (server, door) = IpcOneShotServer::<Hello>::new().expect("there is a folder");
        let own = std::env::current_exe().expect("this binary has a path");
        let mut command = Command::new(own);
        command.arg("paceline-ipc-child").stdin(Stdio::piped()).stdout(Stdio::null());
        let mut child = command.spawn().expect("this binary can be run again");
        let leash = child.stdin.as_mut().expect("it is piped");
        write!(leash, "{door}\n{door}\n").expect("the child reads");
        // Nobody has accepted yet, so it is the child that removes the socket.
        await_true("the child to remove the socket", || !Path::new(&door).exists());

        let (_, Hello { tasks, .. }) = server.accept().expect("the child connects");
        let (receipts, from_child) = ipc::channel().expect("channels can be made");
        let board = IpcSharedMemory::from_byte(0, 4096);
        let begin = Begin { receipts, board, lane: LaneId(0), spec: pass.spec.clone() };
        tasks.send(ToChild::Begin(Box::new(begin))).expect("the child listens");
        assert!(matches!(from_child.recv(), Ok(FromChild::Ready)));
        tasks.send(ToChild::Run(vec![Task::new(0..1)])).expect("the child listens");
        Self { child, _channels: (tasks, from_child) }
    }
}

/// A child whose parent is killed when it has made the door, and before it says so. Returns the path of
/// the door, which is the child's to remove.
pub(crate) fn orphan_at_an_open_door(folder: &Path) -> (Child, PathBuf) {
    let own = std::env::current_exe().expect("this binary has a path");
    let mut command = Command::new(own);
    command.arg("paceline-ipc-child").stdin(Stdio::piped()).stdout(Stdio::null());
    let mut child = command.spawn().expect("this binary can be run again");
    let door = folder.join("door");
    let mut leash = child.stdin.take().expect("it is piped");
    writeln!(leash, "{}", door.display()).expect("the child reads");
    fs::write(&door, "").expect("the folder can be written to");
    (child, door)
}

fn door() -> String {
    let mut lines = io::stdin().lock().lines();
    let mut line = || lines.next().expect("the parent says where").expect("it is text");
    let _to_be_removed = line();
    line()
}

/// How the pool identifies this executable.
fn build() -> u64 {
    let file = fs::metadata("/proc/self/exe").expect("this process runs a file");
    let mut hash = DefaultHasher::new();
    env!("CARGO_PKG_VERSION").hash(&mut hash);
    file.len().hash(&mut hash);
    (file.dev(), file.ino()).hash(&mut hash);
    hash.finish()
}
