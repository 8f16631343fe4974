//! What is run: a workload, and the spec that rebuilds it in another process.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::io::{AsyncIo, BoxFuture};
use crate::item::{ItemIndex, ItemResult};
use crate::param::Param;

/// A numbered batch of independent items.
///
/// Both ways to run an item must do the same work and give the same checksum; they differ only in
/// what they do while they wait. A workload starts no thread and owns no runtime: how items overlap is
/// the executor's business alone.
pub trait Workload: Send + Sync + fmt::Debug {
    /// All that another process needs to rebuild this workload exactly.
    fn spec(&self) -> &WorkloadSpec;

    /// How many items there are; their indices run from 0 to one less.
    fn items(&self) -> usize;

    /// Runs one item, blocking the calling thread while it waits.
    ///
    /// # Errors
    ///
    /// Whatever kept this item from its product. Other items are not concerned.
    fn run_item(&self, item: ItemIndex) -> ItemResult;

    /// Runs one item, giving its thread back while it waits.
    ///
    /// Work that only computes writes `Box::pin(async move { self.run_item(item) })`: nothing in it is
    /// really asynchronous, and its row shows that. There is no such default on purpose: a forgotten
    /// override would block a runtime unseen.
    fn run_item_async<'a>(
        &'a self,
        item: ItemIndex,
        io: &'a dyn AsyncIo,
    ) -> BoxFuture<'a, ItemResult>;

    /// How long an ideal machine would take for this item, where the workload knows it beforehand: the
    /// sum of its waits. `None`, as by default, for work whose time depends on the machine.
    fn planned(&self, _item: ItemIndex) -> Option<Duration> {
        None
    }

    /// An estimate of the memory that this item needs while it is in work, in bytes, beyond what the
    /// process holds anyway. It decides only whether a case is started at all. By default, nothing worth
    /// the question.
    fn item_memory_bytes(&self, _item: ItemIndex) -> u64 {
        0
    }

    /// The spec of a workload with the same checksums that does not wait: what the expected digest is
    /// computed from. By default its own spec, which is right for workloads that never wait; for others
    /// it costs the user the time of all waits in sequence.
    fn without_waits(&self) -> WorkloadSpec {
        self.spec().clone()
    }
}

/// The name of a workload and its parameters as text: enough to rebuild it in any process.
///
/// Parameters are text so that one form serves the matrix file, the command line, the journal and the
/// channel to a child; the workload that owns a parameter gives it its type.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct WorkloadSpec {
    /// The name under which the registry knows the workload.
    pub workload: String,
    /// The seed of everything random in it. One round of a run has one seed for all its cases.
    pub seed: u64,
    /// The parameters by name.
    pub params: BTreeMap<String, String>,
}

impl WorkloadSpec {
    /// A spec with seed 0 and no parameters.
    #[must_use]
    pub fn new(workload: impl Into<String>) -> Self {
        Self { workload: workload.into(), seed: 0, params: BTreeMap::new() }
    }

    /// The same spec with another seed.
    #[must_use]
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// The same spec with one parameter set.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl fmt::Display) -> Self {
        self.params.insert(name.to_owned(), value.to_string());
        self
    }

    /// The parameter `name`, as the type the workload wants.
    ///
    /// # Errors
    ///
    /// When the parameter is missing or is not such a value.
    pub fn param<T: Param>(&self, name: &'static str) -> Result<T, SpecError> {
        let value = self.params.get(name).ok_or_else(|| SpecError::Missing {
            workload: self.workload.clone(),
            param: name.to_owned(),
        })?;
        value.parse().map_err(|_| SpecError::Invalid {
            workload: self.workload.clone(),
            param: name.to_owned(),
            value: value.clone(),
            wanted: T::wanted(),
        })
    }

    /// The parameter `name`, which may be left out, as the type the workload wants.
    ///
    /// # Errors
    ///
    /// When the parameter is there and is not such a value.
    pub fn param_if_set<T: Param>(&self, name: &'static str) -> Result<Option<T>, SpecError> {
        self.params.contains_key(name).then(|| self.param(name)).transpose()
    }

    /// Refuses parameters that the workload does not know, so that a misspelt one is never ignored.
    ///
    /// # Errors
    ///
    /// [`SpecError::Unknown`] for the first parameter outside `known`.
    pub fn only(&self, known: &[&str]) -> Result<(), SpecError> {
        match self.params.keys().find(|name| !known.contains(&name.as_str())) {
            None => Ok(()),
            Some(param) => Err(SpecError::Unknown {
                workload: self.workload.clone(),
                param: param.clone(),
                known: known.join(", "),
            }),
        }
    }

    /// That the value of `param` is of its type and yet cannot be used.
    #[must_use]
    pub fn unusable(&self, param: &str, reason: impl fmt::Display) -> SpecError {
        let (workload, param) = (self.workload.clone(), param.to_owned());
        SpecError::Unusable { workload, param, reason: reason.to_string() }
    }

    /// That what `param` names outside of this spec, such as a folder, cannot be used.
    #[must_use]
    pub fn bad_input(&self, param: &str, reason: impl fmt::Display) -> SpecError {
        let (workload, param) = (self.workload.clone(), param.to_owned());
        SpecError::Input { workload, param, reason: reason.to_string() }
    }
}

/// Why no workload could be built from a spec.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SpecError {
    /// No workload of this name is registered.
    #[error("build workload `{workload}`: no such workload; there are {known}")]
    NoSuchWorkload {
        /// The name asked for.
        workload: String,
        /// The names that exist.
        known: String,
    },
    /// A parameter is not there.
    #[error("build workload `{workload}`: parameter `{param}` is missing")]
    Missing {
        /// The workload's name.
        workload: String,
        /// The parameter's name.
        param: String,
    },
    /// A parameter is there that the workload does not know.
    #[error("build workload `{workload}`: unknown parameter `{param}`; it knows {known}")]
    Unknown {
        /// The workload's name.
        workload: String,
        /// The parameter's name.
        param: String,
        /// The parameters that exist.
        known: String,
    },
    /// A parameter's text is not a value of its type.
    #[error("build workload `{workload}`: `{value}` for parameter `{param}` is not {wanted}")]
    Invalid {
        /// The workload's name.
        workload: String,
        /// The parameter's name.
        param: String,
        /// What stands there.
        value: String,
        /// What it should be, as [`Param::wanted`] says it.
        wanted: String,
    },
    /// A parameter's value is of its type and yet cannot be used.
    #[error("build workload `{workload}`: {reason}")]
    Unusable {
        /// The workload's name.
        workload: String,
        /// The parameter's name.
        param: String,
        /// What is wrong with its value.
        reason: String,
    },
    /// An input that the spec names cannot be used.
    #[error("build workload `{workload}`: {reason}")]
    Input {
        /// The workload's name.
        workload: String,
        /// The name of the parameter that names the input.
        param: String,
        /// What is wrong, naming the file or folder.
        reason: String,
    },
}

impl SpecError {
    /// The parameter that it is about; `None` when there is no such workload.
    #[must_use]
    pub fn param(&self) -> Option<&str> {
        match self {
            Self::NoSuchWorkload { .. } => None,
            Self::Missing { param, .. }
            | Self::Unknown { param, .. }
            | Self::Invalid { param, .. }
            | Self::Unusable { param, .. }
            | Self::Input { param, .. } => Some(param),
        }
    }
}
