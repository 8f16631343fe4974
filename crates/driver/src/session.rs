//! A run from its header to its end: a new one, or one that was cut short and goes on.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use anyhow::{Context, Result};
use paceline_journal::{EndReason, Journal, Plan, Record, RunHeader, Writer};
use paceline_protocol::Registry;

use crate::drive::{Driver, JournalSink, Sink, logs_in, now_unix_ms};
use crate::provenance;
use crate::runner::Processes;
use crate::runs::{RunFolder, RunName};
use crate::service::{self, Keeper};
use crate::worker::{Worker, Workers};

/// A run that is about to begin or to go on.
#[derive(Debug)]
pub struct Session {
    /// Who runs it.
    pub workers: Workers,
    /// What the workers know.
    pub registry: Registry,
    /// What is known so far, the plan among it.
    pub journal: Journal,
    /// Where more is written.
    pub writer: Writer,
}

/// A run that has ended.
#[derive(Debug)]
pub struct Finished {
    /// Why it ended.
    pub reason: EndReason,
    /// All that is known of it.
    pub journal: Journal,
    /// The journal on disk.
    pub path: PathBuf,
}

impl Session {
    /// Begins a run of `plan` in `folder`: its journal gets its first line.
    ///
    /// # Errors
    ///
    /// When the worker cannot be asked, or the journal cannot be made.
    pub fn begin(
        folder: &RunFolder,
        plan: Plan,
        workers: Workers,
        registry: Registry,
        name: Option<&RunName>,
    ) -> Result<Self> {
        let mut header = header(folder, plan, &workers.own)?;
        header.name = name.map(|name| name.as_str().to_owned());
        let mut writer = Writer::create(&folder.path)
            .with_context(|| format!("make a journal in {}", folder.path.display()))?;
        writer.append(&Record::Run(Box::new(header.clone())))?;
        Ok(Self { workers, registry, journal: Journal::begin(header), writer })
    }

    /// Runs what is left. `watchers` are told of everything after it is in the journal.
    ///
    /// # Errors
    ///
    /// When nothing can be written down, or no worker can be started at all.
    pub fn run(self, stop: &AtomicBool, watchers: Vec<Box<dyn Sink + '_>>) -> Result<Finished> {
        let path = self.writer.path().to_owned();
        let logs = logs_in(path.parent().unwrap_or(Path::new("")));
        fs::create_dir_all(&logs).with_context(|| format!("make the folder {}", logs.display()))?;
        let plan = self.journal.header.plan.clone();
        let keeper = match plan.rows.iter().any(|row| service::is_wanted(&row.case.spec)) {
            true => Keeper::build(&logs)?,
            false => Keeper::default(),
        };
        let mut sinks: Vec<Box<dyn Sink + '_>> = vec![Box::new(JournalSink(self.writer))];
        sinks.extend(watchers);
        let mut processes = Processes {
            workers: &self.workers,
            keeper,
            logs: logs.clone(),
            pool: plan.conduct.pool,
            timeout: plan.conduct.timeout(),
            cores: self.journal.header.host.usable_cores,
            stop,
        };
        let mut driver = Driver {
            plan: &plan,
            registry: &self.registry,
            runner: &mut processes,
            sinks,
            journal: self.journal,
        };
        let reason = driver.run()?;
        // Stays when a case wrote to its log.
        let _ = fs::remove_dir(&logs);
        Ok(Finished { reason, journal: driver.journal, path })
    }
}

fn header(folder: &RunFolder, plan: Plan, worker: &Worker) -> Result<RunHeader> {
    Ok(RunHeader {
        run_id: folder.id.clone(),
        name: None,
        started_unix_ms: now_unix_ms(),
        paceline: env!("CARGO_PKG_VERSION").to_owned(),
        rustc: provenance::rustc_version(),
        plan,
        revision: provenance::revision(),
        engines: provenance::engines(),
        worker: worker.hash()?,
        host: paceline_measure::host::facts(),
    })
}
