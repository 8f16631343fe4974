//! Too few file descriptors: connections cannot be made, and items say so. A limit is the process's own,
//! so this stands in a binary of its own.

#![cfg(unix)]

use std::net::TcpListener;
use std::num::NonZeroUsize;
use std::sync::Arc;

use paceline_core::{Executor, Job, Outcome, Setup, WorkloadSpec};
use paceline_exec_async::{AsyncStd, Smol, Tokio};
use paceline_exec_threads::Threadpool;
use paceline_workloads::build;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

const LIMIT: u64 = 64;

#[test]
fn items_without_a_descriptor_for_their_connection_fail_with_that_reason() {
    let whole = getrlimit(Resource::Nofile);
    let executors: [Box<dyn Executor>; 4] =
        [Box::new(Threadpool), Box::new(Tokio), Box::new(AsyncStd), Box::new(Smol)];
    // It accepts nothing: connections stand as soon as the system has queued them.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let spec = WorkloadSpec::new("http").with("url", url).with("records", 100);
    let spec = spec.with("max_wait_us", 0).with("timeout_ms", 500);
    for executor in executors {
        let width = NonZeroUsize::new(100).unwrap();
        let setup = Setup { width, tasks: 100, spec: &spec };
        let job = Arc::new(Job::new(build(&spec).unwrap(), NonZeroUsize::MIN));
        let mut lanes = executor.start(&setup).unwrap();
        setrlimit(Resource::Nofile, Rlimit { current: Some(LIMIT), ..whole }).unwrap();
        let result = lanes.run(&job);
        setrlimit(Resource::Nofile, whole).unwrap();
        result.unwrap();
        lanes.shutdown().unwrap();
        let receipts = job.receipts();
        let starved = receipts.iter().filter(|receipt| {
            matches!(&receipt.outcome, Outcome::Failed(reason) if reason.contains("may have 64 here; raise `ulimit -n`"))
        });
        assert!(starved.count() > 20, "{}: {receipts:?}", executor.id());
        let failed = |outcome: &Outcome| matches!(outcome, Outcome::Failed(_));
        assert!(receipts.iter().all(|receipt| failed(&receipt.outcome)), "{}", executor.id());
    }
}
