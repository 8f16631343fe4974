//! Drops a file from the page cache, and looks whether it is gone.

use std::fs::File;
use std::io;

/// Why a file's content may still be read from memory.
#[derive(Debug, thiserror::Error)]
pub enum DropError {
    /// The system was asked, and the file is still there.
    #[error("drop it from the page cache: it is still there, as a file is that others read or map")]
    StillThere,
    /// The system cannot drop it, or does not tell whether it did.
    #[error(
        "drop it from the page cache: neither done nor seen by this system for its file system"
    )]
    Unsupported,
    /// The system failed.
    #[error("drop it from the page cache: {0}")]
    System(#[from] io::Error),
}

/// Has the kernel forget what it holds of `file`, so that the next read comes from the device.
///
/// What was written lately goes to the device first, since only clean pages can be dropped. Then the
/// first byte is asked for with `RWF_NOWAIT`, which gives it only if it is in memory. No other byte is:
/// asking starts the read of what follows, and would find its own traces. A device may have a cache of
/// its own, and so may the host of a virtual machine: neither is touched.
///
/// # Errors
///
/// When the file is in memory nevertheless, or nothing can be told of it. File systems that live in
/// memory are among those.
#[cfg(target_os = "linux")]
pub fn drop_from_page_cache(file: &File) -> Result<(), DropError> {
    use rustix::fs::{Advice, fadvise};

    // A page on its way from one list of the kernel to another stays; it is seldom so twice.
    const TRIES: usize = 5;
    file.sync_data()?;
    if file.metadata()?.len() == 0 {
        return Ok(());
    }
    for _ in 0..TRIES {
        fadvise(file, 0, None, Advice::DontNeed).map_err(io::Error::from)?;
        if !is_in_memory(file, 0)? {
            return Ok(());
        }
    }
    Err(DropError::StillThere)
}

#[cfg(target_os = "linux")]
fn is_in_memory(file: &File, offset: u64) -> Result<bool, DropError> {
    use rustix::io::{Errno, ReadWriteFlags, preadv2};

    let mut byte = [0];
    match preadv2(file, &mut [io::IoSliceMut::new(&mut byte)], offset, ReadWriteFlags::NOWAIT) {
        Ok(_) => Ok(true),
        Err(Errno::AGAIN) => Ok(false),
        Err(Errno::OPNOTSUPP | Errno::NOSYS | Errno::INVAL) => Err(DropError::Unsupported),
        Err(error) => Err(DropError::System(error.into())),
    }
}

/// Other systems have no such call.
///
/// # Errors
///
/// Always.
#[cfg(not(target_os = "linux"))]
pub fn drop_from_page_cache(_: &File) -> Result<(), DropError> {
    Err(DropError::Unsupported)
}
