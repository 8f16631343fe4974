//! From a row back to the samples that it was made of.

use paceline_journal::{Journal, Sample};
use paceline_protocol::Measured;

use super::RowSummary;
use super::takes::counted;

/// The samples whose times are in [`RowSummary::seconds`], in the order of their rounds.
#[must_use]
pub fn standing<'a>(row: &RowSummary, journal: &'a Journal) -> Vec<(&'a Sample, &'a Measured)> {
    if row.seconds.is_none() {
        return Vec::new();
    }
    let of_row = journal.samples.iter().filter(|sample| sample.row == row.row.name);
    counted(&of_row.collect::<Vec<_>>(), journal)
}
