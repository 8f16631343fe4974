//! One request, served by a fresh worker process.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use paceline_core::SOCKET_FOLDER;
use paceline_measure::TreeSampler;
use paceline_protocol::TreeMemory;
use paceline_protocol::{CANCEL, GO_ON, Reply, Request};

use crate::environment;
use crate::group;
use crate::leftovers::Mark;
use crate::worker::Worker;

/// How often the memory of the process tree is read.
const MEMORY_INTERVAL: Duration = Duration::from_millis(10);

/// How often the user's wish to stop is looked at.
const STOP_INTERVAL: Duration = Duration::from_millis(50);

/// How long a cancelled worker may take to settle its items before it is killed.
const CANCEL_GRACE: Duration = Duration::from_secs(2);

/// How much of a worker's log is shown with its failure.
const LOG_LINES_SHOWN: usize = 8;

/// What came of a request.
#[derive(Debug)]
pub enum Served {
    /// The worker's answer, and the memory of its process tree where it was asked for.
    Reply(Reply, Option<TreeMemory>),
    /// The worker ended without an answer.
    NoAnswer(String),
    /// The time was up; the worker and its children are gone.
    TimedOut,
    /// The user asked to stop; the worker and its children are gone. The worker's answer is there if it
    /// gave one in time.
    Interrupted(Option<Reply>),
}

/// What ends a sample before its answer.
#[derive(Debug, Clone, Copy)]
pub struct Limits<'a> {
    /// Set when the user asks to stop.
    pub stop: &'a AtomicBool,
    /// How long the sample may take.
    pub timeout: Option<Duration>,
}

/// Runs one worker process for `request`. What it writes to its standard error goes to the file `log`,
/// which is removed again when it stays empty.
///
/// # Errors
///
/// When the log cannot be made or the process cannot be started.
pub fn serve(worker: &Worker, request: &Request, log: &Path, limits: Limits<'_>) -> Result<Served> {
    let measure_memory = matches!(request, Request::Run { hold: true, .. });
    let sockets = SocketFolder::new();
    let mark = Mark::new();
    let mut process = Process::start(worker, log, sockets.path(), &mark)?;
    let sampler = match measure_memory {
        true => Some(TreeSampler::start(process.id(), MEMORY_INTERVAL)?),
        false => None,
    };
    process.send(request);
    let served = converse(&mut process, sampler.as_ref(), limits);
    let memory = sampler.and_then(TreeSampler::finish);
    let status = process.end()?;
    mark.kill_the_rest();
    let served = match served {
        Conversation::Reply(reply) => Served::Reply(*reply, memory),
        Conversation::Stopped(reply) => Served::Interrupted(reply.map(|reply| *reply)),
        Conversation::TimedOut => Served::TimedOut,
        Conversation::Silence => Served::NoAnswer(no_answer(status, log)),
    };
    remove_if_empty(log);
    Ok(served)
}

enum Conversation {
    Reply(Box<Reply>),
    Stopped(Option<Box<Reply>>),
    TimedOut,
    Silence,
}

fn converse(
    process: &mut Process,
    sampler: Option<&TreeSampler>,
    limits: Limits<'_>,
) -> Conversation {
    let began = Instant::now();
    let mut cancelled_at: Option<Instant> = None;
    loop {
        if limits.stop.load(Ordering::Relaxed) && cancelled_at.is_none() {
            process.say(CANCEL);
            cancelled_at = Some(Instant::now());
        }
        if cancelled_at.is_some_and(|at| at.elapsed() >= CANCEL_GRACE) {
            return Conversation::Stopped(None);
        }
        if limits.timeout.is_some_and(|limit| began.elapsed() >= limit) {
            return Conversation::TimedOut;
        }
        match process.replies.recv_timeout(STOP_INTERVAL) {
            Ok(Reply::LanesUp) => {
                // One reading with everything up, however short the run was.
                if let Some(sampler) = sampler {
                    sampler.sample_now();
                }
                process.say(GO_ON);
            }
            Ok(reply) if cancelled_at.is_some() => {
                return Conversation::Stopped(Some(Box::new(reply)));
            }
            Ok(reply) => return Conversation::Reply(Box::new(reply)),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) if cancelled_at.is_some() => {
                return Conversation::Stopped(None);
            }
            Err(RecvTimeoutError::Disconnected) => return Conversation::Silence,
        }
    }
}

