//! `cargo xtask bench`: plan, run, save, show.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, Result};
use paceline_driver::Usage;
use paceline_driver::check::Inputs;
use paceline_driver::default_matrix::default_matrix;
use paceline_driver::drive::Sink;
use paceline_driver::matrix::Matrix;
use paceline_driver::plan::{Planned, Wish};
use paceline_driver::resume::{self, Found};
use paceline_driver::runs::RunFolder;
use paceline_driver::session::{Finished, Session};
use paceline_driver::vs::Revision;
use paceline_driver::words::in_words;
use paceline_driver::worker::{Worker, Workers};
use paceline_driver::{images, workspace};
use paceline_journal::{Conduct, EndReason, Journal, Plan, Sample, SampleOutcome, StopRule};
use paceline_protocol::PoolLimits;
use paceline_report::words;
use paceline_stats::signed_rank::least_differences;
use paceline_stats::{Level, Run};

use crate::cli::BenchArgs;
use crate::commands::{compare, next, page, print, report, say};
use crate::doctor;
use crate::exit::INTERRUPTED;
use crate::forms;
use crate::sinks::Progress;

/// Counted rounds, unless the user says when to stop.
const DEFAULT_ROUNDS: u32 = 4;

/// Counted rounds at the most, where something else is to stop the run.
const MOST_ROUNDS: u32 = 10_000;

pub(crate) fn run(args: &BenchArgs) -> Result<ExitCode> {
    let parent = args.out.clone().unwrap_or_else(workspace::runs);
    if let Some(wanted) = &args.resume {
        return resume(args, wanted, &parent);
    }
    args.look.check(args.format)?;
    if let Some(name) = &args.name {
        name.check_free(&parent)?;
    }
    let other = args.vs.as_deref().map(Revision::find).transpose()?;
    let (Planned { plan, said, images }, matrix) = plan(args, other.as_ref())?;
    if args.list {
        let names = plan.rows.iter().map(|row| format!("{}\n", words::name(&row.name)));
        print(&names.collect::<String>())?;
        return Ok(ExitCode::SUCCESS);
    }
    if args.dry_run {
        let said: String = said.iter().map(|line| format!("{line}\n")).collect();
        print(&(said + &in_words(&plan)))?;
        return Ok(ExitCode::SUCCESS);
    }
    said.iter().for_each(|line| say_unless(args.quiet, line));
    // Whether a run can be kept there is better known before a build of minutes than after it.
    RunFolder::check(&parent)?;
    if let Some(set) = images {
        images::ensure(set, &say)?;
    }
    let workers = workers(args, other.as_ref())?;
    // Only now, since the run's id says when it began.
    let folder = RunFolder::create(&parent, &plan.matrix.name, &plan.scale)?;
    let result = run_in(&folder, plan, workers, &matrix, args);
    folder.discard();
    result
}

/// Goes on with the run that `wanted` names in `parent`.
fn resume(args: &BenchArgs, wanted: &str, parent: &Path) -> Result<ExitCode> {
    match resume::find(wanted, parent)? {
        Found::Complete(journal) => {
            say("the run is complete; nothing is left to do");
            report::show(&Run::of(*journal), args.format, &args.look, None)
        }
        Found::Unfinished(run) => {
            say_unless(args.quiet, "building the worker (release)");
            let session = run.session(Worker::build()?, &say)?;
            carry_out(session, args)
        }
    }
}

/// The worker of the checkout, and that of the other revision if there is one.
fn workers(args: &BenchArgs, other: Option<&Revision>) -> Result<Workers> {
    say_unless(args.quiet, "building the worker (release)");
    let mut workers = Workers { own: Worker::build()?, others: Default::default() };
    if let Some(revision) = other {
        let worker = revision.build(&|line| say_unless(args.quiet, line))?;
        workers.others.insert(revision.short().to_owned(), worker);
    }
    Ok(workers)
}

/// The plan, and its matrix.
fn plan(args: &BenchArgs, other: Option<&Revision>) -> Result<(Planned, Matrix)> {
    let name = match &args.matrix {
        Some(name) => name.clone(),
        None => default_matrix(&args.scale, &args.only)?,
    };
    let matrix = Matrix::load(&name)?;
    let wish = Wish {
        matrix: name,
        scale: args.scale.clone(),
        seed: args.seed,
        conduct: conduct(args)?,
        only: args.only.clone(),
        given: args.inputs.given()?,
        load: args.load.load(),
        max_in_flight: args.inputs.max_in_flight,
        images: args.images.clone(),
        against: other.map(|revision| revision.short().to_owned()),
    };
    let planned = Planned::of(&wish, &matrix, || Ok(Worker::build()?.registry()?.executors))?;
    if planned.plan.conduct.search.is_some() {
        forms::check_search(args.format)?;
    }
    if planned.plan.conduct.schedule.is_some() {
        forms::check_on_schedule(args.format)?;
    }
    Ok((planned, matrix))
}

