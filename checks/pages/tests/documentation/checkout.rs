//! A copy of the checkout, in which a page may do as it likes.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::git;
use crate::page::Action;

/// How cargo builds in the copy: nothing there is debugged, measured or compiled again bit by bit, so
/// nothing is written that only serves these. It takes a fraction of the disk and less time.
const CHEAP_BUILDS: [(&str, &str); 3] = [
    ("CARGO_INCREMENTAL", "0"),
    ("CARGO_PROFILE_DEV_DEBUG", "0"),
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1"),
];

/// What the shell writes before a command that it runs, by which the one that failed is found.
const TRACE: &str = "+ on the page: ";

/// How many lines of what a failed command wrote are told: the reason stands at the end, and a log that
/// is cut off has to hold it.
const TOLD_LINES: usize = 60;

/// A copy of all files that git knows or would take, as they are now, with all of them committed.
///
/// It stands where the last one stood and keeps what was compiled there, so that a second time is
/// quicker. There is one at a time: it is locked, also against other processes.
pub(crate) struct Checkout {
    root: PathBuf,
    _lock: File,
}

impl Checkout {
    pub(crate) fn of_this_repository() -> Self {
        let here = Path::new(env!("CARGO_TARGET_TMPDIR")).join("documentation");
        Self::copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."), &here)
    }

    fn copy(origin: &Path, here: &Path) -> Self {
        fs::create_dir_all(here).expect("a folder");
        let lock = File::create(here.join("lock")).expect("a lock");
        lock.lock().expect("the lock can be waited for");
        let root = here.join("checkout");
        let _ = fs::remove_dir_all(root.join(".git"));
        let files = files(origin);
        remove_all_but(&root, &root, &files);
        for file in &files {
            // A file that is the same keeps its time, by which cargo tells what is new.
            let (from, to) = (origin.join(file), root.join(file));
            if fs::read(&to).ok() != Some(fs::read(&from).expect("a file of the checkout")) {
                fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
                fs::copy(from, to).expect("a copy");
            }
        }
        let checkout = Self { root, _lock: lock };
        let identity = "-c user.name=test -c user.email=test@example.org -c commit.gpgsign=false";
        let commit = format!("git init -q\ngit add -A\ngit {identity} commit -q -m copy");
        checkout.run(&commit).expect("the copy can be committed");
        checkout
    }

    pub(crate) fn read(&self, path: &str) -> String {
        let text = fs::read_to_string(self.root.join(path));
        text.unwrap_or_else(|error| panic!("{path} cannot be read: {error}"))
    }

    /// Does one thing that a page says.
    pub(crate) fn take(&self, action: &Action) -> Result<(), String> {
        match action {
            Action::Run(commands) => self.run(commands),
            Action::Write { path, text } => {
                let path = self.root.join(path);
                fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
                fs::write(path, text).map_err(|error| error.to_string())
            }
            Action::Insert { path, below, text } => {
                let before = self.read(path);
                let line = format!("{below}\n");
                let found = before.split_inclusive('\n').position(|other| other == line);
                let found = found.ok_or_else(|| format!("{path} has no line `{below}`"))?;
                let mut lines: Vec<&str> = before.split_inclusive('\n').collect();
                lines.insert(found + 1, text);
                fs::write(self.root.join(path), lines.concat()).map_err(|error| error.to_string())
            }
        }
    }

    /// Runs commands in the root, as one would who follows the page in a fresh shell.
    fn run(&self, commands: &str) -> Result<(), String> {
        // Everything compiled stays in the copy. With a folder shared with this checkout, cargo would take
        // the copy's crates for the checkout's, and leave it with binaries that it thinks are fresh.
        let target = self.root.join("target");
        let output = git::see_no_repository(&mut Command::new("sh"))
            // In one stream, so that what was written last stands last.
            .args(["-eux", "-c", &format!("exec 2>&1; PS4='{TRACE}'\n{commands}")])
            .current_dir(&self.root)
            .env("CARGO_TARGET_DIR", target)
            .envs(CHEAP_BUILDS)
            .env_remove("CARGO_BUILD_BUILD_DIR")
            .env_remove("CARGO_MANIFEST_DIR")
            .output()
            .map_err(|error| format!("no shell: {error}"))?;
        if output.status.success() {
            return Ok(());
        }
        let written = String::from_utf8_lossy(&output.stdout);
        let lines: Vec<&str> = written.lines().collect();
        let command = lines.iter().rev().find_map(|line| line.strip_prefix(TRACE));
        let last = lines[lines.len().saturating_sub(TOLD_LINES)..].join("\n");
        let (command, status) = (command.unwrap_or(commands), output.status);
        Err(format!("command `{command}` ended with {status}:\n{last}"))
    }
}

