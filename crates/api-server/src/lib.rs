//! The remote API as an HTTP service: what the workload `http` talks to, and the second witness of its
//! rows.
//!
//! | request | answer |
//! | --- | --- |
//! | `GET /records/{id}` | the record, after the wait that its seed draws |
//! | `PUT /records/{id}` | the record as stored, one revision on, after a wait of its own |
//! | `GET /stats` | [`Counters`](paceline_protocol::service::Counters) since the last setting |
//! | `POST /reset` | takes a [`Setting`](paceline_protocol::service::Setting) and begins to count anew |
//!
//! Invariants:
//!
//! - **It waits as the workload `api` does.** Records and waits are drawn by `paceline-api`; the timer
//!   under them is tokio's, which rounds up to whole milliseconds. No wait is ever shorter than drawn.
//! - **It counts what it saw itself.** A request is in flight from the arrival of its head until its
//!   answer is decided, so never before its client sent it nor after its client has the answer: what
//!   the server counts in flight lies within the spans of the client's items. What is for no record is
//!   counted apart, so that nothing goes unseen.
//! - **One thread.** It leaves the other cores to what is measured, and one number says what it costs.
//! - **Faults are exact.** One per cent of 500 records are five records, the same ones for a seed.
//! - **It listens on the loopback address only.**
//!
//! The modules, in reading order:

mod server;

mod door;
mod routes;

mod faults;
mod tally;

pub use server::{Server, ServerError};