fn conduct(args: &BenchArgs) -> Result<Conduct> {
    let open_ended = args.budget.is_some() || args.precision.is_some();
    // Memory is read in the round that warms up, and then in counted ones.
    let for_memory = args.memory_rounds - 1;
    let usual = if open_ended { MOST_ROUNDS } else { DEFAULT_ROUNDS.max(for_memory) };
    let rounds = args.rounds.unwrap_or(usual);
    if rounds < for_memory {
        let reason = format!(
            "read memory in {} rounds: with the one that warms up there are {}; --rounds {for_memory} or \
             more makes enough",
            args.memory_rounds,
            rounds + 1
        );
        return Err(Usage::new(reason).into());
    }
    check_gate(args)?;
    Ok(Conduct {
        stop: StopRule {
            rounds,
            budget_ms: args.budget.map(millis),
            precision: args.precision,
            least_rounds: args.min_rounds.min(rounds),
        },
        retakes: args.retakes,
        memory_rounds: args.memory_rounds,
        timeout_ms: args.timeout.map(millis),
        pool: PoolLimits {
            handshake_timeout_ms: millis(args.handshake_timeout),
            item_timeout_ms: args.item_timeout.map(millis),
            retry_lost: args.retry_lost,
        },
        schedule: None,
        search: None,
    })
}

/// A gate that can never be passed is better refused before the run than after it.
fn check_gate(args: &BenchArgs) -> Result<()> {
    let least = least_differences(Level::NINETY_FIVE);
    if args.gate_memory.is_some() && (args.memory_rounds as usize) < least {
        let reason = format!(
            "judge memory by {} of its readings: at least {least} are needed, so give --memory-rounds \
             {least} or more",
            args.memory_rounds
        );
        return Err(Usage::new(reason).into());
    }
    Ok(())
}

fn run_in(
    folder: &RunFolder,
    plan: Plan,
    workers: Workers,
    matrix: &Matrix,
    args: &BenchArgs,
) -> Result<ExitCode> {
    let registry = workers.own.registry()?;
    // What the worker does not know would fail every sample of its rows; better before the first.
    matrix.refuse(matrix.unregistered(&workers.own, Inputs::Leave)?)?;
    let session = Session::begin(folder, plan, workers, registry, args.name.as_ref())?;
    let header = &session.journal.header;
    for warning in doctor::examine(&header.host, &header.plan.rows).warnings() {
        say_unless(args.quiet, &format!("warning: {warning}"));
    }
    carry_out(session, args)
}

/// Runs what is left of `session`, and shows the whole.
fn carry_out(session: Session, args: &BenchArgs) -> Result<ExitCode> {
    let stop = stop_on_interrupt()?;
    let progress: Option<Box<dyn Sink>> = match args.quiet {
        true => None,
        false => {
            let done = done_as_planned(&session.journal);
            Some(Box::new(Progress::new(&session.journal.header.plan, done)))
        }
    };
    let Finished { reason, journal, path } = session.run(&stop, progress.into_iter().collect())?;
    let run = Run::of(journal);
    let mut code = report::show(&run, args.format, &args.look, None)?;
    if args.vs.is_some() {
        code = compare::with_revision(&run, args, code)?;
    }
    page::beside_journal(&path, &run);
    if !args.quiet {
        next::say_next(&path, &run, &next::typed());
    }
    Ok(if reason == EndReason::Interrupted { ExitCode::from(INTERRUPTED) } else { code })
}

/// How many of the plan's samples `journal` has. One that was interrupted is run again, and one that was taken
/// again came on top of the plan.
fn done_as_planned(journal: &Journal) -> usize {
    let is_done = |sample: &&Sample| {
        sample.take == 1 && !matches!(sample.outcome, SampleOutcome::Interrupted { .. })
    };
    journal.samples.iter().filter(is_done).count()
}

/// The first Ctrl-C asks the run to stop, a second one ends this program on the spot.
fn stop_on_interrupt() -> Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&stop);
    ctrlc::set_handler(move || {
        if asked.swap(true, Ordering::Relaxed) {
            std::process::exit(INTERRUPTED.into());
        }
        say("stopping; the journal keeps what is done (Ctrl-C again ends at once)");
    })
    .context("listen for Ctrl-C")?;
    Ok(stop)
}

fn say_unless(quiet: bool, text: &str) {
    if !quiet {
        say(text);
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
