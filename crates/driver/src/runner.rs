//! Runs samples: in fresh worker processes ([`Processes`]), or in tests by a script.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

use anyhow::Result;
use paceline_core::{Schedule, Violation, WorkloadSpec};
use paceline_journal::{Digest, SampleOutcome};
use paceline_measure::{NoiseProbe, TreeSampler};
use paceline_protocol::service::Counters;
use paceline_protocol::{CANCEL, Case, FORMAT, GO_ON, PoolLimits, Reply, Request, TreeMemory};
use paceline_stats::summary::too_little_memory;

use crate::leftovers::Mark;
use crate::process::{Process, SocketFolder};
use crate::service::Keeper;
use crate::witness;
use crate::worker::{Worker, Workers};

/// How often the memory of the process tree is read.
const MEMORY_INTERVAL: Duration = Duration::from_millis(10);

/// How often to check whether the user wants to stop.
const STOP_INTERVAL: Duration = Duration::from_millis(50);

/// How long a cancelled worker may take to settle its items before it is killed.
const CANCEL_GRACE: Duration = Duration::from_secs(2);

/// How much of a worker's log is shown with its failure.
const LOG_LINES_SHOWN: usize = 8;

/// Runs what a driver asks for, one thing at a time.
pub trait Runner {
    /// Runs `spec` in sequence, without its waits, for the digest of its products.
    ///
    /// # Errors
    ///
    /// When no worker can be started at all.
    fn digest(&mut self, spec: &WorkloadSpec, log: &str) -> Result<Digested>;

    /// Runs one case once. Returns `None` if the user asked to stop and nothing is worth keeping.
    ///
    /// # Errors
    ///
    /// When no worker can be started at all. A case that cannot be run is no error: its outcome says so.
    fn sample(&mut self, errand: &Errand<'_>) -> Result<Option<Taken>>;
}

/// What came of a run in sequence.
#[derive(Debug)]
pub enum Digested {
    /// It was run: its digest, or why it has none.
    Known(Result<paceline_core::Digest, String>),
    /// It could not be tried now; it may be the next time.
    Unavailable(String),
    /// The user asked to stop.
    Stopped,
}

/// One sample, as it is asked for.
#[derive(Debug)]
pub struct Errand<'a> {
    /// The git revision whose worker runs it, where that is not the checkout's own.
    pub revision: Option<&'a str>,
    /// The case, with the round's seed in its spec.
    pub case: Case,
    /// The expected digest of its products, or why it is not known.
    pub expected: &'a Digest,
    /// Whether the memory of the process tree is read, which disturbs times.
    pub read_memory: bool,
    /// In open loop: when items arrive.
    pub schedule: Option<Schedule>,
    /// The file, among the logs of cases, for what it writes to its standard error.
    pub log: &'a str,
}

/// What came of a sample.
#[derive(Debug)]
pub struct Taken {
    /// The outcome.
    pub outcome: SampleOutcome,
    /// What the server saw, if the case talked to one.
    pub server: Option<Counters>,
    /// The log, if anything is in it.
    pub log: Option<String>,
}

/// Runs everything in fresh worker processes.
#[derive(Debug)]
pub struct Processes<'a> {
    /// The workers.
    pub workers: &'a Workers,
    /// The server of the rows that talk to one.
    pub keeper: Keeper,
    /// The folder of the logs.
    pub logs: PathBuf,
    /// The limits that process pools keep for their children.
    pub pool: PoolLimits,
    /// How long a sample may take.
    pub timeout: Option<Duration>,
    /// The number of cores: a run in sequence may take that many times as long as a sample.
    pub cores: usize,
    /// Set when the user asks to stop.
    pub stop: &'a AtomicBool,
}

