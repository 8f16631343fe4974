//! What the pool owes when children behave, with real processes.

#[path = "support/fault.rs"]
mod fault;

use std::num::NonZeroUsize;
use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::{Arguments, Failed, Trial};
use paceline_core::{Executor, Expected, Job, Outcome, Receipt, Setup, WorkloadSpec, verify};
use paceline_exec_procs::{Options, ProcsIpc, serve_if_child};

fn main() -> ExitCode {
    serve_if_child(fault::build).unwrap_or_else(|| {
        let tests: Vec<Trial> = vec![
            Trial::test("every_item_runs_once_at_any_width_and_batch", every_item_runs_once),
            Trial::test("lanes_run_one_job_after_another", lanes_run_one_job_after_another),
            Trial::test("kill", kill),
        ];
        libtest_mimic::run(&Arguments::from_args(), tests).exit_code()
    })
}

fn job(spec: &WorkloadSpec, batch: usize) -> Arc<Job> {
    let workload = fault::build(spec).expect("specs of tests are sound");
    Arc::new(Job::new(workload, NonZeroUsize::new(batch).expect("batches are positive")))
}

fn run(spec: &WorkloadSpec, options: Options, width: usize, batch: usize) -> Vec<Receipt> {
    let job = job(spec, batch);
    let width = NonZeroUsize::new(width).expect("widths are positive");
    let setup = Setup { width, tasks: job.task_count(), spec };
    let mut lanes = ProcsIpc::new(options).start(&setup).expect("children start");
    lanes.run(&job).expect("the pool holds");
    lanes.shutdown().expect("children end");
    job.receipts()
}

fn every_item_runs_once() -> Result<(), Failed> {
    let spec = fault::spec(101, "");
    for width in [1, 2, 7] {
        for batch in [1, 3, 1_000] {
            let receipts = run(&spec, Options::default(), width, batch);
            let expected = Expected { items: 101, width, digest: None };
            assert_eq!(verify(&receipts, &expected), []);
        }
    }
    Ok(())
}

fn lanes_run_one_job_after_another() -> Result<(), Failed> {
    let spec = fault::spec(20, "");
    let setup = Setup { width: NonZeroUsize::MIN, tasks: 20, spec: &spec };
    let mut lanes = ProcsIpc::default().start(&setup)?;
    for batch in [1, 4] {
        let job = job(&spec, batch);
        lanes.run(&job)?;
        assert!(job.receipts().iter().all(|receipt| matches!(receipt.outcome, Outcome::Done(_))));
    }
    lanes.shutdown()?;
    Ok(())
}

fn kill() -> Result<(), Failed> {
    for fault in ["kill", "exit", "abort", "segv", "panic", "fail", "stdout", "stderr"] {
        let receipts = run(&fault::spec(20, &format!("7:{fault}")), Options::default(), 2, 5);
        assert_eq!(receipts.len(), 20);
        for receipt in receipts {
            if !matches!(receipt.outcome, Outcome::Done(_)) {
                println!("{fault}: {receipt:?}");
            }
        }
    }
    Ok(())
}
