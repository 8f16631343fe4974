//! What was seen of a row besides its times: disturbances and concurrency.

use paceline_journal::Sample;
use paceline_protocol::{HostFacts, Measured};

use super::takes::{Take, measured};
use crate::noise::{Disturbance, disturbances, is_too_short};

/// What disturbed a row's samples.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NoiseSeen {
    /// Samples that something disturbed.
    pub disturbed: usize,
    /// Samples that were taken again for it.
    pub retaken: usize,
    /// Counted rounds for which there is only a disturbed sample: it is in the statistics.
    pub kept: usize,
    /// Samples that are too short to tell whether something disturbed them.
    pub too_short: usize,
    /// The largest disturbances, one of each kind at most.
    pub causes: Vec<Disturbance>,
}

impl NoiseSeen {
    /// What disturbed `samples`, which are all of one row, and those of them that `stand`.
    pub(super) fn of(samples: &[&Sample], stand: &[Take<'_>], host: &HostFacts) -> Self {
        let mut seen = Self::default();
        for sample in samples {
            let found = disturbances(sample, host);
            seen.disturbed += usize::from(!found.is_empty());
            seen.retaken += usize::from(sample.take > 1);
            seen.too_short += usize::from(is_too_short(sample, host));
            for cause in found {
                match seen.causes.iter_mut().find(|known| known.is_like(&cause)) {
                    Some(known) if known.share() < cause.share() => *known = cause,
                    Some(_) => {}
                    None => seen.causes.push(cause),
                }
            }
        }
        let is_disturbed = |take: &&Take<'_>| !disturbances(take.sample, host).is_empty();
        seen.kept = stand.iter().filter(is_disturbed).count();
        seen
    }
}

/// The concurrency of a row: what was asked, started and seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LanesSeen {
    /// The width asked for.
    pub asked: usize,
    /// The most lanes started in any round.
    pub started: usize,
    /// The highest peak of items in flight in any round.
    pub seen: usize,
    /// The mean of items in flight, averaged over the rounds.
    pub mean: f64,
    /// The highest peak of requests in flight that the server saw in any round, where the items talk to
    /// one that counts.
    pub server_peak: Option<u64>,
}

impl LanesSeen {
    /// The concurrency of `samples`, which are all of one row.
    pub(super) fn of(samples: &[&Sample]) -> Option<Self> {
        let measured: Vec<&Measured> =
            samples.iter().filter_map(|sample| measured(sample)).collect();
        let mean = measured.iter().map(|m| m.seen.mean).sum::<f64>() / measured.len() as f64;
        Some(Self {
            asked: measured.first()?.asked,
            started: measured.iter().map(|m| m.started).max()?,
            seen: measured.iter().map(|m| m.seen.peak).max()?,
            mean,
            server_peak: samples.iter().filter_map(|s| Some(s.server?.peak)).max(),
        })
    }
}
