//! Concurrency truth: items of equal length, whose overlap follows from the width.
//!
//! Six items at width 4 are four at once and then two: a peak of 4 and a mean of 3. A strategy that is
//! asynchronous in name only has a peak and a mean of 1, whatever its width.

use anyhow::Result;
use paceline_core::{Concurrency, WorkloadSpec};

use super::lab::{Lab, measured, row, samples};
use super::{Extent, Finding};

/// How long every item is, in microseconds: so long that the time between two items of a lane, and a
/// late wake-up, are within the tolerance.
const ITEM_US: u32 = 200_000;

/// How far the mean may lie from the known one, as a share of it.
const TOLERANCE: f64 = 0.05;

/// A row whose concurrency is known.
#[derive(Debug, Clone, Copy)]
struct Known {
    items: u8,
    width: u8,
    executor: &'static str,
    peak: usize,
    mean: f64,
}

/// One row of every family, and one that must not be believed by its width.
const KNOWN: [Known; 6] = [
    Known { items: 3, width: 1, executor: "seq", peak: 1, mean: 1.0 },
    Known { items: 3, width: 4, executor: "async-false-tokio", peak: 1, mean: 1.0 },
    Known { items: 8, width: 4, executor: "async-tokio", peak: 4, mean: 4.0 },
    Known { items: 8, width: 4, executor: "threads-threadpool", peak: 4, mean: 4.0 },
    Known { items: 6, width: 4, executor: "threads-threadpool", peak: 4, mean: 3.0 },
    Known { items: 8, width: 4, executor: "procs-ipc", peak: 4, mean: 4.0 },
];

impl Known {
    fn name(&self) -> String {
        let Self { items, width, executor, .. } = self;
        format!("{items} equal items at width {width}, {executor}")
    }
}

pub(super) fn run(lab: &Lab<'_>, extent: Extent) -> Result<Vec<Finding>> {
    let rounds = match extent {
        Extent::Full => 3,
        Extent::Quick => 1,
    };
    let rows = KNOWN.map(|known| {
        let spec = WorkloadSpec::new("overlap").with("items", known.items);
        row(known.name(), spec.with("sleep_us", ITEM_US), known.executor, known.width)
    });
    let journal = lab.run(rows.into(), rounds, None)?;
    let seen = |known: &Known| -> Vec<Concurrency> {
        let name = known.name();
        let counted = samples(&journal, &name).filter(|sample| !sample.is_warmup());
        counted.filter_map(measured).map(|(measured, _)| measured.seen).collect()
    };
    Ok(KNOWN.iter().map(|known| judge(known, &seen(known))).collect())
}

/// Every round must show the known peak, and a mean near the known one.
fn judge(known: &Known, rounds: &[Concurrency]) -> Finding {
    let off = |seen: &Concurrency| (seen.mean / known.mean - 1.0).abs();
    let wrong_peak = rounds.iter().find(|seen| seen.peak != known.peak);
    let worst_mean = rounds.iter().max_by(|a, b| off(a).total_cmp(&off(b)));
    let seen = wrong_peak.or(worst_mean);
    Finding {
        tested: known.name(),
        limit: format!("peak {}, mean {:.2} +- {:.0} %", known.peak, known.mean, TOLERANCE * 100.0),
        seen: seen.map_or("nothing".to_owned(), |s| format!("peak {}, mean {:.2}", s.peak, s.mean)),
        holds: wrong_peak.is_none() && worst_mean.is_some_and(|seen| off(seen) <= TOLERANCE),
        why: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIX: Known = Known { items: 6, width: 4, executor: "e", peak: 4, mean: 3.0 };

    fn holds(rounds: &[(usize, f64)]) -> bool {
        let rounds: Vec<Concurrency> =
            rounds.iter().map(|&(peak, mean)| Concurrency { peak, mean }).collect();
        judge(&SIX, &rounds).holds
    }

    #[test]
    fn the_known_overlap_holds() {
        assert!(holds(&[(4, 2.99), (4, 3.01)]));
    }

    #[test]
    fn one_round_with_another_peak_does_not_hold_and_is_the_one_shown() {
        for peak in [3, 5] {
            assert!(!holds(&[(4, 3.0), (peak, 3.0)]));
        }
        let rounds = [(4, 2.9), (3, 3.0)].map(|(peak, mean)| Concurrency { peak, mean });
        assert_eq!(judge(&SIX, &rounds).seen, "peak 3, mean 3.00");
    }

    #[test]
    fn a_mean_beyond_the_tolerance_does_not_hold_on_either_side() {
        assert!(!holds(&[(4, 3.0), (4, 2.8)]));
        assert!(!holds(&[(4, 3.2), (4, 3.0)]));
    }

    #[test]
    fn without_a_round_nothing_holds() {
        assert!(!holds(&[]));
    }

    #[test]
    fn the_known_means_follow_from_items_and_width() {
        for known in KNOWN {
            let at_once = if known.peak == 1 { 1 } else { known.width };
            let waves = known.items.div_ceil(at_once);
            assert_eq!(known.mean, f64::from(known.items) / f64::from(waves), "{known:?}");
        }
    }
}
