//! Runs a plan and tells of it in events. It knows no output: journal and progress are sinks.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result};
use jiff::Timestamp;
use paceline_core::WorkloadSpec;
use paceline_core::wire::{FORMAT, Registry, Reply, Request};
use paceline_journal::{Digest, End, EndReason, Row, RunHeader, Sample, SampleOutcome};

use crate::plan::Plan;
use crate::sample::{Served, serve};
use crate::worker::Worker;

/// What happens while a plan is run.
#[derive(Debug)]
pub(crate) enum Event<'a> {
    /// The run begins.
    Began(&'a RunHeader),
    /// The digest of a workload in a round is known.
    DigestKnown(&'a Digest),
    /// A sample begins.
    SampleBegan { row: &'a Row, round: u32 },
    /// A sample is done.
    SampleDone(&'a Sample),
    /// The run is over.
    Ended(&'a End),
}

/// Something that is told what happens.
pub(crate) trait Sink {
    /// Takes note of `event`.
    ///
    /// # Errors
    ///
    /// When it cannot; the run then ends, since what is not noted is lost.
    fn note(&mut self, event: &Event<'_>) -> Result<()>;
}

/// Runs every round of a plan.
pub(crate) struct Driver<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) worker: &'a Worker,
    pub(crate) registry: &'a Registry,
    /// Where the logs of cases go.
    pub(crate) logs: PathBuf,
    /// Set when the user asks to stop.
    pub(crate) stop: &'a AtomicBool,
    /// Told in this order; the journal comes first.
    pub(crate) sinks: Vec<Box<dyn Sink + 'a>>,
    /// What is known so far; begins empty.
    pub(crate) digests: BTreeMap<WorkloadSpec, Digest>,
}

impl Driver<'_> {
    /// Runs the plan to its end, or until the user asks to stop. One sample runs at a time.
    ///
    /// # Errors
    ///
    /// When a sink cannot take note, or no worker can be started at all. A case that cannot be run is
    /// no error: its sample says so.
    pub(crate) fn run(&mut self, header: &RunHeader) -> Result<EndReason> {
        self.tell(&Event::Began(header))?;
        let mut reason = EndReason::Completed;
        'rounds: for round in 0..self.plan.all_rounds() {
            for (position, row) in (0..).zip(self.plan.order(round)) {
                if !self.run_row(row, round, position)? {
                    reason = EndReason::Interrupted;
                    break 'rounds;
                }
            }
        }
        self.tell(&Event::Ended(&End { reason, ended_unix_ms: now_unix_ms() }))?;
        Ok(reason)
    }

    /// Runs one row once. `false` when the user asked to stop.
    fn run_row(&mut self, row: usize, round: u32, position: u32) -> Result<bool> {
        if self.stop.load(Ordering::Relaxed) {
            return Ok(false);
        }
        let plan = self.plan;
        let row = &plan.rows[row].row;
        let seed = plan.round_seed(round);
        self.tell(&Event::SampleBegan { row, round })?;
        let spec = row.case.spec.clone().with_seed(seed);
        let Some(digest) = self.digest_of(&spec, round)? else { return Ok(false) };

        let mut case = row.case.clone();
        case.spec = spec;
        // Memory is read in the round whose times are not used: reading it costs time.
        let hold = round == 0;
        let request = Request::Run { format: FORMAT, case, expected: digest.digest, hold };
        let log = format!("round-{round}-{position}.log");
        let started_unix_ms = now_unix_ms();
        let outcome = match serve(self.worker, &request, &self.logs.join(&log), self.stop)? {
            Served::Interrupted => return Ok(false),
            served => outcome(served),
        };
        let log = self.logs.join(&log).is_file().then_some(log);
        let row = row.name.clone();
        let sample = Sample { row, round, position, seed, started_unix_ms, log, outcome };
        self.tell(&Event::SampleDone(&sample))?;
        Ok(true)
    }

    /// The digest that the products of `spec` must have. One serves all rounds where the seed changes
    /// nothing. `None` when the user asked to stop.
    fn digest_of(&mut self, spec: &WorkloadSpec, round: u32) -> Result<Option<Digest>> {
        let mut spec = spec.clone();
        if !self.is_seeded(&spec.workload) {
            spec.seed = 0;
        }
        if let Some(known) = self.digests.get(&spec) {
            return Ok(Some(known.clone()));
        }
        let request = Request::Digest { format: FORMAT, spec: spec.clone() };
        let log = self.logs.join(format!("round-{round}-digest-{}.log", spec.workload));
        let (digest, failure) = match serve(self.worker, &request, &log, self.stop)? {
            Served::Interrupted => return Ok(None),
            Served::Reply(Reply::Digest { digest, failure }, _) => (digest, failure),
            Served::Reply(Reply::Broken { reason }, _) | Served::NoAnswer(reason) => {
                (None, Some(reason))
            }
            Served::Reply(other, _) => (None, Some(format!("the worker answered {other:?}"))),
        };
        let digest = Digest { spec: spec.clone(), digest, failure };
        self.tell(&Event::DigestKnown(&digest))?;
        self.digests.insert(spec, digest.clone());
        Ok(Some(digest))
    }

    /// A workload that the registry does not know will be refused by the worker, with the reason.
    fn is_seeded(&self, workload: &str) -> bool {
        self.registry.workloads.iter().any(|entry| entry.name == workload && entry.seeded)
    }

    fn tell(&mut self, event: &Event<'_>) -> Result<()> {
        // Each sink hears of the event whatever becomes of the others; the first error counts.
        let results: Vec<Result<()>> = self.sinks.iter_mut().map(|sink| sink.note(event)).collect();
        results.into_iter().collect::<Result<()>>().context("take note of what happened")
    }
}

fn outcome(served: Served) -> SampleOutcome {
    match served {
        Served::Reply(Reply::Measured(measured), memory) => {
            SampleOutcome::Measured { measured, memory }
        }
        Served::Reply(Reply::TooLittleMemory { need_bytes, have_bytes }, _) => {
            SampleOutcome::TooLittleMemory { need_bytes, have_bytes }
        }
        Served::Reply(Reply::Broken { reason }, _) | Served::NoAnswer(reason) => {
            SampleOutcome::Broken { reason }
        }
        Served::Reply(other, _) => {
            SampleOutcome::Broken { reason: format!("the worker answered {other:?}") }
        }
        // The caller has returned by then.
        Served::Interrupted => SampleOutcome::Broken { reason: "interrupted".to_owned() },
    }
}

/// Milliseconds since 1970-01-01 UTC.
pub(crate) fn now_unix_ms() -> u64 {
    u64::try_from(Timestamp::now().as_millisecond()).unwrap_or(0)
}
