//! The executor and its options.

use std::time::Duration;

use paceline_core::{ExecError, Executor, Lanes, Setup};
use serde::{Deserialize, Serialize};

use crate::EXECUTOR_ID;
use crate::error::PoolError;
use crate::pool::Pool;

/// Child processes over ipc-channel, one per lane.
#[derive(Debug, Clone, Default)]
pub struct ProcsIpc {
    options: Options,
}

impl ProcsIpc {
    /// The executor with these limits.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self { options }
    }
}

impl Executor for ProcsIpc {
    fn id(&self) -> &'static str {
        EXECUTOR_ID
    }

    fn about(&self) -> &'static str {
        "child processes that re-execute this binary, a thread and two ipc-channels for each"
    }

    fn start(&self, setup: &Setup<'_>) -> Result<Box<dyn Lanes>, ExecError> {
        let pool = Pool::start(&self.options, setup).map_err(PoolError::into_start)?;
        Ok(Box::new(pool))
    }
}

/// How long children may take, and what becomes of items that are lost with one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    /// How long a child may take from being spawned to being ready for items, its workload built.
    pub handshake_timeout: Duration,
    /// How long a child may be on one item before it is killed and the item reported as lost. Without
    /// it, a child that hangs or was stopped is waited for.
    pub item_timeout: Option<Duration>,
    /// How many times an item that was lost with its child goes out again. It may then have run in
    /// part more than once, which only some workloads can bear.
    pub retry_lost: u32,
    /// How many new children each lane may have in the place of those that died.
    pub restarts_per_lane: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            handshake_timeout: Duration::from_secs(10),
            item_timeout: None,
            retry_lost: 0,
            restarts_per_lane: 3,
        }
    }
}
