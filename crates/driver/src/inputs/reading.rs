//! The parameters of one spec, read so that one fault does not hide the next.

use std::fmt::Display;

use paceline_core::{Param, WorkloadSpec};
use paceline_protocol::{SpecFault, SpecFaultKind};

/// How many faults of one kind are reported one by one.
const TOLD: usize = 5;

/// A spec that is being read, and what is wrong with it so far.
pub(super) struct Reading<'a> {
    spec: &'a WorkloadSpec,
    faults: Vec<SpecFault>,
}

impl<'a> Reading<'a> {
    pub(super) fn of(spec: &'a WorkloadSpec) -> Self {
        Self { spec, faults: Vec::new() }
    }

    /// The parameter `name` as the type that is wanted, unless that is a fault.
    pub(super) fn param<T: Param>(&mut self, name: &'static str) -> Option<T> {
        self.spec.param(name).map_err(|error| self.faults.push(SpecFault::from(&error))).ok()
    }

    /// What became of the parameter `name`, unless that is a fault: what it names cannot be used.
    pub(super) fn good<T>(&mut self, name: &str, outcome: Result<T, impl Display>) -> Option<T> {
        let fault = |error| {
            // `anyhow` shows what is underneath in this form; others show the same in either.
            let (param, reason) = (Some(name.to_owned()), format!("{error:#}"));
            self.faults.push(SpecFault { param, kind: SpecFaultKind::Input, reason });
        };
        outcome.map_err(fault).ok()
    }

    /// As [`Reading::good`], for what can have many faults of one kind. Of very many the first are told, and
    /// how many more there are.
    pub(super) fn all_good<T>(
        &mut self,
        name: &str,
        outcome: Result<T, Vec<impl Display>>,
    ) -> Option<T> {
        let faults = match outcome {
            Ok(value) => return Some(value),
            Err(faults) => faults,
        };
        let more = faults.len().saturating_sub(TOLD);
        for fault in faults.into_iter().take(TOLD) {
            self.good(name, Err::<(), _>(fault));
        }
        if more > 0 {
            self.good(name, Err::<(), _>(format!("use {more} more, for reasons of that kind")));
        }
        None
    }

    /// All that is wrong.
    pub(super) fn faults(self) -> Vec<SpecFault> {
        self.faults
    }
}
