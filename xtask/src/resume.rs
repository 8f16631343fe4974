//! Goes on with a run that was cut short: the same plan, seed, host and binary, or not at all.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};
use paceline_journal::{EndReason, Journal, RunHeader, Writer, is_being_written};
use paceline_protocol::HostFacts;

use crate::cli::BenchArgs;
use crate::commands::bench::{Session, say_unless};
use crate::commands::{report, say};
use crate::exit::Usage;
use crate::inputs;
use crate::plan::Plan;
use crate::runs;
use crate::worker::{Worker, Workers};

/// Goes on with the run that `wanted` names in `parent`.
pub(crate) fn run(args: &BenchArgs, wanted: &str, parent: &Path) -> Result<ExitCode> {
    let path = runs::find(wanted, parent)?;
    if is_being_written(&path) {
        return Err(Usage::new(format!("resume `{wanted}`: it is still running")).into());
    }
    let journal = Journal::read(&path)?;
    if journal.end.as_ref().is_some_and(|end| end.reason != EndReason::Interrupted) {
        say("the run is complete; nothing is left to do");
        return report::show(&path, args.format, &args.look, None);
    }
    if journal.header.search.is_some() {
        let reason = "it looked for rates; begin the search again";
        return Err(Usage::new(format!("resume {}: {reason}", journal.header.run_id)).into());
    }
    say_unless(args.quiet, "building the worker (release)");
    let workers = Workers { own: Worker::build()?, others: Default::default() };
    check(&journal.header, &workers.own, &paceline_measure::host::facts())?;
    let plan = Plan::of_run(&journal.header);
    inputs::look_again(&plan)?;
    let registry = workers.own.registry()?;
    let writer = Writer::resume(&path, journal.whole_bytes)
        .with_context(|| format!("open {} to go on", path.display()))?;
    if let Some(line) = journal.torn_line {
        say(&format!(
            "line {line} of the journal was torn and is cut off; its sample is run again"
        ));
    }
    let folder = path.parent().context("find the folder of the run")?.to_owned();
    Session { plan: &plan, workers, registry, journal, args }.run(writer, &folder)
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
    if header.rows.iter().any(|row| row.revision.is_some()) {
        let reason = "it ran another revision's worker too (--vs), which may be gone";
        return Err(Usage::new(format!("resume {}: {reason}", header.run_id)).into());
    }
    Ok(())
}
