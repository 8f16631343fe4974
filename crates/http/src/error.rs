//! Why there is no answer.

use std::error::Error;
use std::io;
use std::time::Duration;

use http::StatusCode;

use crate::client::Request;
use crate::tls::complaint;

/// A request without an answer that can be used.
#[derive(Debug, thiserror::Error)]
#[error("{method} {path}: {cause}")]
pub struct HttpError {
    method: http::Method,
    path: String,
    cause: Cause,
}

impl HttpError {
    pub(crate) fn of(request: &Request, cause: Cause) -> Self {
        Self { method: request.method.clone(), path: request.path.clone(), cause }
    }
}

/// What went wrong with a request, apart from which request it was.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Cause {
    #[error("status {0}")]
    Status(StatusCode),
    #[error("connect: {0}")]
    Connect(io::Error),
    #[error("TLS: {0}")]
    Tls(String),
    #[error("no answer within {0:?}")]
    Timeout(Duration),
    #[error("the body of the answer has more than {0} bytes")]
    TooLong(u64),
    #[error("{0}")]
    Exchange(String),
    #[error("no such request can be made: {0}")]
    Request(http::Error),
}

impl Cause {
    /// An exchange that `error` ended: what libraries wrap is told from the outside in, and nothing
    /// twice.
    pub(crate) fn exchange(error: &(dyn Error + 'static)) -> Self {
        if let Some(complaint) = complaint(error) {
            return Self::Tls(complaint);
        }
        let mut text = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            let more = cause.to_string();
            if !text.contains(&more) {
                text = format!("{text}: {more}");
            }
            source = cause.source();
        }
        Self::Exchange(text)
    }
}

/// A service that cannot be talked to at all.
#[derive(Debug, thiserror::Error)]
pub enum TargetError {
    /// It is no URL of a service.
    #[error("read `{url}` as a service: {reason}")]
    Form {
        /// What was given.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The name of the host has no address.
    #[error("look up the host of `{url}`: {source}")]
    Lookup {
        /// What was given.
        url: String,
        /// What the system says.
        source: io::Error,
    },
    /// Nobody is trusted, or the host can have no certificate.
    #[error("speak TLS with `{host}`: {reason}")]
    Tls {
        /// The host.
        host: String,
        /// What is wrong.
        reason: String,
    },
}
