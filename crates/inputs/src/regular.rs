//! Opens a file that the user names, if it is a regular file.

use std::fs::{self, File, FileType, Metadata, OpenOptions};
use std::io::{self, Read as _};
use std::path::Path;

/// Opens the regular file at `path`, or the one that a link at `path` leads to.
///
/// Opening a named pipe waits for its writer, and reading a device may never end. Both are refused at once.
///
/// # Errors
///
/// When there is no file, or it cannot be opened. If it is not a regular file, the error is of kind
/// [`io::ErrorKind::InvalidInput`] and says what it is.
pub fn open_regular(path: &Path) -> io::Result<File> {
    // Some devices act when they are opened, so the path is looked at first.
    check_regular(path)?;
    let file = without_waiting().open(path)?;
    // Another file may have taken its place in between.
    refuse_irregular(&file.metadata()?)?;
    Ok(file)
}

/// Reads the regular file at `path` whole.
///
/// # Errors
///
/// As [`open_regular`], and when the file cannot be read.
pub fn read_regular(path: &Path) -> io::Result<Vec<u8>> {
    let mut file = open_regular(path)?;
    let mut bytes = Vec::new();
    // As in `fs::read`, a file that memory cannot hold is an error.
    let length = usize::try_from(file.metadata()?.len()).unwrap_or(usize::MAX);
    bytes.try_reserve_exact(length)?;
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Refuses what [`open_regular`] refuses, without opening it.
///
/// # Errors
///
/// When there is no file, or it is not a regular one.
pub fn check_regular(path: &Path) -> io::Result<()> {
    refuse_irregular(&fs::metadata(path)?)
}

fn refuse_irregular(metadata: &Metadata) -> io::Result<()> {
    if metadata.is_file() {
        return Ok(());
    }
    let reason = format!("it is {}, not a regular file", kind(metadata.file_type()));
    Err(io::Error::new(io::ErrorKind::InvalidInput, reason))
}

#[cfg(unix)]
fn kind(file_type: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt as _;

    match file_type {
        kind if kind.is_dir() => "a folder",
        kind if kind.is_fifo() => "a pipe (FIFO)",
        kind if kind.is_socket() => "a socket",
        kind if kind.is_char_device() => "a character device",
        kind if kind.is_block_device() => "a block device",
        _ => "something else",
    }
}

#[cfg(not(unix))]
fn kind(file_type: FileType) -> &'static str {
    if file_type.is_dir() { "a folder" } else { "something else" }
}

/// Opening never waits, even if the path has become a pipe in the meantime. The flag does not affect regular
/// files.
#[cfg(unix)]
fn without_waiting() -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt as _;

    let mut options = OpenOptions::new();
    options.read(true).custom_flags(rustix::fs::OFlags::NONBLOCK.bits().cast_signed());
    options
}

#[cfg(not(unix))]
fn without_waiting() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true);
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_regular_file_is_read_and_a_folder_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        fs::write(&path, "content").unwrap();
        assert_eq!(read_regular(&path).unwrap(), b"content");
        let refused = read_regular(folder.path()).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::InvalidInput);
        assert_eq!(refused.to_string(), "it is a folder, not a regular file");
        let absent = open_regular(&folder.path().join("absent")).unwrap_err();
        assert_eq!(absent.kind(), io::ErrorKind::NotFound);
    }

    #[test]
    #[cfg(unix)]
    fn pipes_sockets_and_devices_are_refused_by_their_kind_also_behind_links() {
        let folder = tempfile::tempdir().unwrap();
        let of = |name: &str| folder.path().join(name);
        make_fifo(&of("pipe"));
        let _socket = std::os::unix::net::UnixListener::bind(of("socket")).unwrap();
        std::os::unix::fs::symlink("/dev/zero", of("link")).unwrap();
        let kinds = [("pipe", "pipe (FIFO)"), ("socket", "socket"), ("link", "character device")];
        for (name, kind) in kinds {
            let refused = open_regular(&of(name)).unwrap_err();
            assert_eq!(refused.kind(), io::ErrorKind::InvalidInput);
            assert_eq!(refused.to_string(), format!("it is a {kind}, not a regular file"));
        }
    }

    #[test]
    #[cfg(unix)]
    fn opening_does_not_wait_for_the_writer_of_a_pipe() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pipe");
        make_fifo(&path);
        let opened = without_waiting().open(&path).unwrap();
        refuse_irregular(&opened.metadata().unwrap()).unwrap_err();
    }

    #[cfg(unix)]
    fn make_fifo(path: &Path) {
        assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success());
    }
}
