//! `http`: the records of `api`, from a server over real sockets.
//!
//! Item i is the record with id i + 1, as in `api`, and ends with the same checksum; so the digest that
//! its rows must have is that of `api`, and owes nothing to the server. As there, an item is written
//! once, as an [`Exchange`] that says what to send and does not know how.

mod exchange;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use paceline_api::Remote;
use paceline_core::{
    AsyncIo, BoxFuture, ItemError, ItemIndex, ItemResult, SpecError, Workload, WorkloadSpec,
};
use paceline_http::{Client, HttpError, Limits, Trust};

use crate::api::{MAX_WAIT_US, id_of};
use exchange::{Exchange, Step};

/// Builds the workload `http` from `url`, where the server is; `records` and `max_wait_us`, what it was
/// set to; and `timeout_ms`, the longest that one request may take, in milliseconds. May be left out:
/// `address`, if the host was looked up before.
pub(crate) fn build(spec: &WorkloadSpec) -> Result<Arc<dyn Workload>, SpecError> {
    spec.only(&["url", "records", MAX_WAIT_US, TIMEOUT_MS, "address"])?;
    let url: String = spec.param("url")?;
    let records: u32 = spec.param("records")?;
    let max_wait_us: u32 = spec.param(MAX_WAIT_US)?;
    let timeout = timeout(spec)?;
    let address: Option<SocketAddr> = spec.param_if_set("address")?;
    let remote = Remote::new(spec.seed, Duration::from_micros(max_wait_us.into()))
        .map_err(|error| spec.unusable(MAX_WAIT_US, error))?;
    let limits = Limits { timeout, body_bytes: MAX_BODY_BYTES };
    let client = Client::with(&url, address, &Trust::System, limits)
        .map_err(|error| spec.bad_input("url", error))?;
    Ok(Arc::new(Http { spec: spec.clone(), records, remote, client }))
}

/// How long one request may take: the parameter `timeout_ms`.
pub(crate) fn timeout(spec: &WorkloadSpec) -> Result<Duration, SpecError> {
    let timeout_ms: u32 = spec.param(TIMEOUT_MS)?;
    if timeout_ms == 0 {
        let reason = "`timeout_ms` must be at least 1: no request ends in no time";
        return Err(spec.unusable(TIMEOUT_MS, reason));
    }
    Ok(Duration::from_millis(timeout_ms.into()))
}

pub(crate) const TIMEOUT_MS: &str = "timeout_ms";

/// The longest body that is read, in bytes. A record has about 300.
const MAX_BODY_BYTES: u64 = 64 * 1024;

/// A connection with its buffers and the future that carries the item, rounded up.
const ITEM_BYTES: u64 = 32 * 1024;

#[derive(Debug)]
struct Http {
    spec: WorkloadSpec,
    records: u32,
    /// What the server draws its waits from.
    remote: Remote,
    client: Client,
}

impl Http {
    fn begin(&self, item: ItemIndex) -> Step {
        Exchange::begin(self.spec.seed, id_of(item))
    }
}

fn failed(error: HttpError) -> ItemError {
    ItemError::new(error)
}

impl Workload for Http {
    fn spec(&self) -> &WorkloadSpec {
        &self.spec
    }

    fn items(&self) -> usize {
        self.records as usize
    }

    fn run_item(&self, item: ItemIndex) -> ItemResult {
        let mut step = self.begin(item);
        loop {
            step = match step {
                Step::Send(request, exchange) => {
                    exchange.answered(&self.client.send(&request).map_err(failed)?)?
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
            let mut step = self.begin(item);
            loop {
                step = match step {
                    Step::Send(request, exchange) => {
                        let answer = self.client.send_async(&request, io).await.map_err(failed)?;
                        exchange.answered(&answer)?
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

    /// `api`, which makes the same records without a server: a server that answers wrongly cannot
    /// supply the proof that it answered rightly.
    fn without_waits(&self) -> WorkloadSpec {
        WorkloadSpec::new("api")
            .with_seed(self.spec.seed)
            .with("records", self.records)
            .with(MAX_WAIT_US, 0)
    }
}
