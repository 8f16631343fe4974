//! Items that wait.

use paceline_core::{Family, Outcome, Receipt};

use super::{meeting_place, spec};
use crate::subject::{Shape, Subject};
use crate::verdict::{Breach, Verdict};

/// An item of this workload fails when its wait was cut short. Its checksums are known from the
/// blocking door, so either door must give them.
pub(crate) fn blocking_and_async_items_agree(subject: &Subject) -> Result<Verdict, Breach> {
    let (spec, shape) = (spec("waits", 8).with("wait_ms", 3).with_seed(7), Shape::new(2, 1));
    let blocking = shape.job(&spec)?;
    blocking.tasks().for_each(|task| blocking.run_task(&task));
    let expected = blocking.receipts();
    let ran = subject.run(spec, shape)?;
    let differs = |receipt: &Receipt| {
        let known = expected.iter().find(|known| known.item == receipt.item);
        known.is_some_and(|known| known.outcome != receipt.outcome)
    };
    let different = ran.receipts.iter().filter(|receipt| differs(receipt));
    let tell = |receipt: &Receipt| format!("item {}: {:?}", receipt.item, receipt.outcome);
    Breach::unless_none(different.map(tell).collect())
}

pub(crate) fn progress_while_an_item_waits(subject: &Subject) -> Result<Verdict, Breach> {
    if subject.family() != Some(Family::Async) || subject.executor().ceiling().is_some() {
        return Ok(Verdict::Skipped("only truly asynchronous executors promise it"));
    }
    let (_folder, place) = meeting_place(subject)?;
    let ran = subject.run(place.on(spec("ticks", 2)), Shape::new(2, 1))?;
    let failed = ran.receipts.into_iter().filter_map(|receipt| match receipt.outcome {
        Outcome::Failed(reason) => Some(reason),
        _ => None,
    });
    Breach::unless_none(failed.collect())
}
