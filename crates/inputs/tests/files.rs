//! Files of a folder, and the page cache, with real files.

use std::fs::{self, File};
use std::path::Path;

use paceline_inputs::files_in;

#[test]
fn files_are_found_in_all_folders_in_order_and_links_are_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["b/deep/x", "b/a", "c", "a"] {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, name).unwrap();
    }
    #[cfg(unix)]
    std::os::unix::fs::symlink(folder.path(), folder.path().join("loop")).unwrap();
    let files = files_in(folder.path()).unwrap();
    let names: Vec<&Path> = files.iter().map(|f| f.strip_prefix(folder.path()).unwrap()).collect();
    assert_eq!(names, ["a", "b/a", "b/deep/x", "c"].map(Path::new));
}

#[test]
fn a_folder_that_cannot_be_read_is_named() {
    let error = files_in(Path::new("no/such/folder")).unwrap_err().to_string();
    assert!(error.starts_with("no/such/folder: "), "{error}");
}

#[test]
#[cfg(target_os = "linux")]
fn every_folder_that_cannot_be_read_is_named_and_of_many_the_first_five() {
    let root = tempfile::tempdir().unwrap();
    for name in ["a", "b"] {
        unreadable(root.path(), name);
    }
    let error = files_in(root.path()).unwrap_err().to_string();
    let is_named =
        |name: &str| error.contains(&root.path().join(name).join("xxx").display().to_string());
    assert!(is_named("a") && is_named("b"), "{error}");
    for name in ["c", "d", "e", "f"] {
        unreadable(root.path(), name);
    }
    let error = files_in(root.path()).unwrap_err().to_string();
    assert!(error.ends_with("; and 1 more"), "{error}");
}

/// Makes a folder that nobody can read by its path, since that is longer than the system takes: there is
/// none that may not be read by the user `root`. Two long ones are made, and one moved into the other.
#[cfg(target_os = "linux")]
fn unreadable(root: &Path, name: &str) {
    let long = |base: &Path| (0..10).fold(base.to_owned(), |path, _| path.join("x".repeat(240)));
    let (outer, inner) = (long(&root.join(name)), long(&root.join("inner")));
    fs::create_dir_all(&outer).expect("made");
    fs::create_dir_all(&inner).expect("made");
    fs::rename(root.join("inner"), outer.join("inner")).expect("made");
}

#[test]
#[cfg(target_os = "linux")]
fn a_file_is_dropped_from_the_page_cache_where_it_lies_on_a_device() {
    use paceline_inputs::{DropError, drop_from_page_cache};

    // The folder of the build: that of temporary files may be in memory.
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let path = folder.path().join("file");
    fs::write(&path, vec![1; 300_000]).unwrap();
    fs::write(folder.path().join("empty"), []).unwrap();
    match drop_from_page_cache(&File::open(&path).unwrap()) {
        Ok(()) => drop_from_page_cache(&File::open(folder.path().join("empty")).unwrap()).unwrap(),
        // What it lies on has no pages to be dropped, and that was noticed.
        Err(error) => assert!(matches!(error, DropError::Unsupported), "{error}"),
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_file_that_lives_in_memory_is_never_said_to_be_dropped() {
    let Ok(folder) = tempfile::tempdir_in("/dev/shm") else { return };
    let path = folder.path().join("file");
    fs::write(&path, vec![1; 10_000]).unwrap();
    paceline_inputs::drop_from_page_cache(&File::open(&path).unwrap()).unwrap_err();
}
