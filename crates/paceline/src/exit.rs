//! Exit codes, and the errors that carry them.
//!
//! | code | meaning |
//! | --- | --- |
//! | 0 | everything went well |
//! | 1 | Paceline itself failed |
//! | 2 | the command line, or a file that it names, is wrong |
//! | 3 | a case was invalid or could not be run; a limit of an audit does not hold; no row is left to advise |
//! | 4 | a case timed out |
//! | 130 | the run was interrupted |
//!
//! A gate has its own meanings for two of them: 1 is a regression beyond it, 3 is inconclusive.

use std::process::ExitCode;

use paceline_driver::Usage;
use paceline_journal::JournalError;

pub(crate) const INTERNAL: u8 = 1;
pub(crate) const USAGE: u8 = 2;
pub(crate) const REGRESSION: u8 = 1;
pub(crate) const INVALID_CASE: u8 = 3;
pub(crate) const LIMIT_NOT_HELD: u8 = 3;
pub(crate) const NO_ROW_LEFT: u8 = 3;
pub(crate) const TIMED_OUT: u8 = 4;
pub(crate) const INTERRUPTED: u8 = 130;

/// The code for an error that ends the program.
pub(crate) fn code_of(error: &anyhow::Error) -> ExitCode {
    let is_usage = |cause: &(dyn std::error::Error + 'static)| {
        // A journal is a file that the user names; that the disk fails is another matter.
        let journal = cause.downcast_ref::<JournalError>();
        cause.is::<Usage>() || journal.is_some_and(|e| !matches!(e, JournalError::Read { .. }))
    };
    let usage = error.chain().any(is_usage);
    ExitCode::from(if usage { USAGE } else { INTERNAL })
}
