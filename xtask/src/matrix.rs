//! Matrix files: which rows there are.

use std::collections::BTreeMap;
use std::fs;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use anyhow::{Context, ensure};
use serde::Deserialize;

use crate::exit::Usage;
use crate::workspace;

/// A matrix file as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Matrix {
    format: u32,
    /// The title of the table.
    pub(crate) title: String,
    /// The scales by name.
    pub(crate) scales: BTreeMap<String, Scale>,
    /// The workloads by the names that rows use.
    pub(crate) workloads: BTreeMap<String, WorkloadEntry>,
    /// The rows in order; one entry may stand for many.
    pub(crate) rows: Vec<RowEntry>,
}

/// How much is run.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scale {
    /// One line about it.
    pub(crate) about: String,
    /// The set of photographs that stands for `{images}`.
    pub(crate) images: Option<ImageSet>,
}

/// The sets of photographs that Paceline can make.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ImageSet {
    /// A fifth of the reference's width and height.
    Quick,
    /// The reference's sizes.
    Seed,
}

/// A workload with its parameters.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WorkloadEntry {
    /// The name in the worker's registry, if it is not the entry's.
    pub(crate) workload: Option<String>,
    /// What `--only` knows it by beside the rows' names: `io`, `cpu`.
    pub(crate) group: Option<String>,
    #[serde(default)]
    params: BTreeMap<String, toml::Value>,
    /// Parameters that depend on the scale.
    #[serde(default)]
    scales: BTreeMap<String, BTreeMap<String, toml::Value>>,
}

/// A row, or one row for each of its widths, batches and executors.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RowEntry {
    /// The name, in which `{executor}`, `{width}` and `{batch}` are replaced.
    pub(crate) name: String,
    /// The workload's name in this file.
    pub(crate) workload: String,
    /// An executor's id, or `*` for all.
    pub(crate) executor: String,
    /// The widths.
    pub(crate) width: OneOrMany<Width>,
    /// The batches.
    #[serde(default)]
    pub(crate) batch: Option<OneOrMany<NonZeroUsize>>,
}

/// A width in a matrix file: a number from 1, or `"items"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "toml::Value")]
pub(crate) struct Width(pub(crate) Option<NonZeroUsize>);

impl TryFrom<toml::Value> for Width {
    type Error = String;

    fn try_from(value: toml::Value) -> Result<Self, String> {
        match value {
            toml::Value::String(text) if text == "items" => Ok(Self(None)),
            toml::Value::Integer(number) => usize::try_from(number)
                .ok()
                .and_then(NonZeroUsize::new)
                .map(|width| Self(Some(width)))
                .ok_or_else(|| format!("a width is a number from 1, not {number}")),
            other => Err(format!("a width is a number from 1 or \"items\", not {other:?}")),
        }
    }
}

impl std::fmt::Display for Width {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Some(width) => width.fmt(f),
            None => f.write_str("items"),
        }
    }
}

/// A value or a list of them. Matrix files are written by hand, so the shorter form is allowed.
#[derive(Debug, Clone)]
pub(crate) struct OneOrMany<T>(pub(crate) Vec<T>);

impl<'de, T: serde::de::DeserializeOwned> Deserialize<'de> for OneOrMany<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = match toml::Value::deserialize(deserializer)? {
            toml::Value::Array(values) => values,
            single => vec![single],
        };
        let values: Result<Vec<T>, toml::de::Error> =
            value.into_iter().map(toml::Value::try_into).collect();
        values.map(Self).map_err(serde::de::Error::custom)
    }
}

impl Matrix {
    /// Reads the matrix called `name`: one of Paceline's own, or the path of a file.
    pub(crate) fn load(name: &str) -> anyhow::Result<Self> {
        let path = locate(name)?;
        let text = fs::read_to_string(&path)
            .with_context(|| format!("read the matrix {}", path.display()))?;
        let place = workspace::shown(&path);
        // The error of the TOML crate names line and column and shows the line.
        let matrix: Self = toml::from_str(&text)
            .map_err(|error| Usage::new(format!("read the matrix {place}: {error}")))?;
        matrix
            .check()
            .map_err(|error| Usage::new(format!("read the matrix {place}: {error:#}")))?;
        Ok(matrix)
    }

    fn check(&self) -> anyhow::Result<()> {
        ensure!(self.format == 1, "its format is version {}, this build reads 1", self.format);
        for row in &self.rows {
            ensure!(
                self.workloads.contains_key(&row.workload),
                "row `{}` asks for workload `{}`, which the file does not define",
                row.name,
                row.workload
            );
        }
        for (name, workload) in &self.workloads {
            if let Some(scale) = workload.scales.keys().find(|key| !self.scales.contains_key(*key))
            {
                anyhow::bail!("workload `{name}` has parameters for an unknown scale `{scale}`");
            }
        }
        Ok(())
    }

    /// The scale called `name`.
    pub(crate) fn scale(&self, name: &str) -> anyhow::Result<&Scale> {
        self.scales.get(name).ok_or_else(|| {
            let known: Vec<&str> = self.scales.keys().map(String::as_str).collect();
            Usage::new(format!("find scale `{name}`; the matrix has {}", known.join(", "))).into()
        })
    }
}

impl WorkloadEntry {
    /// The parameters at `scale` as text.
    pub(crate) fn params(&self, scale: &str) -> BTreeMap<String, String> {
        let scaled = self.scales.get(scale).into_iter().flatten();
        let text = |value: &toml::Value| match value {
            toml::Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        self.params.iter().chain(scaled).map(|(name, value)| (name.clone(), text(value))).collect()
    }
}

/// The names of Paceline's own matrices.
pub(crate) fn built_in() -> anyhow::Result<Vec<String>> {
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

fn locate(name: &str) -> anyhow::Result<PathBuf> {
    let known = built_in()?;
    if known.iter().any(|matrix| matrix == name) {
        return Ok(workspace::matrices().join(format!("{name}.toml")));
    }
    let path = PathBuf::from(name);
    if path.is_file() {
        return Ok(path);
    }
    let reason = format!(
        "find matrix `{name}`: it is no file, and the built-in ones are {}",
        known.join(", ")
    );
    Err(Usage::new(reason).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn width(text: &str) -> Result<OneOrMany<Width>, String> {
        #[derive(Deserialize)]
        struct Holder {
            width: OneOrMany<Width>,
        }
        let holder: Result<Holder, _> = toml::from_str(&format!("width = {text}"));
        holder.map(|holder| holder.width).map_err(|error| error.to_string())
    }

    #[test]
    fn a_width_is_a_number_a_list_or_the_word_items() {
        let widths = |text| width(text).expect("a good width").0;
        assert_eq!(widths("8"), [Width(NonZeroUsize::new(8))]);
        assert_eq!(widths("[1, \"items\"]"), [Width(Some(NonZeroUsize::MIN)), Width(None)]);
    }

    #[test]
    fn a_width_of_zero_is_refused_with_its_line() {
        let error = width("0").expect_err("no case has width 0");
        assert!(error.contains("line 1") && error.contains("from 1, not 0"), "{error}");
        assert!(width("\"all\"").is_err());
        assert!(width("-3").is_err());
    }
}
