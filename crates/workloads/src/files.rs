//! `files`: the files of a folder and of all folders in it, read and hashed.
//!
//! Item i reads file i modulo the number of files, in order of their paths, in blocks through one buffer.
//! What is measured is the system's file cache, unless `drop_cache` is set: all cases of a run read the
//! same files, so after the first one they are in memory where they fit. With `drop_cache` an item has
//! the kernel forget its file right before it reads it, and fails if the file is in memory nevertheless.
//!
//! In asynchronous rows the reads block their thread. There is no asynchronous file access that all
//! systems and runtimes share: what runtimes offer under that name is a pool of threads that block. The
//! rows show this as it is, one file in flight on each thread; `async-tokio-blocking` is such a pool.

use std::hash::Hasher as _;
use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::Arc;

use paceline_core::{
    AsyncIo, BoxFuture, Checksum, ItemError, ItemIndex, ItemResult, Param, SpecError, Workload,
    WorkloadSpec,
};
use paceline_inputs::{drop_from_page_cache, files_in, open_regular};
use twox_hash::XxHash3_64;

/// What is read at a time.
const BLOCK_BYTES: usize = 128 << 10;

/// Builds the workload `files` from `folder`; `items`, their number, or `all` for one of each file; and
/// `drop_cache`, whether each file is dropped from the page cache before it is read.
pub(crate) fn build(spec: &WorkloadSpec) -> Result<Arc<dyn Workload>, SpecError> {
    spec.only(&["folder", "items", "drop_cache"])?;
    let folder: PathBuf = spec.param("folder")?;
    let wanted: Wanted = spec.param("items")?;
    let drop_cache: bool = spec.param("drop_cache")?;
    let refuse = |reason: String| spec.bad_input("folder", reason);
    let files = files_in(&folder).map_err(|error| refuse(format!("read the folder {error}")))?;
    if files.is_empty() {
        return Err(refuse(format!("find a file in the folder {}", folder.display())));
    }
    let items = match wanted {
        Wanted::All => u32::try_from(files.len())
            .map_err(|_| refuse(format!("number the {} files", files.len())))?,
        Wanted::Number(number) => number,
    };
    if drop_cache && items as usize > files.len() {
        return Err(spec.bad_input("items", format!(
            "drop {} files from the page cache for {items} items: a file that two items read at a \
             time cannot be dropped",
            files.len()
        )));
    }
    Ok(Arc::new(Files { spec: spec.clone(), folder, items, drop_cache, files }))
}

/// How many items there are.
#[derive(Debug)]
enum Wanted {
    All,
    Number(u32),
}

impl std::str::FromStr for Wanted {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "all" { Ok(Self::All) } else { text.parse().map(Self::Number) }
    }
}

impl Param for Wanted {
    fn wanted() -> String {
        format!("`all` or {}", u32::wanted())
    }
}

#[derive(Debug)]
struct Files {
    spec: WorkloadSpec,
    folder: PathBuf,
    items: u32,
    drop_cache: bool,
    /// Never empty.
    files: Vec<PathBuf>,
}

impl Workload for Files {
    fn spec(&self) -> &WorkloadSpec {
        &self.spec
    }

    fn items(&self) -> usize {
        self.items as usize
    }

    fn run_item(&self, item: ItemIndex) -> ItemResult {
        let path = &self.files[item.position() % self.files.len()];
        let because = |error: &dyn std::fmt::Display| {
            ItemError::new(format_args!("read {}: {error}", path.display()))
        };
        let file = open_regular(path).map_err(|error| because(&error))?;
        if self.drop_cache {
            drop_from_page_cache(&file).map_err(|error| because(&error))?;
        }
        let content = checksum(file).map_err(|error| because(&error))?;
        // The name tells files of the same content apart.
        let name = path.strip_prefix(&self.folder).unwrap_or(path);
        let name = Checksum::of(name.as_os_str().as_encoded_bytes());
        Ok(Checksum::of([name.0, content.0].map(u64::to_le_bytes).as_flattened()))
    }

