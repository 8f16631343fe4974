//! A folder whose files are read.

use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use paceline_core::WorkloadSpec;
use paceline_inputs::{drop_from_page_cache, files_in, open_regular};
use paceline_protocol::SpecFault;

use super::reading::Reading;
use super::{folder, text_of};
use crate::usage::Usage;

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
    let found =
        found.filter(|(_, files)| reading.all_good("folder", check_opening(files)).is_some());
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

/// Opens every file. Otherwise only the items of every row would find out that one cannot be opened.
fn check_opening(files: &[PathBuf]) -> Result<(), Vec<anyhow::Error>> {
    let refused: Vec<anyhow::Error> = files.iter().filter_map(|path| open(path).err()).collect();
    if refused.is_empty() { Ok(()) } else { Err(refused) }
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
    open_regular(path).with_context(|| format!("open {}", path.display()))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::fs;

    use super::*;

    /// Makes two files that nobody can open by their paths, since these are longer than the system takes,
    /// in a folder whose own path is not: there is none that may not be opened by the user `root`.
    fn make_two_that_cannot_be_opened(root: &Path) {
        const LONGEST_PATH: usize = 4095;
        let part = "x".repeat(240);
        let outer = (0..10).fold(root.join("outer"), |path, _| path.join(&part));
        let taken = outer.as_os_str().len() + "/inner".len();
        let parts = (LONGEST_PATH - taken) / (1 + part.len());
        let inner = (0..parts).fold(root.join("inner"), |path, _| path.join(&part));
        fs::create_dir_all(&outer).expect("made");
        fs::create_dir_all(&inner).expect("made");
        for first in ["a", "b"] {
            fs::write(inner.join(format!("{first}{part}")), "").expect("written");
        }
        fs::rename(root.join("inner"), outer.join("inner")).expect("moved");
    }

    #[test]
    fn every_file_that_cannot_be_opened_is_told() {
        let root = tempfile::tempdir().expect("a temporary folder");
        fs::write(root.path().join("good"), "").expect("written");
        let mut spec = WorkloadSpec::new("files").with("folder", root.path().display());
        assert_eq!(settle(&mut spec).expect("a good folder").len(), 1);
        make_two_that_cannot_be_opened(root.path());
        let faults = settle(&mut spec).expect_err("two cannot be opened");
        let params: Vec<_> = faults.iter().filter_map(|fault| fault.param.as_deref()).collect();
        assert_eq!(params, ["folder", "folder"]);
        assert!(faults[0].reason.starts_with("open ") && faults[0].reason.contains("/axxx"));
        assert!(faults[1].reason.contains("/bxxx"), "{}", faults[1].reason);
    }
}
