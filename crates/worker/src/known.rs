//! What this worker knows: its executors, and the workloads that all workers have.

use anyhow::{Context, bail};
use paceline_core::{Executor, Family};
use paceline_protocol::{ExecutorEntry, FORMAT, PoolLimits, Registry, WorkloadEntry};

use crate::Executors;

/// The one of `executors` with this id.
pub(crate) fn executor(
    id: &str,
    mut executors: Vec<Box<dyn Executor>>,
) -> anyhow::Result<Box<dyn Executor>> {
    match executors.iter().position(|executor| executor.id() == id) {
        Some(position) => Ok(executors.swap_remove(position)),
        None => {
            let known: Vec<&str> = executors.iter().map(|executor| executor.id()).collect();
            bail!("find executor `{id}`; there are {}", known.join(", "))
        }
    }
}

/// The registry as data, for the driver. An executor whose id begins with no family's prefix is refused:
/// nothing that goes by families would find it.
pub(crate) fn contents(executors: Executors) -> anyhow::Result<Registry> {
    let executors = executors(PoolLimits::default());
    let executors: anyhow::Result<Vec<ExecutorEntry>> =
        executors.iter().map(|executor| entry(&**executor)).collect();
    let workloads = paceline_workloads::WORKLOADS.iter().map(|entry| WorkloadEntry {
        name: entry.name.to_owned(),
        about: entry.about.to_owned(),
        seeded: entry.seeded,
    });
    Ok(Registry { format: FORMAT, executors: executors?, workloads: workloads.collect() })
}

fn entry(executor: &dyn Executor) -> anyhow::Result<ExecutorEntry> {
    let id = executor.id().to_owned();
    let family = Family::of(&id).with_context(|| {
        let prefixes = Family::ALL.map(Family::id_prefix).join(", ");
        format!("tell the family of executor `{id}`: ids begin with one of {prefixes}")
    })?;
    Ok(ExecutorEntry {
        id,
        family,
        ceiling: executor.ceiling(),
        about: executor.about().to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use paceline_core::{ExecError, Job, Lanes, Setup};

    use super::*;

    /// An executor whose id tells no family.
    struct Fibers;

    impl Executor for Fibers {
        fn id(&self) -> &'static str {
            "fibers"
        }

        fn about(&self) -> &'static str {
            "of no family"
        }

        fn start(&self, _: &Setup<'_>) -> Result<Box<dyn Lanes>, ExecError> {
            Ok(Box::new(Self))
        }
    }

    impl Lanes for Fibers {
        fn started(&self) -> usize {
            1
        }

        fn run(&mut self, job: &Arc<Job>) -> Result<(), ExecError> {
            job.run_tasks();
            Ok(())
        }
    }

    #[test]
    fn an_executor_of_no_family_is_refused_and_not_taken_for_threads() {
        let error = contents(|_| vec![Box::new(Fibers)]).expect_err("its id tells no family");
        let text = error.to_string();
        assert!(text.contains("`fibers`") && text.contains("seq, async, threads, procs"), "{text}");
    }

    #[test]
    fn an_unknown_executor_is_answered_with_the_known_ones() {
        let known: Vec<Box<dyn Executor>> = vec![Box::new(paceline_exec_threads::Rayon)];
        let error = executor("fibers", known).err().expect("there are no fibers").to_string();
        assert!(error.contains("`fibers`") && error.contains("threads-rayon"), "{error}");
    }
}
