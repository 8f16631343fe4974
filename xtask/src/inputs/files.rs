//! A folder whose files are read.

use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use paceline_core::WorkloadSpec;
use paceline_core::wire::SpecFault;
use paceline_inputs::{drop_from_page_cache, files_in};

use super::reading::Reading;
use super::{folder, text_of};
use crate::exit::Usage;

/// Settles the parameters of a workload `files`, and returns what is to be said about them.
pub(super) fn settle(spec: &mut WorkloadSpec) -> Result<Vec<String>, Vec<SpecFault>> {
    spec.params.entry("drop_cache".to_owned()).or_insert_with(|| "false".to_owned());
    // Photographs are found, or made, when the run begins.
    if spec.params.get("folder").is_some_and(|named| named.contains('{')) {
        return Ok(Vec::new());
    }
    let mut reading = Reading::of(spec);
    let drop_cache: Option<bool> = reading.param("drop_cache");
    let named: Option<String> = reading.param("folder");
    let found = named.and_then(|named| reading.good("folder", find(&named)));
    let found = found.filter(|(_, files)| {
        drop_cache != Some(true) || reading.good("drop_cache", check_dropping(files)).is_some()
    });
    let (Some((folder, files)), Some(_)) = (found, drop_cache) else {
        return Err(reading.faults());
    };
    let said = format!("{} files of {folder}", files.len());
    *spec = spec.clone().with("folder", folder);
    Ok(vec![said])
}

/// The folder, whatever the current one will be, and the files in it.
fn find(named: &str) -> Result<(String, Vec<PathBuf>)> {
    let folder = folder(named)?;
    let files =
        files_in(&folder).map_err(|error| Usage::new(format!("read the folder {error}")))?;
    if files.is_empty() {
        return Err(Usage::new(format!("find a file in {}", folder.display())).into());
    }
    Ok((text_of(&folder)?, files))
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
