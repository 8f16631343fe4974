//! What this worker knows: its executors, and the workloads that all workers have.

use anyhow::bail;
use paceline_core::wire::{ExecutorEntry, FORMAT, PoolLimits, Registry, WorkloadEntry};
use paceline_core::{Executor, Family};

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

/// The registry as data, for the driver.
pub(crate) fn contents(executors: Executors) -> Registry {
    let executors = executors(PoolLimits::default());
    let executors = executors.iter().map(|executor| ExecutorEntry {
        id: executor.id().to_owned(),
        family: Family::of(executor.id()).unwrap_or(Family::Threads),
        ceiling: executor.ceiling(),
        about: executor.about().to_owned(),
    });
    let workloads = paceline_workloads::WORKLOADS.iter().map(|entry| WorkloadEntry {
        name: entry.name.to_owned(),
        about: entry.about.to_owned(),
        seeded: entry.seeded,
    });
    Registry { format: FORMAT, executors: executors.collect(), workloads: workloads.collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_executor_is_answered_with_the_known_ones() {
        let known: Vec<Box<dyn Executor>> = vec![Box::new(paceline_exec_threads::Rayon)];
        let error = executor("fibers", known).err().expect("there are no fibers").to_string();
        assert!(error.contains("`fibers`") && error.contains("threads-rayon"), "{error}");
    }
}
