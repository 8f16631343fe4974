//! The page in a real, headless Chromium.
//!
//! On a machine without one these tests say so and check nothing; with `PACELINE_REQUIRE_BROWSER` set,
//! as in continuous integration, that is a failure.

mod access;
mod content;
mod looks;
mod session;
mod use_of_it;

use std::path::Path;

use paceline_html::{Options, Reference, html};
use paceline_journal::{Journal, SampleOutcome};
use paceline_stats::Run;

const SMOKE: &str = include_str!("../../../../fixtures/journals/smoke.ndjson");
const QUICK: &str = include_str!("../../../../docs/results/quick-2026-11-24.ndjson");
const SEED: &str = include_str!("../../../../docs/results/seed-2026-11-24.ndjson");

const ARRIVALS: &str = include_str!("../../../../fixtures/journals/arrivals.ndjson");
const SEARCH: &str = include_str!("../../../../fixtures/journals/search.ndjson");

fn parsed(text: &str) -> Journal {
    Journal::parse(Path::new("journal.ndjson"), text.as_bytes()).expect("the record can be read")
}

fn page(journal: &Journal) -> String {
    html(&Run::of(journal.clone()), &Options { against: Some(Reference::seed()) })
}

/// The recorded run with one row broken, so that a cell of its is empty.
fn with_a_broken_row() -> Journal {
    let mut journal = parsed(SMOKE);
    let broken = journal.header.plan.rows[1].name.clone();
    for sample in journal.samples.iter_mut().filter(|sample| sample.row == broken) {
        sample.outcome = SampleOutcome::Broken { reason: "<b>no</b>".to_owned() };
    }
    journal
}

/// The recorded run with its rows called so, as far as the names go.
fn called(names: &[&str]) -> Journal {
    let mut journal = parsed(SMOKE);
    for (index, name) in names.iter().enumerate() {
        let old = std::mem::replace(&mut journal.header.plan.rows[index].name, (*name).to_owned());
        for sample in journal.samples.iter_mut().filter(|sample| sample.row == old) {
            (*name).clone_into(&mut sample.row);
        }
    }
    journal
}
