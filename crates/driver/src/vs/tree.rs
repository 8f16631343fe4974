//! The files of a commit, in a folder that neither the checkout nor its repository knows of.
//!
//! Cargo takes settings from every folder above the one that it builds. A tree inside the checkout would be
//! built with the checkout's settings, so trees lie in the user's cache. Git writes the files with an index
//! that lies beside them. `git worktree` would leave an entry in the repository, and this entry can be locked,
//! be pruned, or outlive the tree.

use std::fs::{self, File, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, anyhow};
use paceline_core::{Checksum, Digest};

use super::settings;
use crate::git;
use crate::usage::Usage;

/// The files by which a folder is known to hold Paceline.
const OF_PACELINE: [&str; 2] = ["Cargo.toml", "crates/worker/Cargo.toml"];

/// The files of a commit. As long as this is there, no other process replaces them.
#[derive(Debug)]
pub(super) struct Tree {
    /// What corresponds to the checkout: the files' root, or a folder there if the checkout is a folder of
    /// a larger repository.
    pub checkout: PathBuf,
    /// Where cargo puts what it makes of the files.
    pub target: PathBuf,
    _lock: File,
}

impl Tree {
    /// The files of `commit` for the checkout in `checkout`, in a folder of that checkout in `cache`. They
    /// are written anew unless they are there, complete and unchanged. `tell` hears of another process that is
    /// waited for.
    ///
    /// # Errors
    ///
    /// When the commit has no Paceline where the checkout is, when cargo's settings apply to only one of the
    /// two, or when the files cannot be written.
    pub(super) fn of(
        commit: &str,
        checkout: &Path,
        cache: &Path,
        tell: &dyn Fn(&str),
    ) -> Result<Self> {
        let ask = |arguments: &[&str]| {
            git::said(git::command(checkout).args(arguments))
                .map_err(|why| anyhow!("ask git about {}: {why}", checkout.display()))
        };
        let below = ask(&["rev-parse", "--show-prefix"])?;
        let list = ["ls-tree", "--name-only", commit, "--"];
        let found = ask(&[&list[..], &OF_PACELINE].concat())?;
        if found.lines().count() < OF_PACELINE.len() {
            return Err(Usage::new(no_paceline(&below)).into());
        }
        let home = home(checkout, cache)?;
        settings::check(Path::new(&ask(&["rev-parse", "--show-toplevel"])?), &home)?;

        let lock = lock(&home, tell)?;
        let place = Place { folder: home.join(commit), checkout, commit };
        if !place.is_whole() {
            place.make()?;
        }
        let checkout = place.files().join(below);
        Ok(Self { checkout, target: place.folder.join("target"), _lock: lock })
    }
}

fn no_paceline(below: &str) -> String {
    let place = match below.trim_end_matches('/') {
        "" => "its root folder".to_owned(),
        folder => format!("its folder {folder}"),
    };
    format!("{place} does not hold Paceline: {} is missing", OF_PACELINE.join(" or "))
}

/// The folder for the trees of `checkout`. Two checkouts may belong to repositories with different filters.
fn home(checkout: &Path, cache: &Path) -> Result<PathBuf> {
    let context = || format!("find the folder {}", checkout.display());
    let checkout = fs::canonicalize(checkout).with_context(context)?;
    let key = Digest(Checksum::of(checkout.as_os_str().as_encoded_bytes()).0);
    let home = cache.join(key.to_string());
    fs::create_dir_all(&home).with_context(|| format!("make the folder {}", home.display()))?;
    Ok(home)
}

/// Waits until no other process makes or builds a tree in `home`. That can take as long as a build, so `tell` hears
/// of it.
fn lock(home: &Path, tell: &dyn Fn(&str)) -> Result<File> {
    let path = home.join("lock");
    let context = || format!("lock {}", path.display());
    let lock = File::create(&path).with_context(context)?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            tell(&format!("waiting for the process that has locked {}", path.display()));
            lock.lock().with_context(context)?;
        }
        Err(TryLockError::Error(error)) => return Err(error).with_context(context),
    }
    Ok(lock)
}

/// The place of a commit's tree, which may not exist yet.
struct Place<'a> {
    folder: PathBuf,
    checkout: &'a Path,
    commit: &'a str,
}

