//! Why a file cannot be one side of a comparison.

use std::path::PathBuf;

/// Why a file was refused. Runs and values count from 1.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ForeignError {
    /// The file is compressed.
    #[error("read {}: it is compressed; unpack it first, as with `gunzip`", path.display())]
    Compressed {
        /// The file.
        path: PathBuf,
    },
    /// The file is not JSON, or a field of it has another type than its format says.
    #[error("read {} as {format}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What it was taken for.
        format: &'static str,
        /// Why, with line and column.
        source: serde_json::Error,
    },
    /// It is JSON, and of no known kind.
    #[error(
        "read {}: it is no journal, no pyperf file (`benchmarks` and `version`) and no hyperfine file \
         (`results`)",
        path.display()
    )]
    Unknown {
        /// The file.
        path: PathBuf,
    },
    /// A pyperf file of a version that is not read.
    #[error(
        "read {}: pyperf's format {found} is not known, only 1.0 and 6; `pyperf convert` writes it anew",
        path.display()
    )]
    Version {
        /// The file.
        path: PathBuf,
        /// The version found.
        found: String,
    },
    /// Something in a benchmark cannot be compared.
    #[error("read {}, benchmark `{benchmark}`: {reason}", path.display())]
    Benchmark {
        /// The file.
        path: PathBuf,
        /// The benchmark's name, or its number if it has none.
        benchmark: String,
        /// What is wrong, and where.
        reason: String,
    },
    /// A mapping names no row.
    #[error(
        "map `{mapping}`: no file of another program has a row of that name; there are {known}"
    )]
    NoSuchRow {
        /// The mapping as typed.
        mapping: String,
        /// The names that there are.
        known: String,
    },
    /// A mapping would give two rows one name.
    #[error("map `{mapping}`: {side} has a row `{name}` already")]
    NameTaken {
        /// The side, which is the file.
        side: String,
        /// The mapping as typed.
        mapping: String,
        /// The name.
        name: String,
    },
}
