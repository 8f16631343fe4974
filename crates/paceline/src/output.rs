//! Standard output carries what was asked for; standard error everything else.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context, Result};

/// Writes what the user asked for to standard output. A reader that has gone away, as `head` does, is
/// no error.
///
/// # Errors
///
/// When it cannot be written otherwise.
pub fn print(text: &str) -> Result<()> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result.context("write to standard output"),
    }
}

/// Writes what the user asked for to `file`, or to standard output without one.
pub(crate) fn deliver(text: &str, file: Option<&Path>) -> Result<()> {
    let Some(path) = file.filter(|path| !is_standard_output(path)) else { return print(text) };
    fs::write(path, text).with_context(|| format!("write {}", path.display()))?;
    say(&format!("written to {}", path.display()));
    Ok(())
}

/// Whether a file's name stands for standard output, as it does for most programs.
pub(crate) fn is_standard_output(file: &Path) -> bool {
    file.as_os_str() == "-"
}

/// Tells the user something beside the result, on standard error.
pub fn say(text: &str) {
    // If standard error is gone, there is no place left to report it.
    let _ = writeln!(io::stderr(), "{text}");
}
