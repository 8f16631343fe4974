//! The API's server: a process outside of what is measured, kept up while rows talk to it.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use paceline_core::WorkloadSpec;
use paceline_protocol::service::{Counters, Faults, Listening, SERVER, Setting};

use crate::group;
use crate::worker::build_binary;
use crate::workspace;

/// How long the server may take to say where it listens. It takes a few milliseconds.
const START_TIMEOUT: Duration = Duration::from_secs(10);

/// How long it may take to answer the driver. Nothing else is going on then.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);

/// Starts the server when the first row wants it, and again when it is gone.
#[derive(Debug, Default)]
pub struct Keeper {
    /// The binary, and where its standard error goes; none when no row wants it.
    binary: Option<(PathBuf, PathBuf)>,
    server: Option<Server>,
}

impl Keeper {
    /// Builds the server in release, as the worker is. What it writes to its standard error goes to a
    /// file in `logs`.
    pub fn build(logs: &Path) -> Result<Self> {
        let binary = build_binary(&workspace::root(), "paceline-api-server", None)?;
        Ok(Self { binary: Some((binary, logs.join("server.log"))), server: None })
    }

    /// `spec` as a worker can build it: with the address of a server that answers as `spec` says and
    /// has counted nothing yet. A spec that wants no server stays as it is.
    ///
    /// # Errors
    ///
    /// When no server can be started, or it does not take the setting.
    pub fn provide(&mut self, spec: &WorkloadSpec) -> Result<WorkloadSpec> {
        let mut spec = spec.clone();
        if !is_wanted(&spec) {
            return Ok(spec);
        }
        let setting = setting(&spec)?;
        let server = match self.server.take() {
            Some(server) => server,
            None => self.start()?,
        };
        // A server that fails here is dropped, which ends it; the next sample gets a new one.
        server.set(&setting)?;
        if let Some(url) = spec.params.get_mut(URL) {
            *url = url.replace(SERVER, &server.url);
        }
        self.server = Some(server);
        Ok(spec)
    }

    /// What the server has seen since it was provided for `spec`; `None` if that wants no server.
    pub fn counters(&mut self, spec: &WorkloadSpec) -> Option<Result<Counters>> {
        if !is_wanted(spec) {
            return None;
        }
        let counters = self.server.as_ref().context("find the server").and_then(Server::counters);
        if counters.is_err() {
            self.server = None;
        }
        Some(counters)
    }

    fn start(&self) -> Result<Server> {
        let (binary, log) = self.binary.as_ref().context("find the server; none was built")?;
        Server::start(binary, log)
    }
}

/// Whether the workload talks to the server. Anywhere else than in the URL of the workload that does,
/// `{server}` is what a user wrote, such as an item or a part of a command, and stays as it is.
pub fn is_wanted(spec: &WorkloadSpec) -> bool {
    spec.workload == HTTP && spec.params.get(URL).is_some_and(|url| url.contains(SERVER))
}

/// The workload that talks to the server.
const HTTP: &str = "http";

/// Its parameter that says where.
const URL: &str = "url";

fn setting(spec: &WorkloadSpec) -> Result<Setting> {
    Ok(Setting {
        seed: spec.seed,
        records: spec.param("records")?,
        max_wait_us: spec.param("max_wait_us")?,
        faults: Faults::default(),
    })
}

/// A server that is up.
#[derive(Debug)]
struct Server {
    child: Child,
    /// The server ends when this does.
    stdin: Option<ChildStdin>,
    log: PathBuf,
    url: String,
    agent: ureq::Agent,
}

impl Server {
    fn start(binary: &Path, log: &Path) -> Result<Self> {
        let file = File::options().create(true).append(true).open(log);
        let file = file.with_context(|| format!("make the log {}", log.display()))?;
        let mut command = Command::new(binary);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(file);
        // The driver may still want its counters after Ctrl-C.
        group::set_apart(&mut command);
        let mut child =
            command.spawn().with_context(|| format!("start the server {}", binary.display()))?;
        let stdin = child.stdin.take();
        let stdout = child.stdout.take();
        let agent = agent();
        let mut server = Self { child, stdin, log: log.to_owned(), url: String::new(), agent };
        let stdout = stdout.context("read the server's standard output")?;
        server.url = listening(stdout).with_context(|| server.last_words())?.url;
        Ok(server)
    }

    fn set(&self, setting: &Setting) -> Result<()> {
        let body = serde_json::to_vec(setting).context("write the server's setting")?;
        let path = format!("{}/reset", self.url);
        self.agent.post(&path).send(body.as_slice()).context("reset the server")?;
        Ok(())
    }

