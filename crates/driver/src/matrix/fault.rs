//! What is wrong with a matrix file, and where.

use paceline_protocol::escape;
use toml::Spanned;

use crate::matrix::Source;
use crate::usage::Usage;

/// One fault. It sorts by its place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// Its place, as a byte of the file.
    at: usize,
    what: String,
}

impl Fault {
    /// A fault where `value` stands.
    pub(crate) fn at<T>(value: &Spanned<T>, what: impl Into<String>) -> Self {
        Self { at: value.span().start, what: what.into() }
    }

    /// A fault at byte `at` of the file.
    pub(crate) fn at_byte(at: usize, what: impl Into<String>) -> Self {
        Self { at, what: what.into() }
    }

    /// The same fault with more words.
    pub(crate) fn and(self, more: &str) -> Self {
        Self { what: format!("{} {more}", self.what), ..self }
    }
}

impl Source {
    /// All of `faults`, in their order in the file.
    pub(crate) fn refusal(&self, mut faults: Vec<Fault>) -> Usage {
        faults.sort();
        faults.dedup();
        let count = match faults.len() {
            1 => "a fault".to_owned(),
            many => format!("{many} faults"),
        };
        let lines = faults.iter().map(|Fault { at, what }| {
            let (line, column) = self.line_and_column(*at);
            // What is quoted from the file can be anything, also an order to a terminal.
            format!("\n  {}:{line}:{column}: {}", self.place, escape::lines(what))
        });
        let lines: String = lines.collect();
        Usage::new(format!("use the matrix {}, which has {count}:{lines}", self.place))
    }

    /// Line and column of a byte, both from 1. Columns count characters, as editors do.
    pub(crate) fn line_and_column(&self, at: usize) -> (usize, usize) {
        let before = self.text.get(..at).unwrap_or(&self.text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        // The mark that some editors put before all text is none of its characters.
        let line = before[line_start..].trim_start_matches('\u{feff}');
        (before.matches('\n').count() + 1, line.chars().count() + 1)
    }
}

/// A text that a file lacks, or has as something else. Its fault is told already, so nothing more is
/// said of it.
pub(crate) fn absent() -> Spanned<String> {
    Spanned::new(0..0, String::new())
}

/// Whether the file has this text.
pub(crate) fn is_there(text: &Spanned<String>) -> bool {
    !text.span().is_empty()
}
