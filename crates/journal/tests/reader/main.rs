//! What the reader makes of journals, good and bad.
//!
//! All tests start from one small journal. It is kept as text, so that a change of the format shows.

mod bad_input;
mod memory;
mod mutations;
mod torn;
mod whole;

#[path = "../../fuzz/body.rs"]
mod fuzz_body;

use std::error::Error;
use std::path::Path;

use paceline_journal::{Journal, JournalError};

/// A run of two rows that was interrupted once and resumed.
const WHOLE: &str = include_str!("../../fuzz/seeds/read/whole.ndjson");

fn parse(bytes: impl AsRef<[u8]>) -> Result<Journal, JournalError> {
    Journal::parse(Path::new("run.ndjson"), bytes.as_ref())
}

fn journal(bytes: impl AsRef<[u8]>) -> Journal {
    parse(bytes).expect("the journal can be read")
}

/// Why `bytes` are refused, as a user reads it.
fn refusal(bytes: impl AsRef<[u8]>) -> String {
    chain(&parse(bytes).expect_err("the journal is refused"))
}

fn chain(error: &dyn Error) -> String {
    let causes = std::iter::successors(Some(error), |error: &&dyn Error| (*error).source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// The whole journal with `from` replaced in its line `number`, which counts from 1.
fn with(number: usize, from: &str, to: &str) -> String {
    let edited = |(index, line): (usize, &str)| {
        if index + 1 != number {
            return format!("{line}\n");
        }
        assert!(line.contains(from), "line {number} has no {from}");
        format!("{}\n", line.replacen(from, to, 1))
    };
    WHOLE.lines().enumerate().map(edited).collect()
}

/// Line `number` of the whole journal, which counts from 1, with its newline.
fn line(number: usize) -> String {
    WHOLE.lines().nth(number - 1).expect("the journal has that line").to_owned() + "\n"
}

/// The lines as values, since the order of a record's fields has no meaning.
fn values(lines: &str) -> Vec<serde_json::Value> {
    lines.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect()
}