    fn counters(&self) -> Result<Counters> {
        let path = format!("{}/stats", self.url);
        let mut answer = self.agent.get(&path).call().context("read the server's counters")?;
        let body = answer.body_mut().read_to_vec().context("read the server's counters")?;
        serde_json::from_slice(&body).context("read the server's counters")
    }

    fn last_words(&self) -> String {
        let log = fs::read_to_string(&self.log).unwrap_or_default();
        match log.lines().next_back() {
            Some(line) => format!("start the server: {line}"),
            None => "start the server".to_owned(),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stdin.take());
        // It may be gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if fs::metadata(&self.log).is_ok_and(|metadata| metadata.len() == 0) {
            let _ = fs::remove_file(&self.log);
        }
    }
}

/// The server's first line, for which it gets a while.
fn listening(stdout: impl std::io::Read + Send + 'static) -> Result<Listening> {
    let (sender, line) = channel();
    thread::spawn(move || {
        let mut line = String::new();
        let read = BufReader::new(stdout).read_line(&mut line);
        // Nobody listens any more if it took too long.
        let _ = sender.send(read.map(|_| line));
    });
    match line.recv_timeout(START_TIMEOUT) {
        Ok(line) => serde_json::from_str(&line?).context("read where it listens"),
        Err(RecvTimeoutError::Timeout) => bail!("it said nothing for {START_TIMEOUT:?}"),
        Err(RecvTimeoutError::Disconnected) => bail!("it ended without a word"),
    }
}

/// Its answers must come from where the driver asks: redirects and proxies would be somebody else's.
fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .timeout_global(Some(ANSWER_TIMEOUT))
        .max_redirects(0)
        .proxy(None)
        .build()
        .new_agent()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec() -> WorkloadSpec {
        let spec = WorkloadSpec::new("http").with("url", SERVER).with("records", 5);
        spec.with("max_wait_us", 0)
    }

    #[test]
    fn a_workload_that_wants_no_server_stays_as_it_is_and_is_not_asked_about() {
        let spec = WorkloadSpec::new("noop").with("items", 1);
        let mut keeper = Keeper::default();
        assert_eq!(keeper.provide(&spec).expect("nothing is needed"), spec);
        assert!(keeper.counters(&spec).is_none());
    }

    #[test]
    fn what_stands_for_the_server_means_nothing_in_the_input_of_another_workload() {
        let users = [
            WorkloadSpec::new("url").with("url", "http://a/{{server}}/{item}").with("items", "1"),
            WorkloadSpec::new("url").with("url", "http://a/{item}").with("items", "{server},b"),
            WorkloadSpec::new("command").with("command", "echo {server} {item}"),
            WorkloadSpec::new(HTTP).with("url", "http://127.0.0.1:1").with("note", SERVER),
        ];
        let mut keeper = Keeper::default();
        for spec in users {
            assert!(!is_wanted(&spec), "{spec:?}");
            assert_eq!(keeper.provide(&spec).expect("nothing is needed"), spec);
            assert!(keeper.counters(&spec).is_none());
        }
        assert!(is_wanted(&spec()));
    }

    #[cfg(unix)]
    #[test]
    fn a_server_that_does_not_come_up_is_told_with_its_last_words() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a temporary folder");
        let binary = folder.path().join("server");
        let script = "#!/bin/sh\necho 'server: failed to listen' >&2\n";
        fs::write(&binary, script).expect("a file can be written");
        fs::set_permissions(&binary, PermissionsExt::from_mode(0o755)).expect("it is ours");
        let log = folder.path().join("server.log");
        let mut keeper = Keeper { binary: Some((binary, log)), server: None };
        let error = format!("{:#}", keeper.provide(&spec()).expect_err("there is no server"));
        assert!(error.contains("server: failed to listen"), "{error}");
    }

    #[test]
    fn a_server_that_is_gone_fails_the_question_and_is_let_go() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("it has an address"));
        drop(listener);
        let child = Command::new(std::env::current_exe().expect("tests are files"))
            .args(["--list", "no such test"])
            .stdout(Stdio::null())
            .spawn()
            .expect("this binary can be run");
        let log = PathBuf::from("no such log");
        let server = Server { child, stdin: None, log, url, agent: agent() };
        let mut keeper = Keeper { binary: None, server: Some(server) };
        let counters = keeper.counters(&spec()).expect("it is asked");
        assert!(format!("{:#}", counters.expect_err("nobody is there")).contains("counters"));
        assert!(keeper.server.is_none());
    }
}
