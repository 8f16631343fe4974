//! The eight files in a folder, and the manifest that tells whether they are all there.

use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::{fs, io};

use rayon::prelude::*;

use crate::photo::{PHOTOS, Photo};
use crate::render::{encode, render};

/// Why a set of photographs could not be made or looked at.
#[derive(Debug, thiserror::Error)]
pub enum PhotosError {
    /// The system refused a file or a folder.
    #[error("{action} {}", path.display())]
    File {
        /// What could not be done.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The encoder refused a photograph.
    #[error("encode {} as JPEG", path.display())]
    Encode {
        /// The file it was meant for.
        path: PathBuf,
        /// What the encoder said.
        source: jpeg_encoder::EncodingError,
    },
}

/// The manifest's name in a set's folder.
///
/// Its first line names the format, the divisor and the seed; then follows a line for each file with
/// its length in bytes and its name.
pub const MANIFEST: &str = "MANIFEST";

/// Counts up when the same parameters begin to give other bytes, so that older sets are made anew.
const FORMAT: u32 = 2;

/// Makes the eight [`PHOTOS`], both sides divided by `divisor`, in `dir`, and returns their paths in
/// the order of [`PHOTOS`].
///
/// The folder is created if need be; files of the same names are replaced. As many photographs are in
/// work at once as the machine has cores; the largest wants about 350 MB at full size. `progress` hears
/// of each file when it is whole, in the order of their completion.
///
/// # Errors
///
/// The first failure ends the work, after the photographs begun; the folder then has no manifest.
pub fn write_set(
    dir: &Path,
    divisor: NonZeroU32,
    seed: u64,
    progress: impl Fn(&Path) + Sync,
) -> Result<Vec<PathBuf>, PhotosError> {
    fs::create_dir_all(dir).map_err(failed_to("make the folder", dir))?;
    // The old manifest goes first: from here on the folder is a mixture.
    let manifest = dir.join(MANIFEST);
    match fs::remove_file(&manifest) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(failed_to("remove", &manifest)(error));
        }
        _ => {}
    }
    let write = |photo: &Photo| {
        let path = dir.join(photo.file_name());
        let jpeg = encode(&render(&photo.scaled(divisor), seed))
            .map_err(|source| PhotosError::Encode { path: path.clone(), source })?;
        replace(&path, &jpeg)?;
        progress(&path);
        Ok(path)
    };
    // One at a time to each thread: they differ too much in size to be dealt out beforehand.
    let paths = PHOTOS.par_iter().with_max_len(1).map(write).collect::<Result<_, _>>()?;
    let text = manifest_of(dir, divisor, seed).map_err(failed_to("read", dir))?;
    replace(&manifest, text.as_bytes())?;
    Ok(paths)
}

/// Whether `dir` holds the whole set that [`write_set`] makes with these parameters.
///
/// This is cheap: it compares the files' names and lengths with the manifest, not their bytes. A folder
/// that does not exist, was interrupted, or was made by other parameters is not complete.
///
/// # Errors
///
/// If the manifest is there and cannot be read.
pub fn is_complete(dir: &Path, divisor: NonZeroU32, seed: u64) -> Result<bool, PhotosError> {
    let path = dir.join(MANIFEST);
    match fs::read_to_string(&path) {
        Ok(text) => Ok(manifest_of(dir, divisor, seed).is_ok_and(|wanted| text == wanted)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(failed_to("read", &path)(error)),
    }
}

/// The manifest that a set with these parameters has if the files in `dir` are whole.
fn manifest_of(dir: &Path, divisor: NonZeroU32, seed: u64) -> io::Result<String> {
    let mut text = format!("paceline-photos format={FORMAT} divisor={divisor} seed={seed}\n");
    for name in PHOTOS.iter().map(Photo::file_name) {
        text += &format!("{} {name}\n", fs::metadata(dir.join(&name))?.len());
    }
    Ok(text)
}

/// Writes under a temporary name in the same folder and renames: a reader sees all of it or nothing.
fn replace(path: &Path, bytes: &[u8]) -> Result<(), PhotosError> {
    let temporary = path.with_extension("tmp");
    fs::write(&temporary, bytes)
        .and_then(|()| fs::rename(&temporary, path))
        .map_err(failed_to("write", path))
}

fn failed_to(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> PhotosError {
    move |source| PhotosError::File { action, path: path.to_owned(), source }
}
