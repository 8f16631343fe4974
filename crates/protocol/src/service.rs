//! What the driver and the API's server say to each other.
//!
//! The server stands outside of the process tree that is measured, and is the second witness of a row:
//! it counts what it was asked and how much of that was in flight at once. It prints one
//! [`Listening`] as a line of JSON when it is up. `POST /reset` takes a [`Setting`], `GET /stats`
//! answers with [`Counters`].

use serde::{Deserialize, Serialize};

/// What stands for the server's address in the parameters of a workload. The driver puts the address
/// there when a sample begins, so that a journal never holds a port.
pub const SERVER: &str = "{server}";

/// The server is up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listening {
    /// Where, as `http://127.0.0.1:port`.
    pub url: String,
    /// The server's process.
    pub pid: u32,
}

/// What the server answers with from now on; its counters begin anew.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Setting {
    /// The seed of all records and waits.
    pub seed: u64,
    /// How many records there are; their ids begin at 1.
    pub records: u32,
    /// The longest wait before an answer, in microseconds.
    pub max_wait_us: u32,
    /// What is to go wrong.
    #[serde(default)]
    pub faults: Faults,
}

/// What is to go wrong, as fractions of the records from 0 to 1: of 500 records, 0.01 are exactly five.
/// Which ones they are follows from the seed, and no record meets two faults. A fault meets every GET of
/// its record.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Faults {
    /// Answers with status 500.
    pub errors: f64,
    /// Connections that are reset instead of an answer.
    pub resets: f64,
    /// Bodies that end half way.
    pub truncated: f64,
    /// Answers that never come.
    pub stalls: f64,
    /// Whether new connections are refused, until the next setting arrives on an old one.
    pub refuse: bool,
}

/// What the server saw since the last setting.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Counters {
    /// GETs of records that arrived.
    pub gets: u64,
    /// PUTs of records that arrived.
    pub puts: u64,
    /// Requests for records that did not get the record they asked for: faults, unknown ids, bodies
    /// that are no record, and clients that hung up before their answer.
    pub errors: u64,
    /// Requests that are none of these: of another method, for another path, for what is no id. Those for
    /// the counters and for a setting are the driver's, and are not counted.
    pub others: u64,
    /// Connections on which such requests arrived.
    pub connections: u64,
    /// The most of these requests in flight at once: their heads had arrived and their answers were not
    /// yet decided.
    pub peak: u64,
    /// Their number in flight, averaged over the time from the first to the last of them.
    pub mean: f64,
}
