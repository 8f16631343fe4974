//! The worker binary: built in release, then asked or run.

use std::collections::BTreeMap;
use std::env::consts::EXE_SUFFIX;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use paceline_core::{Checksum, Digest, WorkloadSpec};
use paceline_protocol::{FORMAT, Registry, SpecCheck};
use serde::Deserialize;

use crate::{environment, workspace};

/// A worker that was built.
#[derive(Debug, Clone)]
pub struct Worker {
    path: PathBuf,
}

impl Worker {
    /// Builds `paceline-worker` in release, so that what is measured is always optimised and carries
    /// none of this program's dependencies. Cargo's own messages go to standard error.
    pub fn build() -> Result<Self> {
        Ok(Self { path: build_binary(&workspace::root(), WORKER, None)? })
    }

    /// The same for the workspace in `root`; cargo puts all that it makes into `target`.
    pub fn build_apart(root: &Path, target: &Path) -> Result<Self> {
        Ok(Self { path: build_binary(root, WORKER, Some(target))? })
    }

    /// The binary.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The xxh3 hash of the binary: two runs with the same one measured the same code.
    pub fn hash(&self) -> Result<Digest> {
        hash_of(&self.path)
    }

    /// What the worker's registry knows.
    pub fn registry(&self) -> Result<Registry> {
        let listed = self.list()?;
        let registry = check_format(&listed).and_then(|()| Ok(serde_json::from_slice(&listed)?));
        registry.context("read the worker's registry")
    }

    /// Whether the worker speaks the messages of this program.
    ///
    /// # Errors
    ///
    /// When it does not, or cannot be asked.
    pub fn check_format(&self) -> Result<()> {
        check_format(&self.list()?)
    }

    fn list(&self) -> Result<Vec<u8>> {
        let output = Command::new(&self.path)
            .arg("list")
            .stderr(Stdio::inherit())
            .output()
            .with_context(|| format!("run {}", self.path.display()))?;
        ensure!(
            output.status.success(),
            "list the registry: the worker ended with {}",
            output.status
        );
        Ok(output.stdout)
    }

    /// What the worker says of workloads: whether it can build them, and how many items they have.
    pub fn check(&self, specs: &[WorkloadSpec]) -> Result<Vec<SpecCheck>> {
        let context = || format!("have {} look at workloads", self.path.display());
        let question = serde_json::to_vec(specs)?;
        let mut child = Command::new(&self.path)
            .arg("check")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(context)?;
        // The worker reads all before it answers, so neither end waits for the other.
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(&question).with_context(context)?;
        }
        let output = child.wait_with_output().with_context(context)?;
        ensure!(
            output.status.success(),
            "look at workloads: the worker ended with {}",
            output.status
        );
        serde_json::from_slice(&output.stdout).context("read what the worker says of workloads")
    }
}

const WORKER: &str = "paceline-worker";

/// Refuses the registry of a worker that speaks another version of the messages.
fn check_format(registry: &[u8]) -> Result<()> {
    #[derive(Deserialize)]
    struct Spoken {
        format: u32,
    }
    let Spoken { format } =
        serde_json::from_slice(registry).context("read the version of the worker's messages")?;
    ensure!(format == FORMAT, "the worker speaks version {format} of the messages, not {FORMAT}");
    Ok(())
}

/// Builds the binary of the package `name` in release and pins it. With `target`, cargo puts all that it
/// makes there, whatever environment and settings say.
pub fn build_binary(root: &Path, name: &str, target: Option<&Path>) -> Result<PathBuf> {
    let mut command = cargo_build(root, name, target);
    let output = command
        .output()
        .with_context(|| format!("run {} to build {name}", command.get_program().display()))?;
    ensure!(output.status.success(), "build {name}: cargo ended with {}", output.status);
    let messages = String::from_utf8_lossy(&output.stdout);
    let path = messages.lines().find_map(|message| executable(message, name));
    pinned(&path.with_context(|| format!("build {name}: cargo names no executable"))?, name)
}

