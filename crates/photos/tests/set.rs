//! What a folder of photographs promises: whole files, and a manifest only over a whole set.

use std::error::Error as _;
use std::fs;
use std::num::NonZeroU32;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Mutex;

use paceline_photos::{MANIFEST, PHOTOS, PhotosError, is_complete, write_set};
use tempfile::TempDir;

/// Small enough that a set takes no time.
const TINY: NonZeroU32 = NonZeroU32::new(100).unwrap();

fn tiny_set() -> TempDir {
    let dir = tempfile::tempdir().expect("a temporary folder");
    write_set(dir.path(), TINY, 1, |_| {}).expect("a set");
    dir
}

fn complete(dir: &Path) -> bool {
    is_complete(dir, TINY, 1).expect("a manifest that is readable or absent")
}

#[test]
fn a_set_is_eight_files_and_a_manifest_and_nothing_else() {
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("made/on/demand");
    let heard = Mutex::new(Vec::new());
    let hear = |path: &Path| heard.lock().unwrap().push(path.to_owned());
    let paths = write_set(&dir, TINY, 1, hear).unwrap();
    let mut heard = heard.into_inner().unwrap();
    assert_eq!(paths, PHOTOS.map(|photo| dir.join(photo.file_name())));
    heard.sort();
    assert_eq!(heard, paths);
    let mut found: Vec<_> = fs::read_dir(&dir).unwrap().map(|file| file.unwrap().path()).collect();
    found.sort();
    assert_eq!(found[0], dir.join(MANIFEST));
    assert_eq!(found[1..], paths);
    assert!(complete(&dir));
}

#[test]
fn the_manifest_lists_length_and_name() {
    let dir = tiny_set();
    let manifest = fs::read_to_string(dir.path().join(MANIFEST)).unwrap();
    let mut expected = "paceline-photos format=2 divisor=100 seed=1\n".to_owned();
    for photo in PHOTOS {
        let name = photo.file_name();
        let length = fs::read(dir.path().join(&name)).unwrap().len();
        expected += &format!("{length} {name}\n");
    }
    assert_eq!(manifest, expected);
}

#[test]
fn a_second_run_writes_the_same_bytes() {
    let (one, two) = (tiny_set(), tiny_set());
    for name in PHOTOS.map(|photo| photo.file_name()).iter().map(String::as_str).chain([MANIFEST]) {
        let read = |dir: &TempDir| fs::read(dir.path().join(name)).unwrap();
        assert!(read(&one) == read(&two), "{name}");
    }
}

#[test]
fn a_set_of_other_parameters_is_not_complete() {
    let dir = tiny_set();
    assert!(!is_complete(dir.path(), TINY, 2).unwrap());
    assert!(!is_complete(dir.path(), NonZeroU32::new(10).unwrap(), 1).unwrap());
}

#[test]
fn a_missing_folder_manifest_or_file_is_not_complete() {
    let dir = tiny_set();
    assert!(!complete(&dir.path().join("nowhere")));
    for name in [PHOTOS[7].file_name(), MANIFEST.to_owned()] {
        let dir = tiny_set();
        fs::remove_file(dir.path().join(name)).unwrap();
        assert!(!complete(dir.path()));
    }
}

#[test]
fn a_file_cut_short_is_not_complete() {
    let dir = tiny_set();
    let path = dir.path().join(PHOTOS[3].file_name());
    let bytes = fs::read(&path).unwrap();
    fs::write(&path, &bytes[..bytes.len() - 1]).unwrap();
    assert!(!complete(dir.path()));
}

#[test]
fn a_manifest_cut_short_or_with_a_line_too_many_is_not_complete() {
    let dir = tiny_set();
    let path = dir.path().join(MANIFEST);
    let text = fs::read_to_string(&path).unwrap();
    let last_line = text.trim_end().rfind('\n').unwrap() + 1;
    fs::write(&path, &text[..last_line]).unwrap();
    assert!(!complete(dir.path()));
    fs::write(&path, format!("{text}{}", &text[last_line..])).unwrap();
    assert!(!complete(dir.path()));
}

#[test]
fn an_interrupted_run_leaves_a_set_that_is_complete_for_neither_parameters() {
    let dir = tiny_set();
    let interrupted = catch_unwind(AssertUnwindSafe(|| {
        write_set(dir.path(), TINY, 2, |_| panic!("interrupted at the first file"))
    }));
    assert!(interrupted.is_err());
    assert!(!complete(dir.path()));
    assert!(!is_complete(dir.path(), TINY, 2).unwrap());
    write_set(dir.path(), TINY, 2, |_| {}).unwrap();
    assert!(is_complete(dir.path(), TINY, 2).unwrap());
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("a-file");
    fs::write(&file, "").unwrap();
    let wanted = file.join("photos");
    let error = write_set(&wanted, TINY, 1, |_| {}).unwrap_err();
    assert!(matches!(&error, PhotosError::File { path, .. } if *path == wanted));
    assert_eq!(error.to_string(), format!("make the folder {}", wanted.display()));
    assert!(error.source().is_some());
}

#[test]
fn a_file_that_cannot_be_written_is_named_and_leaves_no_manifest() {
    let dir = tempfile::tempdir().unwrap();
    let in_the_way = dir.path().join(PHOTOS[5].file_name());
    fs::create_dir(&in_the_way).unwrap();
    let error = write_set(dir.path(), TINY, 1, |_| {}).unwrap_err();
    assert!(matches!(&error, PhotosError::File { path, .. } if *path == in_the_way));
    assert_eq!(error.to_string(), format!("write {}", in_the_way.display()));
    assert!(!dir.path().join(MANIFEST).exists());
}

#[test]
fn a_manifest_that_cannot_be_read_is_an_error_and_not_an_incomplete_set() {
    let dir = tempfile::tempdir().unwrap();
    let manifest = dir.path().join(MANIFEST);
    fs::create_dir(&manifest).unwrap();
    let error = is_complete(dir.path(), TINY, 1).unwrap_err();
    assert_eq!(error.to_string(), format!("read {}", manifest.display()));
}
