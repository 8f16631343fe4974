//! Where things are in the checkout.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use etcetera::BaseStrategy;

use crate::environment;

/// The root of the workspace: the folder with the lock file above the package that cargo runs, else
/// above the place where this was compiled.
#[must_use]
pub fn root() -> PathBuf {
    let manifest = environment::manifest_folder();
    let manifest = manifest.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")));
    let root = manifest.ancestors().find(|folder| folder.join("Cargo.lock").is_file());
    root.unwrap_or(&manifest).to_path_buf()
}

/// The built-in matrices.
pub fn matrices() -> PathBuf {
    root().join("fixtures/matrices")
}

/// The photographs that are kept in git.
pub fn quick_images() -> PathBuf {
    root().join("fixtures/images/quick")
}

/// The photographs of the reference's sizes, which are made when they are first wanted.
pub fn seed_images() -> PathBuf {
    root().join("target/paceline/images/seed")
}

/// Copies of the workers that were measured, by their hash.
pub fn workers() -> PathBuf {
    root().join("target/paceline/workers")
}

/// The folder for the files of other revisions and their builds. It lies outside every checkout, since cargo
/// takes settings from all folders above the one that it builds.
pub fn revisions() -> Result<PathBuf> {
    let user = etcetera::choose_base_strategy().context("find the folder for the user's caches")?;
    Ok(user.cache_dir().join("paceline/revisions"))
}

/// The saved runs, unless `--out` says otherwise.
pub fn runs() -> PathBuf {
    root().join("target/paceline/runs")
}

/// What audits leave behind when a case wrote to its log.
pub fn audits() -> PathBuf {
    root().join("target/paceline/audits")
}

/// `path` as it is shown to a user: relative to the current folder where that is shorter.
pub fn shown(path: &Path) -> String {
    let relative = std::env::current_dir()
        .ok()
        .and_then(|here| path.strip_prefix(here).ok().map(Path::to_path_buf));
    relative.unwrap_or_else(|| path.to_path_buf()).display().to_string()
}
