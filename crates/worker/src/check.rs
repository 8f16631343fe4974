//! Looks at workloads without running an item, so that a run is refused before it begins.

use anyhow::Context;
use paceline_core::wire::{SpecCheck, SpecFault};
use paceline_core::{SpecError, WorkloadSpec};

use crate::driver;

/// Answers the specs on standard input, one answer for each.
pub(crate) fn serve() -> anyhow::Result<()> {
    let specs: Vec<WorkloadSpec> =
        serde_json::from_reader(std::io::stdin().lock()).context("read the workloads")?;
    let answers: Vec<SpecCheck> = specs.into_iter().map(check).collect();
    driver::print(&answers).context("print what is wrong with the workloads")
}

/// A builder stops at its first error. A parameter that it does not know is taken away for the next
/// attempt, so that all such are told; nothing can stand in for a value that is missing or wrong.
fn check(mut spec: WorkloadSpec) -> SpecCheck {
    let mut faults = Vec::new();
    loop {
        let error = match paceline_workloads::build(&spec) {
            Ok(workload) => return SpecCheck { items: Some(workload.items()), faults },
            Err(error) => error,
        };
        faults.push(fault(&error));
        let is_gone = match &error {
            SpecError::Unknown { param, .. } => spec.params.remove(param).is_some(),
            _ => false,
        };
        if !is_gone {
            return SpecCheck { items: None, faults };
        }
    }
}

fn fault(error: &SpecError) -> SpecFault {
    let param = match error {
        SpecError::Missing { param, .. }
        | SpecError::Unknown { param, .. }
        | SpecError::Invalid { param, .. } => Some(param.clone()),
        _ => None,
    };
    let is_input = matches!(error, SpecError::Input { .. });
    SpecFault { param, is_input, reason: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(spec: WorkloadSpec) -> Vec<Option<String>> {
        check(spec).faults.into_iter().map(|fault| fault.param).collect()
    }

    #[test]
    fn a_good_workload_is_counted() {
        let good = check(WorkloadSpec::new("noop").with("items", 3));
        assert_eq!((good.items, good.faults.len()), (Some(3), 0));
    }

    #[test]
    fn every_unknown_parameter_is_told_and_then_the_one_that_is_missing() {
        let spec = WorkloadSpec::new("api").with("color", 1).with("records", 5).with("size", 2);
        let told = params(spec);
        assert_eq!(told, ["color", "size", "max_wait_us"].map(|param| Some(param.to_owned())));
    }

    #[test]
    fn a_workload_that_does_not_exist_is_told_once_and_inputs_are_told_apart() {
        assert_eq!(params(WorkloadSpec::new("nope").with("items", 1)), [None]);
        let spec = WorkloadSpec::new("rotate").with("images", "no/such/folder");
        let spec = spec.with("items", 1).with("repetitions", 1).with("degrees", 1);
        assert!(check(spec).faults[0].is_input);
    }
}
