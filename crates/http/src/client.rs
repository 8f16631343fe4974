//! A client of one service, in both forms.

use std::net::SocketAddr;

use paceline_core::AsyncIo;

use crate::asynchronous::Connections;
use crate::blocking::Agents;
use crate::error::{HttpError, TargetError};
use crate::request::{Limits, Request};
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
