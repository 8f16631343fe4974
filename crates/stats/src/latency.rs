//! How long items took, over all counted rounds of a row.
//!
//! Percentiles of rounds must not be averaged: the p99 of two rounds is not the mean of their p99s. So
//! the rounds' histograms are added first, which is exact since all have the same buckets.

use hdrhistogram::Histogram;
use paceline_protocol::{Latencies, Measured, OpenLoop};

/// The precision of the histograms in journals: a bucket is at most 0.1 % wide.
const DIGITS: u8 = 3;

/// A journal may hold any numbers; a latency of more than a week is one that nobody measured.
const LONGEST_NS: u64 = 7 * 24 * 3_600 * 1_000_000_000;

/// The latencies of a row's items, in seconds with three significant digits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Latency {
    /// How many items there were, over all counted rounds.
    pub items: u64,
    /// Half of them took no longer than this.
    pub p50_s: f64,
    /// Nine of ten took no longer than this.
    pub p90_s: f64,
    /// 99 of 100 took no longer than this.
    pub p99_s: f64,
    /// 999 of 1,000 took no longer than this. Of fewer items it is the longest.
    pub p999_s: f64,
    /// None took longer than this.
    pub max_s: f64,
}

impl Latency {
    /// The sum of the histograms of `rounds`. `None` unless every one of them has a histogram that can
    /// be: columns of one length, and values up to a week.
    pub(crate) fn of(rounds: &[&Measured]) -> Option<Self> {
        let mut sum = Histogram::<u64>::new(DIGITS).ok()?;
        for measured in rounds {
            add(&mut sum, measured.latency.as_ref()?)?;
        }
        if sum.is_empty() {
            return None;
        }
        let at = |quantile| sum.value_at_quantile(quantile) as f64 / 1e9;
        Some(Self {
            items: sum.len(),
            p50_s: at(0.5),
            p90_s: at(0.9),
            p99_s: at(0.99),
            p999_s: at(0.999),
            max_s: sum.max() as f64 / 1e9,
        })
    }

    /// How long the share `quantile` of the items of one sample took at most, in seconds.
    pub(crate) fn at_quantile_s(measured: &Measured, quantile: f64) -> Option<f64> {
        let mut histogram = Histogram::<u64>::new(DIGITS).ok()?;
        add(&mut histogram, measured.latency.as_ref()?)?;
        let is_empty = histogram.is_empty();
        (!is_empty).then(|| histogram.value_at_quantile(quantile) as f64 / 1e9)
    }

    /// The percentiles by the names that tables and options use, in ascending order.
    #[must_use]
    pub fn percentiles(&self) -> [(&'static str, f64); 5] {
        [
            ("p50", self.p50_s),
            ("p90", self.p90_s),
            ("p99", self.p99_s),
            ("p99.9", self.p999_s),
            ("max", self.max_s),
        ]
    }
}

fn add(sum: &mut Histogram<u64>, latencies: &Latencies) -> Option<()> {
    let Latencies { value_ns, count } = latencies;
    if value_ns.len() != count.len() {
        return None;
    }
    let mut buckets = value_ns.iter().zip(count);
    buckets.try_for_each(|(value_ns, count)| {
        let is_likely = *value_ns <= LONGEST_NS && *count <= u64::from(u32::MAX);
        is_likely.then(|| sum.record_n(*value_ns, *count).ok())?
    })
}

/// What came of a row's arrivals in open loop, over all counted rounds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Arrivals {
    /// Items that arrived per second, as asked.
    pub offered_per_s: f64,
    /// Items that were done per second, from the first arrival to the last end of each round and the time
    /// between two arrivals.
    pub achieved_per_s: f64,
    /// How many items arrived.
    pub arrivals: u64,
    /// How many of them arrived when no lane was free.
    pub late_starts: u64,
}

impl Arrivals {
    /// Adds up `rounds`. `None` unless all were in open loop.
    pub(crate) fn of(rounds: &[&Measured]) -> Option<Self> {
        let loops: Vec<_> = rounds.iter().map(|m| m.open_loop).collect::<Option<_>>()?;
        Some(Self {
            offered_per_s: loops.first()?.rate_per_s,
            achieved_per_s: achieved_per_s(&loops),
            arrivals: loops.iter().map(|of_round| of_round.arrivals as u64).sum(),
            late_starts: loops.iter().map(|of_round| u64::from(of_round.late_starts)).sum(),
        })
    }

    /// The share of the items that arrived when no lane was free.
    #[must_use]
    pub fn late_share(&self) -> f64 {
        if self.arrivals == 0 { 0.0 } else { self.late_starts as f64 / self.arrivals as f64 }
    }
}

/// Items that were done per second in `rounds`.
///
/// Items that arrive at the rate r stand for 1/r of time each, but between the first and the last of n
/// there are only n - 1 such intervals. A pool that keeps up is done with them after (n - 1)/r and what the
/// last one takes, d: n divided by that would be more than was offered, of two items in two seconds twice as
/// much. With the interval of the last arrival it is n / (n/r + d), which is r but for d.
pub(crate) fn achieved_per_s(rounds: &[OpenLoop]) -> f64 {
    let took_s = |round: &OpenLoop| round.elapsed_ns as f64 / 1e9 + round.rate_per_s.recip();
    let took_s: f64 = rounds.iter().map(took_s).sum();
    let done: f64 = rounds.iter().map(|round| round.done as f64).sum();
    if took_s > 0.0 { done / took_s } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round(rate_per_s: f64, done: usize, elapsed_ns: u64) -> OpenLoop {
        OpenLoop { rate_per_s, arrivals: done, done, late_starts: 0, elapsed_ns }
    }

    #[test]
    fn a_pool_that_keeps_up_achieves_what_is_offered_but_for_its_last_item() {
        const MS: u64 = 1_000_000;
        // Two items two seconds apart, and one alone, of 1 ms each.
        for (done, elapsed_ns) in [(2, 2_001 * MS), (1, MS)] {
            let achieved = achieved_per_s(&[round(0.5, done, elapsed_ns)]);
            assert!(achieved < 0.5 && achieved > 0.499, "{achieved}");
        }
        // One that takes twice as long as the arrivals does half of them in a second.
        let half = achieved_per_s(&[round(1_000.0, 10_000, 20_000 * MS - MS)]);
        assert!((half - 500.0).abs() < 1e-9, "{half}");
    }

    #[test]
    fn rounds_count_by_their_time_and_a_rate_that_nobody_offers_gives_no_nonsense() {
        let rounds = [round(10.0, 10, 900_000_000), round(10.0, 10, 2_900_000_000)];
        assert!((achieved_per_s(&rounds) - 5.0).abs() < 1e-9);
        assert_eq!(achieved_per_s(&[round(0.0, 10, 1)]), 0.0);
        assert_eq!(achieved_per_s(&[round(f64::NAN, 10, 1)]), 0.0);
        assert_eq!(achieved_per_s(&[]), 0.0);
    }
}
