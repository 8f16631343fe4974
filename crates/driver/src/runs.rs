//! Saved runs: a folder each, named by its run id. A run may have a name of the user's own besides.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use jiff::Timestamp;
use paceline_inputs::check_regular;
use paceline_journal::{FILE_NAME, Journal};
use paceline_stats::Run;

use crate::usage::Usage;
use crate::workspace;

/// The folder of a run that is being made.
#[derive(Debug)]
pub struct RunFolder {
    /// The run's id, and the folder's name.
    pub id: String,
    /// Where it is.
    pub path: PathBuf,
}

impl RunFolder {
    /// Refuses a `parent` in which no run could be saved, before anything is built for it.
    ///
    /// # Errors
    ///
    /// When it cannot be made or written to.
    pub fn check(parent: &Path) -> Result<()> {
        let context = || format!("make a folder for the run in {}", workspace::shown(parent));
        fs::create_dir_all(parent).with_context(context)?;
        let trial = parent.join(format!(".trial-{}", std::process::id()));
        fs::create_dir(&trial).with_context(context)?;
        fs::remove_dir(&trial).with_context(context)
    }

    /// Makes a new folder for a run of `matrix` at `scale` in `parent`.
    ///
    /// # Errors
    ///
    /// When the folder cannot be made or written to, before anything has run.
    pub fn create(parent: &Path, matrix: &str, scale: &str) -> Result<Self> {
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
    pub fn discard(&self) {
        // Not being empty is the one expected failure, and then it must stay.
        let _ = fs::remove_dir(&self.path);
    }
}

/// What a user may call a run: letters, digits, dots, dashes and underscores, so that no shell needs
/// quotes around it and no file system refuses it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunName(String);

impl RunName {
    const LONGEST: usize = 64;

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Refuses a name that another run in `parent` has, or that is another run's id: it would stand for
    /// both.
    pub fn check_free(&self, parent: &Path) -> Result<()> {
        let taken = ids(parent)
            .into_iter()
            .find(|id| *id == self.0 || name_of(parent, id).as_deref() == Some(self.as_str()));
        match taken {
            None => Ok(()),
            Some(id) => {
                let reason = format!("name the run `{}`: run {id} has that name already", self.0);
                Err(Usage::new(reason).into())
            }
        }
    }
}

impl std::str::FromStr for RunName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        let starts_plainly = text.starts_with(|c: char| c.is_ascii_alphanumeric());
        if !starts_plainly || !text.chars().all(is_plain) || text.len() > Self::LONGEST {
            return Err(format!(
                "a name has at most {} letters, digits, dots, dashes and underscores, and begins with \
                 a letter or a digit",
                Self::LONGEST
            ));
        }
        match text {
            LATEST => Err(format!("`{LATEST}` stands for the latest run")),
            _ => Ok(Self(text.to_owned())),
        }
    }
}

/// What stands for the latest run.
const LATEST: &str = "latest";

/// The run whose journal is at `path`.
pub fn read(path: &Path) -> Result<Run> {
    Ok(Run::of(Journal::read(path)?))
}

/// The journal that `wanted` names: a file, a run's folder, a run's id or name in `parent`, or `latest`.
///
/// # Errors
///
/// [`Usage`] when there is none, several have that name, or it is not a regular file. A pipe is refused, since a
/// journal is read more than once: to tell it from another program's file, and to see whether a run still
/// writes it.
pub fn find(wanted: &str, parent: &Path) -> Result<PathBuf> {
    let path = locate(wanted, parent)?;
    check_regular(&path)
        .map_err(|error| Usage::new(format!("read {}: {error}", workspace::shown(&path))))?;
    Ok(path)
}

fn locate(wanted: &str, parent: &Path) -> Result<PathBuf> {
    if wanted == LATEST {
        return latest(parent);
    }
    let as_path = PathBuf::from(wanted);
    let candidates =
        [as_path.clone(), as_path.join(FILE_NAME), parent.join(wanted).join(FILE_NAME)];
    if let Some(path) = candidates.into_iter().find(|path| path.exists() && !path.is_dir()) {
        return Ok(path);
    }
    let mut known = Vec::new();
    let mut named = Vec::new();
    for id in ids(parent) {
        let name = name_of(parent, &id);
        let label = name.as_ref().map_or_else(|| id.clone(), |name| format!("{id} ({name})"));
        if name.as_deref() == Some(wanted) {
            named.push(id);
        }
        known.push(label);
    }
    match named.as_slice() {
        [id] => Ok(parent.join(id).join(FILE_NAME)),
        [] => Err(unknown(wanted, &known, parent)),
        several => {
            let several = several.join("\n  ");
            let reason =
                format!("find run `{wanted}`: these have that name, so use an id:\n  {several}");
            Err(Usage::new(reason).into())
        }
    }
}

fn unknown(wanted: &str, known: &[String], parent: &Path) -> anyhow::Error {
    let place = workspace::shown(parent);
    let runs = match known {
        [] => "none".to_owned(),
        known => format!("\n  {}", known.join("\n  ")),
    };
    let reason = format!("find run `{wanted}`: no such file or run; runs in {place}: {runs}");
    Usage::new(reason).into()
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

/// The name of a run. One whose journal cannot be read has none.
fn name_of(parent: &Path, id: &str) -> Option<String> {
    Journal::read_header(&parent.join(id).join(FILE_NAME)).ok()?.name
}

/// The ids of the runs in `parent`, in the order in which their journals were last written to: a folder's
/// name may be anything, and a run that was resumed today is later than one that was made yesterday.
pub fn ids(parent: &Path) -> Vec<String> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_that_no_shell_and_no_file_system_minds() {
        for fine in ["before-change", "v1.2_rc", "7"] {
            assert_eq!(fine.parse::<RunName>().map(|name| name.0), Ok(fine.to_owned()));
        }
        let long = "a".repeat(65);
        for refused in ["", "latest", "-rf", "../up", "a b", "naïve", "two\nlines", &long] {
            assert!(refused.parse::<RunName>().is_err(), "{refused:?}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn a_device_is_no_journal_whichever_way_it_is_named() {
        let runs = tempfile::tempdir().expect("a temporary folder");
        let run = runs.path().join("run");
        fs::create_dir(&run).expect("made");
        std::os::unix::fs::symlink("/dev/null", run.join(FILE_NAME)).expect("linked");
        for wanted in ["/dev/null", "run", LATEST, &run.display().to_string()] {
            let refused = find(wanted, runs.path()).expect_err("it is a device");
            assert!(refused.is::<Usage>());
            let reason = refused.to_string();
            assert!(reason.ends_with("it is a character device, not a regular file"), "{reason}");
        }
    }
}
