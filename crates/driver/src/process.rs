//! A worker process: its start, the two ends of its conversation, and its end.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use anyhow::{Context, Result};
use paceline_core::SOCKET_FOLDER;
use paceline_protocol::{Reply, Request};

use crate::environment;
use crate::group;
use crate::leftovers::Mark;
use crate::worker::Worker;

/// A worker and the two ends of its conversation.
#[derive(Debug)]
pub struct Process {
    child: Child,
    /// Kept open while the worker may run: closing it tells the worker that nobody listens any more.
    stdin: Option<ChildStdin>,
    /// What the worker answers; it ends when the worker does.
    pub replies: Receiver<Reply>,
}

impl Process {
    /// Starts a worker with `mark`, with standard error in the file `log`, and with the folder `sockets` if
    /// there is one. Its items run in the environment in which the user called `cargo xtask`.
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
            // A line that is not a reply ends the conversation, as silence does. The log says more.
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

    /// Writes a line. If the worker is gone, its silence says so better than an error here.
    pub(crate) fn say(&mut self, line: &str) {
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
pub(crate) struct SocketFolder(Option<PathBuf>);

impl SocketFolder {
    /// If none can be made, the worker uses another folder that it finds.
    pub(crate) fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        // Short, since the paths of sockets are limited to about 100 bytes.
        let name = format!("paceline-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        Self(fs::create_dir(&path).is_ok().then_some(path))
    }

    pub(crate) fn path(&self) -> Option<&Path> {
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
