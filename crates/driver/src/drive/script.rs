//! A runner that starts no process: a test decides the outcome of each sample.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use anyhow::bail;
use paceline_core::{Concurrency, Schedule};
use paceline_journal::{Conduct, MatrixName, RunHeader};
use paceline_protocol::{
    Case, FORMAT, HostFacts, ItemRecords, Latencies, Measured, Noise, WorkloadEntry,
};

use super::*;

/// The workload whose products depend on the seed.
pub(super) const SEEDED: &str = "seeded";
/// The workload whose products do not.
pub(super) const UNSEEDED: &str = "unseeded";

/// A plan of rows that run [`SEEDED`], each with an executor of the row's name.
pub(super) fn plan(rows: &[&str], conduct: Conduct) -> Plan {
    Plan {
        matrix: MatrixName { name: "m".to_owned(), title: "M".to_owned() },
        scale: "quick".to_owned(),
        seed: 7,
        conduct,
        only: Vec::new(),
        rows: rows.iter().map(|name| row(name)).collect(),
    }
}

fn row(name: &str) -> Row {
    let one = NonZeroUsize::MIN;
    let spec = WorkloadSpec::new(SEEDED).with("items", 10);
    let case = Case { spec, executor: name.to_owned(), width: Some(one), batch: one };
    Row { name: name.to_owned(), case, revision: None, group: None }
}

/// The header of a run of `plan` on a machine with two cores.
pub(super) fn header(plan: &Plan) -> RunHeader {
    RunHeader {
        run_id: "r".to_owned(),
        name: None,
        started_unix_ms: 0,
        paceline: String::new(),
        rustc: String::new(),
        plan: plan.clone(),
        revision: None,
        engines: BTreeMap::new(),
        worker: paceline_core::Digest(0),
        host: HostFacts {
            os: String::new(),
            arch: String::new(),
            kernel_release: None,
            cpu_model: None,
            logical_cores: Some(2),
            usable_cores: 2,
            cpu_quota_cores: None,
            total_memory_bytes: None,
            available_memory_bytes: None,
            virtualised: None,
            governor: None,
            turbo: None,
            on_battery: None,
            load_average: None,
            open_files: None,
            processes: None,
            cgroup_processes: None,
        },
    }
}

fn registry() -> Registry {
    let entry =
        |name: &str, seeded| WorkloadEntry { name: name.to_owned(), about: String::new(), seeded };
    let workloads = vec![entry(SEEDED, true), entry(UNSEEDED, false)];
    Registry { format: FORMAT, executors: Vec::new(), workloads }
}

/// One sample, as the driver asked for it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Asked {
    /// The executor, which has the row's name.
    pub(super) row: String,
    /// How many samples of the row were asked for before.
    pub(super) before: usize,
    pub(super) spec: WorkloadSpec,
    pub(super) expected: Option<paceline_core::Digest>,
    pub(super) read_memory: bool,
    pub(super) schedule: Option<Schedule>,
    pub(super) log: String,
}

/// What comes of a sample; `None` when the user asks to stop.
type Answer<'a> = dyn FnMut(&Asked) -> Option<SampleOutcome> + 'a;

/// The outcome of everything that a driver asks for, and a record of what it asked.
pub(super) struct Script<'a> {
    answer: Box<Answer<'a>>,
    digest: Box<dyn FnMut(&WorkloadSpec) -> Digested + 'a>,
    asked: Vec<Asked>,
    digested: Vec<WorkloadSpec>,
}

impl<'a> Script<'a> {
    /// Answers samples by `answer`, and has a digest of every workload.
    pub(super) fn new(answer: impl FnMut(&Asked) -> Option<SampleOutcome> + 'a) -> Self {
        let digest = |_: &WorkloadSpec| Digested::Known(Ok(paceline_core::Digest(1)));
        Self {
            answer: Box::new(answer),
            digest: Box::new(digest),
            asked: Vec::new(),
            digested: Vec::new(),
        }
    }

    /// Every sample is measured, and nothing disturbs it.
    pub(super) fn calm() -> Self {
        Self::new(|_| Some(calm()))
    }

    /// Answers the runs in sequence by `digest`.
    pub(super) fn digest(mut self, digest: impl FnMut(&WorkloadSpec) -> Digested + 'a) -> Self {
        self.digest = Box::new(digest);
        self
    }

    /// Runs `plan` from its beginning.
    pub(super) fn run(self, plan: &Plan) -> Ran {
        self.go_on(plan, Journal::begin(header(plan)))
    }

    /// Runs what is left of `plan` after what `journal` holds.
    pub(super) fn go_on(self, plan: &Plan, journal: Journal) -> Ran {
        self.run_with(plan, journal, Vec::new()).unwrap()
    }

    /// Runs what is left, with `sinks` told of it first.
    pub(super) fn run_with(
        mut self,
        plan: &Plan,
        journal: Journal,
        sinks: Vec<Box<dyn Sink + '_>>,
    ) -> Result<Ran> {
        let told = RefCell::new(Vec::new());
        let notes: Box<dyn Sink + '_> = Box::new(Notes(&told));
        let sinks = sinks.into_iter().chain([notes]).collect();
        let registry = registry();
        let runner = &mut self;
        let mut driver = Driver { plan, registry: &registry, runner, sinks, journal };
        let reason = driver.run()?;
        let journal = std::mem::replace(&mut driver.journal, Journal::begin(header(plan)));
        drop(driver);
        let (asked, digested) = (self.asked, self.digested);
        Ok(Ran { reason, journal, told: told.into_inner(), asked, digested })
    }
}

