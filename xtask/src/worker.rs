//! The worker binary: built in release, then asked or run.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use paceline_core::wire::{FORMAT, Registry};
use serde::Deserialize;

use crate::workspace;

/// A worker that was built.
#[derive(Debug, Clone)]
pub(crate) struct Worker {
    path: PathBuf,
}

impl Worker {
    /// Builds `paceline-worker` in release, so that what is measured is always optimised and carries
    /// none of this program's dependencies. Cargo's own messages go to standard error.
    pub(crate) fn build() -> Result<Self> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let output = Command::new(&cargo)
            .current_dir(workspace::root())
            .args(["build", "--release", "--package", "paceline-worker"])
            .arg("--message-format=json-render-diagnostics")
            .stderr(Stdio::inherit())
            .output()
            .with_context(|| format!("run {} to build the worker", cargo.display()))?;
        ensure!(output.status.success(), "build the worker: cargo ended with {}", output.status);
        let path = String::from_utf8_lossy(&output.stdout).lines().find_map(executable);
        Ok(Self { path: path.context("build the worker: cargo names no executable")? })
    }

    /// The binary.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// What the worker's registry knows.
    pub(crate) fn registry(&self) -> Result<Registry> {
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
        let registry: Registry =
            serde_json::from_slice(&output.stdout).context("read the worker's registry")?;
        if registry.format != FORMAT {
            bail!("read the worker's registry: it has version {}, not {FORMAT}", registry.format);
        }
        Ok(registry)
    }
}

/// The worker's path, if this message of cargo tells it.
fn executable(message: &str) -> Option<PathBuf> {
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
    artifact.executable.filter(|_| artifact.target.name == "paceline-worker")
}

/// What `rustc --version` says of the compiler that builds the worker.
pub(crate) fn rustc_version() -> String {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("--version").output();
    let version = output.ok().filter(|output| output.status.success());
    version.map_or_else(
        || "unknown rustc".to_owned(),
        |output| String::from_utf8_lossy(&output.stdout).trim().to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_executable_is_read_from_the_message_about_the_worker_alone() {
        let message = |name: &str, executable: &str| {
            format!(
                r#"{{"reason":"compiler-artifact","target":{{"name":"{name}"}},"executable":{executable}}}"#
            )
        };
        let path = executable(&message("paceline-worker", r#""/w""#));
        assert_eq!(path, Some(PathBuf::from("/w")));
        assert_eq!(executable(&message("paceline-core", r#""/c""#)), None);
        assert_eq!(executable(&message("paceline-worker", "null")), None);
        assert_eq!(executable(r#"{"reason":"build-finished","success":true}"#), None);
    }
}
