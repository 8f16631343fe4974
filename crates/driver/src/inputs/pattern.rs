//! Files by a pattern, as a shell matches them.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use glob::{MatchOptions, Pattern};

/// `*` stops at a `/`, and does not match a name that begins with a dot.
const AS_A_SHELL: MatchOptions = MatchOptions {
    case_sensitive: true,
    require_literal_separator: true,
    require_literal_leading_dot: true,
};

/// Whether anything in `text` stands for something else than itself.
pub(super) fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?', '['])
}

/// What matches `pattern` in `directory`, in order of the paths, in the form in which it was asked for;
/// of more than `most`, some. `**` goes through folders and follows no link, since links can lead back.
///
/// # Errors
///
/// What is wrong with the pattern, or which folder cannot be read.
pub(super) fn matching(
    pattern: &str,
    directory: &Path,
    most: usize,
) -> Result<Vec<PathBuf>, String> {
    // The whole is looked at first, so that a mistake is counted from its beginning.
    read(pattern)?;
    let parts: Vec<&str> = pattern.split('/').filter(|part| !part.is_empty()).collect();
    let start = if pattern.starts_with('/') { "/" } else { "" };
    let mut walk = Walk { directory, most, found: Vec::new() };
    walk.follow(PathBuf::from(start), &parts)?;
    let mut found = walk.found;
    if pattern.ends_with('/') {
        found.retain(|path| directory.join(path).is_dir());
    }
    found.sort();
    found.dedup();
    Ok(found)
}

fn read(pattern: &str) -> Result<Pattern, String> {
    Pattern::new(pattern).map_err(|error| format!("{} at character {}", error.msg, error.pos + 1))
}

struct Walk<'a> {
    directory: &'a Path,
    most: usize,
    found: Vec<PathBuf>,
}

impl Walk<'_> {
    /// Goes on from `at` by what is left of the pattern.
    fn follow(&mut self, at: PathBuf, parts: &[&str]) -> Result<(), String> {
        if self.found.len() > self.most {
            return Ok(());
        }
        let Some((part, rest)) = parts.split_first() else {
            self.found.push(at);
            return Ok(());
        };
        if *part == "**" {
            return self.follow_below(&at, parts, rest);
        }
        if !is_pattern(part) {
            let next = at.join(part);
            let is_there = self.directory.join(&next).symlink_metadata().is_ok();
            return if is_there { self.follow(next, rest) } else { Ok(()) };
        }
        let pattern = read(part)?;
        for name in self.names_in(&at)? {
            if pattern.matches_with(&name.to_string_lossy(), AS_A_SHELL) {
                self.follow(at.join(name), rest)?;
            }
        }
        Ok(())
    }

    /// Goes on by `rest` from `at` and from every folder below; all that is there, if nothing is left.
    fn follow_below(&mut self, at: &Path, parts: &[&str], rest: &[&str]) -> Result<(), String> {
        if !rest.is_empty() {
            self.follow(at.to_owned(), rest)?;
        }
        for name in self.names_in(at)? {
            if name.as_encoded_bytes().starts_with(b".") {
                continue;
            }
            let next = at.join(name);
            let is_folder =
                self.directory.join(&next).symlink_metadata().is_ok_and(|found| found.is_dir());
            if rest.is_empty() {
                self.found.push(next.clone());
            }
            if is_folder {
                self.follow(next, parts)?;
            }
        }
        Ok(())
    }

    /// The names in a folder; none in what is no folder.
    fn names_in(&self, at: &Path) -> Result<Vec<OsString>, String> {
        let folder = self.directory.join(at);
        let names = || -> io::Result<Vec<OsString>> {
            folder.read_dir()?.map(|entry| Ok(entry?.file_name())).collect()
        };
        names().or_else(|error| match error.kind() {
            io::ErrorKind::NotADirectory | io::ErrorKind::NotFound => Ok(Vec::new()),
            _ => Err(format!("read the folder {}: {error}", folder.display())),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder_with(names: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for name in names {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            std::fs::write(path, "").expect("written");
        }
        folder
    }

    fn found(folder: &Path, pattern: &str) -> Vec<String> {
        let found = matching(pattern, folder, 100).expect("a good pattern");
        found.iter().map(|path| path.display().to_string()).collect()
    }

    #[test]
    fn a_pattern_matches_as_in_a_shell_and_keeps_its_form() {
        let folder = folder_with(&["a/x.txt", "a/b/y.txt", "a/.c/z.txt", "x.txt", ".y.txt"]);
        let found = |pattern: &str| found(folder.path(), pattern);
        assert_eq!(found("*.txt"), ["x.txt"]);
        assert_eq!(found(".*.txt"), [".y.txt"]);
        assert_eq!(found("?/*.txt"), ["a/x.txt"]);
        assert_eq!(found("./[a-z]/*/y.txt"), ["./a/b/y.txt"]);
        assert_eq!(found("a/../*.txt"), ["a/../x.txt"]);
        assert_eq!(found("**/*.txt"), ["a/b/y.txt", "a/x.txt", "x.txt"]);
        assert_eq!(found("a/**"), ["a/b", "a/b/y.txt", "a/x.txt"]);
        assert_eq!(found("**/**/x.txt"), ["a/x.txt", "x.txt"]);
        assert_eq!(found("*/"), ["a"]);
        let absolute = format!("{}/a/*.txt", folder.path().display());
        assert_eq!(found(&absolute), [format!("{}/a/x.txt", folder.path().display())]);
        for nothing in ["*.gif", "x.txt/*", "no/such/*", "*/x.txt/*"] {
            assert!(found(nothing).is_empty(), "{nothing}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn links_that_lead_back_are_matched_and_not_followed_through_folders() {
        let folder = folder_with(&["a/x.txt"]);
        for name in ["loop", "a/up"] {
            std::os::unix::fs::symlink(folder.path(), folder.path().join(name)).expect("linked");
        }
        assert_eq!(found(folder.path(), "**/*.txt"), ["a/x.txt"]);
        assert_eq!(found(folder.path(), "**"), ["a", "a/up", "a/x.txt", "loop"]);
        assert_eq!(found(folder.path(), "loop/*/x.txt"), ["loop/a/x.txt"]);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_name_that_is_no_text_is_matched_and_no_reason_to_panic() {
        use std::os::unix::ffi::OsStrExt;

        let folder = folder_with(&["x.txt"]);
        let name = std::ffi::OsStr::from_bytes(b"bad\xff.txt");
        std::fs::write(folder.path().join(name), "").expect("written");
        let found = matching("*.txt", folder.path(), 100).expect("a good pattern");
        assert_eq!(found, [Path::new(name), Path::new("x.txt")]);
    }
}
