//! Matrix files: which rows there are.
//!
//! A file is read into a [`Matrix`] together with every fault that it has (`read`), each at its place
//! in the file. What only the worker can tell, such as which executors exist, is asked in a second step
//! ([`crate::check`]), so that a matrix can be listed without building anything.

mod fault;
mod names;
mod read;

use std::collections::BTreeMap;
use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use paceline_core::WorkloadSpec;
use paceline_inputs::{check_regular, read_regular};
use paceline_journal::Row;
use paceline_protocol::{Case, ExecutorEntry};
use toml::Spanned;

pub use self::fault::Fault;
pub(crate) use self::fault::is_there;
pub use self::names::Expanded;
use crate::nearest::did_you_mean;
use crate::usage::Usage;
use crate::workspace;

/// Groups of rows by their workload. There are also groups by the executors' families.
pub const WORKLOAD_GROUPS: [&str; 2] = ["io", "cpu"];

/// A matrix file as it is written.
#[derive(Debug)]
pub struct Matrix {
    /// The title of the table.
    pub title: String,
    /// The scales by name.
    pub scales: BTreeMap<String, Scale>,
    /// The workloads by the names that rows use.
    pub workloads: BTreeMap<String, WorkloadEntry>,
    /// The rows in order; one entry may stand for many.
    pub rows: Vec<RowEntry>,
    /// The file, for the places of faults.
    pub source: Source,
}

/// The text of a matrix file, and where it was read.
#[derive(Debug, Clone)]
pub struct Source {
    place: String,
    text: String,
}

/// How much is run.
#[derive(Debug)]
pub struct Scale {
    /// One line about it.
    pub about: String,
    /// The set of photographs that stands for `{images}`.
    pub images: Option<ImageSet>,
}

/// The sets of photographs that Paceline can make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImageSet {
    /// A fifth of the reference's width and height.
    Quick,
    /// The reference's sizes.
    Seed,
}

impl ImageSet {
    /// All sets, by the names that matrix files use.
    pub const NAMED: [(&str, Self); 2] = [("quick", Self::Quick), ("seed", Self::Seed)];

    /// The set called `name`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::NAMED.into_iter().find(|(known, _)| *known == name).map(|(_, set)| set)
    }
}

/// A workload with its parameters, as text by name.
#[derive(Debug)]
pub struct WorkloadEntry {
    /// The name in the worker's registry: the entry's own unless it gives another.
    pub workload: Spanned<String>,
    /// What `--only` knows it by beside the rows' names: `io`, `cpu`.
    pub group: Option<String>,
    params: Params,
    /// Parameters that depend on the scale.
    scales: BTreeMap<Spanned<String>, Params>,
}

type Params = BTreeMap<String, Param>;

/// A parameter as text, and where it stands. The text is absent where something else stands there.
#[derive(Debug, Clone)]
pub(crate) struct Param {
    /// The byte of the file at which its name stands.
    pub(crate) name_at: usize,
    pub(crate) value: Spanned<String>,
}

/// A row, or one row for each of its widths, batches and executors.
#[derive(Debug)]
pub struct RowEntry {
    /// The name, in which `{executor}`, `{width}` and `{batch}` are replaced.
    pub name: Spanned<String>,
    /// The workload's name in this file.
    pub workload: Spanned<String>,
    /// An executor's id, or `*` for all.
    pub executor: Spanned<String>,
    /// The widths.
    pub widths: Vec<Width>,
    /// The batches.
    pub batches: Vec<NonZeroUsize>,
}

/// A width in a matrix file: a number from 1, or `"items"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Width(pub Option<NonZeroUsize>);

impl std::fmt::Display for Width {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Some(width) => width.fmt(f),
            None => f.write_str("items"),
        }
    }
}

impl Matrix {
    /// Reads the matrix called `name`: one of Paceline's own, or the path of a file.
    ///
    /// # Errors
    ///
    /// When there is no such file, or it has faults: all that can be told without the worker.
    pub fn load(name: &str) -> Result<Self> {
        let (matrix, faults) = Self::examine(name)?;
        matrix.refuse(faults)?;
        Ok(matrix)
    }

    /// Reads the matrix called `name`, as far as its faults let it be read.
    ///
    /// # Errors
    ///
    /// When there is no such file.
    pub fn examine(name: &str) -> Result<(Self, Vec<Fault>)> {
        let source = Source::of(&locate(name)?)?;
        let (matrix, mut faults) = read::read(source);
        faults.extend(matrix.unknown_names());
        Ok((matrix, faults))
    }

    /// An error that tells all of `faults`, unless there are none.
    pub fn refuse(&self, faults: Vec<Fault>) -> Result<()> {
        if faults.is_empty() { Ok(()) } else { Err(self.source.refusal(faults).into()) }
    }

