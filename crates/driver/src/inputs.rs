//! Work of the user's own: put into the rows that take it, and checked before anything is built or run.
//!
//! This module settles once what the user typed or a matrix file says: patterns become lists of items,
//! folders become absolute, defaults are filled in. So all rows of a run have the same items, even if
//! programs write beside them or the run is resumed from elsewhere.

mod command;
mod files;
mod items;
mod pattern;
mod reading;
pub(crate) mod url;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use paceline_core::WorkloadSpec;
use paceline_inputs::Items;
use paceline_journal::Row;
use paceline_protocol::SpecFault;

use crate::matrix::Matrix;
use crate::select::workloads_left;
use crate::usage::Usage;

/// The workload that runs a program for each item.
pub const COMMAND: &str = "command";
/// The workload that reads and hashes files.
pub const FILES: &str = "files";
/// The workload that asks a service of the user's own.
pub const URL: &str = "url";

/// Settled specs with input of the user's own. Rows share their specs, so that a folder is read only once.
#[derive(Debug, Default)]
pub(crate) struct Settled {
    /// By the spec as it was asked for.
    known: BTreeMap<WorkloadSpec, Known>,
}

/// A spec as it is run, and what is to be said about it, line by line.
#[derive(Debug)]
struct Known {
    spec: WorkloadSpec,
    said: Vec<String>,
}

impl Settled {
    /// Settles what was typed, for the workloads of `matrix` that take it, and what the file says of those
    /// whose rows may be run. That needs no rows, so a mistake is told before the worker is built for
    /// those of every executor.
    ///
    /// # Errors
    ///
    /// [`Usage`] when no workload takes what was typed, or it cannot be used: an unknown placeholder, a
    /// program that does not exist, a pattern that matches nothing, too many items, a folder without
    /// files, a service that does not answer.
    pub(crate) fn before_the_rows(
        given: &[Given],
        matrix: &Matrix,
        name: &str,
        scale: &str,
        only: &[String],
    ) -> Result<Self> {
        let mut settled = Self::default();
        let mut taken = BTreeSet::new();
        let left = workloads_left(matrix, scale, only);
        for (entry_name, entry) in &matrix.workloads {
            let mut spec = entry.spec(scale);
            let asked = given.iter().find(|given| given.workload == spec.workload);
            if let Some(Given { workload, values }) = asked {
                taken.insert(*workload);
                spec.params.extend(values.clone());
            }
            if asked.is_some() || left.contains(entry_name.as_str()) {
                settled.settle(&spec)?;
            }
        }
        match given.iter().find(|given| !taken.contains(given.workload)) {
            Some(given) => Err(no_row(name, given.workload)),
            None => Ok(settled),
        }
    }

    /// Puts what was typed into `rows` and settles the rows with input of the user's own. Returns what to
    /// say about them, line by line.
    ///
    /// # Errors
    ///
    /// As [`Settled::before_the_rows`].
    pub(crate) fn put_in(
        mut self,
        rows: &mut [Row],
        given: &[Given],
        matrix: &str,
    ) -> Result<Vec<String>> {
        for Given { workload, values } in given {
            let specs = rows.iter_mut().map(|row| &mut row.case.spec);
            let taking: Vec<_> = specs.filter(|spec| spec.workload == *workload).collect();
            if taking.is_empty() {
                return Err(no_row(matrix, workload));
            }
            taking.into_iter().for_each(|spec| spec.params.extend(values.clone()));
        }
        let mut said = Vec::new();
        for row in rows {
            let spec = &mut row.case.spec;
            let known = self.settle(spec)?;
            said.append(&mut known.said);
            *spec = known.spec.clone();
        }
        Ok(said)
    }

    fn settle(&mut self, asked: &WorkloadSpec) -> Result<&mut Known> {
        if !self.known.contains_key(asked) {
            let mut spec = asked.clone();
            let said = settle_spec(&mut spec).map_err(refusal)?;
            if spec.workload == URL {
                url::reach(&mut spec)?;
            }
            self.known.insert(asked.clone(), Known { spec, said });
        }
        self.known.get_mut(asked).context("find a spec that was settled")
    }
}

/// Checks again what a resumed run needs.
///
/// # Errors
///
/// [`Usage`] when a service of the user's own accepts no connection any more.
pub(crate) fn look_again(rows: &[Row]) -> Result<()> {
    let specs = rows.iter().map(|row| &row.case.spec);
    let services: BTreeSet<&WorkloadSpec> = specs.filter(|spec| spec.workload == URL).collect();
    services.into_iter().try_for_each(url::is_there)
}

/// Parameters for all rows of a workload, from the command line.
#[derive(Debug, Clone)]
pub struct Given {
    /// The workload.
    pub workload: &'static str,
    /// The parameters' names and values.
    pub values: Vec<(String, String)>,
}

fn no_row(matrix: &str, workload: &str) -> anyhow::Error {
    let reason = format!("use --{workload}: no row of matrix `{matrix}` has workload `{workload}`");
    Usage::new(reason).into()
}

/// Settles one spec, and returns what is to be said about it. Most workloads take no input of the
/// user's own, and their specs stay as they are.
///
/// # Errors
///
/// Everything that is wrong with its parameters and the inputs that they name.
pub(crate) fn settle_spec(spec: &mut WorkloadSpec) -> Result<Vec<String>, Vec<SpecFault>> {
    match spec.workload.as_str() {
        COMMAND => command::settle(spec),
        FILES => files::settle(spec),
        URL => url::settle(spec),
        _ => Ok(Vec::new()),
    }
}

fn refusal(faults: Vec<SpecFault>) -> anyhow::Error {
    let reasons: Vec<String> = faults.into_iter().map(|fault| fault.reason).collect();
    Usage::new(reasons.join("\nand to ")).into()
}

/// The folder `named`, whatever the current one will be.
fn folder(named: &str) -> Result<PathBuf> {
    let path = std::path::absolute(named).ok();
    let why = match &path {
        Some(path) if path.is_dir() => return Ok(path.clone()),
        Some(path) if path.exists() => "that is no folder",
        _ => "there is none",
    };
    Err(Usage::new(format!("find the folder `{named}`: {why}")).into())
}

/// `path` as a spec has it.
///
/// # Errors
///
/// When its name is not UTF-8.
pub fn text_of(path: &Path) -> Result<String, Usage> {
    let text = path.to_str().map(str::to_owned);
    text.ok_or_else(|| {
        Usage::new(format!("use `{}`: its name is not UTF-8, and a spec is text", path.display()))
    })
}

/// How many items there are, in words.
fn counted(items: &Items) -> String {
    match items.count() {
        1 => "1 item".to_owned(),
        many => format!("{many} items"),
    }
}

/// A mistake of the user's.
fn usage(error: impl std::fmt::Display) -> anyhow::Error {
    Usage::new(error.to_string()).into()
}
