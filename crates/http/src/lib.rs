//! One HTTP/1.1 client in two forms, for items that talk to a service.
//!
//! [`Client::send`] blocks its thread, over `ureq`. [`Client::send_async`] gives its thread back while it
//! waits, over `hyper` on connections that come through [`AsyncIo`](paceline_core::AsyncIo): each runtime
//! waits on its own reactor, and none is hidden in another.
//!
//! Invariants:
//!
//! - **One request, one attempt.** Nothing is sent again, no redirect is followed, no proxy is used.
//!   A connection that its server closed while it lay idle is found out before anything is sent on it,
//!   and left; one that fails afterwards fails the request.
//! - **As many connections as requests in flight.** A connection is kept open and used again, the latest
//!   one first, and a new one is made only when all are in use.
//! - **Both forms send the same and take the same.** The head of a request is made once for both, and the
//!   bytes of an answer are held against one set of rules before either library has them.
//! - **Everything ends.** Connecting, sending and reading together have one limit of time, and a body has
//!   one of size.
//! - **A failure names method, path, and status or cause** ([`HttpError`]).
//! - **No request starts a task or a thread.** An asynchronous request drives its connection itself, so
//!   its cost stays with the item that makes it. A blocking one looks up no host, for which `ureq` would
//!   start a thread each time.
//! - **Both forms trust the same.** With `https` one setting of `rustls` serves both, certificates are
//!   always checked, and encryption happens where the item runs.
//!
//! The modules, in reading order:

mod client;
mod request;
mod error;
mod message;
mod target;

mod tls;
mod verifier;
mod complaint;

mod answer;
mod chunks;

mod asynchronous;
mod pace;
mod stream;

mod blocking;
mod dial;
mod socket;

pub use client::Client;
pub use error::{HttpError, TargetError};
pub use http::Method;
pub use request::{Limits, Request};
pub use rustls::pki_types::CertificateDer;
pub use tls::Trust;
