//! Runs all records on real executors, and asks the real server.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use paceline_api_server::Server;
use paceline_core::{Executor, Job, Outcome, Receipt, Setup, WorkloadSpec};
use paceline_exec_async::{
    AsyncStd, FalseAsyncStd, FalseSmol, FalseTokio, Smol, Tokio, TokioBlocking, TokioMultiThread,
};
use paceline_exec_threads::{Rayon, Threadpool};
use paceline_http::{Client, Limits, Method, Request};
use paceline_protocol::service::{Counters, Faults, Setting};
use paceline_workloads::build;

pub(crate) const SEED: u64 = 7;

/// Every way to wait: threads that block, and the three reactors.
pub(crate) fn executors() -> [Box<dyn Executor>; 4] {
    [Box::new(Threadpool), Box::new(Tokio), Box::new(AsyncStd), Box::new(Smol)]
}

/// Every executor whose lanes are of this process.
pub(crate) fn all_executors() -> Vec<Box<dyn Executor>> {
    let more: [Box<dyn Executor>; 6] = [
        Box::new(Rayon),
        Box::new(TokioMultiThread),
        Box::new(TokioBlocking),
        Box::new(FalseTokio),
        Box::new(FalseAsyncStd),
        Box::new(FalseSmol),
    ];
    executors().into_iter().chain(more).collect()
}

/// The workload against `url`, without waits and with ten seconds for each request.
pub(crate) fn spec(url: &str, records: u32) -> WorkloadSpec {
    let spec = WorkloadSpec::new("http").with_seed(SEED).with("url", url);
    spec.with("records", records).with("max_wait_us", 0).with("timeout_ms", 10_000)
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

/// Why items failed, in no order. There is no other way not to be done here.
pub(crate) fn failures(receipts: &[Receipt]) -> Vec<String> {
    let reason = |receipt: &Receipt| match &receipt.outcome {
        Outcome::Done(_) => None,
        Outcome::Failed(reason) => Some(reason.clone()),
        other => panic!("{other:?}"),
    };
    receipts.iter().filter_map(reason).collect()
}

/// The real server, and a client for its settings.
pub(crate) struct Api {
    pub(crate) server: Server,
    control: Client,
}

impl Api {
    pub(crate) fn start() -> Self {
        let server = Server::start(0).unwrap();
        let limits = Limits { timeout: Duration::from_secs(10), body_bytes: 10_000 };
        let control = Client::new(&server.url(), limits).unwrap();
        Self { server, control }
    }

    pub(crate) fn set(&self, records: u32, max_wait_us: u32, faults: Faults) {
        let setting = Setting { seed: SEED, records, max_wait_us, faults };
        let body = Some(serde_json::to_vec(&setting).unwrap());
        let reset = Request { method: Method::POST, path: "/reset".to_owned(), body };
        self.control.send(&reset).unwrap();
    }

    pub(crate) fn counters(&self) -> Counters {
        serde_json::from_slice(&self.control.send(&Request::get("/stats")).unwrap()).unwrap()
    }
}