impl Runner for Script<'_> {
    fn digest(&mut self, spec: &WorkloadSpec, _log: &str) -> Result<Digested> {
        self.digested.push(spec.clone());
        Ok((self.digest)(spec))
    }

    fn sample(&mut self, errand: &Errand<'_>) -> Result<Option<Taken>> {
        let row = &errand.case.executor;
        let asked = Asked {
            row: row.clone(),
            before: self.asked.iter().filter(|asked| asked.row == *row).count(),
            spec: errand.case.spec.clone(),
            expected: errand.expected.digest,
            read_memory: errand.read_memory,
            schedule: errand.schedule,
            log: errand.log.to_owned(),
        };
        let outcome = (self.answer)(&asked);
        self.asked.push(asked);
        Ok(outcome.map(|outcome| Taken { outcome, server: None, log: None }))
    }
}

/// A run that has ended, with everything that its sinks saw.
#[derive(Debug)]
pub(super) struct Ran {
    pub(super) reason: EndReason,
    pub(super) journal: Journal,
    pub(super) told: Vec<String>,
    pub(super) asked: Vec<Asked>,
    pub(super) digested: Vec<WorkloadSpec>,
}

impl Ran {
    /// Row, round and take of the samples that were run for their times, in order.
    pub(super) fn turns(&self) -> Vec<(&str, u32, u32)> {
        turns(&self.journal, Purpose::Time)
    }

    /// The same for the samples that were run for their memory alone.
    pub(super) fn for_memory(&self) -> Vec<(&str, u32, u32)> {
        turns(&self.journal, Purpose::Memory)
    }

    /// The rows of one round's first takes, in the order in which they were run.
    pub(super) fn order(&self, round: u32) -> Vec<&str> {
        let of_round = self.turns().into_iter().filter(|turn| (turn.1, turn.2) == (round, 1));
        of_round.map(|(row, ..)| row).collect()
    }
}

/// Row, round and take of each sample that was run for `purpose`.
pub(super) fn turns(journal: &Journal, purpose: Purpose) -> Vec<(&str, u32, u32)> {
    let of_purpose = journal.samples_for(purpose);
    of_purpose.map(|sample| (sample.row.as_str(), sample.round, sample.take)).collect()
}

/// Writes down every event in a few words.
pub(super) struct Notes<'a>(pub(super) &'a RefCell<Vec<String>>);

impl Sink for Notes<'_> {
    fn note(&mut self, event: &Event<'_>) -> Result<()> {
        self.0.borrow_mut().push(match event {
            Event::DigestKnown(digest) => format!("digest of {}", digest.spec.workload),
            Event::Retakes(count) => format!("{count} retakes"),
            Event::SampleBegan { row, round } => format!("{} began round {round}", row.name),
            Event::SampleDone(sample) => format!("{} done in round {}", sample.row, sample.round),
            Event::Ended(end) => format!("ended: {:?}", end.reason),
        });
        Ok(())
    }
}

/// A sink that fails at the event that `fails_at` picks.
pub(super) struct Failing(pub(super) fn(&Event<'_>) -> bool);

impl Sink for Failing {
    fn note(&mut self, event: &Event<'_>) -> Result<()> {
        if (self.0)(event) {
            bail!("the disk is full");
        }
        Ok(())
    }
}

/// A sample of one second that nothing disturbed.
pub(super) fn calm() -> SampleOutcome {
    outcome(measured(1_000), Noise::default())
}

/// A sample of one second, a quarter of which went to other machines.
pub(super) fn disturbed() -> SampleOutcome {
    outcome(measured(1_000), stolen(500))
}

/// How much of one second of two cores went to other machines.
pub(super) fn stolen(ms: u64) -> Noise {
    let nanoseconds = |ms: u64| Some(ms * 1_000_000);
    Noise { window_ns: nanoseconds(1_000), steal_ns: nanoseconds(ms), ..Noise::default() }
}

pub(super) fn outcome(measured: Measured, noise: Noise) -> SampleOutcome {
    SampleOutcome::Measured { measured: Box::new(measured), memory: None, noise }
}

/// A valid row of one item that took so long.
pub(super) fn measured(ms: u64) -> Measured {
    let run_ns = ms * 1_000_000;
    let items = ItemRecords {
        item: vec![0],
        lane: vec![0],
        start_ns: vec![0],
        duration_ns: vec![run_ns],
        ..ItemRecords::default()
    };
    Measured {
        startup_ns: 0,
        run_ns,
        shutdown_ns: 0,
        user_ns: None,
        system_ns: None,
        involuntary_switches: None,
        run_delay_ns: None,
        planned_ns: None,
        asked: 1,
        started: 1,
        seen: Concurrency { peak: 1, mean: 1.0 },
        digest: Some(paceline_core::Digest(1)),
        violations: Vec::new(),
        items,
        latency: Some(Latencies { value_ns: vec![run_ns], count: vec![1] }),
        open_loop: None,
    }
}
