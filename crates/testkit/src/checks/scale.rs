//! None, one, many; narrow and wide; once and again.

use paceline_core::Family;

use super::spec;
use crate::subject::{Ran, Shape, Subject};
use crate::verdict::{Breach, Verdict};

pub(crate) fn no_items(subject: &Subject) -> Result<Verdict, Breach> {
    for (width, batch) in [(1, 1), (8, 5)] {
        do_all(subject, 0, width, batch)?;
    }
    Ok(Verdict::Kept)
}

pub(crate) fn one_item(subject: &Subject) -> Result<Verdict, Breach> {
    for (width, batch) in [(1, 1), (8, 1), (8, 5)] {
        do_all(subject, 1, width, batch)?;
    }
    Ok(Verdict::Kept)
}

pub(crate) fn ten_thousand_items(subject: &Subject) -> Result<Verdict, Breach> {
    do_all(subject, 10_000, 8, 1)
}

/// Handed over by the hundred: the number of items is looked at here, not that of tasks.
pub(crate) fn a_hundred_thousand_items(subject: &Subject) -> Result<Verdict, Breach> {
    do_all(subject, 100_000, 8, 100)
}

/// There are two tasks for each lane, so that every lane has to start. Processes are asked for every
/// width too, but are given no more than 64 tasks: a thousand of them would test the machine.
pub(crate) fn widths_and_batches(subject: &Subject) -> Result<Verdict, Breach> {
    for width in [1, 2, 8, 64, 1024] {
        for batch in [1, 5] {
            let tasks = match subject.family() {
                Some(Family::Multiproc) => (2 * width).min(64),
                _ => 2 * width,
            };
            do_all(subject, tasks * batch, width, batch)?;
        }
    }
    Ok(Verdict::Kept)
}

pub(crate) fn two_runs_on_the_same_lanes(subject: &Subject) -> Result<Verdict, Breach> {
    let executor = subject.executor();
    let runs = subject.watched(move || {
        let (spec, shape) = (spec("plain", 24), Shape::new(4, 2));
        let (first, second) = (shape.job(&spec)?, shape.job(&spec)?);
        let mut lanes = shape.start(executor, &spec, &first)?;
        lanes.run(&first)?;
        lanes.run(&second)?;
        lanes.shutdown()?;
        Ok([Ran::of(&first, 0), Ran::of(&second, 0)])
    })?;
    let [first, second] = runs.map(|ran| ran.not_done());
    Breach::unless_none(first)?;
    Breach::unless_none(second)
}

fn do_all(subject: &Subject, items: usize, width: usize, batch: usize) -> Result<Verdict, Breach> {
    let ran = subject.run(spec("plain", items), Shape::new(width, batch))?;
    let reasons = ran.not_done().into_iter();
    let at = |reason| format!("{items} items at width {width} in batches of {batch}: {reason}");
    Breach::unless_none(reasons.map(at).collect())
}
