//! Skips tests whose reader this machine does not have.

use std::io::{self, Write as _};

/// Says plainly that a test looked at nothing, since this machine has no reader for it: a test that is
/// skipped must not look like one that passed.
pub(crate) fn skip(why: &str) {
    // The harness keeps what `eprintln!` says to itself; this has to be seen.
    let _ = writeln!(io::stderr(), "SKIPPED: {why}");
}
