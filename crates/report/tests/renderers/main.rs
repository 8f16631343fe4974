//! What the renderers make of a recorded run, of altered copies of it, and of odd ones.

mod arrivals;
mod compared;
mod narrow;
mod odd;
mod quick;
mod recorded;
mod terminal;

use std::path::Path;

use paceline_journal::{Journal, SampleOutcome};
use paceline_protocol::Measured;
use paceline_stats::Run;

const RECORDED: &str = include_str!("../../../../fixtures/journals/smoke.ndjson");

/// Six rows over both workloads, in seven rounds.
fn recorded() -> Journal {
    Journal::parse(Path::new("smoke.ndjson"), RECORDED.as_bytes()).expect("the record can be read")
}

fn run(journal: &Journal) -> Run {
    Run::of(journal.clone())
}

fn recorded_run() -> Run {
    Run::of(recorded())
}

/// What was measured of row `name`, in the order of the run.
fn measured_of<'a>(journal: &'a mut Journal, name: &str) -> Vec<&'a mut Measured> {
    let samples = journal.samples.iter_mut().filter(|sample| sample.row == name);
    samples
        .filter_map(|sample| match &mut sample.outcome {
            SampleOutcome::Measured { measured, .. } => Some(&mut **measured),
            _ => None,
        })
        .collect()
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
