//! The files of a folder.

use std::path::{Path, PathBuf};
use std::{fs, io};

/// How many folders that cannot be read an error names.
const NAMED: usize = 5;

/// The files in `folder` and in the folders below it, in order of their paths. Symbolic links are not
/// followed, and what is no regular file is left out.
///
/// # Errors
///
/// When folders cannot be read. The error names them, and of very many the first and how many more.
pub fn files_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    let mut unread = Vec::new();
    while let Some(folder) = folders.pop() {
        if let Err(error) = read(&folder, &mut files, &mut folders) {
            unread.push((folder, error));
        }
    }
    match unread.first() {
        None => {
            files.sort();
            Ok(files)
        }
        Some((_, first)) => Err(io::Error::new(first.kind(), in_words(&unread))),
    }
}

/// Adds what stands in one folder.
fn read(folder: &Path, files: &mut Vec<PathBuf>, folders: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() {
            folders.push(entry.path());
        } else if kind.is_file() {
            files.push(entry.path());
        }
    }
    Ok(())
}

fn in_words(unread: &[(PathBuf, io::Error)]) -> String {
    let named = unread.iter().take(NAMED);
    let named: Vec<String> =
        named.map(|(folder, error)| format!("{}: {error}", folder.display())).collect();
    match unread.len().saturating_sub(NAMED) {
        0 => named.join("; "),
        more => format!("{}; and {more} more", named.join("; ")),
    }
}
