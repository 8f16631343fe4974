//! Reads a journal whole.

use std::collections::{HashMap, HashSet};
use std::io::{self, BufRead as _};
use std::path::{Path, PathBuf};

use paceline_inputs::{open_regular, read_regular};
use paceline_protocol::ItemRecords;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::plan::Row;
use crate::record::{Digest, End, FORMAT, Purpose, Record, RunHeader, Sample, SampleOutcome};

/// How many characters of the parser's reason are passed on.
const LONGEST_REASON: usize = 200;

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
        Self {
            header,
            digests: Vec::new(),
            samples: Vec::new(),
            end: None,
            torn_line: None,
            whole_bytes: 0,
        }
    }

    /// How many counted rounds were begun.
    #[must_use]
    pub fn rounds(&self) -> u32 {
        self.samples_for(Purpose::Time).map(|sample| sample.round).max().unwrap_or(0)
    }

    /// The samples that were run for `purpose`, in the order of the run.
    pub fn samples_for(&self, purpose: Purpose) -> impl Iterator<Item = &Sample> + Clone {
        self.samples.iter().filter(move |sample| sample.purpose == purpose)
    }

    /// Reads the journal at `path`.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or is not a journal that this version knows; the error names the
    /// file and the line.
    pub fn read(path: &Path) -> Result<Self, JournalError> {
        let bytes = read_regular(path)
            .map_err(|source| JournalError::Read { path: path.to_owned(), source })?;
        Self::parse(path, &bytes)
    }

    /// Reads the first record of the journal at `path` alone, which tells what the run is.
    ///
    /// # Errors
    ///
    /// As [`Journal::read`], but for what only later lines would show.
    pub fn read_header(path: &Path) -> Result<RunHeader, JournalError> {
        let failed = |source| JournalError::Read { path: path.to_owned(), source };
        let mut first = Vec::new();
        let file = open_regular(path).map_err(failed)?;
        io::BufReader::new(file).read_until(b'\n', &mut first).map_err(failed)?;
        Self::parse(path, &first).map(|journal| journal.header)
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
        let mut reading = match records.next().transpose()? {
            Some((place, Record::Run(header))) => Reading::begin(place, *header)?,
            Some((place, _)) => return Err(JournalError::NoHeader { place }),
            None => return Err(JournalError::Empty { path: path.to_owned() }),
        };
        records
            .try_for_each(|record| record.and_then(|(place, record)| reading.add(place, record)))?;
        let whole_bytes = (bytes.len() - rest.len()) as u64;
        Ok(Self { torn_line, whole_bytes, ..reading.journal })
    }
}

/// What was read so far, and what no later line may repeat.
struct Reading {
    journal: Journal,
    /// The place of each row in the plan, by its name.
    rows: HashMap<String, usize>,
    /// The row, the purpose, the round and the take of every sample.
    taken: HashSet<(usize, Purpose, u32, u32)>,
}

impl Reading {
    fn begin(place: Place, header: RunHeader) -> Result<Self, JournalError> {
        let mut rows = HashMap::new();
        for (index, row) in header.plan.rows.iter().enumerate() {
            if row.name.len() > Row::LONGEST_NAME_BYTES {
                return Err(JournalError::LongName { place, bytes: row.name.len() });
            }
            if rows.insert(row.name.clone(), index).is_some() {
                return Err(JournalError::RepeatedRow { place, row: row.name.clone() });
            }
        }
        Ok(Self { journal: Journal::begin(header), rows, taken: HashSet::new() })
    }

    fn add(&mut self, place: Place, record: Record) -> Result<(), JournalError> {
        match record {
            Record::Run(_) => return Err(JournalError::SecondHeader { place }),
            Record::Digest(digest) => self.journal.digests.push(digest),
            Record::Sample(sample) => self.add_sample(place, *sample)?,
            Record::Memory(sample) => {
                self.add_sample(place, Sample { purpose: Purpose::Memory, ..*sample })?;
            }
            Record::End(end) => self.journal.end = Some(end),
        }
        Ok(())
    }

