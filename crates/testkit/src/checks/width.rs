//! How many items are in flight, and where.

use paceline_core::{Family, Outcome};

use super::{meeting_place, spec};
use crate::subject::{Ran, Shape, Subject};
use crate::verdict::{Breach, Verdict};
use crate::workload::whereabouts;

/// There is work for one lane more than the width, three times over.
pub(crate) fn never_exceeded(subject: &Subject) -> Result<Verdict, Breach> {
    for width in [1, 2, 8] {
        let spec = spec("waits", 3 * (width + 1)).with("wait_ms", 10);
        let peak = subject.run(spec, Shape::new(width, 1))?.peak();
        let limit = subject.limit(width);
        if peak > limit {
            let seen = format!("{peak} items in flight at once, at most {limit} allowed");
            return Err(Breach::Seen(seen));
        }
    }
    Ok(Verdict::Kept)
}

/// Each item waits until as many as the width are in flight: an item that waited in vain proves that
/// there never were.
pub(crate) fn reached(subject: &Subject) -> Result<Verdict, Breach> {
    if subject.limit(2) < 2 {
        return Ok(ONE_AT_A_TIME);
    }
    for width in [2, 8, 64] {
        let together = subject.limit(width);
        if let Some(reason) = first_failure(&meet(subject, width, together)?) {
            let seen = format!("{together} items were never in flight at once: {reason}");
            return Err(Breach::Seen(seen));
        }
    }
    Ok(Verdict::Kept)
}

/// A report shows what was asked, started and seen. Lanes that nobody has work for are not started.
pub(crate) fn started_as_told(subject: &Subject) -> Result<Verdict, Breach> {
    for (width, items) in [(1, 8), (4, 8), (8, 3)] {
        let executor = subject.executor();
        let told = subject.watched(move || {
            let (spec, shape) = (spec("plain", items), Shape::new(width, 1));
            let job = shape.job(&spec)?;
            let mut lanes = shape.start(executor, &spec, &job)?;
            let told = lanes.started();
            lanes.run(&job)?;
            lanes.shutdown()?;
            Ok(told)
        })?;
        let expected = subject.limit(width.min(items));
        if told != expected {
            let seen = format!(
                "it told of {told} lanes for {items} tasks at width {width}, not of {expected}"
            );
            return Err(Breach::Seen(seen));
        }
    }
    Ok(Verdict::Kept)
}

/// Receipts decide what a report says of concurrency, so what items witnessed themselves must show in
/// them.
pub(crate) fn spans_cover_the_run(subject: &Subject) -> Result<Verdict, Breach> {
    let together = subject.limit(4);
    if together < 2 {
        return Ok(ONE_AT_A_TIME);
    }
    let ran = meet(subject, 4, together)?;
    if first_failure(&ran).is_some() {
        return Ok(Verdict::Skipped("items never met, which is another promise"));
    }
    match ran.peak() {
        peak if peak < together => {
            let seen = format!("{together} items met, but their spans show {peak} in flight");
            Err(Breach::Seen(seen))
        }
        _ => Ok(Verdict::Kept),
    }
}

pub(crate) fn off_the_callers_thread(subject: &Subject) -> Result<Verdict, Breach> {
    let multiproc = match subject.family() {
        Some(Family::Threads) => false,
        Some(Family::Multiproc) => true,
        _ => return Ok(Verdict::Skipped("its family may run items on the calling thread")),
    };
    for width in [1, 2, 8] {
        let executor = subject.executor();
        let ran = subject.watched(move || {
            let here = whereabouts();
            let process = here.split_inclusive('/').next().map(str::to_owned);
            let caller = if multiproc { process.unwrap_or(here) } else { here };
            let spec = spec("stays-off", 4 * width).with("caller", caller);
            let shape = Shape::new(width, 1);
            let job = shape.job(&spec)?;
            let mut lanes = shape.start(executor, &spec, &job)?;
            lanes.run(&job)?;
            lanes.shutdown()?;
            Ok(Ran::of(&job, 0))
        })?;
        if let Some(reason) = first_failure(&ran) {
            return Err(Breach::Seen(reason));
        }
    }
    Ok(Verdict::Kept)
}

const ONE_AT_A_TIME: Verdict = Verdict::Skipped("it says that it runs one item at a time");

/// As many items as are to be in flight `together`.
fn meet(subject: &Subject, width: usize, together: usize) -> Result<Ran, Breach> {
    let (_folder, place) = meeting_place(subject)?;
    let spec = place.on(spec("meets", together)).with("count", together);
    subject.run(spec, Shape::new(width, 1))
}

fn first_failure(ran: &Ran) -> Option<String> {
    ran.receipts.iter().find_map(|receipt| match &receipt.outcome {
        Outcome::Failed(reason) => Some(format!("item {}: {reason}", receipt.item)),
        _ => None,
    })
}