impl Place<'_> {
    fn files(&self) -> PathBuf {
        self.folder.join("files")
    }

    /// A call of git that works on the files and the index of this place.
    fn git(&self) -> Command {
        let mut git = git::command(self.checkout);
        git.env("GIT_INDEX_FILE", self.folder.join("index"))
            // Every file in one index, even if the checkout has only some of them.
            .args(["-c", "core.sparseCheckout=false", "-c", "core.splitIndex=false"])
            .arg("--work-tree")
            .arg(self.files());
        git
    }

    /// Whether the place has exactly the files of the commit, as git wrote them. Programs that clean caches may
    /// remove single files, and cargo changes a lock file that does not fit its manifests.
    fn is_whole(&self) -> bool {
        let mut changed = self.git();
        changed.args(["diff-index", "--quiet", self.commit, "--"]);
        let mut others = self.git();
        others.args(["ls-files", "--others"]);
        self.files().is_dir()
            && git::said(&mut changed).is_ok()
            && git::said(&mut others).is_ok_and(|others| others.is_empty())
    }

    /// Writes the files beside the place and renames them last, so that a tree with the final name is complete.
    fn make(&self) -> Result<()> {
        let unfinished = Place { folder: self.folder.with_extension("unfinished"), ..*self };
        let context = || format!("write its files to {}", self.folder.display());
        remove(&unfinished.folder).with_context(context)?;
        fs::create_dir_all(unfinished.files()).with_context(context)?;
        let mut write = unfinished.git();
        write.args(["read-tree", "-m", "-u", self.commit]);
        git::said(&mut write).map_err(|why| anyhow!(why)).with_context(context)?;
        remove(&self.folder).with_context(context)?;
        fs::rename(&unfinished.folder, &self.folder).with_context(context)
    }
}

