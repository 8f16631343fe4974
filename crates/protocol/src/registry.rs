//! What a worker knows how to run.

use paceline_core::Family;
use serde::{Deserialize, Serialize};

/// What the worker's registry knows, as `paceline-worker list` prints it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Registry {
    /// The version of the protocol that this worker speaks.
    pub format: u32,
    /// The executors.
    pub executors: Vec<ExecutorEntry>,
    /// The workloads.
    pub workloads: Vec<WorkloadEntry>,
}

/// An executor in the registry.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ExecutorEntry {
    /// Its id.
    pub id: String,
    /// Its family.
    pub family: Family,
    /// The most items it can have in flight whatever width is asked.
    pub ceiling: Option<usize>,
    /// One sentence about it.
    pub about: String,
}

/// A workload in the registry.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WorkloadEntry {
    /// Its name.
    pub name: String,
    /// One sentence about it.
    pub about: String,
    /// Whether its products depend on the seed. Where they do not, one digest serves all rounds.
    pub seeded: bool,
}
