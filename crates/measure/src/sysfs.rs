//! Reading the kernel's small text files: one value a file, or one `key value` pair a line.
//!
//! Every function returns `None` for a file that is missing, unreadable or not in the expected form,
//! which is also how a system without these files answers.

use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// The text of a file without its final newline; `None` if it is empty.
pub(crate) fn text(path: &Path) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// The only value of a file.
pub(crate) fn value<T: FromStr>(path: &Path) -> Option<T> {
    text(path)?.parse().ok()
}

/// The value beside `key` in text of the form `key value`, one pair a line.
pub(crate) fn keyed(text: &str, key: &str) -> Option<u64> {
    text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(' ')?.trim().parse().ok())
}

/// The entries of a folder whose names begin with `prefix`, sorted by name.
pub(crate) fn entries(folder: &Path, prefix: &str) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(prefix))
        .map(|entry| entry.path())
        .collect();
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::keyed;

    #[test]
    fn a_key_is_matched_whole() {
        let text = "inactive_file 4096\ntotal_inactive_file 8192\n";
        assert_eq!(keyed(text, "inactive_file"), Some(4_096));
        assert_eq!(keyed(text, "total_inactive_file"), Some(8_192));
        assert_eq!(keyed(text, "inactive"), None);
        assert_eq!(keyed("", "inactive_file"), None);
    }
}
