//! A client, and what it is asked to send.

use std::net::SocketAddr;
use std::time::Duration;

use http::Method;
use paceline_core::AsyncIo;

use crate::asynchronous::Connections;
use crate::blocking::Agents;
use crate::error::{HttpError, TargetError};
use crate::target::Target;
use crate::tls::Trust;

/// A client of one service. It connects when it is first asked to send.
///
/// One client serves any number of threads, or any number of tasks on one runtime: the connections of
/// the asynchronous form belong to the runtime that made them.
#[derive(Debug)]
pub struct Client {
    target: Target,
    limits: Limits,
    agents: Agents,
    connections: Connections,
}

/// What a request may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// From the first step of a request to the last byte of its answer, connecting included.
    pub timeout: Duration,
    /// The longest body of an answer, in bytes.
    pub body_bytes: u64,
}

/// For how much of a body memory is taken before it is there, in bytes: a server may announce what it never
/// sends.
pub(crate) const AT_ONCE_BYTES: u64 = 64 * 1024;

/// One request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The path with its query, beginning with `/`.
    pub path: String,
    /// The body, which is JSON, where there is one.
    pub body: Option<Vec<u8>>,
}

impl Request {
    /// A GET of `path`.
    #[must_use]
    pub fn get(path: impl Into<String>) -> Self {
        Self { method: Method::GET, path: path.into(), body: None }
    }

    /// A PUT of `body` to `path`.
    #[must_use]
    pub fn put(path: impl Into<String>, body: Vec<u8>) -> Self {
        Self { method: Method::PUT, path: path.into(), body: Some(body) }
    }
}

impl Client {
    /// A client of the service at `url`, such as `http://127.0.0.1:8080`. The name of the host is looked
    /// up now, once. A service of `https://` must show a certificate that the system trusts.
    ///
    /// # Errors
    ///
    /// When the URL is not of that form, the host has no address, or nobody is trusted.
    pub fn new(url: &str, limits: Limits) -> Result<Self, TargetError> {
        Ok(Self::of(Target::find(url, None, &Trust::System)?, limits))
    }

    /// A client of the service at `url`, whose host is looked up unless its `address` is known, and whose
    /// certificate, with `https://`, must be signed by whom `trust` says.
    ///
    /// # Errors
    ///
    /// As [`Client::new`].
    pub fn with(
        url: &str,
        address: Option<SocketAddr>,
        trust: &Trust,
        limits: Limits,
    ) -> Result<Self, TargetError> {
        Ok(Self::of(Target::find(url, address, trust)?, limits))
    }

    fn of(target: Target, limits: Limits) -> Self {
        let (agents, connections) = (Agents::default(), Connections::default());
        Self { target, limits, agents, connections }
    }

    /// Sends `request`, blocking the calling thread until its answer is there, and returns the body.
    ///
    /// # Errors
    ///
    /// Whatever kept a whole answer with a status of success from arriving in time.
    pub fn send(&self, request: &Request) -> Result<Vec<u8>, HttpError> {
        self.agents
            .send(&self.target, self.limits, request)
            .map_err(|cause| HttpError::of(request, cause))
    }

    /// Sends `request` on the runtime behind `io`, and returns the body of the answer.
    ///
    /// # Errors
    ///
    /// Whatever kept a whole answer with a status of success from arriving in time.
    pub async fn send_async(
        &self,
        request: &Request,
        io: &dyn AsyncIo,
    ) -> Result<Vec<u8>, HttpError> {
        self.connections
            .send(&self.target, self.limits, request, io)
            .await
            .map_err(|cause| HttpError::of(request, cause))
    }
}
