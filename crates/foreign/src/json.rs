//! Parses JSON; its errors name the file.

use std::path::Path;

use serde::Deserialize;

use crate::ForeignError;

/// Parses `bytes`; the error names the file, what it was taken for, and the line.
pub(crate) fn parse<'a, T: Deserialize<'a>>(
    path: &Path,
    format: &'static str,
    bytes: &'a [u8],
) -> Result<T, ForeignError> {
    serde_json::from_slice(bytes).map_err(|source| ForeignError::Malformed {
        path: path.to_owned(),
        format,
        source,
    })
}
