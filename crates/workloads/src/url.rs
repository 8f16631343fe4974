//! `url`: a request to a service of the user's own for each item.
//!
//! An item ends when the whole answer is there; a status other than 2xx fails it. Bodies are read and
//! thrown away: those of a living service change.
//!
//! **What the checksum proves.** The product of an item is its index with the class of the status. So the
//! digest that rows must have follows from the spec alone, and no request is sent to find it out: it may
//! have effects, and the service is to be asked as often as the rows do and not once more.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

use paceline_core::{
    AsyncIo, BoxFuture, Checksum, ItemError, ItemIndex, ItemResult, Param, SpecError, Workload,
    WorkloadSpec,
};
use paceline_http::{Client, HttpError, Limits, Method, Request, Trust};
use paceline_inputs::{InputError, Items, ServiceUrl, certificates};

use crate::http::{TIMEOUT_MS, timeout};

/// Builds the workload `url` from `url`, in whose path placeholders stand for the item; `items`, a range
/// or a list; `method`; `timeout_ms`, the longest that one request may take, in milliseconds; and `send`,
/// which is false to compute the products alone.
///
/// May be left out: `requests`, how many are sent, each for the next item and after the last for the first
/// again; `address`, if the host was looked up before; and `ca_file` with the certificate of an authority
/// that the system does not know, for a service of `https`.
pub(crate) fn build(spec: &WorkloadSpec) -> Result<Arc<dyn Workload>, SpecError> {
    spec.only(&["url", "items", "method", TIMEOUT_MS, "requests", ADDRESS, CA_FILE, SEND])?;
    let url: String = spec.param("url")?;
    let items: String = spec.param("items")?;
    let Verb(method) = spec.param("method")?;
    let timeout = timeout(spec)?;
    let send: bool = spec.param(SEND)?;
    let service = ServiceUrl::parse(&url).map_err(|error| spec.unusable("url", error))?;
    let items: Items = items.parse().map_err(|error: InputError| spec.unusable("items", error))?;
    let requests: u32 = spec.param_if_set("requests")?.unwrap_or(items.count());
    let limits = Limits { timeout, body_bytes: MAX_BODY_BYTES };
    let address: Option<SocketAddr> = spec.param_if_set(ADDRESS)?;
    let ca_file: Option<PathBuf> = spec.param_if_set(CA_FILE)?;
    let trust = match ca_file {
        Some(file) => {
            let found = certificates(&file);
            Trust::Only(found.map_err(|error| spec.bad_input(CA_FILE, error))?)
        }
        None => Trust::System,
    };
    let client = Client::with(&service.origin(), address, &trust, limits)
        .map_err(|error| spec.bad_input("url", error))?;
    Ok(Arc::new(Requests { spec: spec.clone(), service, items, requests, method, send, client }))
}

/// A method that is sent, in the letters that HTTP has for it: another is another method to a server.
struct Verb(Method);

impl Verb {
    const KNOWN: [Method; 5] =
        [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
}

impl FromStr for Verb {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::KNOWN.into_iter().find(|known| known.as_str() == text).map(Self).ok_or(())
    }
}

impl Param for Verb {
    fn wanted() -> String {
        let known = Self::KNOWN.map(|method| method.to_string());
        format!("one of {}", known.join(", "))
    }
}

const ADDRESS: &str = "address";
const CA_FILE: &str = "ca_file";
const SEND: &str = "send";

/// The longest body that is read, in bytes.
const MAX_BODY_BYTES: u64 = 16 * 1024 * 1024;

/// A connection with its buffers and the future that carries the item, rounded up.
const ITEM_BYTES: u64 = 32 * 1024;

/// The class of a status of success, the only one that an item can end with.
const SUCCESS: u32 = 2;

#[derive(Debug)]
struct Requests {
    spec: WorkloadSpec,
    service: ServiceUrl,
    items: Items,
    requests: u32,
    method: Method,
    send: bool,
    client: Client,
}

impl Requests {
    /// The request of an item, unless none is to be sent.
    fn request(&self, item: ItemIndex) -> Option<Request> {
        let number = item.0.checked_rem(self.items.count()).unwrap_or_default();
        let name = self.items.get(number as usize).unwrap_or_default();
        let path = self.service.path_of(&name, number);
        self.send.then(|| Request { method: self.method.clone(), path, body: None })
    }
}

fn product(item: ItemIndex, answer: Option<Result<Vec<u8>, HttpError>>) -> ItemResult {
    match answer {
        Some(Err(error)) => Err(ItemError::new(error)),
        Some(Ok(_)) | None => {
            Ok(Checksum::of([item.0, SUCCESS].map(u32::to_le_bytes).as_flattened()))
        }
    }
}

impl Workload for Requests {
    fn spec(&self) -> &WorkloadSpec {
        &self.spec
    }

    fn items(&self) -> usize {
        self.requests as usize
    }

    fn run_item(&self, item: ItemIndex) -> ItemResult {
        product(item, self.request(item).map(|request| self.client.send(&request)))
    }

    fn run_item_async<'a>(
        &'a self,
        item: ItemIndex,
        io: &'a dyn AsyncIo,
    ) -> BoxFuture<'a, ItemResult> {
        Box::pin(async move {
            let answer = match self.request(item) {
                Some(request) => Some(self.client.send_async(&request, io).await),
                None => None,
            };
            product(item, answer)
        })
    }

    fn item_memory_bytes(&self, _: ItemIndex) -> u64 {
        ITEM_BYTES
    }

    fn without_waits(&self) -> WorkloadSpec {
        self.spec.clone().with(SEND, false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_time_at_all_is_refused_as_the_time_of_a_request() {
        let spec = WorkloadSpec::new("url")
            .with("url", "http://127.0.0.1:1/{item}")
            .with("items", "1..3")
            .with("method", "GET")
            .with(SEND, false);
        build(&spec.clone().with(TIMEOUT_MS, 1)).expect("a good spec");
        let refused = build(&spec.with(TIMEOUT_MS, 0)).expect_err("it is refused").to_string();
        assert!(refused.contains(TIMEOUT_MS) && refused.contains("at least 1"), "{refused}");
    }

    #[test]
    fn a_method_in_other_letters_is_refused_with_those_that_there_are() {
        let spec = WorkloadSpec::new("url")
            .with("url", "http://127.0.0.1:1/{item}")
            .with("items", "1..3")
            .with("timeout_ms", 1)
            .with(SEND, false);
        build(&spec.clone().with("method", "GET")).expect("a good spec");
        for method in ["get", "BREW", ""] {
            let refused = build(&spec.clone().with("method", method)).expect_err("it is refused");
            let words = "is not one of GET, POST, PUT, PATCH, DELETE";
            assert!(refused.to_string().ends_with(words), "{refused}");
        }
    }
}