    /// The scale called `name`.
    pub fn scale(&self, name: &str) -> Result<&Scale> {
        self.scales.get(name).ok_or_else(|| {
            let known: Vec<&str> = self.scales.keys().map(String::as_str).collect();
            let near = did_you_mean(name, known.iter().copied());
            let known = known.join(", ");
            Usage::new(format!("find scale `{name}`; the matrix has {known}{near}")).into()
        })
    }

    /// Names that the file itself does not define: rows' workloads, workloads' scales, placeholders.
    fn unknown_names(&self) -> Vec<Fault> {
        let known = |names: Vec<&str>| names.join(", ");
        let workloads = self.rows.iter().filter(|row| {
            fault::is_there(&row.workload) && !self.workloads.contains_key(row.workload.get_ref())
        });
        let workloads = workloads.map(|row| {
            let known = known(self.workloads.keys().map(String::as_str).collect());
            let name = row.workload.get_ref();
            Fault::at(&row.workload, format!("no workload `{name}` in this file; it has {known}"))
        });
        let scales = self.workloads.values().flat_map(|entry| entry.scales.keys());
        let scales = scales.filter(|scale| !self.scales.contains_key(scale.get_ref()));
        let scales = scales.map(|scale| {
            let known = known(self.scales.keys().map(String::as_str).collect());
            let name = scale.get_ref();
            Fault::at(scale, format!("no scale `{name}` in this file; it has {known}"))
        });
        workloads
            .chain(scales)
            .chain(self.rows.iter().flat_map(names::unknown_placeholders))
            .collect()
    }
}

impl Source {
    fn of(path: &Path) -> Result<Self> {
        let place = workspace::shown(path);
        let bytes = read_regular(path).with_context(|| format!("read the matrix {place}"))?;
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Self { place, text }),
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                let text = String::from_utf8_lossy(&error.as_bytes()[..at]).into_owned();
                let fault = Fault::at_byte(at, "what begins here is not UTF-8");
                Err(Self { place, text }.refusal(vec![fault]).into())
            }
        }
    }
}

impl WorkloadEntry {
    /// What is run at `scale`.
    pub fn spec(&self, scale: &str) -> WorkloadSpec {
        let workload = self.workload.get_ref().clone();
        WorkloadSpec { workload, seed: 0, params: self.params(scale) }
    }

    /// A parameter of this name, as it is at `scale`.
    pub(crate) fn param(&self, scale: &str, name: &str) -> Option<&Param> {
        let scaled = self.scales.get(scale).and_then(|params| params.get(name));
        scaled.or_else(|| self.params.get(name))
    }

    /// The parameters at `scale` as text.
    fn params(&self, scale: &str) -> BTreeMap<String, String> {
        let scaled = self.scales.get(scale).into_iter().flatten();
        let all =
            self.params.iter().chain(scaled).filter(|(_, param)| fault::is_there(&param.value));
        all.map(|(name, param)| (name.clone(), param.value.get_ref().clone())).collect()
    }
}

/// The rows that one entry stands for, before anything is settled.
pub(crate) fn expand(
    entry: &RowEntry,
    scale: &str,
    matrix: &Matrix,
    all: &[ExecutorEntry],
) -> Vec<Row> {
    let workload = &matrix.workloads[entry.workload.get_ref()];
    let spec = workload.spec(scale);
    let planned = |Expanded { name, executor, width, batch }| {
        let case = Case { spec: spec.clone(), executor, width: width.0, batch };
        let group = workload.group.clone();
        Row { name, case, revision: None, group }
    };
    entry.expand(all).into_iter().map(planned).collect()
}

/// The names of Paceline's own matrices.
pub fn built_in() -> Result<Vec<String>> {
    let folder = workspace::matrices();
    let entries = fs::read_dir(&folder)
        .with_context(|| format!("read the folder of matrices {}", folder.display()))?;
    let mut names: Vec<String> = entries
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let is_matrix = path.extension().is_some_and(|extension| extension == "toml");
            is_matrix.then(|| path.file_stem().map(|stem| stem.to_string_lossy().into_owned()))?
        })
        .collect();
    names.sort();
    Ok(names)
}

/// The text of the matrix called `name`.
pub fn text(name: &str) -> Result<String> {
    Ok(Source::of(&locate(name)?)?.text)
}

fn locate(name: &str) -> Result<PathBuf> {
    let known = built_in()?;
    if known.iter().any(|matrix| matrix == name) {
        return Ok(workspace::matrices().join(format!("{name}.toml")));
    }
    let path = PathBuf::from(name);
    if path.exists() && !path.is_dir() {
        check_regular(&path)
            .map_err(|error| Usage::new(format!("read the matrix {name}: {error}")))?;
        return Ok(path);
    }
    let reason = format!(
        "find matrix `{name}`: it is no file, and the built-in ones are {}{}",
        known.join(", "),
        did_you_mean(name, known.iter().map(String::as_str))
    );
    Err(Usage::new(reason).into())
}

#[cfg(test)]
mod tests;
