//! What each request is answered with.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::rejection::PathRejection;
use axum::extract::{ConnectInfo, Path, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use paceline_api::{Operation, Record, Remote};
use paceline_protocol::service::Setting;

use crate::door::{Gate, Handle};
use crate::faults::{Fault, choose};
use crate::tally::{Asked, Flight, Tally};

/// The longest body that is read, in bytes. A record has about 300.
const MAX_BODY_BYTES: usize = 64 * 1024;

/// The service and what it is set to.
#[derive(Debug)]
pub(crate) struct Api {
    gate: Gate,
    current: RwLock<Arc<Current>>,
}

/// One setting, with its books.
#[derive(Debug)]
struct Current {
    /// Settings are numbered from 1.
    number: u64,
    remote: Remote,
    records: u64,
    faults: HashMap<u64, Fault>,
    tally: Arc<Tally>,
}

/// The paths of the service.
pub(crate) fn router(api: Arc<Api>) -> Router {
    Router::new()
        .route("/records/{id}", get(get_record).head(other_method).put(put_record))
        .route("/stats", get(stats))
        .route("/reset", post(reset))
        .fallback(other_path)
        .method_not_allowed_fallback(other_method)
        .with_state(api)
}

impl Api {
    /// A service that answers about 50 records without a wait, until it is told otherwise.
    pub(crate) fn new(gate: Gate) -> Self {
        let current = Current {
            number: 1,
            remote: Remote::without_waits(0),
            records: 50,
            faults: HashMap::new(),
            tally: Arc::default(),
        };
        Self { gate, current: RwLock::new(Arc::new(current)) }
    }

    fn current(&self) -> Arc<Current> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The answer to a request that is for no record, and counted as such.
    fn stray(&self, status: StatusCode, reason: &str) -> Response {
        self.current().tally.other();
        refusal(status, reason)
    }

    fn no_id(&self) -> Response {
        self.stray(StatusCode::BAD_REQUEST, "the id of a record is a whole number")
    }

    fn set(&self, setting: &Setting) -> Result<(), String> {
        let max_wait = Duration::from_micros(setting.max_wait_us.into());
        let remote = Remote::new(setting.seed, max_wait).map_err(|error| error.to_string())?;
        let faults = choose(&remote, setting.records, &setting.faults)?;
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        *current = Arc::new(Current {
            number: current.number + 1,
            remote,
            records: setting.records.into(),
            faults,
            tally: Arc::default(),
        });
        Ok(())
    }
}

impl Current {
    fn begin(&self, asked: Asked, line: &Handle) -> Flight {
        self.tally.begin(asked, line.is_new_in(self.number))
    }

    async fn wait(&self, id: u64, operation: Operation) {
        let latency = self.remote.latency(id, operation);
        // The timer would round even no time at all up to its tick.
        if !latency.is_zero() {
            tokio::time::sleep(latency).await;
        }
    }

    fn knows(&self, id: u64) -> bool {
        (1..=self.records).contains(&id)
    }
}

async fn get_record(
    State(api): State<Arc<Api>>,
    ConnectInfo(line): ConnectInfo<Handle>,
    id: Result<Path<u64>, PathRejection>,
) -> Response {
    let Ok(Path(id)) = id else { return api.no_id() };
    let current = api.current();
    let flight = current.begin(Asked::Get, &line);
    if !current.knows(id) {
        return refusal(StatusCode::NOT_FOUND, &format!("no record {id}"));
    }
    current.wait(id, Operation::Get).await;
    let record = current.remote.get(id);
    match current.faults.get(&id) {
        None => {
            flight.answered();
            json(&record)
        }
        Some(Fault::Error) => refusal(StatusCode::INTERNAL_SERVER_ERROR, "as it was asked to"),
        Some(Fault::Reset) => {
            line.reset();
            json(&record)
        }
        Some(Fault::Truncated) => {
            line.cut_off();
            json(&record)
        }
        // Ends when the client hangs up.
        Some(Fault::Stall) => std::future::pending().await,
    }
}

async fn put_record(
    State(api): State<Arc<Api>>,
    ConnectInfo(line): ConnectInfo<Handle>,
    id: Result<Path<u64>, PathRejection>,
    body: Body,
) -> Response {
    let Ok(Path(id)) = id else { return api.no_id() };
    let current = api.current();
    let flight = current.begin(Asked::Put, &line);
    let record = match parse::<Record>(body).await {
        Ok(record) if record.id == id && current.knows(id) => record,
        Ok(record) => {
            let reason = format!("record {} is not the record {id} of this path", record.id);
            return refusal(StatusCode::BAD_REQUEST, &reason);
        }
        Err(reason) => return refusal(StatusCode::BAD_REQUEST, &reason),
    };
    current.wait(id, Operation::Put).await;
    flight.answered();
    json(&current.remote.put(record))
}

async fn other_path(State(api): State<Arc<Api>>) -> Response {
    api.stray(StatusCode::NOT_FOUND, "there is no such path")
}

/// HEAD among them, which would be answered as GET if nobody said otherwise.
async fn other_method(State(api): State<Arc<Api>>) -> Response {
    api.stray(StatusCode::METHOD_NOT_ALLOWED, "this path has no such method")
}

async fn stats(State(api): State<Arc<Api>>) -> Response {
    json(&api.current().tally.counters())
}

async fn reset(State(api): State<Arc<Api>>, body: Body) -> Response {
    let setting: Setting = match parse(body).await {
        Ok(setting) => setting,
        Err(reason) => return refusal(StatusCode::BAD_REQUEST, &reason),
    };
    if let Err(reason) = api.set(&setting) {
        return refusal(StatusCode::BAD_REQUEST, &reason);
    }
    api.gate.set(!setting.faults.refuse).await;
    StatusCode::NO_CONTENT.into_response()
}

async fn parse<T: serde::de::DeserializeOwned>(body: Body) -> Result<T, String> {
    let bytes: Bytes = to_bytes(body, MAX_BODY_BYTES)
        .await
        .map_err(|error| format!("read the body of at most {MAX_BODY_BYTES} bytes: {error}"))?;
    serde_json::from_slice(&bytes).map_err(|error| format!("read the body as JSON: {error}"))
}

fn json(value: &impl serde::Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(body) => ([(CONTENT_TYPE, "application/json")], body).into_response(),
        Err(error) => refusal(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string()),
    }
}

fn refusal(status: StatusCode, reason: &str) -> Response {
    (status, format!("{reason}\n")).into_response()
}
