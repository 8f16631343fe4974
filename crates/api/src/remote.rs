//! The API itself: what it stores and how long it takes to answer.

use std::time::Duration;

use rand_distr::{Distribution, Triangular, TriangularError};
use rand_pcg::rand_core::Rng as _;

use crate::record::{Record, is_updated};
use crate::stream::{Stream, stream};

/// A remote API that stands in memory.
///
/// It keeps no state: what it stores of a record follows from the seed, and what a PUT stores is handed
/// back to the caller. So an item may be run in any process, and run again after its lane was lost, and
/// still ends with the same record.
#[derive(Debug)]
pub struct Remote {
    seed: u64,
    /// None when it answers at once.
    latency_ns: Option<Triangular<f64>>,
}

/// What can be asked of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// Fetch a record.
    Get,
    /// Store a record.
    Put,
}

impl Remote {
    /// An API whose answers take up to `max_wait`, half of that most often.
    ///
    /// # Errors
    ///
    /// When no latencies can be drawn from so long a wait.
    pub fn new(seed: u64, max_wait: Duration) -> Result<Self, RemoteError> {
        if max_wait.is_zero() {
            return Ok(Self::without_waits(seed));
        }
        // Exact: the longest wait that a spec can ask for is 4.3e12 ns, well below 2^53.
        let max_ns = max_wait.as_nanos() as f64;
        let latency_ns = Triangular::new(0.0, max_ns, max_ns / 2.0)
            .map_err(|source| RemoteError { max_wait, source })?;
        Ok(Self { seed, latency_ns: Some(latency_ns) })
    }

    /// An API that answers at once.
    #[must_use]
    pub fn without_waits(seed: u64) -> Self {
        Self { seed, latency_ns: None }
    }

    /// How long the answer to `operation` on record `id` takes, rounded down to whole nanoseconds.
    ///
    /// It depends on the seed, the record and the operation, and on nothing else: neither on how many
    /// records there are nor on what was asked before. Hence every executor of a round meets the same
    /// latencies, and adding records leaves those of the others alone.
    #[must_use]
    pub fn latency(&self, id: u64, operation: Operation) -> Duration {
        let of = match operation {
            Operation::Get => Stream::GetLatency,
            Operation::Put => Stream::PutLatency,
        };
        let Some(distribution) = &self.latency_ns else { return Duration::ZERO };
        let latency_ns = distribution.sample(&mut stream(self.seed, id, of));
        // The distribution starts at zero, so that cutting off the fraction rounds down.
        Duration::from_nanos(latency_ns as u64)
    }

    /// How long a client waits for record `id` in all: for the GET, and for the PUT if there is one.
    #[must_use]
    pub fn planned(&self, id: u64) -> Duration {
        let put = is_updated(id).then(|| self.latency(id, Operation::Put));
        self.latency(id, Operation::Get) + put.unwrap_or_default()
    }

    /// A number between 0 and 2^64 by which the ids of records are put in an order that has nothing to
    /// do with their latencies: whoever wants so many of them at random takes those with the lowest.
    #[must_use]
    pub fn lot(&self, id: u64) -> u64 {
        stream(self.seed, id, Stream::Lot).next_u64()
    }

    /// Record `id` as the API first holds it.
    #[must_use]
    pub fn get(&self, id: u64) -> Record {
        Record::made_up(self.seed, id)
    }

    /// Stores `record` and returns it as stored: one revision on. Only a PUT raises the revision, so
    /// the record itself tells whether it was made.
    #[must_use]
    pub fn put(&self, record: Record) -> Record {
        Record { revision: record.revision + 1, ..record }
    }

    /// The seed of all records and latencies.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.seed
    }
}

/// A longest wait that no latencies can be drawn from.
#[derive(Debug, thiserror::Error)]
#[error("draw latencies of up to {max_wait:?}: {source}")]
pub struct RemoteError {
    max_wait: Duration,
    source: TriangularError,
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAX: Duration = Duration::from_millis(660);

    fn latencies_s(seed: u64, records: u64) -> Vec<f64> {
        let remote = Remote::new(seed, MAX).unwrap();
        (1..=records).map(|id| remote.latency(id, Operation::Get).as_secs_f64()).collect()
    }

    #[test]
    fn latencies_have_the_mean_and_the_spread_of_the_triangle() {
        let latencies = latencies_s(7, 100_000);
        let max = MAX.as_secs_f64();
        let count = latencies.len() as f64;
        let mean = latencies.iter().sum::<f64>() / count;
        let variance = latencies.iter().map(|wait| (wait - mean).powi(2)).sum::<f64>() / count;
        // Mean max / 2 and variance max^2 / 24; a uniform distribution would have max^2 / 12.
        assert!((mean / (max / 2.0) - 1.0).abs() < 0.005, "mean {mean}");
        assert!((variance / (max * max / 24.0) - 1.0).abs() < 0.02, "variance {variance}");
        assert!(latencies.iter().all(|wait| (0.0..=max).contains(wait)));
        // An eighth of the triangle lies below a quarter of its base.
        let low = latencies.iter().filter(|wait| **wait < max / 4.0).count() as f64 / count;
        assert!((low - 0.125).abs() < 0.005, "{low} below a quarter");
    }

    #[test]
    fn neighbouring_records_and_seeds_are_not_related() {
        let (one, other) = (latencies_s(1, 10_000), latencies_s(2, 10_000));
        let spread = MAX.as_secs_f64().powi(2) / 24.0;
        let correlation = |pairs: &mut dyn Iterator<Item = (&f64, &f64)>| {
            let half = MAX.as_secs_f64() / 2.0;
            pairs.map(|(a, b)| (a - half) * (b - half)).sum::<f64>() / 10_000.0 / spread
        };
        // Four standard errors of a correlation that is really zero.
        assert!(correlation(&mut one.iter().zip(&one[1..])).abs() < 0.04);
        assert!(correlation(&mut one.iter().zip(&other)).abs() < 0.04);
    }

    /// Runs of different versions are compared only while they meet the same latencies.
    #[test]
    fn latencies_are_the_same_on_every_machine_and_in_every_version() {
        let remote = Remote::new(42, MAX).unwrap();
        let ns = |id, operation| remote.latency(id, operation).as_nanos();
        assert_eq!(
            [ns(1, Operation::Get), ns(1, Operation::Put), ns(50, Operation::Get)],
            [213_271_574, 472_408_324, 288_158_201]
        );
    }

    #[test]
    fn the_planned_time_is_the_sum_of_the_waits() {
        let remote = Remote::new(2, MAX).unwrap();
        let get = |id| remote.latency(id, Operation::Get);
        assert_eq!(remote.planned(1), get(1) + remote.latency(1, Operation::Put));
        assert_eq!(remote.planned(2), get(2));
    }

    #[test]
    fn without_a_longest_wait_nothing_waits() {
        let remote = Remote::new(9, Duration::ZERO).unwrap();
        assert!((1..100).all(|id| remote.latency(id, Operation::Put).is_zero()));
    }
}
