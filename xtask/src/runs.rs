//! Saved runs: a folder each, named by its run id.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use jiff::Timestamp;
use paceline_journal::FILE_NAME;

use crate::exit::Usage;
use crate::workspace;

/// The folder of a run that is being made.
#[derive(Debug)]
pub(crate) struct RunFolder {
    pub(crate) id: String,
    pub(crate) path: PathBuf,
}

impl RunFolder {
    /// Makes a new folder for a run of `matrix` at `scale` in `parent`.
    ///
    /// # Errors
    ///
    /// When the folder cannot be made or written to, before anything has run.
    pub(crate) fn create(parent: &Path, matrix: &str, scale: &str) -> Result<Self> {
        let context = || format!("make a folder for the run in {}", workspace::shown(parent));
        fs::create_dir_all(parent).with_context(context)?;
        let stem = Path::new(matrix).file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let time = Timestamp::now().strftime("%Y%m%d-%H%M%S");
        let id = format!("{time}-{stem}-{scale}");
        // Two runs may begin in the same second.
        for id in std::iter::once(id.clone()).chain((2..100).map(|n| format!("{id}-{n}"))) {
            let path = parent.join(&id);
            match fs::create_dir(&path) {
                Ok(()) => return Ok(Self { id, path }),
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error).with_context(context),
            }
        }
        anyhow::bail!("make a folder for the run in {}: too many of them", parent.display())
    }

    /// Takes the folder away again if nothing was written into it: the run never began.
    pub(crate) fn discard(&self) {
        // Not being empty is the one expected failure, and then it must stay.
        let _ = fs::remove_dir(&self.path);
    }
}

/// The journal that `wanted` names: a file, a run's folder, a run id in `parent`, or `latest`.
pub(crate) fn find(wanted: &str, parent: &Path) -> Result<PathBuf> {
    if wanted == "latest" {
        return latest(parent);
    }
    let as_path = PathBuf::from(wanted);
    let candidates =
        [as_path.clone(), as_path.join(FILE_NAME), parent.join(wanted).join(FILE_NAME)];
    candidates.into_iter().find(|path| path.is_file()).ok_or_else(|| {
        let known = ids(parent).join("\n  ");
        let place = workspace::shown(parent);
        let runs = if known.is_empty() { "none".to_owned() } else { format!("\n  {known}") };
        Usage::new(format!("find run `{wanted}`: no such file or run; runs in {place}: {runs}"))
            .into()
    })
}

fn latest(parent: &Path) -> Result<PathBuf> {
    let newest = ids(parent).pop();
    newest.map(|id| parent.join(id).join(FILE_NAME)).ok_or_else(|| {
        let place = workspace::shown(parent);
        Usage::new(format!(
            "find the latest run: there is none in {place}; `cargo xtask bench` makes one"
        ))
        .into()
    })
}

/// The ids of the runs in `parent`, oldest first. The journal's own time decides, since a folder's
/// name may be anything.
fn ids(parent: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(parent) else { return Vec::new() };
    let mut runs: Vec<_> = entries
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let journal = fs::metadata(entry.path().join(FILE_NAME)).ok()?;
            let id = entry.file_name().to_string_lossy().into_owned();
            Some((journal.modified().ok()?, id))
        })
        .collect();
    runs.sort();
    runs.into_iter().map(|(_, id)| id).collect()
}
