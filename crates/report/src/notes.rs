//! What stands below a table: how it was measured, and what it does not show.

use paceline_measure::MemoryKind;
use paceline_stats::Summary;
use paceline_stats::summary::{Ending, RowState};

/// One paragraph: rounds, scale, seed, and what the columns mean.
pub(crate) fn how_measured(summary: &Summary) -> String {
    let header = &summary.header;
    let rss = summary
        .rows
        .iter()
        .any(|row| row.memory.as_ref().is_some_and(|memory| memory.kind == MemoryKind::Rss));
    let memory = match rss {
        false => "the peak of the summed PSS",
        true => "the peak of the summed RSS (this system tells no PSS)",
    };
    format!(
        "Time: mean of {} rounds after one to warm up, each sample in a fresh process. Memory: {memory} \
         of\nthe whole process tree. In flight: the width asked, and the most items that the receipts \
         show at once.\nMatrix {}, scale {}, seed {}, run {}.\n",
        header.rounds, header.matrix.name, header.scale, header.seed, header.run_id
    )
}

/// One paragraph for each row that is not shown as a result, and one for a run that is not whole.
/// Empty when there is nothing to say.
pub(crate) fn notes(summary: &Summary) -> String {
    let mut notes = String::new();
    for row in &summary.rows {
        let (state, reasons) = match &row.state {
            RowState::Valid | RowState::NotRun => continue,
            RowState::Invalid(reasons) => ("invalid", reasons.as_slice()),
            RowState::Broken(reasons) => ("could not be run", reasons.as_slice()),
            RowState::Skipped(reason) => ("skipped", std::slice::from_ref(reason)),
        };
        notes.push_str(&format!("\n{}: {state}\n", row.row.name));
        notes.extend(reasons.iter().map(|reason| format!("  {}\n", reason.replace('\n', "\n  "))));
    }
    notes.push_str(match summary.ending {
        Ending::Completed => "",
        Ending::Interrupted => "\nThe run was interrupted: this table is partial.\n",
        Ending::CutShort => {
            "\nThe journal has no end: the run was cut short or is still going. This table is partial.\n"
        }
    });
    notes
}
