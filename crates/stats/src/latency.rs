//! How long items took, over all counted rounds of a row.
//!
//! Percentiles of rounds must not be averaged: the p99 of two rounds is not the mean of their p99s. So
//! the rounds' histograms are added first, which is exact since all have the same buckets.

use hdrhistogram::Histogram;
use paceline_core::wire::{Latencies, Measured};

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
    /// Items that were done per second, from the first arrival to the last end of each round.
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
        let elapsed_s: f64 = loops.iter().map(|of_round| of_round.elapsed_ns as f64 / 1e9).sum();
        let done: f64 = loops.iter().map(|of_round| of_round.done as f64).sum();
        Some(Self {
            offered_per_s: loops.first()?.rate_per_s,
            achieved_per_s: if elapsed_s > 0.0 { done / elapsed_s } else { 0.0 },
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
