//! Appends records, each in one write.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::lock;
use crate::record::{FORMAT, Record};

/// The name of the journal in a run's folder.
pub const FILE_NAME: &str = "journal.ndjson";

/// Appends records to the journal of one run.
#[derive(Debug)]
pub struct Writer {
    file: File,
    path: PathBuf,
    /// The length of the records that were written whole.
    whole_bytes: u64,
}

impl Writer {
    /// Creates the journal in `folder`, which must exist.
    ///
    /// # Errors
    ///
    /// When there is a journal already, or the file cannot be created.
    pub fn create(folder: &Path) -> io::Result<Self> {
        let path = folder.join(FILE_NAME);
        let file = OpenOptions::new().append(true).create_new(true).open(&path)?;
        lock::take(&file)?;
        Ok(Self { file, path, whole_bytes: 0 })
    }

    /// Opens the journal at `path` to go on with it, after its first `whole_bytes`: a torn line behind
    /// them is cut off.
    ///
    /// # Errors
    ///
    /// When the file cannot be opened or cut, or another process is writing it.
    pub fn resume(path: &Path, whole_bytes: u64) -> io::Result<Self> {
        let file = OpenOptions::new().append(true).open(path)?;
        lock::take(&file)?;
        file.set_len(whole_bytes)?;
        Ok(Self { file, path: path.to_owned(), whole_bytes })
    }

    /// Where the journal is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Appends one record. It is in the operating system's hands when this returns: killing this
    /// process does not lose it.
    ///
    /// # Errors
    ///
    /// When the file cannot be written, such as to a full disk; the records before it stay whole, and
    /// what was written of this one is cut off again.
    pub fn append(&mut self, record: &Record) -> io::Result<()> {
        let mut line = serde_json::to_vec(&Line { format: FORMAT, record })?;
        line.push(b'\n');
        let written = self.file.write_all(&line);
        match written {
            Ok(()) => self.whole_bytes += line.len() as u64,
            // If it cannot be cut, the reader tolerates a torn last line.
            Err(_) => drop(self.file.set_len(self.whole_bytes)),
        }
        written
    }
}

#[derive(Serialize)]
struct Line<'a> {
    format: u32,
    record: &'a Record,
}
