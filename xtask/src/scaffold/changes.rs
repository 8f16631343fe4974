//! Changes of a checkout: planned as a whole, then shown or made as a whole.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use similar::TextDiff;

use paceline_driver::Usage;

/// What is to become of some files under one folder. Nothing is written before [`Changes::make`].
#[derive(Debug)]
pub(crate) struct Changes {
    root: PathBuf,
    files: Vec<Change>,
}

#[derive(Debug)]
struct Change {
    /// Relative to the root, with slashes.
    path: String,
    /// What stands there, or `None` for a new file.
    before: Option<String>,
    after: String,
}

impl Changes {
    /// No change of what is in `root` yet.
    pub(super) fn of(root: &Path) -> Self {
        Self { root: root.to_owned(), files: vec![] }
    }

    /// Plans a new file.
    ///
    /// # Errors
    ///
    /// [`Usage`] when there is something of that name.
    pub(super) fn create(&mut self, path: String, after: String) -> Result<()> {
        if self.root.join(&path).exists() {
            return Err(Usage::new(format!("create {path}: it is there already")).into());
        }
        self.files.push(Change { path, before: None, after });
        Ok(())
    }

    /// Plans an edit of a file that is there.
    ///
    /// # Errors
    ///
    /// When it cannot be read, or `edit` does not find its place.
    pub(super) fn edit(
        &mut self,
        path: &str,
        edit: impl FnOnce(&str) -> Result<String>,
    ) -> Result<()> {
        let before = fs::read_to_string(self.root.join(path));
        let before = before.with_context(|| format!("read {path}"))?;
        let after = edit(&before).with_context(|| format!("edit {path}"))?;
        self.files.push(Change { path: path.to_owned(), before: Some(before), after });
        Ok(())
    }

    /// The changes as a patch that `git apply` takes.
    pub(crate) fn patch(&self) -> String {
        self.files.iter().map(Change::patch).collect()
    }

    /// The paths, each with whether the file is new.
    pub(crate) fn paths(&self) -> impl Iterator<Item = (&str, bool)> {
        self.files.iter().map(|change| (change.path.as_str(), change.before.is_none()))
    }

    /// Makes all changes.
    ///
    /// # Errors
    ///
    /// When one cannot be made. Those before it are taken back then, folders included.
    pub(crate) fn make(&self) -> Result<()> {
        let mut folders = vec![];
        for (number, change) in self.files.iter().enumerate() {
            let written = make_folders(&self.root, &change.path, &mut folders)
                .and_then(|()| fs::write(self.root.join(&change.path), &change.after));
            if let Err(error) = written {
                // The write that failed may have left a part of its file behind.
                let undone = self.take_back(&self.files[..=number], &folders);
                let failed = Err(error).with_context(|| format!("write {}", change.path));
                return undone.and(failed);
            }
        }
        Ok(())
    }

    fn take_back(&self, changes: &[Change], folders: &[PathBuf]) -> Result<()> {
        for Change { path, before, .. } in changes {
            let whole = self.root.join(path);
            let restored = match before {
                Some(before) => fs::write(&whole, before),
                None => match fs::remove_file(&whole) {
                    Err(error) if error.kind() != ErrorKind::NotFound && whole.exists() => {
                        Err(error)
                    }
                    _ => Ok(()),
                },
            };
            restored.with_context(|| format!("restore {path} after another file failed"))?;
        }
        for folder in folders.iter().rev() {
            let removed = fs::remove_dir(folder);
            removed.with_context(|| format!("remove the new folder {}", folder.display()))?;
        }
        Ok(())
    }
}

/// Makes the folders above `path` that are missing, and notes each.
fn make_folders(root: &Path, path: &str, made: &mut Vec<PathBuf>) -> std::io::Result<()> {
    let mut folder = root.to_owned();
    for part in Path::new(path).parent().into_iter().flat_map(Path::components) {
        folder.push(part);
        if !folder.is_dir() {
            fs::create_dir(&folder)?;
            made.push(folder.clone());
        }
    }
    Ok(())
}

impl Change {
    fn patch(&self) -> String {
        let path = &self.path;
        let (mode, old) = match self.before {
            Some(_) => ("", format!("a/{path}")),
            None => ("new file mode 100644\n", "/dev/null".to_owned()),
        };
        let before = self.before.as_deref().unwrap_or_default();
        let diff = TextDiff::from_lines(before, &self.after);
        let hunks = diff.unified_diff().header(&old, &format!("b/{path}")).to_string();
        format!("diff --git a/{path} b/{path}\n{mode}{hunks}")
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    fn checkout() -> TempDir {
        let root = TempDir::new().expect("a temporary folder");
        fs::write(root.path().join("list"), "a\nc\n").expect("written");
        root
    }

    /// A new file in a new folder and an edit.
    fn changes(root: &TempDir) -> Changes {
        let mut changes = Changes::of(root.path());
        changes.create("new/deep/file".to_owned(), "text\n".to_owned()).expect("planned");
        changes.edit("list", |text| Ok(text.replace("c\n", "b\nc\n"))).expect("planned");
        changes
    }

    fn names(root: &TempDir) -> Vec<String> {
        let entries = fs::read_dir(root.path()).expect("readable");
        let name = |entry: std::io::Result<fs::DirEntry>| entry.expect("readable").file_name();
        entries.map(|entry| name(entry).to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn planned_changes_are_made_and_not_before_that() {
        let root = checkout();
        let changes = changes(&root);
        assert_eq!(names(&root), ["list"]);
        changes.make().expect("made");
        let read = |path: &str| fs::read_to_string(root.path().join(path)).expect("readable");
        assert_eq!(
            (read("new/deep/file").as_str(), read("list").as_str()),
            ("text\n", "a\nb\nc\n")
        );
    }

    #[test]
    fn when_one_cannot_be_made_the_others_are_taken_back() {
        let root = checkout();
        let mut changes = changes(&root);
        // `list` is a file, so nothing can stand in it.
        let lost = Change { path: "list/x".to_owned(), before: None, after: String::new() };
        changes.files.push(lost);
        let error = format!("{:#}", changes.make().expect_err("it cannot be made"));
        assert!(error.starts_with("write list/x: "), "{error}");
        assert_eq!(names(&root), ["list"]);
        assert_eq!(fs::read_to_string(root.path().join("list")).expect("readable"), "a\nc\n");
    }

    #[test]
    fn what_is_there_is_not_created_again() {
        let root = checkout();
        let error = Changes::of(root.path()).create("list".to_owned(), String::new());
        assert!(error.expect_err("it is there").is::<Usage>());
    }

    #[test]
    fn a_patch_names_new_files_and_shows_edits() {
        let root = checkout();
        let patch = changes(&root).patch();
        let wanted = "\
diff --git a/new/deep/file b/new/deep/file
new file mode 100644
--- /dev/null
+++ b/new/deep/file
@@ -0,0 +1 @@
+text
diff --git a/list b/list
--- a/list
+++ b/list
@@ -1,2 +1,3 @@
 a
+b
 c
";
        assert_eq!(patch, wanted);
    }
}
