//! How long items took, as a histogram.

use hdrhistogram::Histogram;
use paceline_core::{Job, Outcome, Receipt};
use paceline_protocol::Latencies;

/// Three significant digits: a bucket is at most 0.1 % wide. Whoever adds histograms of a journal uses
/// the same.
const DIGITS: u8 = 3;

/// The latencies of the items that were done: from their arrival in open loop, else from their start.
/// `None` when no item was done.
///
/// This looks at receipts after the run, so that recording costs the run nothing.
pub(crate) fn latencies(job: &Job, receipts: &[Receipt]) -> Option<Latencies> {
    let done = receipts.iter().filter(|receipt| matches!(receipt.outcome, Outcome::Done(_)));
    let since_ns =
        |receipt: &Receipt| job.arrived_ns(receipt.item).unwrap_or(receipt.span.start_ns);
    let values = done.map(|receipt| receipt.span.end_ns.saturating_sub(since_ns(receipt)));
    let histogram = histogram(values)?;
    let mut latencies = Latencies::default();
    for bucket in histogram.iter_recorded() {
        latencies.value_ns.push(bucket.value_iterated_to());
        latencies.count.push(bucket.count_at_value());
    }
    (!latencies.count.is_empty()).then_some(latencies)
}

/// It grows to any value, and three digits are a precision that there is, so it is never `None`.
fn histogram(values: impl Iterator<Item = u64>) -> Option<Histogram<u64>> {
    let mut histogram = Histogram::<u64>::new(DIGITS).ok()?;
    for value in values {
        histogram.record(value).ok()?;
    }
    Some(histogram)
}
