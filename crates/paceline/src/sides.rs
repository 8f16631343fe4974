//! The two sides of a comparison: runs, and files of other programs.

use std::path::Path;

use anyhow::{Context, Result};
use paceline_foreign::{Renaming, is_journal};
use paceline_inputs::read_regular;
use paceline_journal::Journal;
use paceline_stats::Run;
use paceline_stats::compare::Side;

use crate::forms;
use paceline_driver::Usage;
use paceline_driver::runs;

/// Reads what `wanted` names: a run in `parent`, a journal, or a file of another program.
pub(crate) fn read(wanted: &str, parent: &Path) -> Result<Side> {
    let path = runs::find(wanted, parent)?;
    let bytes = read_regular(&path).with_context(|| format!("read {}", path.display()))?;
    if is_journal(&bytes) {
        let journal = Journal::parse(&path, &bytes)?;
        forms::refuse(&journal.header, "compare")?;
        return Ok(Side::of(&Run::of(journal)));
    }
    paceline_foreign::read(&path, &bytes).map_err(usage)
}

/// Applies `--map`.
pub(crate) fn rename(sides: &mut [Side], mappings: &[Renaming]) -> Result<()> {
    paceline_foreign::rename(sides, mappings).map_err(usage)
}

/// A file that the user names is wrong, not Paceline.
fn usage(error: paceline_foreign::ForeignError) -> anyhow::Error {
    Usage::new(format!("{:#}", anyhow::Error::from(error))).into()
}
