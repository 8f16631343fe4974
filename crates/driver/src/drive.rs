//! Runs a plan and reports events. It knows no output: journal and progress are sinks.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use jiff::Timestamp;
use paceline_core::WorkloadSpec;
use paceline_journal::{
    Digest, End, EndReason, Journal, Plan, Purpose, RateSearch, Record, Row, Sample, SampleOutcome,
    Writer,
};
use paceline_protocol::Registry;
use paceline_stats::noise::disturbances;
use paceline_stats::summary::is_precise;

use crate::load;
use crate::rounds::{self, Turn};
use crate::runner::{Digested, Errand, Runner, Taken};

/// What happens while a plan is run.
#[derive(Debug)]
pub enum Event<'a> {
    /// The digest of a workload in a round is known.
    DigestKnown(&'a Digest),
    /// So many samples come on top of the plan, since something disturbed those that were taken.
    Retakes(usize),
    /// A sample begins.
    SampleBegan {
        /// Its row.
        row: &'a Row,
        /// Its round, from 0.
        round: u32,
    },
    /// A sample is done.
    SampleDone(&'a Sample),
    /// The run is over.
    Ended(&'a End),
}

/// Something that receives events.
pub trait Sink {
    /// Takes note of `event`.
    ///
    /// # Errors
    ///
    /// When it cannot. The run then ends, since an event that is not noted is lost.
    fn note(&mut self, event: &Event<'_>) -> Result<()>;
}

/// Writes every event that a report may need into the journal.
#[derive(Debug)]
pub struct JournalSink(pub Writer);

impl Sink for JournalSink {
    fn note(&mut self, event: &Event<'_>) -> Result<()> {
        let record = match event {
            Event::DigestKnown(digest) => Record::Digest((*digest).clone()),
            Event::Retakes(_) | Event::SampleBegan { .. } => return Ok(()),
            Event::SampleDone(sample) => Record::from((*sample).clone()),
            Event::Ended(end) => Record::End((*end).clone()),
        };
        self.0.append(&record).with_context(|| {
            format!("append to {}; what it holds so far is whole", self.0.path().display())
        })
    }
}

/// Runs the rounds of a plan.
pub struct Driver<'a> {
    /// What is run.
    pub plan: &'a Plan,
    /// What the worker knows.
    pub registry: &'a Registry,
    /// Who runs it.
    pub runner: &'a mut dyn Runner,
    /// They receive each event in this order; the journal comes first.
    pub sinks: Vec<Box<dyn Sink + 'a>>,
    /// What is known of the run so far: its header, and the records of an earlier part. At the end of the run
    /// it equals what a reader makes of the journal on disk.
    pub journal: Journal,
}

impl std::fmt::Debug for Driver<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Driver").field("plan", self.plan).finish_non_exhaustive()
    }
}

