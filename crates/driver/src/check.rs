//! The parts of a matrix file that only the worker can judge: executors, workloads and their parameters.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use paceline_core::WorkloadSpec;
use paceline_protocol::service::SERVER;
use paceline_protocol::{Registry, SpecCheck, SpecFault, SpecFaultKind};
use toml::Spanned;

use crate::images::PLACEHOLDER;
use crate::matrix::{Fault, Matrix, WorkloadEntry, is_there};
use crate::worker::Worker;
use crate::{inputs, workspace};

/// The most items of a workload. Each costs about a hundred bytes of books, and a run of a million
/// tells as much as one of a billion.
const MOST_ITEMS: usize = 1_000_000;

/// The parameters that give the number of items, in whatever workload.
const COUNTS: [&str; 2] = ["items", "records"];

/// Replaces the address of the server, which is not up yet. Building a workload connects nowhere.
const NO_SERVER: &str = "http://127.0.0.1:1";

/// The workloads that ask a service, whose host they look up unless they are given its address.
const OF_SERVICES: [&str; 2] = ["http", "url"];
const ADDRESS: &str = "address";

/// Replaces the address that a look-up would find, so that a matrix can be checked without a network.
const NO_LOOK_UP: &str = "127.0.0.1:1";

/// How thoroughly the inputs of workloads are checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inputs {
    /// They are opened. For photographs, those that are kept in git stand in.
    Open,
    /// They are not checked: an unusable input fails its rows, and the others run.
    Leave,
}

impl Matrix {
    /// Everything in this matrix that `worker` does not know or cannot build, and the row names that turn out
    /// bad once the executors are known.
    ///
    /// # Errors
    ///
    /// When the worker cannot be asked.
    pub fn unregistered(&self, worker: &Worker, inputs: Inputs) -> Result<Vec<Fault>> {
        let registry = worker.registry()?;
        let mut faults = self.bad_names(&registry.executors);
        faults.extend(self.unknown_executors(&registry));
        let (asked, specs): (Vec<_>, Vec<_>) = self.specs().into_iter().unzip();
        let answers = answers(worker, specs, inputs)?;
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

    /// Every workload at every scale, with the photographs that are always there. A file without scales still
    /// has workloads to check.
    fn specs(&self) -> Vec<((&WorkloadEntry, &str), WorkloadSpec)> {
        let scales: Vec<&str> = match self.scales.is_empty() {
            true => vec![""],
            false => self.scales.keys().map(String::as_str).collect(),
        };
        let images = workspace::quick_images().display().to_string();
        let spec = |entry: &WorkloadEntry, scale: &str| {
            let mut spec = entry.spec(scale);
            for value in spec.params.values_mut() {
                *value = value.replace(PLACEHOLDER, &images).replace(SERVER, NO_SERVER);
            }
            if OF_SERVICES.contains(&spec.workload.as_str()) {
                spec.params.entry(ADDRESS.to_owned()).or_insert_with(|| NO_LOOK_UP.to_owned());
            }
            spec
        };
        let entries = self.workloads.values().filter(|entry| is_there(&entry.workload));
        let both = entries.flat_map(|entry| scales.iter().map(move |scale| (entry, *scale)));
        both.map(|(entry, scale)| ((entry, scale), spec(entry, scale))).collect()
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
            let everywhere = scales.len() >= self.scales.len();
            let scales: Vec<&str> = scales.into_iter().collect();
            if everywhere { fault } else { fault.and(&format!("at scale {}", scales.join(", "))) }
        });
        told.collect()
    }
}

impl WorkloadEntry {
    fn faults(&self, scale: &str, answer: &SpecCheck, inputs: Inputs) -> Vec<Fault> {
        let is_told =
            |fault: &&SpecFault| fault.kind != SpecFaultKind::Input || inputs == Inputs::Open;
        // A value that is not text has been reported already, and is not missing.
        let is_new = |fault: &&SpecFault| {
            let param = fault.param.as_deref().and_then(|name| self.param(scale, name));
            param.is_none_or(|param| is_there(&param.value))
        };
        let told = answer.faults.iter().filter(is_told).filter(is_new);
        let mut faults: Vec<Fault> = told.map(|fault| self.fault(scale, fault)).collect();
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
        let gives_it = |name: &&str| {
            let param = self.param(scale, name);
            param.is_some_and(|param| param.value.get_ref().parse() == Ok(items))
        };
        let param = COUNTS.iter().copied().find(gives_it);
        let param = param.and_then(|name| self.param(scale, name));
        Some(Fault::at(param.map_or(&self.workload, |param| &param.value), what))
    }

    /// An unknown parameter is reported at its name, a wrong one at its value, and a missing one at the
    /// workload.
    fn fault(&self, scale: &str, fault: &SpecFault) -> Fault {
        let what = fault.reason.clone();
        let param = fault.param.as_deref().and_then(|name| self.param(scale, name));
        match param {
            Some(param) if fault.kind == SpecFaultKind::Unknown => {
                Fault::at_byte(param.name_at, what)
            }
            Some(param) => Fault::at(&param.value, what),
            None => Fault::at(&self.workload, what),
        }
    }
}

/// What is wrong with each spec. Input of the user's own is settled first, as it is for a run: the
/// worker knows lists, and no patterns.
fn answers(
    worker: &Worker,
    mut specs: Vec<WorkloadSpec>,
    inputs: Inputs,
) -> Result<Vec<SpecCheck>> {
    let refused: Vec<Vec<SpecFault>> = specs.iter_mut().map(refused).collect();
    let checked = worker.check(&specs)?;
    Ok(checked
        .into_iter()
        .zip(refused)
        .map(|(check, refused)| both(check, refused, inputs))
        .collect())
}

/// The worker's answer together with what was refused before. The worker met the same faults again, and
/// would only repeat them in other words. If inputs are not checked, refusals are dropped too: the command
/// line may still give something else.
fn both(check: SpecCheck, mut refused: Vec<SpecFault>, inputs: Inputs) -> SpecCheck {
    if refused.is_empty() {
        return check;
    }
    let is_new = |fault: &SpecFault| {
        let is_refused = refused.iter().any(|other| other.param == fault.param);
        fault.kind != SpecFaultKind::Input && !is_refused
    };
    let mut faults: Vec<SpecFault> = check.faults.into_iter().filter(is_new).collect();
    if inputs == Inputs::Open {
        faults.append(&mut refused);
    }
    SpecCheck { items: check.items, faults }
}

/// Settles `spec` if it can be settled, and says why not, in the worker's form.
fn refused(spec: &mut WorkloadSpec) -> Vec<SpecFault> {
    let mut faults = inputs::settle_spec(spec).err().unwrap_or_default();
    for fault in faults.iter_mut().filter(|fault| fault.kind == SpecFaultKind::Input) {
        fault.reason = format!("build workload `{}`: {}", spec.workload, fault.reason);
    }
    faults
}