/// A worker and the two ends of its conversation.
#[derive(Debug)]
pub struct Process {
    child: Child,
    /// Kept open while the worker may run: its end tells the worker that nobody listens any more.
    stdin: Option<ChildStdin>,
    /// What the worker answers; its end is the worker's.
    pub replies: Receiver<Reply>,
}

impl Process {
    /// Starts a worker with `mark` whose standard error goes to the file `log`, with a folder of its own for
    /// sockets if one is given. Its items run in the environment in which the user called.
    pub fn start(worker: &Worker, log: &Path, sockets: Option<&Path>, mark: &Mark) -> Result<Self> {
        let log_file =
            File::create(log).with_context(|| format!("make the log {}", log.display()))?;
        let mut command = Command::new(worker.path());
        command.arg("case").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(log_file);
        environment::restore(&mut command);
        mark.put_on(&mut command);
        if let Some(folder) = sockets {
            command.env(SOCKET_FOLDER, folder);
        }
        group::set_apart(&mut command);
        let mut child = command
            .spawn()
            .with_context(|| format!("start the worker {}", worker.path().display()))?;
        let stdin = child.stdin.take();
        let stdout = child.stdout.take().context("read the worker's standard output")?;
        let (sender, replies) = channel();
        thread::spawn(move || {
            let lines = BufReader::new(stdout).lines().map_while(Result::ok);
            // A line that is no reply ends the conversation as silence does; the log tells more.
            let parsed = lines.map_while(|line| serde_json::from_str(&line).ok());
            parsed.into_iter().try_for_each(|reply| sender.send(reply))
        });
        Ok(Self { child, stdin, replies })
    }

    /// The worker's process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Asks the worker for `request`.
    pub fn send(&mut self, request: &Request) {
        if let Ok(line) = serde_json::to_string(request) {
            self.say(&line);
        }
    }

    /// A worker that is gone cannot be written to; its silence tells that better than an error here.
    fn say(&mut self, line: &str) {
        if let Some(stdin) = &mut self.stdin {
            let _ = stdin.write_all(format!("{line}\n").as_bytes());
        }
    }

    /// Ends the worker with whatever it started, and waits for it.
    pub fn end(mut self) -> Result<ExitStatus> {
        // A worker that has answered ends by itself when its input ends; killing the group is for one
        // that was interrupted, and for children that a broken executor left behind.
        drop(self.stdin.take());
        group::kill(&mut self.child);
        self.child.wait().context("wait for the worker")
    }
}

/// A folder for a worker's sockets, which is removed with whatever was left in it: a process that is killed
/// cannot remove its sockets itself.
struct SocketFolder(Option<PathBuf>);

impl SocketFolder {
    /// Without such a folder, where none can be made, the worker uses what it finds.
    fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        // Short, since the paths of sockets are limited to about 100 bytes.
        let name = format!("paceline-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        Self(fs::create_dir(&path).is_ok().then_some(path))
    }

    fn path(&self) -> Option<&Path> {
        self.0.as_deref()
    }
}

impl Drop for SocketFolder {
    fn drop(&mut self) {
        if let Some(path) = &self.0 {
            // What cannot be removed is in the system's folder for temporary files, where it belongs.
            let _ = fs::remove_dir_all(path);
        }
    }
}

fn no_answer(status: ExitStatus, log: &Path) -> String {
    let text = fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    let shown = &lines[lines.len().saturating_sub(LOG_LINES_SHOWN)..];
    match shown {
        [] => format!("the worker ended without an answer: {status}"),
        _ => format!(
            "the worker ended without an answer: {status}; its last lines:\n{}",
            shown.join("\n")
        ),
    }
}

fn remove_if_empty(log: &Path) {
    if fs::metadata(log).is_ok_and(|metadata| metadata.len() == 0) {
        // An empty file that cannot be removed does no harm.
        let _ = fs::remove_file(log);
    }
}
