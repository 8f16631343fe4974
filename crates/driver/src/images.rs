//! Where the photographs come from: the user's folder, the checkout, or made on demand.

use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::matrix::ImageSet;
use crate::usage::Usage;
use crate::workspace;

/// The placeholder for the folder of photographs in a matrix file.
pub(crate) const PLACEHOLDER: &str = "{images}";

/// The seed of the pictures that `bench` uses.
const SEED: u64 = 1;

/// The folder of photographs for a run: `own` if the user named one, else that of `set`.
///
/// # Errors
///
/// [`Usage`] when the user's is not there.
pub(crate) fn folder(own: Option<&Path>, set: ImageSet) -> Result<PathBuf> {
    // Workers run elsewhere, so the path must not depend on the current folder.
    own.map_or_else(
        || Ok(home(set)),
        |own| {
            let folder = std::path::absolute(own).ok().filter(|folder| folder.is_dir());
            let refusal = || Usage::new(format!("find images: no folder {}", own.display())).into();
            folder.ok_or_else(refusal)
        },
    )
}

/// Makes the photographs of `set` where `bench` looks for them, unless they are all there. Returns their
/// folder.
///
/// # Errors
///
/// When they cannot be made.
pub fn ensure(set: ImageSet, tell: &(dyn Fn(&str) + Sync)) -> Result<PathBuf> {
    let folder = home(set);
    if !paceline_photos::is_complete(&folder, divisor(set), SEED)? {
        tell(&format!("making photographs in {} (once)", workspace::shown(&folder)));
        make(&folder, set, SEED, tell)?;
    }
    Ok(folder)
}

/// Where `bench` looks for a set.
pub fn home(set: ImageSet) -> PathBuf {
    match set {
        ImageSet::Quick => workspace::quick_images(),
        ImageSet::Seed => workspace::seed_images(),
    }
}

/// Makes a set in `folder`.
pub fn make(folder: &Path, set: ImageSet, seed: u64, tell: &(dyn Fn(&str) + Sync)) -> Result<()> {
    let told = |path: &Path| tell(&format!("  {}", workspace::shown(path)));
    paceline_photos::write_set(folder, divisor(set), seed, told)
        .map(drop)
        .context("make the photographs")
}

/// By how much a set's sides are smaller than the reference's.
fn divisor(set: ImageSet) -> NonZeroU32 {
    const FIVE: NonZeroU32 = NonZeroU32::new(5).expect("five is not zero");
    match set {
        ImageSet::Quick => FIVE,
        ImageSet::Seed => NonZeroU32::MIN,
    }
}
