//! What of a matrix only the worker can judge: executors, workloads and their parameters.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use paceline_core::WorkloadSpec;
use paceline_core::service::SERVER;
use paceline_core::wire::{Registry, SpecCheck, SpecFault};
use toml::Spanned;

use super::fault::{Fault, is_there};
use super::{Matrix, WorkloadEntry};
use crate::plan::IMAGES;
use crate::worker::Worker;
use crate::{inputs, workspace};

/// The most items of a workload. Each costs about a hundred bytes of books, and a run of a million
/// tells as much as one of a billion.
const MOST_ITEMS: usize = 1_000_000;

/// An address in the place of the server's, which is not up yet. Building a workload connects nowhere.
const NO_SERVER: &str = "http://127.0.0.1:1";

/// How far the inputs of workloads are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Inputs {
    /// They are opened. For photographs, those that are kept in git stand in.
    Open,
    /// They are the rows' own affair: one that cannot be used fails its rows, and the others run.
    Leave,
}

impl Matrix {
    /// Everything in this matrix that `worker` does not know or cannot build, and names that only its
    /// list of executors shows to be bad.
    ///
    /// # Errors
    ///
    /// When the worker cannot be asked.
    pub(crate) fn unregistered(&self, worker: &Worker, inputs: Inputs) -> Result<Vec<Fault>> {
        let registry = worker.registry()?;
        let mut faults = self.bad_names(&registry.executors);
        faults.extend(self.unknown_executors(&registry));
        let (asked, specs): (Vec<_>, Vec<_>) = self.specs().into_iter().unzip();
        let answers = answers(worker, specs)?;
        faults.extend(self.bad_specs(&asked, &answers, inputs));
        Ok(faults)
    }

    fn unknown_executors(&self, registry: &Registry) -> Vec<Fault> {
        let ids: Vec<&str> = registry.executors.iter().map(|e| e.id.as_str()).collect();
        let named = self.rows.iter().filter(|row| is_there(&row.executor));
        let unknown = named.filter(|row| {
            let id = row.executor.get_ref().as_str();
            id != "*" && !ids.contains(&id)
        });
        let fault = |executor: &Spanned<String>| {
            let (id, known) = (executor.get_ref(), ids.join(", "));
            Fault::at(executor, format!("no executor `{id}`; there are {known}, or * for all"))
        };
        unknown.map(|row| fault(&row.executor)).collect()
    }

    /// Every workload at every scale, with the photographs that are always there.
    fn specs(&self) -> Vec<((&WorkloadEntry, &str), WorkloadSpec)> {
        let images = workspace::quick_images().display().to_string();
        let spec = |entry: &WorkloadEntry, scale: &str| {
            let mut params = entry.params(scale);
            for value in params.values_mut() {
                *value = value.replace(IMAGES, &images).replace(SERVER, NO_SERVER);
            }
            WorkloadSpec { workload: entry.workload.get_ref().clone(), seed: 0, params }
        };
        let entries = self.workloads.values().filter(|entry| is_there(&entry.workload));
        let both = entries.flat_map(|entry| self.scales.keys().map(move |scale| (entry, scale)));
        both.map(|(entry, scale)| ((entry, scale.as_str()), spec(entry, scale))).collect()
    }

    /// The same fault at several scales is one; a fault of one scale alone names it.
    fn bad_specs(
        &self,
        asked: &[(&WorkloadEntry, &str)],
        answers: &[SpecCheck],
        inputs: Inputs,
    ) -> Vec<Fault> {
        let mut found: BTreeMap<Fault, BTreeSet<&str>> = BTreeMap::new();
        for ((entry, scale), answer) in asked.iter().zip(answers) {
            for fault in entry.faults(scale, answer, inputs) {
                found.entry(fault).or_default().insert(scale);
            }
        }
        let told = found.into_iter().map(|(fault, scales)| {
            let everywhere = scales.len() == self.scales.len();
            let scales: Vec<&str> = scales.into_iter().collect();
            if everywhere { fault } else { fault.and(&format!("at scale {}", scales.join(", "))) }
        });
        told.collect()
    }
}

impl WorkloadEntry {
    fn faults(&self, scale: &str, answer: &SpecCheck, inputs: Inputs) -> Vec<Fault> {
        let told = answer.faults.iter().filter(|fault| !fault.is_input || inputs == Inputs::Open);
        let mut faults: Vec<Fault> = told
            .map(|fault| self.fault(scale, fault.param.as_deref(), fault.reason.clone()))
            .collect();
        faults.extend(answer.items.and_then(|items| self.bad_count(scale, items)));
        faults
    }

    /// A count of items that cannot be run, at the parameter that gives it, if one does.
    fn bad_count(&self, scale: &str, items: usize) -> Option<Fault> {
        let what = match items {
            0 => "there would be no items; at least 1 is needed".to_owned(),
            1..=MOST_ITEMS => return None,
            _ => format!("there would be {items} items; at most {MOST_ITEMS} can be run"),
        };
        let params = self.params(scale);
        let param = params.iter().find(|(_, value)| value.parse() == Ok(items));
        Some(self.fault(scale, param.map(|(name, _)| name.as_str()), what))
    }

    /// A fault at a parameter, or at the workload where that has none of the name.
    fn fault(&self, scale: &str, param: Option<&str>, what: String) -> Fault {
        let of = |params: &super::Params| params.get(param?).cloned();
        let value = self.scales.get(scale).and_then(of).or_else(|| of(&self.params));
        Fault::at(value.as_ref().unwrap_or(&self.workload), what)
    }
}

/// What is wrong with each spec. Input of the user's own is settled first, as it is for a run: the
/// worker knows lists, and no patterns.
fn answers(worker: &Worker, specs: Vec<WorkloadSpec>) -> Result<Vec<SpecCheck>> {
    let settled: Vec<Result<WorkloadSpec, SpecCheck>> = specs.into_iter().map(settled).collect();
    let whole: Vec<WorkloadSpec> = settled.iter().flatten().cloned().collect();
    let mut checked = worker.check(&whole)?.into_iter();
    let answer = |settled: Result<_, SpecCheck>| match settled {
        Ok(_) => checked.next(),
        Err(refused) => Some(refused),
    };
    Ok(settled.into_iter().filter_map(answer).collect())
}

fn settled(mut spec: WorkloadSpec) -> Result<WorkloadSpec, SpecCheck> {
    match inputs::settle_spec(&mut spec) {
        Ok(_) => Ok(spec),
        Err(error) => {
            let reason = format!("build workload `{}`: {error:#}", spec.workload);
            let fault = SpecFault { param: None, is_input: true, reason };
            Err(SpecCheck { items: None, faults: vec![fault] })
        }
    }
}
