//! Which program wrote a file, by its content.

use std::path::Path;

use paceline_stats::compare::Side;
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::json::parse;
use crate::{ForeignError, hyperfine, pyperf};

/// The first two bytes of what gzip wrote.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Reads the file of another program from memory. `path` names the side and stands in errors.
///
/// # Errors
///
/// When it is no file of pyperf or hyperfine, or holds what cannot be compared.
pub fn read(path: &Path, bytes: &[u8]) -> Result<Side, ForeignError> {
    if bytes.starts_with(&GZIP) {
        return Err(ForeignError::Compressed { path: path.to_owned() });
    }
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    let shape: Shape = parse(path, "JSON", bytes)?;
    match shape {
        Shape { benchmarks: Some(_), version: Some(_), .. } => pyperf::read(path, bytes),
        Shape { results: Some(_), .. } => hyperfine::read(path, bytes),
        _ => Err(ForeignError::Unknown { path: path.to_owned() }),
    }
}

/// Whether a file is a journal, whole or broken: its reader tells best what is wrong with it then.
#[must_use]
pub fn is_journal(bytes: &[u8]) -> bool {
    // Every line of a journal begins with its version, and nobody else's file does.
    bytes.trim_ascii().is_empty() || bytes.starts_with(b"{\"format\":")
}

/// What some editors and shells put before a text in UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The keys that tell whose file it is.
#[derive(Deserialize)]
#[serde(expecting = "an object, as pyperf and hyperfine write one")]
struct Shape {
    benchmarks: Option<IgnoredAny>,
    version: Option<IgnoredAny>,
    results: Option<IgnoredAny>,
}
