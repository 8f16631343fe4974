//! Runs the rows of a check, as `bench` would, and keeps the journal in memory.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use anyhow::{Result, bail, ensure};
use paceline_core::{Digest, WorkloadSpec};
use paceline_journal::{Conduct, Journal, MatrixName, Plan, Row, RunHeader, Sample, SampleOutcome};
use paceline_protocol::{Case, Measured, Registry};
use paceline_protocol::{HostFacts, TreeMemory};
use paceline_stats::summary::too_little_memory;

use crate::commands::say;
use paceline_driver::drive::{Driver, Event, Sink};
use paceline_driver::runner::Processes;
use paceline_driver::service::Keeper;
use paceline_driver::worker::Workers;

/// What all checks share.
#[derive(Debug)]
pub(crate) struct Lab<'a> {
    pub(crate) workers: &'a Workers,
    pub(crate) registry: &'a Registry,
    pub(crate) host: &'a HostFacts,
    /// Where the logs of cases go.
    pub(crate) logs: &'a Path,
    /// The seed of every order and every choice.
    pub(crate) seed: u64,
}

impl Lab<'_> {
    /// Runs `rows` in `rounds` counted rounds after one that warms up and measures memory, tells
    /// `witness` of all that happens, and returns the journal once every sample is known to be valid.
    pub(super) fn run(
        &self,
        rows: Vec<Row>,
        rounds: u32,
        witness: Option<Box<dyn Sink + '_>>,
    ) -> Result<Journal> {
        let plan = self.plan(rows, rounds);
        // Nothing of an audit is kept, so Ctrl-C needs no manners: it ends this program, and the worker
        // ends with it.
        let stop = AtomicBool::new(false);
        let progress: Box<dyn Sink> = Box::new(Tenths::new(&plan));
        let mut processes = Processes {
            workers: self.workers,
            keeper: Keeper::default(),
            logs: self.logs.to_owned(),
            pool: plan.conduct.pool,
            timeout: None,
            cores: self.host.usable_cores,
            stop: &stop,
        };
        let mut driver = Driver {
            plan: &plan,
            registry: self.registry,
            runner: &mut processes,
            sinks: witness.into_iter().chain([progress]).collect(),
            journal: Journal::begin(self.header(&plan)),
        };
        driver.run()?;
        let journal = driver.journal;
        check(&journal.digests, &journal.samples)?;
        Ok(journal)
    }

    fn plan(&self, rows: Vec<Row>, rounds: u32) -> Plan {
        Plan {
            matrix: MatrixName { name: "audit".to_owned(), title: "Audit".to_owned() },
            scale: "audit".to_owned(),
            seed: self.seed,
            // Without retakes: they would hide what the checks look for.
            conduct: Conduct::rounds(rounds),
            only: Vec::new(),
            rows,
        }
    }

    /// The header of a journal that is never written: only its host and plan are used.
    fn header(&self, plan: &Plan) -> RunHeader {
        RunHeader {
            run_id: String::new(),
            name: None,
            started_unix_ms: 0,
            paceline: String::new(),
            rustc: String::new(),
            plan: plan.clone(),
            revision: None,
            engines: BTreeMap::new(),
            worker: Digest(0),
            host: self.host.clone(),
        }
    }
}

/// A row of a check.
pub(super) fn row(name: impl Into<String>, spec: WorkloadSpec, executor: &str, width: u8) -> Row {
    let width = NonZeroUsize::new(width.into());
    let case = Case { spec, executor: executor.to_owned(), width, batch: NonZeroUsize::MIN };
    Row { name: name.into(), case, revision: None, group: None }
}

/// One item that computes `iterations` steps, and `slowdown_percent` more. A step takes one to two
/// nanoseconds.
pub(super) fn spin(iterations: u32, slowdown_percent: u8) -> WorkloadSpec {
    let spec = WorkloadSpec::new("spin").with("items", 1).with("iterations", iterations);
    spec.with("slowdown_percent", slowdown_percent)
}

