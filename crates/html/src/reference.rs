//! The table of the reference program, whose values stand as ghost marks beside the bars.

use std::collections::BTreeMap;

/// The mean times of another program's table, by the names of their rows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reference {
    /// Mean times in seconds, by row name.
    seconds: BTreeMap<String, f64>,
}

/// Why a table cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReferenceError {
    /// It has no header that begins with `Benchmark` and a line of dashes below.
    #[error("find the table: no line `Benchmark` with dashes below it")]
    NoTable,
    /// A line of the table is none of its rows.
    #[error(
        "read line {line} of the table: a name, a time in seconds and a size, two blanks apart"
    )]
    NotARow {
        /// The line, from 1.
        line: usize,
    },
}

impl Reference {
    /// The table that came with the reference program, measured on another machine.
    #[must_use]
    pub fn seed() -> Self {
        // A test reads the file that is built in, so this cannot fail.
        Self::parse(include_str!("../../../fixtures/reference/seed-report.txt")).unwrap_or_default()
    }

    /// Reads a table in the reference's layout: a header, dashes, and rows of name, seconds and memory
    /// up to an empty line.
    ///
    /// # Errors
    ///
    /// When there is no such table, or a line of it is no row.
    pub fn parse(text: &str) -> Result<Self, ReferenceError> {
        let mut lines = (1..).zip(text.lines());
        lines.find(|(_, line)| line.starts_with("Benchmark")).ok_or(ReferenceError::NoTable)?;
        lines.next().filter(|(_, l)| l.starts_with("---")).ok_or(ReferenceError::NoTable)?;
        let rows = lines.take_while(|(_, line)| !line.trim().is_empty());
        let seconds = rows
            .map(|(number, line)| row(line).ok_or(ReferenceError::NotARow { line: number }))
            .collect::<Result<_, _>>()?;
        Ok(Self { seconds })
    }

    /// The mean time of the row called `name`, in seconds.
    #[must_use]
    pub fn seconds(&self, name: &str) -> Option<f64> {
        self.seconds.get(name).copied()
    }
}

fn row(line: &str) -> Option<(String, f64)> {
    let (rest, _memory) = line.trim_end().rsplit_once("  ")?;
    let (name, seconds) = rest.trim_end().rsplit_once("  ")?;
    let seconds: f64 = seconds.trim().parse().ok()?;
    (seconds.is_finite() && seconds > 0.0).then(|| (name.trim().to_owned(), seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_has_its_28_rows() {
        let reference = Reference::seed();
        assert_eq!(reference.seconds.len(), 28);
        assert_eq!(reference.seconds("Truly-asyncronous IO heavy processing"), Some(1.043));
        let widest = "Multiprocessed CPU heavy processing (128 processes, 64 images)";
        assert_eq!(reference.seconds(widest), Some(16.708));
    }

    #[test]
    fn what_is_no_table_is_refused() {
        assert_eq!(Reference::parse("nothing"), Err(ReferenceError::NoTable));
        let torn = "Benchmark  Mean time (sec)  Memory\n---------  ---------------  ------\nx  y\n";
        assert_eq!(Reference::parse(torn), Err(ReferenceError::NotARow { line: 3 }));
    }
}
