//! What the worker says of workloads that are not run yet.

use paceline_core::SpecError;
use serde::{Deserialize, Serialize};

/// What the worker says of one workload, as `paceline-worker check` prints it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SpecCheck {
    /// How many items it has, or would have if nothing else were wrong, where that can be told.
    pub items: Option<usize>,
    /// Why it cannot be built: everything about its parameters, and the first input that cannot be used.
    pub faults: Vec<SpecFault>,
}

/// One reason why a workload cannot be built.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpecFault {
    /// The parameter that it is about; `None` when there is no such workload.
    pub param: Option<String>,
    /// What is wrong with the parameter.
    pub kind: SpecFaultKind,
    /// The reason.
    pub reason: String,
}

/// What may be wrong with a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SpecFaultKind {
    /// There is no such workload, whatever its parameters.
    NoSuchWorkload,
    /// It is not there.
    Missing,
    /// The workload does not know it.
    Unknown,
    /// Its value is not of its type, or cannot be used.
    Invalid,
    /// The input that it names, such as a folder, cannot be used.
    Input,
}

impl From<&SpecError> for SpecFault {
    fn from(error: &SpecError) -> Self {
        let (kind, param) = match error {
            SpecError::NoSuchWorkload { .. } => (SpecFaultKind::NoSuchWorkload, None),
            SpecError::Missing { param, .. } => (SpecFaultKind::Missing, Some(param)),
            SpecError::Unknown { param, .. } => (SpecFaultKind::Unknown, Some(param)),
            SpecError::Invalid { param, .. } | SpecError::Unusable { param, .. } => {
                (SpecFaultKind::Invalid, Some(param))
            }
            SpecError::Input { param, .. } => (SpecFaultKind::Input, Some(param)),
        };
        Self { param: param.cloned(), kind, reason: error.to_string() }
    }
}
