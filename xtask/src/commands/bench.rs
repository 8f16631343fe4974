//! `cargo xtask bench`: plan, run, save, show.

use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, Result};
use paceline_journal::{
    EndReason, Journal, Record, RunHeader, Sample, SampleOutcome, StopRule, Writer,
};
use paceline_protocol::{PoolLimits, Registry};
use paceline_report::words;
use paceline_stats::Level;
use paceline_stats::signed_rank::least_differences;

use crate::cli::BenchArgs;
use crate::commands::default_matrix::{SEED, default_matrix};
use crate::commands::{compare, find_rate, next, page, print, report, say};
use crate::drive::{Driver, Sink, logs_in, now_unix_ms};
use crate::exit::{INTERRUPTED, Usage};
use crate::inputs::{self, Settled};
use crate::matrix::{Inputs, Matrix};
use crate::plan::{Conduct, Plan, Wish};
use crate::runs::RunFolder;
use crate::sample::Limits;
use crate::service::Keeper;
use crate::sinks::{JournalSink, Progress};
use crate::worker::{Worker, Workers};
use crate::{doctor, images, load, provenance, resume, vs, workspace};

/// Counted rounds, unless the user says when to stop.
const DEFAULT_ROUNDS: u32 = 4;

/// Counted rounds at the most, where something else is to stop the run.
const MOST_ROUNDS: u32 = 10_000;

pub(crate) fn run(args: &BenchArgs) -> Result<ExitCode> {
    let parent = args.out.clone().unwrap_or_else(workspace::runs);
    if let Some(wanted) = &args.resume {
        return resume::run(args, wanted, &parent);
    }
    args.look.check(args.format)?;
    if let Some(name) = &args.name {
        name.check_free(&parent)?;
    }
    let (mut plan, matrix, said) = plan(args)?;
    if args.list {
        let names = plan.rows.iter().map(|row| format!("{}\n", words::name(&row.name)));
        print(&names.collect::<String>())?;
        return Ok(ExitCode::SUCCESS);
    }
    if args.dry_run {
        let said: String = said.iter().map(|line| format!("{line}\n")).collect();
        print(&(said + &plan.in_words()))?;
        return Ok(ExitCode::SUCCESS);
    }
    said.iter().for_each(|line| say_unless(args.quiet, line));
    // Whether a run can be kept there is better known before a build of minutes than after it.
    RunFolder::check(&parent)?;
    let workers = workers(&mut plan, args)?;
    // Only now, since the run's id says when it began.
    let folder = RunFolder::create(&parent, &plan.matrix.name, &plan.scale)?;
    let result = run_in(&folder, &plan, workers, &matrix, args);
    folder.discard();
    result
}

/// The worker of the checkout, and that of the other revision if there is one, whose rows join the plan.
fn workers(plan: &mut Plan, args: &BenchArgs) -> Result<Workers> {
    say_unless(args.quiet, "building the worker (release)");
    let mut workers = Workers { own: Worker::build()?, others: Default::default() };
    if let Some(revision) = &args.vs {
        let (revision, worker) = vs::build(revision, args.quiet)?;
        plan.against(&revision);
        workers.others.insert(revision, worker);
    }
    Ok(workers)
}

/// The plan, the matrix that it is of, and what is to be said about work of the user's own in it.
fn plan(args: &BenchArgs) -> Result<(Plan, Matrix, Vec<String>)> {
    let name = match &args.matrix {
        Some(name) => name.clone(),
        None => default_matrix(&wish(args, SEED)?)?,
    };
    let matrix = Matrix::load(&name)?;
    let set = matrix.scale(&args.scale)?.images;
    let wish = wish(args, &name)?;
    let settled = Settled::before_the_plan(&args.inputs, &matrix, &wish)?;
    let mut plan = Plan::new(&wish, &matrix, || Ok(Worker::build()?.registry()?.executors))?;
    let mut said = settled.put_in(&mut plan, &args.inputs)?;
    load::apply(&args.load, &mut plan)?;
    said.extend(inputs::narrow(&mut plan, &args.inputs)?);
    if plan.conduct.search.is_some() {
        find_rate::check(args.format)?;
    }
    if plan.conduct.schedule.is_some() {
        find_rate::check_on_schedule(args.format)?;
    }
    let will_run = !args.list && !args.dry_run;
    // Photographs may have to be made first, so only for rows that want them.
    if let (true, true, Some(set)) = (will_run, plan.wants_images(), set) {
        plan.use_images(&images::resolve(args.images.as_deref(), set)?);
    }
    Ok((plan, matrix, said))
}

