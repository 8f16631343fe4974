//! Whether a journal is being written: its writer holds an advisory lock on it, which the system takes back
//! however the writer ends.
//!
//! Only Unix has locks that leave readers alone. Elsewhere nothing is locked, and no journal is known to be
//! in use.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;

use paceline_inputs::open_regular;

/// Whether another process is writing the journal at `path`. One that cannot be opened is not known to be.
#[must_use]
pub fn is_being_written(path: &Path) -> bool {
    let refused = |file: File| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock));
    cfg!(unix) && open_regular(path).is_ok_and(refused)
}

/// Takes the writer's lock, for as long as `file` is open.
pub(crate) fn take(file: &File) -> io::Result<()> {
    if cfg!(not(unix)) {
        return Ok(());
    }
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => {
            Err(io::Error::new(io::ErrorKind::ResourceBusy, "another process is writing it"))
        }
        // A file system that has no locks is no reason not to write.
        Ok(()) | Err(TryLockError::Error(_)) => Ok(()),
    }
}
