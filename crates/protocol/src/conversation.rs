//! What the driver and a worker process say to each other: one JSON object a line.
//!
//! The driver writes one [`Request`] to the worker's standard input and reads [`Reply`]s from its
//! standard output. A worker serves one request and ends.
//!
//! ```text
//! driver                         worker
//!   Request::Digest  ------------>         run the items in sequence
//!                    <------------  Digest      (or TooLittleMemory, or Broken)
//!
//!   Request::Run     ------------>         start the lanes, run
//!                    <------------  LanesUp     (only if `hold` was asked: the lanes are still up)
//!   GO_ON            ------------>         end the lanes
//!                    <------------  Measured    (or TooLittleMemory, or Broken, at any point)
//! ```
//!
//! At any time the driver may write [`CANCEL`]. The worker then cancels the job and answers with what it has
//! measured so far. The end of standard input means that the driver is gone or has read the answer. The
//! worker does not end before, so that the driver can look for what the case left running.

use std::num::NonZeroUsize;

use paceline_core::{Digest, Schedule, WorkloadSpec};
use serde::{Deserialize, Serialize};

use crate::measured::Measured;

/// The version of these messages. A worker refuses any other.
pub const FORMAT: u32 = 1;

/// The line that lets go of lanes that are held up.
pub const GO_ON: &str = "go on";

/// The line that cancels the job.
pub const CANCEL: &str = "cancel";

/// Workload x executor x width x batch: one row of the report.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Case {
    /// The workload with its parameters.
    pub spec: WorkloadSpec,
    /// The executor's id.
    pub executor: String,
    /// The most items that may be in flight at once; `None` stands for as many as there are items.
    pub width: Option<NonZeroUsize>,
    /// Items handed over per task.
    pub batch: NonZeroUsize,
}

/// The environment variable by which a worker, and all that it starts, can be found after their parents are
/// gone. Each worker has a value of its own.
pub const CASE_MARK: &str = "PACELINE_CASE";

/// What a worker is asked to do.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Request {
    /// Run a workload in sequence, without its waits, and report the digest of its products.
    Digest {
        /// The version of the protocol.
        format: u32,
        /// The workload.
        spec: WorkloadSpec,
    },
    /// Run one case and report what was measured.
    Run {
        /// The version of the protocol.
        format: u32,
        /// The case.
        case: Case,
        /// The digest that its products must have, if it is known.
        expected: Option<Digest>,
        /// Whether to stop between the run and the end of the lanes until a line arrives, so that
        /// the memory of everything that is up can be read from outside.
        hold: bool,
        /// What a process pool is told of its children.
        pool: PoolLimits,
        /// In open loop: when the items arrive.
        schedule: Option<Schedule>,
    },
}

/// How long the children of a process pool may take, and what becomes of items lost with one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PoolLimits {
    /// From a child's start until it is ready for items, in milliseconds.
    pub handshake_timeout_ms: u64,
    /// For one item, in milliseconds.
    pub item_timeout_ms: Option<u64>,
    /// How often an item that was lost with its child is run again.
    pub retry_lost: u32,
}

impl Default for PoolLimits {
    fn default() -> Self {
        Self { handshake_timeout_ms: 10_000, item_timeout_ms: None, retry_lost: 0 }
    }
}

/// What a worker answers.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// The digest of a run in sequence; `None` when an item failed, and then why.
    Digest {
        /// The digest.
        digest: Option<Digest>,
        /// Why there is none.
        failure: Option<String>,
    },
    /// All items are settled, the lanes are still up, and the worker waits for a line.
    LanesUp,
    /// The case was run.
    Measured(Box<Measured>),
    /// The case, or the run in sequence, was not started, since it needs more memory than is available.
    TooLittleMemory {
        /// The estimate of what it needs, in bytes.
        need_bytes: u64,
        /// What is available, in bytes.
        have_bytes: u64,
    },
    /// The case could not be run.
    Broken {
        /// Why.
        reason: String,
    },
}