/// Removes a folder, if it is there.
fn remove(folder: &Path) -> std::io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::mpsc;
    use std::thread;
    use std::time::Duration;

    use tempfile::TempDir;

    use super::*;
    use crate::scratch::Scratch;

    /// A repository with something of Paceline in `folder`, and its only commit.
    fn repository(folder: &str) -> (Scratch, String) {
        let scratch = Scratch::new();
        for file in OF_PACELINE {
            scratch.write(&format!("{folder}{file}"), file);
        }
        let commit = scratch.commit();
        (scratch, commit)
    }

    fn cache() -> TempDir {
        TempDir::new().expect("a temporary folder")
    }

    fn tree(commit: &str, checkout: &Path, cache: &TempDir) -> Tree {
        Tree::of(commit, checkout, cache.path(), &|_| ()).expect("the tree is made")
    }

    /// All files in `folder`, with what is in them.
    fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut found = BTreeMap::new();
        for entry in fs::read_dir(folder).expect("readable") {
            let path = entry.expect("readable").path();
            match path.is_dir() {
                true => found.extend(files(&path)),
                false => drop(found.insert(path.clone(), fs::read(path).expect("readable"))),
            }
        }
        found
    }

    #[test]
    fn a_tree_has_the_files_of_its_commit_and_leaves_no_trace_in_the_repository() {
        let (scratch, commit) = repository("");
        scratch.write("Cargo.toml", "of a later commit");
        scratch.commit();
        scratch.write("Cargo.toml", "not committed");
        let before = files(scratch.path());
        let cache = cache();
        let tree = tree(&commit, scratch.path(), &cache);
        assert_eq!(fs::read(tree.checkout.join("Cargo.toml")).expect("it is there"), b"Cargo.toml");
        assert_eq!(files(&tree.checkout).len(), OF_PACELINE.len());
        assert_eq!(files(scratch.path()), before);
    }

    #[test]
    fn a_checkout_that_is_a_folder_of_its_repository_has_the_same_folder_in_the_tree() {
        let (scratch, _) = repository("tools/paceline/");
        scratch.write("settings", "above");
        let commit = scratch.commit();
        let cache = cache();
        let tree = tree(&commit, &scratch.path().join("tools/paceline"), &cache);
        assert!(tree.checkout.ends_with("files/tools/paceline"), "{tree:?}");
        assert!(tree.checkout.join("Cargo.toml").is_file());
        assert!(tree.checkout.join("../../settings").is_file());
    }

    #[test]
    fn a_commit_that_has_no_paceline_where_the_checkout_is_is_refused() {
        let scratch = Scratch::new();
        scratch.write("Cargo.toml", "of another project");
        let commit = scratch.commit();
        for file in OF_PACELINE {
            scratch.write(&format!("paceline/{file}"), file);
        }
        let cache = cache();
        let error =
            Tree::of(&commit, &scratch.path().join("paceline"), cache.path(), &|_| ()).unwrap_err();
        assert!(
            error.is::<Usage>() && error.to_string().contains("its folder paceline"),
            "{error}"
        );
        let error = Tree::of(&commit, scratch.path(), cache.path(), &|_| ()).unwrap_err();
        assert!(error.is::<Usage>() && error.to_string().contains("its root folder"), "{error}");
        assert_eq!(files(cache.path()).len(), 0);
    }

    #[test]
    fn a_whole_tree_is_kept_and_any_other_is_made_anew() {
        let (scratch, commit) = repository("");
        let cache = cache();
        let first = tree(&commit, scratch.path(), &cache);
        let (root, compiled) = (first.checkout.clone(), first.target.join("compiled"));
        fs::create_dir(&first.target).expect("a folder");
        fs::write(&compiled, "").expect("a file");
        drop(first);
        drop(tree(&commit, scratch.path(), &cache));
        assert!(compiled.is_file(), "a whole tree is not made anew");

        let sound = files(&root);
        let harm: [&dyn Fn(); 5] = [
            &|| fs::remove_file(root.join("Cargo.toml")).expect("removed"),
            &|| fs::write(root.join("Cargo.toml"), "changed, and longer").expect("written"),
            &|| fs::write(root.join("build.rs"), "more").expect("written"),
            &|| fs::remove_file(root.with_file_name("index")).expect("removed"),
            &|| fs::remove_dir_all(&root).expect("removed"),
        ];
        for (which, harm) in harm.iter().enumerate() {
            harm();
            drop(tree(&commit, scratch.path(), &cache));
            assert_eq!(files(&root), sound, "harm {which}");
        }
    }

    #[test]
    fn a_tree_that_git_could_not_finish_is_not_taken_for_whole() {
        let (scratch, _) = repository("");
        scratch.write(".gitattributes", "late filter=broken\n");
        scratch.write("late", "");
        let commit = scratch.commit();
        scratch.git(&["config", "filter.broken.required", "true"]);
        scratch.git(&["config", "filter.broken.smudge", "exit 1"]);
        let cache = cache();
        for _ in 0..2 {
            let error = Tree::of(&commit, scratch.path(), cache.path(), &|_| ()).unwrap_err();
            assert!(format!("{error:#}").contains("late"), "{error:#}");
        }
        scratch.git(&["config", "filter.broken.smudge", "cat"]);
        assert!(tree(&commit, scratch.path(), &cache).checkout.join("late").is_file());
    }

    #[test]
    fn a_process_that_has_to_wait_says_for_which_lock() {
        /// Reached only when nothing is told.
        const PATIENCE: Duration = Duration::from_secs(10);
        let home = cache();
        let first = lock(home.path(), &|_| ()).expect("it is free");
        let (tell, told) = mpsc::channel();
        let other = thread::spawn(move || {
            let told = told.recv_timeout(PATIENCE);
            drop(first);
            told
        });
        let tell = |text: &str| tell.send(text.to_owned()).expect("the other listens");
        lock(home.path(), &tell).expect("it is free again");
        let told: String = other.join().expect("no panic").expect("it is told");
        assert!(told.ends_with(&home.path().join("lock").display().to_string()), "{told}");
    }

    #[test]
    fn two_checkouts_have_trees_of_their_own() {
        let (scratch, _) = repository("one/");
        for file in OF_PACELINE {
            scratch.write(&format!("two/{file}"), file);
        }
        let cache = cache();
        let commit = scratch.commit();
        let one = tree(&commit, &scratch.path().join("one"), &cache);
        let two = tree(&commit, &scratch.path().join("two"), &cache);
        assert_ne!(one.target, two.target);
    }
}
