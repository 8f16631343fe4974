//! Batches: what is handed over together stays together.

use std::collections::BTreeMap;

use paceline_core::{ItemIndex, Receipt};

use super::spec;
use crate::subject::{Shape, Subject};
use crate::verdict::{Breach, Verdict};

const BATCH: usize = 5;

/// The items wait, so that those of a batch that was split are in flight together.
pub(crate) fn honoured(subject: &Subject) -> Result<Verdict, Breach> {
    let spec = spec("waits", 4 * BATCH).with("wait_ms", 10);
    let ran = subject.run(spec, Shape::new(4, BATCH))?;
    let by_item: BTreeMap<ItemIndex, &Receipt> =
        ran.receipts.iter().map(|receipt| (receipt.item, receipt)).collect();
    // An item without a receipt is no business of this check.
    let receipts: Vec<&Receipt> = by_item.into_values().collect();
    let neighbours = receipts.windows(2).filter_map(|pair| <[&Receipt; 2]>::try_from(pair).ok());
    Breach::unless_none(neighbours.filter_map(|[one, next]| torn(one, next)).collect())
}

/// How two neighbouring items of one batch came apart, if they did.
fn torn(one: &Receipt, next: &Receipt) -> Option<String> {
    let (first, second) = (one.item, next.item);
    if first.position() / BATCH != second.position() / BATCH {
        return None;
    }
    if one.lane != next.lane {
        return Some(format!("items {first} and {second} of one batch ran on two lanes"));
    }
    (next.span.start_ns < one.span.end_ns)
        .then(|| format!("item {second} began before item {first} of its batch had ended"))
}
