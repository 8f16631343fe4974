//! Open loop: what a rate and a time mean for a plan.

use std::time::Duration;

use anyhow::Result;
use paceline_core::{Schedule, WorkloadSpec};
use paceline_journal::{Conduct, Journal, RateSearch, Row};
use paceline_stats::search::{Search, Step, least_for_ms, most_probes};

use crate::usage::Usage;

/// The highest rate that is tried unless the user names one, in arrivals per second.
const HIGHEST_PER_S: f64 = 10_000.0;

/// The lowest rate that is tried is the highest divided by this, and at least [`LOWEST_PER_S`].
const RANGE: f64 = 1_000.0;

/// No lower rate is tried, in arrivals per second, unless the highest is lower still.
const LOWEST_PER_S: f64 = 1.0;

/// More arrivals than this want more memory for their receipts than a load test should.
const MOST_ARRIVALS: f64 = 5e6;

/// The shortest and the longest time for which a rate is tried, unless the user sets one.
const PROBE_FOR: (Duration, Duration) = (Duration::from_secs(3), Duration::from_secs(60));

/// The parameters that set a workload's number of items; the first that a workload has counts.
pub(crate) const SIZES: [&str; 3] = ["requests", "records", "items"];

/// A limit of latency: a share of the items, and the time that they may take at most.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LatencyLimit {
    /// The share, as a fraction: 0.99 for p99.
    pub quantile: f64,
    /// The time.
    pub limit: Duration,
}

/// The open loop that was asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Load {
    /// Arrivals per second; in a search, the highest rate that is tried.
    pub rate: Option<f64>,
    /// The limit that a search holds each row to.
    pub find_rate: Option<LatencyLimit>,
    /// How long items arrive.
    pub arrive_for: Option<Duration>,
}

/// Gives the rows as many items as arrive, and returns `conduct` with the schedule or search that was asked
/// for.
///
/// # Errors
///
/// When a time stands alone, there would be too many arrivals, or a row's workload has no number of
/// items.
pub(crate) fn arrange(load: &Load, rows: &mut [Row], mut conduct: Conduct) -> Result<Conduct> {
    let usage = |reason: String| -> Result<Conduct> { Err(Usage::new(reason).into()) };
    let (highest_per_s, default_for) = match (load.rate, load.find_rate) {
        (None, None) if load.arrive_for.is_some() => {
            return usage("plan arrivals: --for needs --rate or --find-rate".to_owned());
        }
        (None, None) => return Ok(conduct),
        (rate, Some(limit)) => (rate.unwrap_or(HIGHEST_PER_S), probe_for(&limit)),
        (Some(rate), None) => (rate, Duration::from_secs(10)),
    };
    let arrive_for = load.arrive_for.unwrap_or(default_for);
    let arrivals = highest_per_s * arrive_for.as_secs_f64();
    if arrivals > MOST_ARRIVALS {
        return usage(format!(
            "plan arrivals: {highest_per_s}/s for {arrive_for:?} are {arrivals:.0} of them; \
             {MOST_ARRIVALS} are the most"
        ));
    }
    for row in rows {
        let (name, spec) = (&row.name, &mut row.case.spec);
        if !set_items(spec, highest_per_s, arrive_for) {
            return usage(format!(
                "plan arrivals: row `{name}`: workload `{}` has no number of items that could be set",
                spec.workload
            ));
        }
    }
    match load.find_rate {
        None => conduct.schedule = Some(schedule(highest_per_s, arrive_for)),
        Some(limit) => {
            let search = RateSearch {
                quantile: limit.quantile,
                limit_ns: nanoseconds(limit.limit),
                lowest_per_s: (highest_per_s / RANGE).max(LOWEST_PER_S).min(highest_per_s),
                highest_per_s,
                for_ms: u64::try_from(arrive_for.as_millis()).unwrap_or(u64::MAX),
            };
            conduct.search = Some(search);
            conduct.stop.rounds = most_probes(&search);
        }
    }
    Ok(conduct)
}

/// What a row of a search tries next, with `spec` made as large as that wants; `None` when the row is
/// settled.
pub fn next_probe(
    search: &RateSearch,
    row: &Row,
    journal: &Journal,
    spec: &mut WorkloadSpec,
) -> Option<Schedule> {
    let Step::Try(rate_per_s) = Search::of_row(search, row, journal).step else { return None };
    let arrive_for = Duration::from_millis(search.for_ms);
    // This cannot fail: `arrange` has already set the number of items once.
    set_items(spec, rate_per_s, arrive_for);
    Some(schedule(rate_per_s, arrive_for))
}

/// Items that have not begun after twice the time of the arrivals never begin.
fn schedule(rate_per_s: f64, arrive_for: Duration) -> Schedule {
    Schedule { rate_per_s, patience_ns: nanoseconds(arrive_for) }
}

/// How long a rate is tried: long enough to see that a row falls behind it, which is long where the limit is.
fn probe_for(limit: &LatencyLimit) -> Duration {
    let least = least_for_ms(limit.quantile, nanoseconds(limit.limit));
    Duration::from_millis(least).clamp(PROBE_FOR.0, PROBE_FOR.1)
}

fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

/// Gives the workload as many items as arrive. `false` when it has no number of items.
fn set_items(spec: &mut WorkloadSpec, rate_per_s: f64, arrive_for: Duration) -> bool {
    let items = (rate_per_s * arrive_for.as_secs_f64()).round().max(1.0) as u32;
    let size = SIZES.iter().find_map(|name| {
        spec.params.get(*name).filter(|value| value.parse::<u32>().is_ok()).map(|_| *name)
    });
    size.inspect(|name| drop(spec.params.insert((*name).to_owned(), items.to_string()))).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_tried_for_longer_where_the_limit_is_long() {
        let limit = |ms| LatencyLimit { quantile: 0.99, limit: Duration::from_millis(ms) };
        let seconds = |ms| probe_for(&limit(ms)).as_secs_f64();
        assert_eq!((seconds(50), seconds(1_000), seconds(60_000)), (3.0, 21.213, 60.0));
    }

    #[test]
    fn a_workload_gets_as_many_items_as_arrive_and_at_least_one() {
        let mut spec = WorkloadSpec::new("api").with("records", 50).with("max_wait_us", 5);
        assert!(set_items(&mut spec, 500.0, Duration::from_secs(10)));
        assert_eq!(spec.params["records"], "5000");
        assert_eq!(spec.params["max_wait_us"], "5");
        assert!(set_items(&mut spec, 0.1, Duration::from_secs(1)));
        assert_eq!(spec.params["records"], "1");
    }

    #[test]
    fn a_workload_with_a_list_of_items_cannot_be_sized() {
        let mut spec = WorkloadSpec::new("command").with("items", "a,b");
        assert!(!set_items(&mut spec, 1.0, Duration::from_secs(1)));
        assert_eq!(spec.params["items"], "a,b");
    }
}