    fn add_sample(&mut self, place: Place, sample: Sample) -> Result<(), JournalError> {
        self.check(place, &sample)?;
        self.journal.samples.push(sample);
        // A run that was resumed goes on behind its first end.
        self.journal.end = None;
        Ok(())
    }

    /// A sample that would mislead statistics is worse than a journal that cannot be read.
    fn check(&mut self, place: Place, sample: &Sample) -> Result<(), JournalError> {
        if sample.row.len() > Row::LONGEST_NAME_BYTES {
            return Err(JournalError::LongName { place, bytes: sample.row.len() });
        }
        let row = sample.row.clone();
        let Some(index) = self.rows.get(&row) else {
            return Err(JournalError::UnknownRow { place, row });
        };
        let (measured, is_whole) = match &sample.outcome {
            SampleOutcome::Measured { measured, .. } => (Some(measured), true),
            // It is run once more, as the same take, when the run goes on.
            SampleOutcome::Interrupted { measured } => (Some(measured), false),
            _ => (None, true),
        };
        if measured.is_some_and(|measured| !is_rectangular(&measured.items)) {
            return Err(JournalError::UnequalColumns { place, row });
        }
        let &Sample { purpose, round, take, .. } = sample;
        if is_whole && !self.taken.insert((*index, purpose, round, take)) {
            return Err(JournalError::RepeatedSample { place, row, round, take });
        }
        Ok(())
    }
}

fn is_rectangular(records: &ItemRecords) -> bool {
    let items = records.item.len();
    [records.lane.len(), records.start_ns.len(), records.duration_ns.len()] == [items; 3]
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
    #[error("read {}: the journal is empty, or cut off in its first line", path.display())]
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
    /// A row's name is longer than [`Row::LONGEST_NAME_BYTES`].
    #[error(
        "read {place}: the name of a row is {bytes} bytes long; {} are the most",
        Row::LONGEST_NAME_BYTES
    )]
    LongName {
        /// Where.
        place: Place,
        /// How long it is.
        bytes: usize,
    },
    /// Two rows of the plan have one name.
    #[error("read {place}: the plan has row `{row}` twice")]
    RepeatedRow {
        /// Where.
        place: Place,
        /// The row's name.
        row: String,
    },
    /// A sample of a row that the run's plan does not have.
    #[error("read {place}: the plan has no row `{row}`")]
    UnknownRow {
        /// Where.
        place: Place,
        /// The row's name.
        row: String,
    },
    /// A sample stands in the journal already.
    #[error("read {place}: row `{row}` has take {take} of round {round} already")]
    RepeatedSample {
        /// Where.
        place: Place,
        /// The row's name.
        row: String,
        /// The round.
        round: u32,
        /// The take.
        take: u32,
    },
    /// The columns of a sample's items are not of one length.
    #[error("read {place}: the columns of the items of row `{row}` differ in length")]
    UnequalColumns {
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
        Err(error) => return Err(JournalError::Malformed { place, source: in_line(&error, 0) }),
    };
    if line.format != FORMAT {
        return Err(JournalError::Format { place, found: line.format });
    }
    let record = line.record.get();
    match serde_json::from_str(record) {
        Ok(record) => Ok((place, record)),
        Err(error) => {
            let before = record.as_ptr().addr() - text.as_ptr().addr();
            Err(JournalError::Malformed { place, source: in_line(&error, before) })
        }
    }
}

/// The same error with its column in the line of the file. The parser calls every line line 1, and
/// quotes as much of it as it likes: both would mislead next to the place.
fn in_line(error: &serde_json::Error, before: usize) -> serde_json::Error {
    let text = error.to_string();
    let reason = text.rsplit_once(" at line ").map_or(text.as_str(), |(reason, _)| reason);
    let mut shown: String = reason.chars().take(LONGEST_REASON).collect();
    if shown.len() < reason.len() {
        shown.push_str("...");
    }
    serde::de::Error::custom(format_args!("column {}: {shown}", before + error.column()))
}