/// The files under version control and those that would be, relative to `origin`.
fn files(origin: &Path) -> BTreeSet<PathBuf> {
    let listed = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    let names = git::said(git::command(origin).args(listed)).expect("git lists files");
    let names = names.split_terminator('\0').map(PathBuf::from);
    // A file may be known to git and yet be removed.
    names.filter(|file| origin.join(file).is_file()).collect()
}

/// Removes what an earlier page left behind, but nothing that was compiled.
fn remove_all_but(root: &Path, folder: &Path, files: &BTreeSet<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.expect("an entry").path();
        let name = path.strip_prefix(root).expect("it stands in the root");
        if path.is_dir() {
            if name != Path::new("target") {
                remove_all_but(root, &path, files);
                // Only an empty one goes.
                let _ = fs::remove_dir(&path);
            }
        } else if !files.contains(name) {
            fs::remove_file(&path).expect("a leftover can be removed");
        }
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    fn write(root: &Path, path: &str, text: &str) {
        fs::create_dir_all(root.join(path).parent().expect("a folder")).expect("a folder");
        fs::write(root.join(path), text).expect("written");
    }

    /// A repository with a file that is known, one that is new, and one that is ignored.
    fn origin() -> TempDir {
        let origin = TempDir::new().expect("a temporary folder");
        write(origin.path(), ".gitignore", "ignored\n/target\n");
        write(origin.path(), "a/known", "one\ntwo\n");
        write(origin.path(), "ignored", "");
        for arguments in [&["init", "-q"][..], &["add", ".gitignore", "a"]] {
            git::said(git::command(origin.path()).args(arguments)).expect("git succeeds");
        }
        write(origin.path(), "a/new", "new\n");
        origin
    }

    #[test]
    fn a_copy_has_what_git_would_take_and_nothing_that_an_earlier_page_left() {
        let (origin, here) = (origin(), TempDir::new().expect("a temporary folder"));
        drop(Checkout::copy(origin.path(), here.path()));
        let copy = here.path().join("checkout");
        assert!(copy.join("a/new").is_file() && !copy.join("ignored").exists());
        write(&copy, "left/behind", "");
        write(&copy, "a/known", "changed\n");
        write(&copy, "target/compiled", "");
        let again = Checkout::copy(origin.path(), here.path());
        assert!(!copy.join("left").exists() && copy.join("target/compiled").exists());
        assert_eq!(again.read("a/known"), "one\ntwo\n");
        assert_eq!(again.run("test -z \"$(git status --porcelain)\""), Ok(()));
    }

    #[test]
    fn steps_are_taken_in_the_copy() {
        let (origin, here) = (origin(), TempDir::new().expect("a temporary folder"));
        let copy = Checkout::copy(origin.path(), here.path());
        let insert = |below: &str| Action::Insert {
            path: "a/known".to_owned(),
            below: below.to_owned(),
            text: "between\n".to_owned(),
        };
        copy.take(&insert("one")).expect("the line is there");
        assert_eq!(copy.read("a/known"), "one\nbetween\ntwo\n");
        assert_eq!(copy.take(&insert("on")), Err("a/known has no line `on`".to_owned()));
        let write = Action::Write { path: "b/c".to_owned(), text: "text\n".to_owned() };
        copy.take(&write).expect("written");
        assert_eq!(copy.read("b/c"), "text\n");
    }

    #[test]
    fn a_command_that_fails_is_told_with_the_end_of_what_it_wrote_and_is_the_last() {
        let (origin, here) = (origin(), TempDir::new().expect("a temporary folder"));
        write(origin.path(), "fail", "echo reason >&2; exit 3");
        let copy = Checkout::copy(origin.path(), here.path());
        let commands = "seq 1000\nsh fail\necho after\n";
        let failed = copy.take(&Action::Run(commands.to_owned())).expect_err("the second fails");
        let first = "command `sh fail` ended with exit status: 3:\n";
        assert!(failed.starts_with(first), "{failed}");
        assert!(failed.ends_with("\n1000\n+ on the page: sh fail\nreason"), "{failed}");
        assert_eq!(failed.lines().count(), 1 + TOLD_LINES);
    }
}
