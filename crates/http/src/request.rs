//! What a client is asked to send, and what that may take.

use std::time::Duration;

use http::Method;

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

/// What a request may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// From the first step of a request to the last byte of its answer, connecting included.
    pub timeout: Duration,
    /// The longest body of an answer, in bytes.
    pub body_bytes: u64,
}

/// How much memory is taken for a body before it arrives, in bytes: a server may announce what it never sends.
pub(crate) const AT_ONCE_BYTES: u64 = 64 * 1024;

/// The longest head of a request, in bytes, from its first to its empty line. `ureq` wants room for it on
/// every connection, and few servers take one that long.
pub(crate) const REQUEST_HEAD_BYTES: usize = 16 * 1024;
