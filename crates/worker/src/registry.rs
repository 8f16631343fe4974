//! The one registry: a new executor is one line here and one in `Cargo.toml`.

use std::time::Duration;

use anyhow::bail;
use paceline_core::wire::{ExecutorEntry, FORMAT, PoolLimits, Registry, WorkloadEntry};
use paceline_core::{Executor, Family};
use paceline_exec_async as tasks;
use paceline_exec_procs as procs;
use paceline_exec_seq as seq;
use paceline_exec_threads as threads;

/// Every executor, in the order in which they are listed. `pool` is for those with child processes.
pub(crate) fn executors(pool: PoolLimits) -> Vec<Box<dyn Executor>> {
    vec![
        Box::new(seq::Sequential),
        Box::new(tasks::FalseTokio),
        Box::new(tasks::FalseAsyncStd),
        Box::new(tasks::FalseSmol),
        Box::new(tasks::Tokio),
        Box::new(tasks::TokioMultiThread),
        Box::new(tasks::TokioBlocking),
        Box::new(tasks::AsyncStd),
        Box::new(tasks::Smol),
        Box::new(threads::Threadpool),
        Box::new(threads::Rayon),
        Box::new(procs::ProcsIpc::new(options(pool))),
    ]
}

/// The executor with this id.
pub(crate) fn executor(id: &str, pool: PoolLimits) -> anyhow::Result<Box<dyn Executor>> {
    let mut executors = executors(pool);
    match executors.iter().position(|executor| executor.id() == id) {
        Some(position) => Ok(executors.swap_remove(position)),
        None => {
            let known: Vec<&str> = executors.iter().map(|executor| executor.id()).collect();
            bail!("find executor `{id}`; there are {}", known.join(", "))
        }
    }
}

fn options(limits: PoolLimits) -> procs::Options {
    procs::Options {
        handshake_timeout: Duration::from_millis(limits.handshake_timeout_ms),
        item_timeout: limits.item_timeout_ms.map(Duration::from_millis),
        retry_lost: limits.retry_lost,
        ..procs::Options::default()
    }
}

/// The registry as data, for the driver.
pub(crate) fn contents() -> Registry {
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
    fn ids_are_unique_and_begin_with_their_family() {
        let executors = executors(PoolLimits::default());
        let mut ids: Vec<&str> = executors.iter().map(|executor| executor.id()).collect();
        assert!(ids.iter().all(|id| Family::of(id).is_some()), "{ids:?}");
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), count);
    }

    #[test]
    fn an_unknown_executor_is_answered_with_the_known_ones() {
        let error = executor("fibers", PoolLimits::default())
            .err()
            .expect("there are no fibers")
            .to_string();
        assert!(error.contains("`fibers`") && error.contains("threads-rayon"), "{error}");
    }
}
