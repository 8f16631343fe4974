//! The workload `http` on real sockets: in agreement with its server, and with whatever can be wrong.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod agreement;
mod bad_servers;
mod faults;
mod support;
