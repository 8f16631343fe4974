//! The highest rate of arrivals at which a row holds a limit of its latency, by bisection.
//!
//! One rate after another is tried, each in a sample of its own, and what to try next follows from what
//! came of those before. So the search is replayed from a journal, and the driver asks the same function
//! what to run next.
//!
//! The lowest rate is tried first and the highest second. If one holds and the other does not, the
//! geometric middle is tried again and again until the lowest rate that failed is within 5 % of the
//! highest that held. Each rate is tried once, and noise can make a rate fail: the trail tells.

use paceline_journal::{Journal, Purpose, RateSearch, Row, Sample, SampleOutcome};
use paceline_protocol::Measured;

use crate::latency::{Latency, achieved_per_s};
use crate::summary::by_row;

/// The search ends when the lowest failing rate is within this factor of the highest that held.
const CLOSE: f64 = 1.05;

/// A row's search, as far as it has come.
#[derive(Debug, Clone)]
pub struct Search {
    /// The row.
    pub row: Row,
    /// The rates that were tried, in order.
    pub trail: Vec<Probe>,
    /// What comes next, or what was found.
    pub step: Step,
}

/// One rate that was tried.
#[derive(Debug, Clone, PartialEq)]
pub struct Probe {
    /// Arrivals per second.
    pub rate_per_s: f64,
    /// The latency at the quantile of the limit, in seconds. `None` when the sample was not valid.
    pub latency_s: Option<f64>,
    /// Items done per second, as [`Arrivals`](crate::latency::Arrivals) counts them, where the sample was measured at
    /// all.
    pub achieved_per_s: Option<f64>,
    /// Why the sample was not valid.
    pub failure: Option<String>,
    /// Whether the limit held.
    pub holds: bool,
}

/// What follows from a trail.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Step {
    /// This rate is to be tried, in arrivals per second.
    Try(f64),
    /// The limit does not even hold at the lowest rate.
    NotEven(f64),
    /// The limit holds at the highest rate; what it could bear beyond was not tried.
    AtLeast(f64),
    /// The limit held at the first rate and did not at the second, which is close.
    Between(f64, f64),
}

impl Search {
    /// What a run searched, and the search of each of its rows, in the order of its plan; `None` for a run
    /// that searched nothing.
    pub(crate) fn of(journal: &Journal) -> Option<(RateSearch, Vec<Self>)> {
        let search = journal.header.plan.conduct.search?;
        let rows = journal.header.plan.rows.iter();
        let rows =
            rows.zip(by_row(&journal.header.plan.rows, &journal.samples)).map(|(row, places)| {
                Self::of_samples(&search, row, places.iter().map(|at| &journal.samples[*at]))
            });
        Some((search, rows.collect()))
    }

    /// The search of one row.
    #[must_use]
    pub fn of_row(search: &RateSearch, row: &Row, journal: &Journal) -> Self {
        let of_row = journal.samples.iter().filter(|sample| sample.row == row.name);
        Self::of_samples(search, row, of_row)
    }

    fn of_samples<'a>(
        search: &RateSearch,
        row: &Row,
        samples: impl Iterator<Item = &'a Sample>,
    ) -> Self {
        let mut trail = Vec::new();
        for sample in samples.filter(|sample| sample.purpose == Purpose::Time) {
            let Step::Try(rate_per_s) = next(search, &trail) else { break };
            trail.extend(Probe::of(search, rate_per_s, sample));
        }
        Self { row: row.clone(), step: next(search, &trail), trail }
    }
}

/// How long items must arrive at each rate, in milliseconds, for the search to find what it looks for: at a
/// shorter time a row may hold the limit at a rate that it falls behind, by having the items end before they
/// have waited long.
///
/// Of a row that gets `c` items done per second, at `r` arrivals per second, the item that arrives after `t`
/// waits for `(1 - c / r) t`. The share `q` of all is reached by the item that arrives after `q T`, so a rate
/// as far beyond `c` as the search distinguishes fails when `(1 - 1 / 1.05) q T` is more than the limit.
#[must_use]
pub fn least_for_ms(quantile: f64, limit_ns: u64) -> u64 {
    let behind = 1.0 - 1.0 / CLOSE;
    (limit_ns as f64 / 1e6 / (behind * quantile)).ceil() as u64
}

/// The most rates that a search can try.
#[must_use]
pub fn most_probes(search: &RateSearch) -> u32 {
    let halvings = ((search.highest_per_s / search.lowest_per_s).ln() / CLOSE.ln()).log2().ceil();
    // Rounding a rate may cost one halving more. A ratio below `CLOSE` needs none.
    2 + if halvings > 0.0 { halvings as u32 + 1 } else { 0 }
}

fn next(search: &RateSearch, trail: &[Probe]) -> Step {
    let (lowest, highest) = (search.lowest_per_s, search.highest_per_s);
    let [first, rest @ ..] = trail else { return Step::Try(lowest) };
    if !first.holds {
        return Step::NotEven(lowest);
    }
    let [second, rest @ ..] = rest else { return Step::Try(highest) };
    if second.holds {
        return Step::AtLeast(highest);
    }
    let (mut holds, mut fails) = (lowest, highest);
    for probe in rest {
        *(if probe.holds { &mut holds } else { &mut fails }) = probe.rate_per_s;
    }
    let middle = three_digits((holds * fails).sqrt());
    let is_between = holds < middle && middle < fails;
    match fails / holds > CLOSE && is_between {
        true => Step::Try(middle),
        false => Step::Between(holds, fails),
    }
}

