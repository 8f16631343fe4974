//! Reads a journal whole.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::record::{Digest, End, FORMAT, Record, RunHeader, Sample};

/// A journal that was read.
#[derive(Debug, Clone)]
pub struct Journal {
    /// What was run.
    pub header: RunHeader,
    /// The digests that the products had to have.
    pub digests: Vec<Digest>,
    /// Every sample, in the order of the run.
    pub samples: Vec<Sample>,
    /// How the run ended; `None` when the driver was killed, or the run still goes on.
    pub end: Option<End>,
    /// The number of the last line, from 1, when it is torn: the driver was killed while it wrote.
    pub torn_line: Option<usize>,
    /// How many bytes the whole lines are.
    pub whole_bytes: u64,
}

impl Journal {
    /// The journal of a run that is about to begin.
    #[must_use]
    pub fn begin(header: RunHeader) -> Self {
        let (digests, samples) = (Vec::new(), Vec::new());
        Self { header, digests, samples, end: None, torn_line: None, whole_bytes: 0 }
    }

    /// Reads the journal at `path`.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or is not a journal that this version knows; the error names the
    /// file and the line.
    pub fn read(path: &Path) -> Result<Self, JournalError> {
        let bytes = fs::read(path)
            .map_err(|source| JournalError::Read { path: path.to_owned(), source })?;
        Self::parse(path, &bytes)
    }

    /// Reads a journal from memory; `path` is only named in errors.
    ///
    /// # Errors
    ///
    /// As [`Journal::read`].
    pub fn parse(path: &Path, bytes: &[u8]) -> Result<Self, JournalError> {
        let mut lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
        // Every record ends in a newline, so what follows the last one is empty or torn.
        let rest = lines.pop().unwrap_or_default();
        let torn_line = (!rest.is_empty()).then_some(lines.len() + 1);

        let at = |line| Place { path: path.to_owned(), line };
        let mut records = (1..).zip(lines).map(|(line, text)| parse_line(at(line), text));
        let header = match records.next().transpose()? {
            Some((_, Record::Run(header))) => *header,
            Some(_) => return Err(JournalError::NoHeader { place: at(1) }),
            None => return Err(JournalError::Empty { path: path.to_owned() }),
        };
        let whole_bytes = (bytes.len() - rest.len()) as u64;
        let mut journal = Self { torn_line, whole_bytes, ..Self::begin(header) };
        records
            .try_for_each(|record| record.and_then(|(place, record)| journal.add(place, record)))?;
        Ok(journal)
    }

    fn add(&mut self, place: Place, record: Record) -> Result<(), JournalError> {
        match record {
            Record::Run(_) => return Err(JournalError::SecondHeader { place }),
            Record::Digest(digest) => self.digests.push(digest),
            Record::Sample(sample) => {
                if !self.header.rows.iter().any(|row| row.name == sample.row) {
                    return Err(JournalError::UnknownRow { place, row: sample.row });
                }
                self.samples.push(*sample);
                // A run that was resumed goes on behind its first end.
                self.end = None;
            }
            Record::End(end) => self.end = Some(end),
        }
        Ok(())
    }
}

/// A line of a file, from 1.
#[derive(Debug)]
pub struct Place {
    path: PathBuf,
    line: usize,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}, line {}", self.path.display(), self.line)
    }
}

/// Why a journal cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The file cannot be read.
    #[error("read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// There is no whole line in the file.
    #[error("read {}: the journal is empty", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// A line is not a record.
    #[error("read {place}: not a record of a journal")]
    Malformed {
        /// Where.
        place: Place,
        /// Why.
        source: serde_json::Error,
    },
    /// A line was written by a version that this one does not know.
    #[error("read {place}: its format is version {found}, this build reads version {FORMAT}")]
    Format {
        /// Where.
        place: Place,
        /// The version found.
        found: u32,
    },
    /// The first record does not describe a run.
    #[error("read {place}: a journal begins with the record of its run")]
    NoHeader {
        /// Where.
        place: Place,
    },
    /// A second run begins in the same file.
    #[error("read {place}: a second run begins here")]
    SecondHeader {
        /// Where.
        place: Place,
    },
    /// A sample of a row that the run's plan does not have.
    #[error("read {place}: the plan has no row `{row}`")]
    UnknownRow {
        /// Where.
        place: Place,
        /// The row's name.
        row: String,
    },
}

#[derive(Deserialize)]
struct Line<'a> {
    format: u32,
    /// Parsed only once the version is known, so that a newer record is told from a broken one.
    #[serde(borrow)]
    record: &'a RawValue,
}

fn parse_line(place: Place, text: &[u8]) -> Result<(Place, Record), JournalError> {
    let line: Line<'_> = match serde_json::from_slice(text) {
        Ok(line) => line,
        Err(source) => return Err(JournalError::Malformed { place, source }),
    };
    if line.format != FORMAT {
        return Err(JournalError::Format { place, found: line.format });
    }
    match serde_json::from_str(line.record.get()) {
        Ok(record) => Ok((place, record)),
        Err(source) => Err(JournalError::Malformed { place, source }),
    }
}
