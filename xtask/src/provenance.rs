//! What a run's header says of the code that was measured.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::workspace;

/// The engines whose versions are written down.
const ENGINES: [&str; 8] =
    ["async-std", "ipc-channel", "rayon", "smol", "threadpool", "tokio", "zune-jpeg", "twox-hash"];

/// What `rustc --version` says of the compiler that builds the worker.
pub(crate) fn rustc_version() -> String {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    output(Command::new(rustc).arg("--version")).unwrap_or_else(|| "unknown rustc".to_owned())
}

/// The git revision of the checkout, with `+changes` if its files differ from it; `None` without git.
pub(crate) fn revision() -> Option<String> {
    let root = workspace::root();
    let git = |arguments: &[&str]| output(Command::new("git").current_dir(&root).args(arguments));
    let revision = git(&["rev-parse", "HEAD"])?;
    let changes = git(&["status", "--porcelain"])?;
    Some(if changes.is_empty() { revision } else { revision + "+changes" })
}

/// The engines' versions, from the lock file.
pub(crate) fn engines() -> BTreeMap<String, String> {
    fs::read_to_string(workspace::root().join("Cargo.lock"))
        .map(|lock| versions(&lock))
        .unwrap_or_default()
}

/// The commit that a revision stands for in the repository around `folder`; `None` when git knows none.
pub(crate) fn resolve_revision(revision: &str, folder: &Path) -> Option<String> {
    let commit = format!("{revision}^{{commit}}");
    output(Command::new("git").current_dir(folder).args([
        "rev-parse",
        "--verify",
        "--quiet",
        &commit,
    ]))
}

fn versions(lock: &str) -> BTreeMap<String, String> {
    #[derive(serde::Deserialize)]
    struct Lock {
        package: Vec<Package>,
    }
    #[derive(serde::Deserialize)]
    struct Package {
        name: String,
        version: String,
    }
    let packages = toml::from_str::<Lock>(lock).map(|lock| lock.package).unwrap_or_default();
    let engines = packages.into_iter().filter(|package| ENGINES.contains(&package.name.as_str()));
    engines.map(|package| (package.name, package.version)).collect()
}

fn output(command: &mut Command) -> Option<String> {
    let output = command.output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_the_engines_alone_are_read_from_the_lock_file() {
        let lock = "[[package]]\nname = \"tokio\"\nversion = \"1.2.3\"\n\
                    [[package]]\nname = \"serde\"\nversion = \"1.0.0\"\n";
        assert_eq!(versions(lock), BTreeMap::from([("tokio".to_owned(), "1.2.3".to_owned())]));
        assert_eq!(engines().len(), ENGINES.len(), "{:?}", engines());
    }
}
