//! What must hold for any bytes; shared by the fuzz target and by a test that feeds it the seeds.

use std::error::Error;
use std::path::Path;

use paceline_journal::{Journal, Purpose};

/// More than any message with a name of the longest length and a quoted reason needs.
const LONGEST_MESSAGE: usize = 3_000;

/// Whatever the bytes are: reading them ends in an error of bounded length that names the file, or in
/// a journal whose whole lines are the same journal once more.
///
/// # Panics
///
/// When that does not hold.
pub(crate) fn read_any_bytes(bytes: &[u8]) {
    let path = Path::new("fuzzed.ndjson");
    match Journal::parse(path, bytes) {
        Err(error) => {
            let text = error.to_string();
            let reason = error.source().map(ToString::to_string).unwrap_or_default();
            assert!(text.starts_with("read fuzzed.ndjson"), "{text}");
            assert!(text.len() + reason.len() <= LONGEST_MESSAGE, "{text}: {reason}");
        }
        Ok(journal) => {
            let whole = journal.whole_bytes as usize;
            assert_eq!(journal.torn_line.is_some(), whole < bytes.len());
            let again = Journal::parse(path, &bytes[..whole]);
            let again = again.expect("what was read without its torn line is read again");
            assert_eq!(again.torn_line, None);
            assert_eq!(again.samples.len(), journal.samples.len());
            let purposes = |journal: &Journal| -> Vec<Purpose> {
                journal.samples.iter().map(|sample| sample.purpose).collect()
            };
            assert_eq!(purposes(&again), purposes(&journal));
        }
    }
}
