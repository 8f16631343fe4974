//! Goes on with a run that was cut short: the same plan, seed, host and binary, or not at all.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use paceline_journal::{EndReason, Journal, RunHeader, Writer, is_being_written};
use paceline_protocol::HostFacts;

use crate::inputs;
use crate::runs;
use crate::session::Session;
use crate::usage::Usage;
use crate::worker::{Worker, Workers};

/// A run that can be resumed, as far as its journal shows.
#[derive(Debug)]
pub struct Resumable {
    path: PathBuf,
    journal: Journal,
}

/// What became of a run that the user wants to go on with.
#[derive(Debug)]
pub enum Found {
    /// It was cut short.
    Unfinished(Box<Resumable>),
    /// It is complete.
    Complete(Box<Journal>),
}

/// Looks up the run that `wanted` names in `parent`.
///
/// # Errors
///
/// [`Usage`] when there is none, it is still running, or it was a search.
pub fn find(wanted: &str, parent: &Path) -> Result<Found> {
    let path = runs::find(wanted, parent)?;
    if is_being_written(&path) {
        return Err(Usage::new(format!("resume `{wanted}`: it is still running")).into());
    }
    let journal = Journal::read(&path)?;
    if journal.end.as_ref().is_some_and(|end| end.reason != EndReason::Interrupted) {
        return Ok(Found::Complete(Box::new(journal)));
    }
    if journal.header.plan.conduct.search.is_some() {
        let reason = "it looked for rates; begin the search again";
        return Err(Usage::new(format!("resume {}: {reason}", journal.header.run_id)).into());
    }
    Ok(Found::Unfinished(Box::new(Resumable { path, journal })))
}

impl Resumable {
    /// The rest of the run, with the worker that is built now.
    ///
    /// # Errors
    ///
    /// [`Usage`] when host or worker differ from those of the run, or a service is gone.
    pub fn session(self, worker: Worker, tell: &(dyn Fn(&str) + Sync)) -> Result<Session> {
        let Self { path, mut journal } = self;
        check(&journal.header, &worker, &paceline_measure::host::facts())?;
        let workers = Workers { own: worker, others: Default::default() };
        inputs::look_again(&journal.header.plan.rows)?;
        let registry = workers.own.registry()?;
        let writer = Writer::resume(&path, journal.whole_bytes)
            .with_context(|| format!("open {} to go on", path.display()))?;
        if let Some(line) = journal.torn_line.take() {
            tell(&format!(
                "line {line} of the journal was torn and is cut off; its sample is run again"
            ));
        }
        Ok(Session { workers, registry, journal, writer })
    }
}

/// Samples of two machines or two programs in one run would be compared as if they were one.
fn check(header: &RunHeader, worker: &Worker, host: &HostFacts) -> Result<()> {
    let differ = |what: &str, then: String, now: String| -> Result<()> {
        let reason = format!("resume {}: {what} was {then} and is {now}", header.run_id);
        if then == now { Ok(()) } else { Err(Usage::new(reason).into()) }
    };
    let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "unknown".to_owned());
    differ("the processor", text(&header.host.cpu_model), text(&host.cpu_model))?;
    let cores = |host: &HostFacts| host.usable_cores.to_string();
    differ("the number of usable cores", cores(&header.host), cores(host))?;
    let kernel = |host: &HostFacts| text(&host.kernel_release);
    differ("the kernel", kernel(&header.host), kernel(host))?;
    let memory =
        |host: &HostFacts| host.total_memory_bytes.map_or_else(String::new, |b| b.to_string());
    differ("the memory in bytes", memory(&header.host), memory(host))?;
    differ(
        "the version of Paceline",
        header.paceline.clone(),
        env!("CARGO_PKG_VERSION").to_owned(),
    )?;
    differ("the worker's hash", header.worker.to_string(), worker.hash()?.to_string())?;
    if header.plan.rows.iter().any(|row| row.revision.is_some()) {
        let reason = "it ran another revision's worker too (--vs), which may be gone";
        return Err(Usage::new(format!("resume {}: {reason}", header.run_id)).into());
    }
    Ok(())
}
