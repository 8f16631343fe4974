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
        let kind = match error {
            SpecError::NoSuchWorkload { .. } => SpecFaultKind::NoSuchWorkload,
            SpecError::Missing { .. } => SpecFaultKind::Missing,
            SpecError::Unknown { .. } => SpecFaultKind::Unknown,
            SpecError::Input { .. } => SpecFaultKind::Input,
            // Whatever else is wrong with a parameter, it cannot be used.
            _ => SpecFaultKind::Invalid,
        };
        Self { param: error.param().map(str::to_owned), kind, reason: error.to_string() }
    }
}

#[cfg(test)]
mod tests {
    use paceline_core::WorkloadSpec;

    use super::*;

    #[test]
    fn a_fault_tells_the_kind_of_an_error_and_its_parameter() {
        let spec = WorkloadSpec::new("noop").with("items", "many");
        let no_such = SpecError::NoSuchWorkload { workload: String::new(), known: String::new() };
        let told = [
            (no_such, SpecFaultKind::NoSuchWorkload, None),
            (spec.param::<u32>("cost").unwrap_err(), SpecFaultKind::Missing, Some("cost")),
            (spec.only(&["cost"]).unwrap_err(), SpecFaultKind::Unknown, Some("items")),
            (spec.param::<u32>("items").unwrap_err(), SpecFaultKind::Invalid, Some("items")),
            (spec.unusable("items", "odd"), SpecFaultKind::Invalid, Some("items")),
            (spec.bad_input("items", "gone"), SpecFaultKind::Input, Some("items")),
        ];
        for (error, kind, param) in told {
            let fault = SpecFault::from(&error);
            assert_eq!((fault.kind, fault.param.as_deref()), (kind, param), "{error}");
        }
    }
}