impl Driver<'_> {
    /// Runs the plan until its stop rule holds or the user asks to stop. One sample runs at a time;
    /// what the journal holds already is not run again.
    ///
    /// # Errors
    ///
    /// When a sink cannot take note, or no worker can be started at all. A case that cannot be run is
    /// no error: its sample says so.
    pub fn run(&mut self) -> Result<EndReason> {
        let reason = match self.plan.conduct.search {
            Some(search) => self.run_search(&search)?,
            None => self.run_rounds()?,
        };
        let end = End { reason, ended_unix_ms: now_unix_ms() };
        self.tell(&Event::Ended(&end))?;
        self.journal.end = Some(end);
        Ok(reason)
    }

    fn run_rounds(&mut self) -> Result<EndReason> {
        let began = Instant::now();
        for round in 0..self.plan.all_rounds() {
            let round_began = Instant::now();
            if !self.run_round(round)? {
                return Ok(EndReason::Interrupted);
            }
            if let Some(early) = self.enough(round, began.elapsed(), round_began.elapsed()) {
                return Ok(early);
            }
        }
        Ok(EndReason::Completed)
    }

    /// Lets every unsettled row try its next rate, in rounds from 1, without a warm-up. It ends, since every
    /// search does.
    fn run_search(&mut self, search: &RateSearch) -> Result<EndReason> {
        for round in 1.. {
            let is_open = |turn: &Turn| {
                let row = &self.plan.rows[turn.row];
                load::next_probe(search, row, &self.journal, &mut row.case.spec.clone()).is_some()
            };
            let open: Vec<Turn> =
                rounds::order(self.plan, round).into_iter().filter(is_open).collect();
            if open.is_empty() {
                break;
            }
            for (position, turn) in (0..).zip(open) {
                if !self.run_row(turn, round, position, 1)? {
                    return Ok(EndReason::Interrupted);
                }
            }
        }
        Ok(EndReason::Completed)
    }

    /// Runs every row of a round. At its end, runs disturbed rows again, as often as the plan allows. Returns
    /// `false` if the user asked to stop.
    fn run_round(&mut self, round: u32) -> Result<bool> {
        let mut order = rounds::order(self.plan, round);
        let mut taken = self.taken(round);
        for take in 1..=self.plan.conduct.retakes + 1 {
            let missing = order.iter().filter(|turn| !taken.contains_key(&(**turn, take))).count();
            if take > 1 && missing > 0 {
                self.tell(&Event::Retakes(missing))?;
            }
            let mut disturbed = Vec::new();
            for (position, turn) in (0..).zip(&order) {
                let sample = match taken.entry((*turn, take)) {
                    Entry::Occupied(known) => *known.get(),
                    Entry::Vacant(missing) => {
                        if !self.run_row(*turn, round, position, take)? {
                            return Ok(false);
                        }
                        *missing.insert(self.journal.samples.len() - 1)
                    }
                };
                if self.was_disturbed(&self.journal.samples[sample]) {
                    disturbed.push(*turn);
                }
            }
            order = disturbed;
        }
        Ok(true)
    }

    /// The samples that a round has already: where each turn's take stands in the journal. What was
    /// interrupted is run again when the run goes on.
    fn taken(&self, round: u32) -> HashMap<(Turn, u32), usize> {
        let rows = (0..).zip(&self.plan.rows).map(|(row, Row { name, .. })| (name.as_str(), row));
        let rows: HashMap<&str, usize> = rows.collect();
        let whole = |s: &Sample| !matches!(s.outcome, SampleOutcome::Interrupted { .. });
        let samples = self.journal.samples.iter().enumerate();
        samples
            .filter(|(_, sample)| sample.round == round && whole(sample))
            .filter_map(|(index, sample)| {
                let row = *rows.get(sample.row.as_str())?;
                Some(((Turn { row, purpose: sample.purpose }, sample.take), index))
            })
            .collect()
    }

    /// Whether the stop rule ends the run after `round`. Significance is never part of it: stopping when
    /// a difference shows would make differences where there are none.
    fn enough(&self, round: u32, elapsed: Duration, last_round: Duration) -> Option<EndReason> {
        let rule = self.plan.conduct.stop;
        if round < rule.least_rounds || round + 1 == self.plan.all_rounds() {
            return None;
        }
        let would_take = elapsed + last_round;
        if rule.budget_ms.is_some_and(|budget| would_take > Duration::from_millis(budget)) {
            return Some(EndReason::Budget);
        }
        if round + 1 < self.plan.conduct.memory_rounds {
            // Precise times say nothing about memory that is still to be read.
            return None;
        }
        let precision = rule.precision?;
        is_precise(&self.journal, precision).then_some(EndReason::Precision)
    }

    /// Runs one row once. `false` when the user asked to stop.
    fn run_row(&mut self, turn: Turn, round: u32, position: u32, take: u32) -> Result<bool> {
        let plan = self.plan;
        let row = &plan.rows[turn.row];
        let seed = rounds::seed(plan, round);
        self.tell(&Event::SampleBegan { row, round })?;
        let mut case = row.case.clone();
        case.spec.seed = seed;
        let schedule = match plan.conduct.search {
            Some(search) => load::next_probe(&search, row, &self.journal, &mut case.spec),
            None => plan.conduct.schedule,
        };
        let started_unix_ms = now_unix_ms();
        let taken = match self.digest_of(&case.spec, round)? {
            Expected::Stopped => None,
            Expected::Unavailable(reason) => {
                Some(Taken { outcome: SampleOutcome::Broken { reason }, server: None, log: None })
            }
            Expected::Known(expected) => self.runner.sample(&Errand {
                revision: row.revision.as_deref(),
                case,
                expected: &expected,
                // Reading memory costs time, so it is read in samples whose times are not used.
                read_memory: round == 0 || turn.purpose == Purpose::Memory,
                schedule,
                log: &format!("round-{round}-{position}-take-{take}.log"),
            })?,
        };
        let Some(Taken { outcome, server, log }) = taken else { return Ok(false) };
        let stopped = matches!(outcome, SampleOutcome::Interrupted { .. });
        let (row, purpose) = (row.name.clone(), turn.purpose);
        let sample = Sample {
            purpose,
            row,
            round,
            position,
            take,
            seed,
            started_unix_ms,
            log,
            server,
            outcome,
        };
        self.tell(&Event::SampleDone(&sample))?;
        self.journal.samples.push(sample);
        Ok(!stopped)
    }

    /// What disturbs times does not disturb memory.
    fn was_disturbed(&self, sample: &Sample) -> bool {
        let host = &self.journal.header.host;
        sample.purpose == Purpose::Time && !disturbances(sample, host).is_empty()
    }

    /// The digest that the products of `spec` must have. One serves all rounds where the seed changes
    /// nothing.
    fn digest_of(&mut self, spec: &WorkloadSpec, round: u32) -> Result<Expected> {
        let mut spec = spec.clone();
        if !self.is_seeded(&spec.workload) {
            spec.seed = 0;
        }
        if let Some(known) = self.journal.digests.iter().find(|known| known.spec == spec) {
            return Ok(Expected::Known(known.clone()));
        }
        let log = format!("round-{round}-digest-{}.log", spec.workload);
        let (digest, failure) = match self.runner.digest(&spec, &log)? {
            Digested::Known(Ok(digest)) => (Some(digest), None),
            Digested::Known(Err(failure)) => (None, Some(failure)),
            Digested::Unavailable(reason) => return Ok(Expected::Unavailable(reason)),
            Digested::Stopped => return Ok(Expected::Stopped),
        };
        let digest = Digest { spec, digest, failure };
        self.tell(&Event::DigestKnown(&digest))?;
        self.journal.digests.push(digest.clone());
        Ok(Expected::Known(digest))
    }

    /// A workload that the registry does not know will be refused by the worker, with the reason.
    fn is_seeded(&self, workload: &str) -> bool {
        self.registry.workloads.iter().any(|entry| entry.name == workload && entry.seeded)
    }

    fn tell(&mut self, event: &Event<'_>) -> Result<()> {
        // Each sink receives the event, even if another one fails. The first error counts.
        let results: Vec<Result<()>> = self.sinks.iter_mut().map(|sink| sink.note(event)).collect();
        results.into_iter().collect::<Result<()>>().context("take note of what happened")
    }
}

/// What is known of the products that a sample must have.
enum Expected {
    Known(Digest),
    Unavailable(String),
    Stopped,
}

/// Milliseconds since 1970-01-01 UTC.
pub fn now_unix_ms() -> u64 {
    u64::try_from(Timestamp::now().as_millisecond()).unwrap_or(0)
}

/// The folder of the cases' logs in a run's folder.
pub fn logs_in(folder: &Path) -> PathBuf {
    folder.join("logs")
}

#[cfg(test)]
mod script;
#[cfg(test)]
mod tests;
