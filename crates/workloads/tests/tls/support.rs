//! Runs ten requests on a real executor.

use std::num::NonZeroUsize;
use std::sync::Arc;

use paceline_core::{Executor, Job, Receipt, Setup, WorkloadSpec};
use paceline_workloads::build;

use crate::authority::Authority;

/// The workload against `url`, which trusts `authority` alone.
pub(crate) fn spec(url: &str, authority: &Authority) -> WorkloadSpec {
    let spec = WorkloadSpec::new("url").with("url", url).with("items", "1..10");
    let spec = spec.with("method", "GET").with("timeout_ms", 10_000).with("send", true);
    spec.with("ca_file", authority.file.path().display())
}

/// Runs every item, up to `width` at once.
pub(crate) fn run(executor: &dyn Executor, spec: &WorkloadSpec, width: usize) -> Vec<Receipt> {
    let workload = build(spec).unwrap();
    let width = NonZeroUsize::new(width).unwrap();
    let setup = Setup { width, tasks: workload.items(), spec };
    let job = Arc::new(Job::new(workload, NonZeroUsize::MIN));
    let mut lanes = executor.start(&setup).unwrap();
    lanes.run(&job).unwrap();
    lanes.shutdown().unwrap();
    job.receipts()
}
