//! Cargo's settings in the folders above the two trees that are compared.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::usage::Usage;

/// Refuses to build `repository` and the trees in `home` if cargo's settings above apply to only one of them.
pub(super) fn check(repository: &Path, home: &Path) -> Result<(), Usage> {
    // Two ways to write a path would look like two files.
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let (checkout, revision) = (reaching(real(repository).parent()), reaching(Some(&real(home))));
    if let Some(file) = checkout.difference(&revision).next() {
        return Err(Usage::new(format!(
            "the cargo settings in {} apply to the checkout but not to {}: move them to cargo's home, or move \
             the cache below the same folder (XDG_CACHE_HOME on Linux and macOS)",
            file.display(),
            home.display()
        )));
    }
    if let Some(file) = revision.difference(&checkout).next() {
        return Err(Usage::new(format!(
            "the cargo settings in {} apply to {} but are not part of the revision: move the cache out of that \
             folder (XDG_CACHE_HOME on Linux and macOS)",
            file.display(),
            home.display()
        )));
    }
    Ok(())
}

/// The files with settings that cargo reads in `folder` and above it, except those of cargo's home, which it
/// reads wherever it builds.
fn reaching(folder: Option<&Path>) -> BTreeSet<PathBuf> {
    let above = folder.into_iter().flat_map(Path::ancestors).map(|folder| folder.join(".cargo"));
    let elsewhere = above.filter(|folder| Some(folder) != cargo_home().as_ref());
    elsewhere.filter_map(|folder| settings_in(&folder)).collect()
}

fn settings_in(folder: &Path) -> Option<PathBuf> {
    // Cargo takes the old name if there are both.
    ["config", "config.toml"].map(|name| folder.join(name)).into_iter().find(|file| file.is_file())
}

fn cargo_home() -> Option<PathBuf> {
    let home = match std::env::var_os("CARGO_HOME") {
        Some(home) => PathBuf::from(home),
        None => std::env::home_dir()?.join(".cargo"),
    };
    home.canonicalize().ok()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use tempfile::TempDir;

    use super::*;

    #[test]
    fn settings_above_one_of_the_two_alone_are_refused() {
        let around = TempDir::new().expect("a temporary folder");
        let root = around.path();
        let (repository, home) = (root.join("work/repository"), root.join("cache/home"));
        for folder in [&home, &root.join("repository")] {
            fs::create_dir_all(folder).expect("a folder");
        }
        let set = |folder: &Path, name: &str| {
            fs::create_dir_all(folder.join(".cargo")).expect("a folder");
            fs::write(folder.join(".cargo").join(name), "").expect("a file");
        };
        // The repository's own, and those above both.
        set(&repository, "config.toml");
        set(root, "config.toml");
        assert!(check(&repository, &home).is_ok());

        set(&root.join("work"), "config.toml");
        let refused = check(&repository, &home).unwrap_err().to_string();
        assert!(refused.contains("to the checkout but not"), "{refused}");
        // A cache below them has them too.
        fs::create_dir_all(root.join("work/cache")).expect("a folder");
        assert!(check(&repository, &root.join("work/cache")).is_ok());
        let refused = check(&root.join("repository"), &root.join("work/cache")).unwrap_err();
        assert!(refused.to_string().contains("but are not part of the revision"), "{refused}");
        // A cache inside the repository gets the repository's settings, which may differ in the revision.
        assert!(check(&repository, &repository.join("target/cache")).is_err());

        set(&root.join("cache"), "config");
        let refused = check(&root.join("repository"), &home).unwrap_err().to_string();
        assert!(refused.contains("cache/.cargo/config apply"), "{refused}");
    }
}