impl Runner for Processes<'_> {
    fn digest(&mut self, spec: &WorkloadSpec, log: &str) -> Result<Digested> {
        let spec = match self.keeper.provide(spec) {
            Ok(spec) => spec,
            Err(error) => return Ok(Digested::Unavailable(format!("{error:#}"))),
        };
        // In sequence the work takes longer than in a row. Without its waits, the factor is at most the number
        // of cores.
        let cores = u32::try_from(self.cores).unwrap_or(u32::MAX);
        let timeout = self.timeout.map(|limit| limit.saturating_mul(cores));
        let request = Request::Digest { format: FORMAT, spec };
        let worker = self.workers.of(None)?;
        let served = self.serve(worker, &request, log, false, timeout)?;
        Ok(match served.ending {
            Ending::Reply(reply) => match *reply {
                Reply::Digest { digest: Some(digest), .. } => Digested::Known(Ok(digest)),
                Reply::Digest { failure, .. } => {
                    Digested::Known(Err(failure.unwrap_or_else(|| "it gave no digest".to_owned())))
                }
                Reply::Broken { reason } => Digested::Known(Err(reason)),
                Reply::TooLittleMemory { need_bytes, have_bytes } => {
                    let reason = too_little_memory(need_bytes, have_bytes);
                    let reason = format!("the run in sequence was not started: {reason}");
                    Digested::Known(Err(reason))
                }
                other => Digested::Known(Err(unexpected(&other))),
            },
            Ending::Silence(reason) => Digested::Known(Err(reason)),
            Ending::TimedOut => Digested::Known(Err(too_slow_in_sequence(timeout))),
            Ending::Stopped(_) => Digested::Stopped,
        })
    }

    fn sample(&mut self, errand: &Errand<'_>) -> Result<Option<Taken>> {
        let written = &errand.case.spec;
        let outcome = match self.keeper.provide(written) {
            Err(error) => SampleOutcome::Broken { reason: format!("{error:#}") },
            Ok(spec) => {
                let case = Case { spec, ..errand.case.clone() };
                let request = Request::Run {
                    format: FORMAT,
                    case,
                    expected: errand.expected.digest,
                    hold: errand.read_memory,
                    pool: self.pool,
                    schedule: errand.schedule,
                };
                let probe = NoiseProbe::start();
                let worker = self.workers.of(errand.revision)?;
                let log = errand.log;
                let served = self.serve(worker, &request, log, errand.read_memory, self.timeout)?;
                match self.outcome(served, probe) {
                    Some(outcome) => outcome,
                    None => return Ok(None),
                }
            }
        };
        let counters = match &outcome {
            SampleOutcome::Measured { .. } => self.keeper.counters(written),
            _ => None,
        };
        let outcome = judged(outcome, errand, counters.as_ref());
        let log = self.logs.join(errand.log).is_file().then(|| errand.log.to_owned());
        Ok(Some(Taken { outcome, server: counters.and_then(Result::ok), log }))
    }
}

/// How a conversation with a worker ended.
#[derive(Debug)]
enum Ending {
    /// With its answer.
    Reply(Box<Reply>),
    /// The user asked to stop; its answer is there if it gave one in time.
    Stopped(Option<Box<Reply>>),
    /// The time was up.
    TimedOut,
    /// The worker ended without an answer: how, with the last lines of its log.
    Silence(String),
}

/// A worker that is gone, with all that it started.
struct Served {
    ending: Ending,
    memory: Option<TreeMemory>,
}

impl Processes<'_> {
    /// Runs one worker process for `request`. What it writes to its standard error goes to the file
    /// `log`, which is removed again when it stays empty.
    fn serve(
        &self,
        worker: &Worker,
        request: &Request,
        log: &str,
        read_memory: bool,
        timeout: Option<Duration>,
    ) -> Result<Served> {
        let log = &self.logs.join(log);
        let sockets = SocketFolder::new();
        let mark = Mark::unique();
        let mut process = Process::start(worker, log, sockets.path(), &mark)?;
        let sampler = match read_memory {
            true => Some(TreeSampler::start(process.id(), MEMORY_INTERVAL)?),
            false => None,
        };
        process.send(request);
        let answered = self.converse(&mut process, sampler.as_ref(), timeout);
        let memory = sampler.and_then(TreeSampler::finish);
        let status = process.end()?;
        mark.kill_the_rest();
        let ending = answered.unwrap_or_else(|| Ending::Silence(no_answer(status, log)));
        remove_if_empty(log);
        Ok(Served { ending, memory })
    }

    /// `None` when the worker ended without an answer.
    fn converse(
        &self,
        process: &mut Process,
        sampler: Option<&TreeSampler>,
        timeout: Option<Duration>,
    ) -> Option<Ending> {
        let began = Instant::now();
        let mut cancelled_at: Option<Instant> = None;
        loop {
            if self.stop.load(Ordering::Relaxed) && cancelled_at.is_none() {
                process.say(CANCEL);
                cancelled_at = Some(Instant::now());
            }
            if cancelled_at.is_some_and(|at| at.elapsed() >= CANCEL_GRACE) {
                return Some(Ending::Stopped(None));
            }
            if timeout.is_some_and(|limit| began.elapsed() >= limit) {
                return Some(Ending::TimedOut);
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
                    return Some(Ending::Stopped(Some(Box::new(reply))));
                }
                Ok(reply) => return Some(Ending::Reply(Box::new(reply))),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    return cancelled_at.map(|_| Ending::Stopped(None));
                }
            }
        }
    }

    /// What came of a sample; `None` when the user asked to stop and nothing is worth keeping.
    fn outcome(&self, served: Served, probe: NoiseProbe) -> Option<SampleOutcome> {
        let Served { ending, memory } = served;
        Some(match ending {
            Ending::Reply(reply) => match *reply {
                Reply::Measured(measured) => {
                    SampleOutcome::Measured { measured, memory, noise: probe.finish() }
                }
                Reply::TooLittleMemory { need_bytes, have_bytes } => {
                    SampleOutcome::TooLittleMemory { need_bytes, have_bytes }
                }
                Reply::Broken { reason } => SampleOutcome::Broken { reason },
                other => SampleOutcome::Broken { reason: unexpected(&other) },
            },
            Ending::Stopped(reply) => match reply.map(|reply| *reply) {
                Some(Reply::Measured(measured)) => SampleOutcome::Interrupted { measured },
                _ => return None,
            },
            Ending::Silence(reason) => SampleOutcome::Broken { reason },
            Ending::TimedOut => {
                let limit_ms = self.timeout.map_or(0, |limit| limit.as_millis());
                SampleOutcome::TimedOut { limit_ms: u64::try_from(limit_ms).unwrap_or(u64::MAX) }
            }
        })
    }
}