/// The samples of a row, in the order of their rounds, the warm-up first.
pub(super) fn samples<'a>(journal: &'a Journal, row: &'a str) -> impl Iterator<Item = &'a Sample> {
    journal.samples.iter().filter(move |sample| sample.row == row)
}

/// What a sample measured. [`Lab::run`] has seen to it that every sample has.
pub(super) fn measured(sample: &Sample) -> Option<(&Measured, Option<&TreeMemory>)> {
    match &sample.outcome {
        SampleOutcome::Measured { measured, memory, .. } => Some((measured, memory.as_ref())),
        _ => None,
    }
}

/// Nothing can be said with samples that did not do their work.
fn check(digests: &[paceline_journal::Digest], samples: &[Sample]) -> Result<()> {
    if let Some(digest) = digests.iter().find(|digest| digest.digest.is_none()) {
        let reason = digest.failure.as_deref().unwrap_or("no reason is known");
        bail!("compute the digest of `{}`: {reason}", digest.spec.workload);
    }
    for sample in samples {
        let row = &sample.row;
        match &sample.outcome {
            SampleOutcome::Measured { measured, .. } => {
                let violation = measured.violations.first();
                let reason = violation.map(ToString::to_string).unwrap_or_default();
                ensure!(violation.is_none(), "run row `{row}` validly: {reason}");
            }
            SampleOutcome::Broken { reason } => bail!("run row `{row}`: {reason}"),
            SampleOutcome::TimedOut { .. } => bail!("run row `{row}`: it took too long"),
            SampleOutcome::Interrupted { .. } => bail!("run row `{row}`: it was interrupted"),
            SampleOutcome::TooLittleMemory { need_bytes, have_bytes } => {
                bail!("run row `{row}`: {}", too_little_memory(*need_bytes, *have_bytes))
            }
        }
    }
    Ok(())
}

/// Says at every tenth of many samples how far they are.
struct Tenths {
    samples: usize,
    done: usize,
}

impl Tenths {
    /// Fewer samples than this are done before one would ask.
    const WORTH_TELLING: usize = 50;

    fn new(plan: &Plan) -> Self {
        Self { samples: plan.rows.len() * plan.all_rounds() as usize, done: 0 }
    }
}

impl Sink for Tenths {
    fn note(&mut self, event: &Event<'_>) -> Result<()> {
        if let Event::SampleDone(_) = event {
            let tenth = |done: usize| done * 10 / self.samples;
            if self.samples >= Self::WORTH_TELLING && tenth(self.done) < tenth(self.done + 1) {
                say(&format!("  {} of {} samples", self.done + 1, self.samples));
            }
            self.done += 1;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use paceline_journal::Purpose;

    use super::*;

    fn refused(outcome: SampleOutcome) -> String {
        let row = "r".to_owned();
        let (round, position, take, seed, started_unix_ms) = (1, 0, 1, 1, 0);
        let (log, server) = (None, None);
        let sample = Sample {
            purpose: Purpose::Time,
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
        check(&[], &[sample]).expect_err("it did not do its work").to_string()
    }

    #[test]
    fn a_sample_that_did_not_do_its_work_ends_the_check_with_the_reason() {
        let broken = SampleOutcome::Broken { reason: "it fell over".to_owned() };
        assert_eq!(refused(broken), "run row `r`: it fell over");
        assert!(refused(SampleOutcome::TimedOut { limit_ms: 5 }).contains("too long"));
        let (need_bytes, have_bytes) = (400 << 20, 90 << 20);
        let reason = refused(SampleOutcome::TooLittleMemory { need_bytes, have_bytes });
        assert!(reason.contains("needs about 400 MiB of memory and 90 MiB"), "{reason}");
    }

    #[test]
    fn a_workload_without_a_digest_ends_the_check_since_nothing_would_prove_its_work() {
        let failure = Some("item 0 failed".to_owned());
        let digest = paceline_journal::Digest { spec: spin(1, 0), digest: None, failure };
        let error = check(&[digest], &[]).expect_err("there is no digest").to_string();
        assert_eq!(error, "compute the digest of `spin`: item 0 failed");
    }
}
