//! The one registry: a new executor is one line here and one in `Cargo.toml`.

use std::time::Duration;

use paceline_core::Executor;
use paceline_exec_async as tasks;
use paceline_exec_procs as procs;
use paceline_exec_seq as seq;
use paceline_exec_threads as threads;
use paceline_protocol::PoolLimits;

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

fn options(limits: PoolLimits) -> procs::Options {
    procs::Options {
        handshake_timeout: Duration::from_millis(limits.handshake_timeout_ms),
        item_timeout: limits.item_timeout_ms.map(Duration::from_millis),
        retry_lost: limits.retry_lost,
        ..procs::Options::default()
    }
}

#[cfg(test)]
mod tests {
    use paceline_core::Family;

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
}