/// Adds what the worker cannot know: what a server saw, and whether the expected products are known.
fn judged(
    outcome: SampleOutcome,
    errand: &Errand<'_>,
    counters: Option<&Result<Counters>>,
) -> SampleOutcome {
    let unproven = unproven(errand.expected);
    match (outcome, unproven) {
        (SampleOutcome::Measured { mut measured, memory, noise }, unproven) => {
            // If a row has violations of its own, an item also failed in the run in sequence. The row's own
            // violations say it better.
            let is_sound = measured.violations.is_empty();
            measured.violations.extend(unproven.filter(|_| is_sound));
            let differences = match counters {
                None => Vec::new(),
                Some(Ok(counters)) => witness::differences(counters, &measured, &errand.case.spec),
                Some(Err(error)) => vec![witness::silence(error)],
            };
            measured.violations.extend(differences);
            SampleOutcome::Measured { measured, memory, noise }
        }
        // A row is skipped if it is too wide for this machine. This one can be proved at no width.
        (SampleOutcome::TooLittleMemory { .. }, Some(unproven)) => {
            SampleOutcome::Broken { reason: unproven.to_string() }
        }
        (outcome, _) => outcome,
    }
}

/// Without the digest of the run in sequence, nobody knows whether the products are right.
fn unproven(expected: &Digest) -> Option<Violation> {
    let reason = || expected.failure.clone().unwrap_or_else(|| "it gave no digest".to_owned());
    expected.digest.is_none().then(|| Violation::Unproven { reason: reason() })
}

fn too_slow_in_sequence(limit: Option<Duration>) -> String {
    let limit_s = limit.unwrap_or_default().as_secs_f64();
    format!("the run in sequence did not end within {limit_s} s (the time limit for each core)")
}

fn unexpected(reply: &Reply) -> String {
    format!("the worker answered {reply:?}")
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

#[cfg(test)]
mod tests {
    use std::num::NonZeroUsize;

    use super::*;

    #[test]
    fn a_row_that_cannot_be_proved_fails_instead_of_being_skipped() {
        let after = |digest, failure: Option<&str>| {
            let spec = WorkloadSpec::new("rotate");
            let expected =
                Digest { spec: spec.clone(), digest, failure: failure.map(str::to_owned) };
            let batch = NonZeroUsize::MIN;
            let errand = Errand {
                revision: None,
                case: Case { spec, executor: "seq".to_owned(), width: None, batch },
                expected: &expected,
                read_memory: false,
                schedule: None,
                log: "log",
            };
            judged(SampleOutcome::TooLittleMemory { need_bytes: 2, have_bytes: 1 }, &errand, None)
        };
        let SampleOutcome::Broken { reason } = after(None, Some("too large")) else {
            panic!("it was skipped")
        };
        assert_eq!(reason, "its expected products are not known: too large");
        let proved = after(Some(paceline_core::Digest(1)), None);
        assert!(matches!(proved, SampleOutcome::TooLittleMemory { .. }));
    }
}
