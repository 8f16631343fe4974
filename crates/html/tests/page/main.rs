//! The page: as text, and in a real browser.

mod arrivals;
mod cards;
mod odd;
mod whole;

use std::path::Path;

use paceline_html::{Options, Reference, html};
use paceline_journal::{Journal, Sample, SampleOutcome};
use paceline_stats::Run;

const SMOKE: &str = include_str!("../../../../fixtures/journals/smoke.ndjson");
const QUICK: &str = include_str!("../../../../docs/results/quick-2026-11-24.ndjson");
const SEED: &str = include_str!("../../../../docs/results/seed-2026-11-24.ndjson");

fn parsed(text: &str) -> Journal {
    Journal::parse(Path::new("journal.ndjson"), text.as_bytes()).expect("the record can be read")
}

fn page(journal: &Journal) -> String {
    html(&Run::of(journal.clone()), &Options { against: Some(Reference::seed()) })
}

/// The journal with its row `from` called `to`.
fn renamed(mut journal: Journal, from: &str, to: &str) -> Journal {
    let names = journal.header.plan.rows.iter_mut().map(|row| &mut row.name);
    for name in names.chain(journal.samples.iter_mut().map(|sample| &mut sample.row)) {
        if name == from {
            to.clone_into(name);
        }
    }
    journal
}

/// One row over and over, under different names.
fn of_rows(count: usize) -> Journal {
    let mut journal = parsed(SMOKE);
    let row = journal.header.plan.rows[2].clone();
    // One counted round has no interval, and the bootstrap of a thousand rows would take long.
    let is_shown = |sample: &&Sample| sample.row == row.name && sample.round <= 1;
    let samples: Vec<Sample> = journal.samples.iter().filter(is_shown).cloned().collect();
    (journal.header.plan.rows, journal.samples) = (Vec::new(), Vec::new());
    for number in 0..count {
        let mut row = row.clone();
        row.name = format!("row {number}");
        journal.samples.extend(samples.iter().cloned().map(|mut sample| {
            sample.row.clone_from(&row.name);
            sample
        }));
        journal.header.plan.rows.push(row);
    }
    journal
}

/// The journal with every sample broken for this reason.
fn broken(mut journal: Journal, reason: &str) -> Journal {
    for sample in &mut journal.samples {
        sample.outcome = SampleOutcome::Broken { reason: reason.to_owned() };
    }
    journal
}
