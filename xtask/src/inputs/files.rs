//! A folder whose files are read.

use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use paceline_core::WorkloadSpec;
use paceline_inputs::{drop_from_page_cache, files_in};

use super::{folder, usage};
use crate::exit::Usage;

/// Settles the parameters of a workload `files`, and returns what is to be said about them.
pub(super) fn settle(spec: &mut WorkloadSpec) -> Result<Vec<String>> {
    spec.params.entry("drop_cache".to_owned()).or_insert_with(|| "false".to_owned());
    let named: String = spec.param("folder").map_err(usage)?;
    // Photographs are found, or made, when the run begins.
    if named.contains('{') {
        return Ok(Vec::new());
    }
    let folder = folder(&named)?;
    let files =
        files_in(&folder).map_err(|error| Usage::new(format!("read the folder {error}")))?;
    if files.is_empty() {
        return Err(Usage::new(format!("find a file in {}", folder.display())).into());
    }
    if spec.param("drop_cache").map_err(usage)? {
        check_dropping(&files)?;
    }
    let said = format!("{} files of {}", files.len(), folder.display());
    *spec = spec.clone().with("folder", folder.to_str().ok_or_else(|| super::not_text(&folder))?);
    Ok(vec![said])
}

/// Tries with the first file that has content. Every item looks again at its own.
fn check_dropping(files: &[PathBuf]) -> Result<()> {
    let has_content = |path: &&PathBuf| path.metadata().is_ok_and(|file| file.len() > 0);
    let Some(path) = files.iter().find(has_content) else { return Ok(()) };
    let file = open(path)?;
    drop_from_page_cache(&file).map_err(|error| {
        Usage::new(format!("use --drop-cache on {}: {error}", path.display())).into()
    })
}

fn open(path: &Path) -> Result<File> {
    File::open(path).with_context(|| format!("open {}", path.display()))
}
