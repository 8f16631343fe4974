//! Looks at workloads without running an item, so that a run is refused before it begins.

use anyhow::Context;
use paceline_core::{SpecError, WorkloadSpec};
use paceline_protocol::{SpecCheck, SpecFault, SpecFaultKind};

use crate::driver;

/// Answers the specs on standard input, one answer for each.
pub(crate) fn serve() -> anyhow::Result<()> {
    let specs: Vec<WorkloadSpec> =
        serde_json::from_reader(std::io::stdin().lock()).context("read the workloads")?;
    let answers: Vec<SpecCheck> = specs.into_iter().map(check).collect();
    driver::print(&answers).context("print what is wrong with the workloads")
}

/// Values that stand in for one that is missing or wrong: a parameter gets the first that it takes, as a
/// number or a text, as a number that may not be small, as yes or no, as an address, as a URL or as a method.
/// There are two of each.
const STAND_INS: [[&str; 6]; 2] = [
    ["1", "100", "true", "127.0.0.1:1", "http://127.0.0.1:1", "GET"],
    ["2", "200", "false", "127.0.0.1:2", "http://127.0.0.1:2", "PUT"],
];

/// More than any workload has parameters. Two that each want another value of the other would be told
/// in turns for ever.
const MOST_FAULTS: usize = 100;

/// A builder stops at its first error, so it is asked again with that error out of the way. What holds
/// with one value standing in for a wrong one and not with another is no fault of the spec.
fn check(spec: WorkloadSpec) -> SpecCheck {
    let [with_one, with_another] = STAND_INS.map(|stand_ins| check_with(&stand_ins, spec.clone()));
    let holds = |fault: &SpecFault| with_another.faults.contains(fault);
    SpecCheck {
        items: with_one.items.filter(|_| with_one.items == with_another.items),
        faults: with_one.faults.into_iter().filter(holds).collect(),
    }
}

fn check_with(stand_ins: &[&str], mut spec: WorkloadSpec) -> SpecCheck {
    let mut faults = Vec::new();
    while faults.len() < MOST_FAULTS {
        let error = match paceline_workloads::build(&spec) {
            Ok(workload) => return SpecCheck { items: Some(workload.items()), faults },
            Err(error) => error,
        };
        faults.push(SpecFault::from(&error));
        if !repair(&mut spec, &error, stand_ins) {
            break;
        }
    }
    SpecCheck { items: None, faults }
}

/// Changes the parameter that `error` is about so that another error comes next, if there is one.
fn repair(spec: &mut WorkloadSpec, error: &SpecError, stand_ins: &[&str]) -> bool {
    let SpecFault { param: Some(param), kind, .. } = SpecFault::from(error) else { return false };
    match kind {
        SpecFaultKind::NoSuchWorkload | SpecFaultKind::Input => false,
        SpecFaultKind::Unknown => spec.params.remove(&param).is_some(),
        SpecFaultKind::Missing | SpecFaultKind::Invalid => stand_ins.iter().any(|stand_in| {
            *spec = spec.clone().with(&param, stand_in);
            !is_about(paceline_workloads::build(spec).err().as_ref(), &param)
        }),
    }
}

fn is_about(error: Option<&SpecError>, param: &str) -> bool {
    error.is_some_and(|error| {
        let fault = SpecFault::from(error);
        fault.param.as_deref() == Some(param) && fault.kind != SpecFaultKind::Input
    })
}

#[cfg(test)]
mod tests {
    use SpecFaultKind::{Input, Invalid, Missing, NoSuchWorkload, Unknown};

    use super::*;

    /// What is told of `spec`, as the parameter and what is wrong with it.
    fn told(spec: WorkloadSpec) -> Vec<(String, SpecFaultKind)> {
        let faults = check(spec).faults.into_iter();
        faults.map(|fault| (fault.param.unwrap_or_default(), fault.kind)).collect()
    }

    fn each<const N: usize>(told: [(&str, SpecFaultKind); N]) -> Vec<(String, SpecFaultKind)> {
        told.map(|(param, kind)| (param.to_owned(), kind)).into()
    }

    #[test]
    fn a_workload_is_counted_unless_its_count_is_what_is_wrong() {
        let counted = |spec| {
            let SpecCheck { items, faults } = check(spec);
            (items, faults.len())
        };
        let primes = WorkloadSpec::new("primes").with("below", 10);
        assert_eq!(counted(primes.clone().with("items", 3).with("repetitions", 1)), (Some(3), 0));
        assert_eq!(counted(primes.clone().with("items", 0)), (Some(0), 1));
        assert_eq!(counted(primes.clone().with("items", 3).with("below", 2)), (Some(3), 2));
        assert_eq!(counted(primes.with("items", "many").with("repetitions", 1)), (None, 1));
    }

    #[test]
    fn everything_about_the_parameters_is_told_at_once() {
        let spec = WorkloadSpec::new("primes").with("color", 1).with("below", "many").with("x", 2);
        let expected = [
            ("color", Unknown),
            ("x", Unknown),
            ("items", Missing),
            ("below", Invalid),
            ("repetitions", Missing),
        ];
        assert_eq!(told(spec), each(expected));
        let nothing = told(WorkloadSpec::new("url"));
        let params = ["url", "items", "method", "timeout_ms", "send"];
        assert_eq!(nothing, each(params.map(|param| (param, Missing))));
    }

    #[test]
    fn an_input_is_told_beside_wrong_parameters_unless_it_is_what_stands_in() {
        let rotate = |folder: &str| WorkloadSpec::new("rotate").with("images", folder);
        let wrong = rotate("no/such/folder").with("items", 1).with("degrees", 90);
        let expected = [("repetitions", Missing), ("degrees", Invalid), ("images", Input)];
        assert_eq!(told(wrong), each(expected));
        let without = WorkloadSpec::new("rotate").with("items", 1).with("repetitions", 1);
        assert_eq!(told(without.with("degrees", 1)), each([("images", Missing)]));
    }

    #[test]
    fn a_workload_that_does_not_exist_is_told_once() {
        assert_eq!(told(WorkloadSpec::new("nope").with("items", 1)), each([("", NoSuchWorkload)]));
    }
}
