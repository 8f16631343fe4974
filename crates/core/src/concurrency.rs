//! How many items were in flight, from their spans alone.

use serde::{Deserialize, Serialize};

use crate::receipt::Span;

/// The concurrency that a set of spans shows.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Concurrency {
    /// The most items in flight at one instant.
    pub peak: usize,
    /// The time-weighted mean of items in flight between the first start and the last end.
    pub mean: f64,
}

impl Concurrency {
    /// Sweeps over `spans`. Spans are half-open: an item that starts in the nanosecond in which another
    /// ends does not overlap it.
    #[must_use]
    pub fn of(spans: &[Span]) -> Self {
        let mut starts: Vec<u64> = spans.iter().map(|span| span.start_ns).collect();
        let mut ends: Vec<u64> = spans.iter().map(|span| span.end_ns.max(span.start_ns)).collect();
        starts.sort_unstable();
        ends.sort_unstable();
        Self { peak: peak(&starts, &ends), mean: mean(spans, &starts, &ends) }
    }
}

/// At the instant of each start, the items in flight are those started so far less those ended by
/// then. An item shorter than the clock's tick overlaps nothing, so the peak may be told too low
/// there, but never too high; whatever ran at all counts for one.
fn peak(starts: &[u64], ends: &[u64]) -> usize {
    let mut ended = 0;
    let mut peak = 0;
    for (started_before, start) in starts.iter().enumerate() {
        while ends.get(ended).is_some_and(|end| end <= start) {
            ended += 1;
        }
        peak = peak.max((started_before + 1).saturating_sub(ended)).max(1);
    }
    peak
}

fn mean(spans: &[Span], starts: &[u64], ends: &[u64]) -> f64 {
    let (Some(first), Some(last)) = (starts.first(), ends.last()) else { return 0.0 };
    let in_flight_ns: u128 = spans.iter().map(|span| u128::from(span.duration_ns())).sum();
    match last - first {
        // Every span is empty: items were run, but none long enough for the clock to see.
        0 => 1.0,
        elapsed_ns => in_flight_ns as f64 / elapsed_ns as f64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(bounds: &[(u64, u64)]) -> Vec<Span> {
        bounds.iter().map(|&(start_ns, end_ns)| Span { start_ns, end_ns }).collect()
    }

    #[test]
    fn no_spans_show_no_concurrency() {
        assert_eq!(Concurrency::of(&[]), Concurrency { peak: 0, mean: 0.0 });
    }

    #[test]
    fn one_after_the_other_is_a_peak_of_one() {
        let seen = Concurrency::of(&spans(&[(0, 10), (10, 20), (20, 30)]));
        assert_eq!(seen, Concurrency { peak: 1, mean: 1.0 });
    }

    #[test]
    fn a_known_overlap_gives_the_known_peak_and_mean() {
        // Three lanes of 10 ns work over 20 ns: 30 ns in flight in 20 ns.
        let seen = Concurrency::of(&spans(&[(0, 10), (5, 15), (10, 20)]));
        assert_eq!(seen, Concurrency { peak: 2, mean: 1.5 });
    }

    #[test]
    fn spans_shorter_than_the_clock_never_raise_the_peak() {
        assert_eq!(Concurrency::of(&spans(&[(7, 7), (7, 7)])).peak, 1);
        assert_eq!(Concurrency::of(&spans(&[(0, 10), (5, 5)])).peak, 1);
    }

    proptest::proptest! {
        #[test]
        fn the_peak_is_what_counting_at_every_start_gives(
            bounds in proptest::collection::vec((0_u64..60, 1_u64..30), 1..40)
        ) {
            let spans: Vec<Span> = bounds
                .iter()
                .map(|&(start_ns, length)| Span { start_ns, end_ns: start_ns + length })
                .collect();
            let counted = spans
                .iter()
                .map(|at| {
                    let instant = at.start_ns;
                    spans.iter().filter(|s| s.start_ns <= instant && instant < s.end_ns).count()
                })
                .max();
            proptest::prop_assert_eq!(Some(Concurrency::of(&spans).peak), counted);
        }
    }
}
