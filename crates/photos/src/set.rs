//! The eight files in a folder, and the manifest that tells whether they are all there.

use std::fmt::Write as _;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::{fs, io, thread};

use crate::photo::{PHOTOS, Photo};
use crate::render::{encode, render};

/// Why a set of photographs could not be made or looked at.
#[derive(Debug, thiserror::Error)]
pub enum PhotosError {
    /// A folder could not be made.
    #[error("make the folder {}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file could not be written, renamed or removed.
    #[error("write {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file is there but could not be read.
    #[error("read {}", path.display())]
    Read {
        /// The file.
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
/// its xxh3 hash (64 bits, hexadecimal), its length in bytes and its name.
pub const MANIFEST: &str = "MANIFEST";

/// Counts up when the same parameters begin to give other bytes, so that older sets are made anew.
const FORMAT: u32 = 1;

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
    mut progress: impl FnMut(&Path),
) -> Result<Vec<PathBuf>, PhotosError> {
    fs::create_dir_all(dir).map_err(|source| PhotosError::Folder { path: dir.into(), source })?;
    // The old manifest goes first: from here on the folder is a mixture.
    let manifest = dir.join(MANIFEST);
    match fs::remove_file(&manifest) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => {
            return Err(PhotosError::Write { path: manifest, source });
        }
        _ => {}
    }
    let photos = PHOTOS.map(|photo| photo.scaled(divisor));
    let mut entries = write_all(dir, &photos, seed, |entry| progress(&dir.join(&entry.name)))?;
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    let mut text = header(divisor, seed);
    for Entry { name, length_bytes, xxh3 } in &entries {
        // Writing into a String cannot fail.
        let _ = writeln!(text, "{xxh3:016x} {length_bytes} {name}");
    }
    replace(&manifest, text.as_bytes())?;
    Ok(entries.into_iter().map(|entry| dir.join(entry.name)).collect())
}

/// Whether `dir` holds the whole set that [`write_set`] makes with these parameters.
///
/// This is cheap: it reads the manifest and compares the files' names and lengths, not their bytes. A
/// folder that does not exist, was interrupted, or was made by other parameters is not complete.
///
/// # Errors
///
/// If the manifest is there and cannot be read.
pub fn is_complete(dir: &Path, divisor: NonZeroU32, seed: u64) -> Result<bool, PhotosError> {
    let path = dir.join(MANIFEST);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(source) => return Err(PhotosError::Read { path, source }),
    };
    let Some(listed) = text.strip_prefix(&header(divisor, seed)) else {
        return Ok(false);
    };
    let mut lines = listed.lines();
    let all_there = PHOTOS.iter().all(|photo| {
        lines.next().and_then(Entry::parse).is_some_and(|entry| {
            let found = fs::metadata(dir.join(&entry.name)).map(|file| file.len());
            entry.name == photo.file_name() && found.is_ok_and(|len| len == entry.length_bytes)
        })
    });
    Ok(all_there && lines.next().is_none())
}

/// One file of a set, as the manifest has it.
struct Entry {
    name: String,
    length_bytes: u64,
    xxh3: u64,
}

impl Entry {
    fn parse(line: &str) -> Option<Self> {
        let mut words = line.splitn(3, ' ');
        let xxh3 = u64::from_str_radix(words.next()?, 16).ok()?;
        let length_bytes = words.next()?.parse().ok()?;
        Some(Self { name: words.next()?.to_owned(), length_bytes, xxh3 })
    }
}

fn header(divisor: NonZeroU32, seed: u64) -> String {
    format!("paceline-photos format={FORMAT} divisor={divisor} seed={seed}\n")
}

/// Makes all photos on as many threads as there are cores, and stops handing out work on a failure.
fn write_all(
    dir: &Path,
    photos: &[Photo],
    seed: u64,
    mut done: impl FnMut(&Entry),
) -> Result<Vec<Entry>, PhotosError> {
    let threads = thread::available_parallelism().map_or(1, usize::from).min(photos.len());
    let next = AtomicUsize::new(0);
    let failed = AtomicBool::new(false);
    let (results, received) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..threads {
            let (results, next, failed) = (results.clone(), &next, &failed);
            scope.spawn(move || {
                while !failed.load(Ordering::Relaxed)
                    && let Some(photo) = photos.get(next.fetch_add(1, Ordering::Relaxed))
                {
                    let result = write_photo(dir, photo, seed);
                    failed.fetch_or(result.is_err(), Ordering::Relaxed);
                    // The receiver is gone only after a first failure, which is what gets reported.
                    let _ = results.send(result);
                }
            });
        }
        // The channel ends when the last thread drops its sender, so this one must not be kept.
        drop(results);
        received.iter().map(|result| result.inspect(&mut done)).collect()
    })
}

fn write_photo(dir: &Path, photo: &Photo, seed: u64) -> Result<Entry, PhotosError> {
    let name = photo.file_name();
    let path = dir.join(&name);
    let jpeg = encode(&render(photo, seed))
        .map_err(|source| PhotosError::Encode { path: path.clone(), source })?;
    replace(&path, &jpeg)?;
    let xxh3 = twox_hash::XxHash3_64::oneshot(&jpeg);
    Ok(Entry { name, length_bytes: jpeg.len() as u64, xxh3 })
}

/// Writes under a temporary name in the same folder and renames: a reader sees all of it or nothing.
fn replace(path: &Path, bytes: &[u8]) -> Result<(), PhotosError> {
    let temporary = path.with_extension("tmp");
    fs::write(&temporary, bytes)
        .and_then(|()| fs::rename(&temporary, path))
        .map_err(|source| PhotosError::Write { path: path.into(), source })
}
