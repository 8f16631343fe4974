//! One module for each subcommand.

pub(crate) mod advise;
pub(crate) mod audit;
pub(crate) mod bench;
pub(crate) mod compare;
pub(crate) mod completions;
pub(crate) mod default_matrix;
pub(crate) mod doctor;
pub(crate) mod find_rate;
pub(crate) mod fixtures;
pub(crate) mod list;
pub(crate) mod man;
pub(crate) mod matrix;
pub(crate) mod new;
pub(crate) mod next;
pub(crate) mod page;
pub(crate) mod report;
pub(crate) mod runs;
pub(crate) mod torture;

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context, Result};

/// Writes what the user asked for to standard output. A reader that has gone away, as `head` does, is
/// no error.
pub(crate) fn print(text: &str) -> Result<()> {
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
pub(crate) fn say(text: &str) {
    // Nothing is left to tell it to if standard error is gone.
    let _ = writeln!(io::stderr(), "{text}");
}