/// A rate that people can read and type again.
fn three_digits(rate: f64) -> f64 {
    let unit = 10_f64.powf(rate.log10().floor() - 2.0);
    (rate / unit).round() * unit
}

impl Probe {
    /// `None` for a sample that the user interrupted: it says nothing.
    fn of(search: &RateSearch, rate_per_s: f64, sample: &Sample) -> Option<Self> {
        let failed = |reason: String| Self {
            rate_per_s,
            latency_s: None,
            achieved_per_s: None,
            failure: Some(reason),
            holds: false,
        };
        Some(match &sample.outcome {
            SampleOutcome::Measured { measured, .. } => {
                Self::of_measured(search, rate_per_s, measured)
            }
            SampleOutcome::Interrupted { .. } => return None,
            SampleOutcome::TimedOut { limit_ms } => {
                failed(format!("it took longer than {} s and was killed", *limit_ms as f64 / 1e3))
            }
            SampleOutcome::TooLittleMemory { .. } => {
                failed("there is too little memory".to_owned())
            }
            SampleOutcome::Broken { reason } => failed(reason.clone()),
        })
    }

    fn of_measured(search: &RateSearch, rate_per_s: f64, measured: &Measured) -> Self {
        let achieved = measured.open_loop.filter(|open_loop| open_loop.elapsed_ns > 0);
        let failure = measured.violations.first().map(ToString::to_string);
        let latency_s = match failure {
            None => Latency::at_quantile_s(measured, search.quantile),
            Some(_) => None,
        };
        Self {
            rate_per_s,
            latency_s,
            achieved_per_s: achieved.map(|seen| achieved_per_s(&[seen])),
            failure,
            holds: latency_s.is_some_and(|latency_s| latency_s <= search.limit_ns as f64 / 1e9),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEARCH: RateSearch = RateSearch {
        quantile: 0.99,
        limit_ns: 50_000_000,
        lowest_per_s: 10.0,
        highest_per_s: 10_000.0,
        for_ms: 3_000,
    };

    /// Searches a row that holds the limit up to `bears`.
    fn search(bears: f64) -> (Vec<Probe>, Step) {
        let mut trail = Vec::new();
        while let Step::Try(rate_per_s) = next(&SEARCH, &trail) {
            let holds = rate_per_s <= bears;
            let (latency_s, achieved_per_s, failure) = (None, None, None);
            trail.push(Probe { rate_per_s, latency_s, achieved_per_s, failure, holds });
            assert!(trail.len() <= most_probes(&SEARCH) as usize, "{trail:?}");
        }
        let step = next(&SEARCH, &trail);
        (trail, step)
    }

    #[test]
    fn the_highest_rate_that_holds_is_enclosed_within_five_percent_wherever_it_lies() {
        for bears in [10.0, 10.4, 37.0, 100.0, 333.3, 1_000.0, 4_321.0, 9_999.0] {
            let (trail, step) = search(bears);
            let Step::Between(holds, fails) = step else { panic!("{bears}: {step:?}") };
            assert!(holds <= bears && bears < fails, "{bears}: {step:?}");
            assert!(fails / holds <= CLOSE, "{bears}: {step:?}");
            assert!(trail.iter().any(|probe| probe.rate_per_s == holds && probe.holds));
            assert!(trail.iter().any(|probe| probe.rate_per_s == fails && !probe.holds));
        }
    }

    /// The latency at `quantile` of a row that is done with an item each `each_s` seconds, one after the other.
    fn waits_s(quantile: f64, each_s: f64, rate_per_s: f64, for_s: f64) -> f64 {
        let mut free_s = 0.0_f64;
        let arrivals = (0..(rate_per_s * for_s) as u32).map(|item| f64::from(item) / rate_per_s);
        let mut waits: Vec<f64> = arrivals
            .map(|arrived_s| {
                free_s = free_s.max(arrived_s) + each_s;
                free_s - arrived_s
            })
            .collect();
        waits.sort_by(f64::total_cmp);
        waits[((waits.len() as f64 * quantile) as usize).min(waits.len() - 1)]
    }

    #[test]
    fn a_rate_that_a_row_falls_behind_is_seen_to_fail_when_items_arrive_for_long_enough() {
        for (quantile, limit_ms) in [(0.5, 20), (0.99, 50), (0.99, 1_000), (1.0, 300)] {
            let for_s = least_for_ms(quantile, limit_ms * 1_000_000) as f64 / 1e3;
            let waits = |for_s| waits_s(quantile, 1e-4, 1e4 * CLOSE, for_s);
            let limit_s = limit_ms as f64 / 1e3;
            assert!(waits(for_s * 1.01) > limit_s, "{quantile} {limit_ms}: {for_s}");
            assert!(waits(for_s * 0.9) < limit_s, "{quantile} {limit_ms}: {for_s}");
        }
    }

    #[test]
    fn a_row_that_fails_at_the_lowest_rate_is_tried_once() {
        let (trail, step) = search(9.0);
        assert_eq!((trail.len(), step), (1, Step::NotEven(10.0)));
    }

    #[test]
    fn a_row_that_holds_the_highest_rate_is_tried_twice_and_said_to_hold_at_least_that() {
        let (trail, step) = search(1e9);
        assert_eq!((trail.len(), step), (2, Step::AtLeast(10_000.0)));
    }

    #[test]
    fn bounds_that_are_close_already_need_no_middle() {
        let close = RateSearch { lowest_per_s: 100.0, highest_per_s: 104.0, ..SEARCH };
        assert_eq!(most_probes(&close), 2);
    }
}