fn cargo_build(root: &Path, name: &str, target: Option<&Path>) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // `cargo xtask` is `cargo run`, which sets variables with xtask's own package. A build script that reads
    // them would see a change between this build and one from the shell, and build everything anew.
    for (name, _) in std::env::vars_os().filter(|(name, _)| environment::is_of_a_package(name)) {
        command.env_remove(name);
    }
    if let Some(target) = target {
        // Packages have the same names in both workspaces. In a shared target or build folder, cargo would take
        // the packages of one for those of the other.
        command.env("CARGO_TARGET_DIR", target).env("CARGO_BUILD_BUILD_DIR", target);
    }
    command
        .current_dir(root)
        .args(["build", "--release", "--package", name])
        .arg("--message-format=json-render-diagnostics")
        .stderr(Stdio::inherit());
    command
}

/// A copy of the binary that was built, in a folder named by its hash: a build in the middle of a run
/// must not change what the rest of the run measures.
fn pinned(built: &Path, name: &str) -> Result<PathBuf> {
    let folder = workspace::workers().join(hash_of(built)?.to_string());
    let path = folder.join(format!("{name}{EXE_SUFFIX}"));
    if path.is_file() {
        return Ok(path);
    }
    let context = || format!("copy {name} to {}", path.display());
    fs::create_dir_all(&folder).with_context(context)?;
    // Renamed when it is whole, since another run may look for it at the same time.
    let unfinished = folder.join(format!("unfinished-{}", std::process::id()));
    fs::copy(built, &unfinished).with_context(context)?;
    fs::rename(&unfinished, &path).with_context(context)?;
    Ok(path)
}

fn hash_of(file: &Path) -> Result<Digest> {
    let bytes = fs::read(file).with_context(|| format!("read the worker {}", file.display()))?;
    Ok(Digest(Checksum::of(&bytes).0))
}

/// The checkout's own worker, and those of other revisions that run beside it.
#[derive(Debug)]
pub struct Workers {
    /// The checkout's own.
    pub own: Worker,
    /// Those of other revisions, by their short names.
    pub others: BTreeMap<String, Worker>,
}

impl Workers {
    /// The worker for a row.
    pub fn of(&self, revision: Option<&str>) -> Result<&Worker> {
        match revision {
            None => Ok(&self.own),
            Some(revision) => {
                self.others.get(revision).with_context(|| format!("find the worker of {revision}"))
            }
        }
    }
}

/// The path of the executable `name`, if this message of cargo tells it.
fn executable(message: &str, name: &str) -> Option<PathBuf> {
    #[derive(Deserialize)]
    struct Artifact {
        target: Target,
        executable: Option<PathBuf>,
    }
    #[derive(Deserialize)]
    struct Target {
        name: String,
    }
    let artifact: Artifact = serde_json::from_str(message).ok()?;
    artifact.executable.filter(|_| artifact.target.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worker_that_speaks_another_version_is_told_by_its_version_whatever_it_lists() {
        let other = FORMAT + 1;
        let error = check_format(format!(r#"{{"format":{other},"lists":[]}}"#).as_bytes());
        let error = error.unwrap_err().to_string();
        assert!(error.contains(&format!("version {other} of the messages")), "{error}");
        assert!(check_format(format!(r#"{{"format":{FORMAT}}}"#).as_bytes()).is_ok());
        assert!(check_format(b"usage: paceline-worker").is_err());
    }

    #[test]
    fn a_build_apart_shares_neither_target_folder_nor_build_folder() {
        let target = Path::new("apart");
        let build = cargo_build(Path::new("."), WORKER, Some(target));
        for variable in ["CARGO_TARGET_DIR", "CARGO_BUILD_BUILD_DIR"] {
            let set = build.get_envs().find(|(name, _)| *name == variable);
            assert_eq!(set.and_then(|(_, value)| value), Some(target.as_os_str()), "{variable}");
        }
    }

    #[test]
    fn the_executable_is_read_from_the_message_about_it_alone() {
        let message = |name: &str, executable: &str| {
            format!(
                r#"{{"reason":"compiler-artifact","target":{{"name":"{name}"}},"executable":{executable}}}"#
            )
        };
        let executable = |message: &str| executable(message, WORKER);
        let path = executable(&message("paceline-worker", r#""/w""#));
        assert_eq!(path, Some(PathBuf::from("/w")));
        assert_eq!(executable(&message("paceline-core", r#""/c""#)), None);
        assert_eq!(executable(&message("paceline-worker", "null")), None);
        assert_eq!(executable(r#"{"reason":"build-finished","success":true}"#), None);
    }
}
