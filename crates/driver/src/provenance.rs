//! What a run's header says about the measured code.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::{git, workspace};

/// The engines whose versions a header holds.
const ENGINES: [&str; 8] =
    ["async-std", "ipc-channel", "rayon", "smol", "threadpool", "tokio", "zune-jpeg", "twox-hash"];

/// What `rustc --version` says of the compiler that builds the worker.
pub fn rustc_version() -> String {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    // Rustup chooses the toolchain by the folder, and the worker is built in this one.
    let output = Command::new(rustc).current_dir(workspace::root()).arg("--version").output();
    let output = output.ok().filter(|output| output.status.success());
    let said = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    said.unwrap_or_else(|| "unknown rustc".to_owned())
}

/// The git revision of the checkout, with `+changes` if the files differ from it. `None` if the checkout is in
/// no revision.
pub fn revision() -> Option<String> {
    revision_of(&workspace::root())
}

fn revision_of(checkout: &Path) -> Option<String> {
    let git = |arguments: &[&str]| git::said(git::command(checkout).args(arguments)).ok();
    // A checkout may lie in a repository that knows nothing of it.
    git(&["rev-parse", "--verify", "--quiet", "HEAD:./Cargo.toml"])?;
    let revision = git(&["rev-parse", "HEAD"])?;
    let changes = git(&["status", "--porcelain", "--", "."])?;
    Some(if changes.is_empty() { revision } else { revision + "+changes" })
}

/// The engines' versions, from the lock file.
pub fn engines() -> BTreeMap<String, String> {
    fs::read_to_string(workspace::root().join("Cargo.lock"))
        .map(|lock| versions(&lock))
        .unwrap_or_default()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    #[test]
    fn a_revision_is_told_of_a_checkout_that_it_has_and_of_its_changes_alone() {
        let around = Scratch::new();
        let manifest = around.write("paceline/Cargo.toml", "");
        let checkout = manifest.parent().expect("it is in a folder");
        around.write("notes", "");
        assert_eq!(revision_of(checkout), None, "nothing is committed");

        let commit = around.commit();
        around.write("notes", "changed");
        assert_eq!(revision_of(checkout), Some(commit.clone()), "the change is outside");
        around.write("paceline/Cargo.toml", "changed");
        assert_eq!(revision_of(checkout), Some(commit + "+changes"));

        let stranger = around.write("stranger/Cargo.toml", "");
        assert_eq!(revision_of(stranger.parent().expect("it is in a folder")), None);
    }

    #[test]
    fn versions_of_the_engines_alone_are_read_from_the_lock_file() {
        let lock = "[[package]]\nname = \"tokio\"\nversion = \"1.2.3\"\n\
                    [[package]]\nname = \"serde\"\nversion = \"1.0.0\"\n";
        assert_eq!(versions(lock), BTreeMap::from([("tokio".to_owned(), "1.2.3".to_owned())]));
        assert_eq!(engines().len(), ENGINES.len(), "{:?}", engines());
    }
}
