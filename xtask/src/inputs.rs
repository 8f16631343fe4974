//! Work of the user's own: put into the rows that take it, and looked at before anything runs.
//!
//! What the user typed, or a matrix file says, is settled here once: patterns become lists of items,
//! folders become absolute, defaults are filled in. So all rows of a run have the same items, also when
//! programs write beside them, and so does a run that is resumed from elsewhere.

mod command;
mod files;
mod items;
mod url;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use paceline_core::WorkloadSpec;

use crate::cli::InputArgs;
use crate::exit::Usage;
use crate::plan::Plan;

const COMMAND: &str = "command";
const FILES: &str = "files";
const URL: &str = "url";

/// Puts what `args` name into the rows of `plan`, settles every row that takes input of the user's own,
/// and returns what is to be said about it, line by line.
///
/// # Errors
///
/// [`Usage`] when no row takes what was given, or it cannot be used: an unknown placeholder, a program
/// that does not exist, a pattern that matches nothing, too many items, a folder without files, a
/// service that does not answer.
pub(crate) fn put_in(plan: &mut Plan, args: &InputArgs) -> Result<Vec<String>> {
    if let (Some(command), Some(items)) = (&args.command, &args.items) {
        let (shell, check) = (args.shell.to_string(), args.check_output.to_string());
        let values =
            [(COMMAND, command), ("items", items), ("shell", &shell), ("check_output", &check)];
        give(plan, COMMAND, &values)?;
    }
    if let Some(folder) = &args.files {
        let folder = folder.to_str().with_context(|| not_text(folder))?.to_owned();
        let (items, drop_cache) = ("all".to_owned(), args.drop_cache.to_string());
        let values = [("folder", &folder), ("items", &items), ("drop_cache", &drop_cache)];
        give(plan, FILES, &values)?;
    }
    if let (Some(url), Some(items)) = (&args.url, &args.items) {
        give(plan, URL, &[(URL, url), ("items", items), ("method", &args.method)])?;
    }
    let mut said = settle(plan)?;
    if let Some(most) = args.max_in_flight {
        said.extend(url::leave_out_wider(plan, most)?);
    }
    Ok(said)
}

/// Sets parameters of all rows of `workload`.
fn give(plan: &mut Plan, workload: &str, values: &[(&str, &String)]) -> Result<()> {
    let matrix = plan.matrix.name.clone();
    let mut taken = false;
    for row in &mut plan.rows {
        let spec = &mut row.row.case.spec;
        if spec.workload == workload {
            taken = true;
            let values = values.iter().map(|(name, value)| ((*name).to_owned(), (*value).clone()));
            spec.params.extend(values);
        }
    }
    if taken {
        return Ok(());
    }
    let reason = format!("use --{workload}: no row of matrix `{matrix}` has workload `{workload}`");
    Err(Usage::new(reason).into())
}

fn settle(plan: &mut Plan) -> Result<Vec<String>> {
    let mut said = Vec::new();
    // Rows share their specs, and a folder is to be read once.
    let mut settled: BTreeMap<WorkloadSpec, WorkloadSpec> = BTreeMap::new();
    for row in &mut plan.rows {
        let spec = &mut row.row.case.spec;
        if !settled.contains_key(spec) {
            let asked = spec.clone();
            said.extend(settle_spec(spec)?);
            if spec.workload == URL {
                url::reach(spec)?;
            }
            settled.insert(asked, spec.clone());
        } else if let Some(known) = settled.get(spec) {
            *spec = known.clone();
        }
    }
    Ok(said)
}

/// Settles one spec, and returns what is to be said about it. Most workloads take no input of the
/// user's own, and their specs stay as they are.
///
/// # Errors
///
/// As [`put_in`].
pub(crate) fn settle_spec(spec: &mut WorkloadSpec) -> Result<Vec<String>> {
    match spec.workload.as_str() {
        COMMAND => command::settle(spec),
        FILES => files::settle(spec),
        URL => url::settle(spec),
        _ => Ok(Vec::new()),
    }
}

/// The folder `named`, whatever the current one will be.
fn folder(named: &str) -> Result<PathBuf> {
    let path = std::path::absolute(named).ok().filter(|path| path.is_dir());
    path.ok_or_else(|| Usage::new(format!("find the folder `{named}`: there is none")).into())
}

fn not_text(path: &Path) -> Usage {
    Usage::new(format!("use `{}`: its name is not UTF-8, and a spec is text", path.display()))
}

/// What keeps a spec from being used, as the user's mistake that it is.
fn usage(error: impl std::fmt::Display) -> anyhow::Error {
    Usage::new(error.to_string()).into()
}