    fn run_item_async<'a>(
        &'a self,
        item: ItemIndex,
        _: &'a dyn AsyncIo,
    ) -> BoxFuture<'a, ItemResult> {
        Box::pin(async move { self.run_item(item) })
    }

    fn item_memory_bytes(&self, _: ItemIndex) -> u64 {
        BLOCK_BYTES as u64
    }

    fn without_waits(&self) -> WorkloadSpec {
        // Reading once more in sequence would warm the cache for the first case, which all cases' first
        // round does anyway; dropping changes nothing that is read.
        self.spec.clone().with("drop_cache", false)
    }
}

/// [`Checksum::of`] all that `source` has, block by block.
fn checksum(mut source: impl Read) -> io::Result<Checksum> {
    let mut hasher = XxHash3_64::new();
    let mut block = vec![0; BLOCK_BYTES];
    loop {
        match source.read(&mut block) {
            Ok(0) => return Ok(Checksum(hasher.finish())),
            Ok(length) => hasher.write(&block[..length]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checksum_by_blocks_is_that_of_the_whole() {
        for length in [0, 1, 300, BLOCK_BYTES - 1, BLOCK_BYTES, 3 * BLOCK_BYTES + 7] {
            let content: Vec<u8> = (0..length).map(|byte| byte as u8).collect();
            let by_blocks = checksum(&content[..]).expect("memory can be read");
            assert_eq!(by_blocks, Checksum::of(&content), "{length}");
        }
    }

    #[test]
    fn a_file_that_is_gone_fails_its_item_by_name() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(folder.path().join("a"), "x").expect("written");
        let spec = WorkloadSpec::new("files").with("folder", folder.path().display());
        let built = build(&spec.with("items", "all").with("drop_cache", false)).expect("built");
        std::fs::remove_file(folder.path().join("a")).expect("removed");
        let error = built.run_item(ItemIndex(0)).expect_err("it is gone").to_string();
        assert!(error.starts_with("read ") && error.contains("/a: "), "{error}");
    }

    #[test]
    fn a_folder_without_files_and_more_drops_than_files_are_refused() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let spec = WorkloadSpec::new("files").with("folder", folder.path().display());
        let refused = |items: &str, drop_cache: bool| {
            let spec = spec.clone().with("items", items).with("drop_cache", drop_cache);
            build(&spec).expect_err("it is refused").to_string()
        };
        assert!(refused("all", false).contains("find a file in the folder"));
        std::fs::write(folder.path().join("a"), "x").expect("written");
        assert!(refused("2", true).contains("drop 1 files"));
        assert!(refused("some", false).contains("`some` for parameter `items`"));
    }

    #[test]
    fn files_of_the_same_content_and_changed_content_have_other_products() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for name in ["a", "b"] {
            std::fs::write(folder.path().join(name), "same").expect("written");
        }
        let path = folder.path();
        let spec = WorkloadSpec::new("files").with("folder", path.display());
        let built = build(&spec.with("items", "all").with("drop_cache", false)).expect("built");
        let product = |item| built.run_item(ItemIndex(item)).expect("it can be read");
        let before = product(0);
        assert_ne!(before, product(1));
        std::fs::write(path.join("a"), "sane").expect("written");
        assert_ne!(before, product(0));
    }

    #[test]
    #[cfg(unix)]
    fn a_file_in_whose_place_a_device_stands_fails_its_item() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("a");
        std::fs::write(&path, "x").expect("written");
        let spec = WorkloadSpec::new("files").with("folder", folder.path().display());
        let built = build(&spec.with("items", "all").with("drop_cache", false)).expect("built");
        std::fs::remove_file(&path).expect("removed");
        std::os::unix::fs::symlink("/dev/null", &path).expect("linked");
        let error = built.run_item(ItemIndex(0)).expect_err("it is a device").to_string();
        assert!(error.ends_with("/a: it is a character device, not a regular file"), "{error}");
    }
}
