//! `api`: records of a remote API, whose answers take their time.
//!
//! Item i is the record with id i + 1. It is fetched by a GET; if its id leaves 1 when divided by 3, a
//! company name is set in it and a PUT stores it. Nothing but waiting costs time here: the API stands in
//! this process, and its latency is drawn, not caused.
//!
//! An item is written once, as an [`Exchange`] that says when to wait and does not know how. The
//! blocking and the asynchronous form differ in the line that waits, and nowhere else.

mod exchange;

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use paceline_api::Remote;
use paceline_core::{AsyncIo, BoxFuture, ItemIndex, ItemResult, SpecError, Workload, WorkloadSpec};

use exchange::{Exchange, Step};

/// Builds the workload `api` from `records`, their number, and `max_wait_us`, the longest wait in
/// microseconds (up to about 71 minutes).
pub(crate) fn build(spec: &WorkloadSpec) -> Result<Arc<dyn Workload>, SpecError> {
    spec.only(&["records", MAX_WAIT_US])?;
    let records: u32 = spec.param("records")?;
    let max_wait_us: u32 = spec.param(MAX_WAIT_US)?;
    let remote = Remote::new(spec.seed, Duration::from_micros(max_wait_us.into()))
        .map_err(|error| spec.unusable(MAX_WAIT_US, error))?;
    Ok(Arc::new(Api { spec: spec.clone(), records, remote }))
}

/// The parameter for the longest wait.
pub(crate) const MAX_WAIT_US: &str = "max_wait_us";

/// A record with its strings and the future that carries it, rounded up.
const ITEM_BYTES: u64 = 1024;

#[derive(Debug)]
struct Api {
    spec: WorkloadSpec,
    records: u32,
    remote: Remote,
}

impl Api {
    fn begin(&self, item: ItemIndex) -> Exchange<'_> {
        Exchange::begin(&self.remote, id_of(item))
    }
}

/// The record that an item is about.
pub(crate) fn id_of(item: ItemIndex) -> u64 {
    u64::from(item.0) + 1
}

impl Workload for Api {
    fn spec(&self) -> &WorkloadSpec {
        &self.spec
    }

    fn items(&self) -> usize {
        self.records as usize
    }

    fn run_item(&self, item: ItemIndex) -> ItemResult {
        let mut exchange = self.begin(item);
        loop {
            match exchange.step() {
                Step::Wait(duration, rest) => {
                    thread::sleep(duration);
                    exchange = rest;
                }
                Step::Done(checksum) => return Ok(checksum),
            }
        }
    }

    fn run_item_async<'a>(
        &'a self,
        item: ItemIndex,
        io: &'a dyn AsyncIo,
    ) -> BoxFuture<'a, ItemResult> {
        Box::pin(async move {
            let mut exchange = self.begin(item);
            loop {
                match exchange.step() {
                    Step::Wait(duration, rest) => {
                        io.sleep(duration).await;
                        exchange = rest;
                    }
                    Step::Done(checksum) => return Ok(checksum),
                }
            }
        })
    }

    fn planned(&self, item: ItemIndex) -> Option<Duration> {
        Some(self.remote.planned(id_of(item)))
    }

    fn item_memory_bytes(&self, _: ItemIndex) -> u64 {
        ITEM_BYTES
    }

    fn without_waits(&self) -> WorkloadSpec {
        self.spec.clone().with(MAX_WAIT_US, 0)
    }
}