fn wish(args: &BenchArgs, matrix: &str) -> Result<Wish> {
    Ok(Wish {
        matrix: matrix.to_owned(),
        scale: args.scale.clone(),
        seed: args.seed,
        conduct: conduct(args)?,
        only: args.only.clone(),
    })
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
        timeout: args.timeout,
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
    plan: &Plan,
    workers: Workers,
    matrix: &Matrix,
    args: &BenchArgs,
) -> Result<ExitCode> {
    let registry = workers.own.registry()?;
    // What the worker does not know would fail every sample of its rows; better before the first.
    matrix.refuse(matrix.unregistered(&workers.own, Inputs::Leave)?)?;
    let mut header = header(folder, plan, &workers.own)?;
    header.name = args.name.as_ref().map(|name| name.as_str().to_owned());
    for warning in doctor::examine(&header.host, &plan.rows).warnings() {
        say_unless(args.quiet, &format!("warning: {warning}"));
    }
    let mut writer = Writer::create(&folder.path)
        .with_context(|| format!("make a journal in {}", folder.path.display()))?;
    writer.append(&Record::Run(Box::new(header.clone())))?;
    let session = Session { plan, workers, registry, journal: Journal::begin(header), args };
    session.run(writer, &folder.path)
}

/// A run that is about to go on: a new one, or one that was cut short.
pub(crate) struct Session<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) workers: Workers,
    pub(crate) registry: Registry,
    /// What is known so far.
    pub(crate) journal: Journal,
    pub(crate) args: &'a BenchArgs,
}

impl Session<'_> {
    /// Runs what is left, saves it in `folder`, and shows the whole.
    pub(crate) fn run(self, writer: Writer, folder: &Path) -> Result<ExitCode> {
        let path = writer.path().to_owned();
        let logs = logs_in(folder);
        fs::create_dir_all(&logs).with_context(|| format!("make the folder {}", logs.display()))?;
        let keeper = match self.plan.wants_server() {
            true => Keeper::build(&logs)?,
            false => Keeper::default(),
        };
        let stop = stop_on_interrupt()?;
        let mut sinks: Vec<Box<dyn Sink>> = vec![Box::new(JournalSink(writer))];
        if !self.args.quiet {
            sinks.push(Box::new(Progress::new(self.plan, done_as_planned(&self.journal))));
        }
        let mut driver = Driver {
            plan: self.plan,
            workers: &self.workers,
            registry: &self.registry,
            keeper,
            logs: logs.clone(),
            limits: Limits { stop: &stop, timeout: self.plan.conduct.timeout },
            sinks,
            journal: self.journal,
        };
        let reason = driver.run()?;
        // Stays when a case wrote to its log.
        let _ = fs::remove_dir(&logs);

        let mut code = report::show(&path, self.args.format, &self.args.look, None)?;
        if self.args.vs.is_some() {
            code = compare::with_revision(&path, self.args, code)?;
        }
        page::beside_journal(&path);
        if !self.args.quiet {
            next::say_next(&path, &next::typed())?;
        }
        Ok(if reason == EndReason::Interrupted { ExitCode::from(INTERRUPTED) } else { code })
    }
}

/// How many of the plan's samples `journal` has. One that was interrupted is run again, and one that was taken
/// again came on top of the plan.
fn done_as_planned(journal: &Journal) -> usize {
    let samples = journal.samples.iter().chain(&journal.memory_samples);
    let is_done = |sample: &&Sample| {
        sample.take == 1 && !matches!(sample.outcome, SampleOutcome::Interrupted { .. })
    };
    samples.filter(is_done).count()
}

fn header(folder: &RunFolder, plan: &Plan, worker: &Worker) -> Result<RunHeader> {
    Ok(RunHeader {
        run_id: folder.id.clone(),
        name: None,
        started_unix_ms: now_unix_ms(),
        paceline: env!("CARGO_PKG_VERSION").to_owned(),
        rustc: provenance::rustc_version(),
        matrix: plan.matrix.clone(),
        scale: plan.scale.clone(),
        seed: plan.seed,
        stop: plan.conduct.stop,
        retakes: plan.conduct.retakes,
        memory_rounds: plan.conduct.memory_rounds,
        timeout_ms: plan.conduct.timeout.map(millis),
        pool: plan.conduct.pool,
        schedule: plan.conduct.schedule,
        search: plan.conduct.search,
        only: plan.only.clone(),
        revision: provenance::revision(),
        engines: provenance::engines(),
        worker: worker.hash()?,
        host: paceline_measure::host::facts(),
        rows: plan.rows.clone(),
    })
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

pub(crate) fn say_unless(quiet: bool, text: &str) {
    if !quiet {
        say(text);
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
