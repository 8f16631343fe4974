//! `cargo xtask bench`: plan, run, save, show.

use std::fmt::Write as _;
use std::fs;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result};
use paceline_core::wire::Registry;
use paceline_journal::{EndReason, RunHeader, Writer};
use paceline_measure::HostFacts;

use crate::cli::BenchArgs;
use crate::commands::{print, report, say};
use crate::drive::{Driver, now_unix_ms};
use crate::exit::{INTERRUPTED, Usage};
use crate::matrix::Matrix;
use crate::plan::{Plan, Wish};
use crate::runs::RunFolder;
use crate::sinks::{JournalSink, Progress};
use crate::worker::{Worker, rustc_version};
use crate::{images, workspace};

pub(crate) fn run(args: &BenchArgs) -> Result<ExitCode> {
    let plan = plan(args)?;
    if args.list {
        let names = plan.rows.iter().map(|row| format!("{}\n", row.row.name));
        print(&names.collect::<String>())?;
        return Ok(ExitCode::SUCCESS);
    }
    if args.dry_run {
        print(&dry_run(&plan)?)?;
        return Ok(ExitCode::SUCCESS);
    }
    let parent = args.out.clone().unwrap_or_else(workspace::runs);
    let folder = RunFolder::create(&parent, &plan.matrix.name, &plan.scale)?;
    let result = run_in(&folder, &plan, args);
    folder.discard();
    result
}

fn plan(args: &BenchArgs) -> Result<Plan> {
    let matrix = Matrix::load(&args.matrix)?;
    let set = matrix.scale(&args.scale)?.images;
    let wish = Wish {
        matrix: args.matrix.clone(),
        scale: args.scale.clone(),
        seed: args.seed,
        rounds: args.rounds,
        only: args.only.clone(),
    };
    let mut plan = Plan::new(&wish, &matrix, || Ok(Worker::build()?.registry()?.executors))?;
    let will_run = !args.list && !args.dry_run;
    // Photographs may have to be made first, so only for rows that want them.
    if let (true, true, Some(set)) = (will_run, plan.wants_images(), set) {
        plan.use_images(&images::resolve(args.images.as_deref(), set)?);
    }
    Ok(plan)
}

fn run_in(folder: &RunFolder, plan: &Plan, args: &BenchArgs) -> Result<ExitCode> {
    if !args.quiet {
        say("building the worker (release)");
    }
    let worker = Worker::build()?;
    let registry = worker.registry()?;
    check_executors(plan, &registry)?;
    let logs = folder.path.join("logs");
    fs::create_dir(&logs).with_context(|| format!("make the folder {}", logs.display()))?;
    let writer = Writer::create(&folder.path)
        .with_context(|| format!("make a journal in {}", folder.path.display()))?;
    let journal = writer.path().to_owned();

    let stop = stop_on_interrupt()?;
    let sinks = vec![
        Box::new(JournalSink(writer)) as Box<dyn crate::drive::Sink>,
        Box::new(Progress::new(plan, args.quiet)),
    ];
    let mut driver = Driver {
        plan,
        worker: &worker,
        registry: &registry,
        logs: logs.clone(),
        stop: &stop,
        sinks,
        digests: Default::default(),
    };
    let reason = driver.run(&header(folder, plan))?;
    // Stays when a case wrote to its log.
    let _ = fs::remove_dir(&logs);

    let code = report::show(&journal, args.format)?;
    say(&format!("saved as {}", workspace::shown(&journal)));
    Ok(if reason == EndReason::Interrupted { ExitCode::from(INTERRUPTED) } else { code })
}

fn header(folder: &RunFolder, plan: &Plan) -> RunHeader {
    RunHeader {
        run_id: folder.id.clone(),
        started_unix_ms: now_unix_ms(),
        paceline: env!("CARGO_PKG_VERSION").to_owned(),
        rustc: rustc_version(),
        matrix: plan.matrix.clone(),
        scale: plan.scale.clone(),
        seed: plan.seed,
        rounds: plan.rounds,
        only: plan.only.clone(),
        host: HostFacts::gather(),
        rows: plan.rows.iter().map(|row| row.row.clone()).collect(),
    }
}

/// A misspelt executor in a matrix file would fail every sample of its row; better before the first.
fn check_executors(plan: &Plan, registry: &Registry) -> Result<()> {
    let known = |id: &str| registry.executors.iter().any(|executor| executor.id == id);
    match plan.rows.iter().find(|row| !known(&row.row.case.executor)) {
        None => Ok(()),
        Some(row) => {
            let ids: Vec<&str> = registry.executors.iter().map(|e| e.id.as_str()).collect();
            Err(Usage::new(format!(
                "find executor `{}` of row `{}`; there are {}",
                row.row.case.executor,
                row.row.name,
                ids.join(", ")
            ))
            .into())
        }
    }
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

fn dry_run(plan: &Plan) -> Result<String> {
    let mut text = format!(
        "{} rows of matrix `{}` at scale `{}`: 1 warm-up round and {} counted, {} samples, seed {}\n",
        plan.rows.len(),
        plan.matrix.name,
        plan.scale,
        plan.rounds,
        plan.rows.len() * plan.all_rounds() as usize,
        plan.seed
    );
    for row in &plan.rows {
        let case = &row.row.case;
        let width = case.width.map_or("items".to_owned(), |width| width.to_string());
        writeln!(
            text,
            "  {}\n    workload {}, executor {}, width {width}, batch {}",
            row.row.name, case.spec.workload, case.executor, case.batch
        )?;
    }
    Ok(text)
}
