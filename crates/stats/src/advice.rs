//! Which row to use: what a run says about the rows of each workload, and what it cannot say.
//!
//! The rows of a workload are held against the one with the smallest mean, round by round, and the
//! p-values corrected after Holm over all of them. A row is *tied* for fastest unless its verdict is
//! [`Verdict::Slower`](crate::Verdict::Slower): either it is equivalent within 3 %, or the rounds do not tell it apart.
//!
//! The p-value of n rounds is at least `2^(1-n)`, and Holm multiplies the smallest by the number of
//! comparisons. So two rows need 6 rounds before one *can* be slower, and 16 rows need 10
//! ([`least_rounds`]). With fewer, every row would count as tied, however slow; then nothing is called
//! tied and nothing advised, and what is left is a ranking by estimates.
//!
//! The reference is chosen by the same data that then judge the others, which Holm does not correct
//! for. `tests/advice.rs` simulates what that does to equally fast rows: a given one is left out of the
//! tied in 1 to 3 % of runs; any of them in 4 % of runs for 2 rows at 6 rounds, 7 % for 4 at 8, and
//! 11 % for 16 at 10. So the truly fastest row is hardly ever lost.

mod candidate;
mod shortlist;

use paceline_core::WorkloadSpec;

pub use self::candidate::{Candidate, Exclusion, LeftOut, Limits, SAME_MEMORY, SAME_READING};
use self::shortlist::Shortlist;
use crate::Level;
use crate::signed_rank::least_differences;
use crate::summary::{RowSummary, Summary, by_workload};

/// How far above the best mean a row may lie to be chosen for its width, as a fraction.
pub const NEAR_FOR_WIDTH: f64 = 0.05;

/// How far above the best mean a row may lie to be chosen for its memory, as a fraction.
pub const NEAR_FOR_MEMORY: f64 = 0.10;

/// What a run says about the choice of rows.
#[derive(Debug, Clone)]
pub struct Advice {
    /// The run.
    pub run_id: String,
    /// What a row must keep to.
    pub limits: Limits,
    /// One entry for each workload with its parameters, in the plan's order.
    pub workloads: Vec<WorkloadAdvice>,
}

impl Advice {
    pub(crate) fn of(run_id: &str, summary: &Summary, limits: Limits) -> Self {
        Self { run_id: run_id.to_owned(), limits, workloads: advise(&summary.rows, limits) }
    }
}

/// What a run says about the rows of one workload.
#[derive(Debug, Clone)]
pub struct WorkloadAdvice {
    /// The workload.
    pub spec: WorkloadSpec,
    /// The rows to choose from, those with the smallest mean first.
    pub candidates: Vec<Candidate>,
    /// The rows that cannot be chosen.
    pub left_out: Vec<LeftOut>,
    /// The counted rounds that all candidates ran: all numbers here are over these.
    pub rounds: usize,
    /// The rounds with which candidates can be told apart at 95 %: [`least_rounds`].
    pub needed_rounds: usize,
    /// The rounds with which the candidates of every workload of the run can be told apart: the largest
    /// `needed_rounds` of them. It is the one number that texts for people name, since a run has as many
    /// rounds for one workload as for another.
    pub enough_rounds: usize,
    /// The shortest that any candidate could have been on these inputs, in seconds: the least of their
    /// lower bounds. `None` where none is known, or where candidates ran different rounds.
    pub bound_s: Option<f64>,
}

/// The fewest rounds with which so many comparisons can all be significant at `level` after Holm's
/// correction: 6 for one comparison at 95 %, 10 for fifteen. Without comparisons there is nothing to
/// tell, and one round is enough.
#[must_use]
pub fn least_rounds(comparisons: usize, level: Level) -> usize {
    let corrected = Level::new(1.0 - level.alpha() / comparisons as f64);
    // No comparison has no such level.
    corrected.map_or(1, least_differences)
}

/// Advises on every workload that rows run.
#[must_use]
pub fn advise(rows: &[RowSummary], limits: Limits) -> Vec<WorkloadAdvice> {
    let workloads = by_workload(rows);
    let advised = workloads.iter().map(|(spec, rows)| WorkloadAdvice::of(spec, rows, limits));
    let mut advised: Vec<WorkloadAdvice> = advised.collect();
    let enough_rounds = advised.iter().map(|workload| workload.needed_rounds).max().unwrap_or(1);
    for workload in &mut advised {
        workload.enough_rounds = enough_rounds;
    }
    advised
}

impl WorkloadAdvice {
    /// Whether the rounds are enough to tell candidates apart.
    #[must_use]
    pub fn can_tell(&self) -> bool {
        !self.candidates.is_empty() && self.rounds >= self.needed_rounds
    }

    /// The candidate with the smallest mean.
    #[must_use]
    pub fn fastest(&self) -> Option<&Candidate> {
        self.candidates.first()
    }

    /// The candidates that are not slower than the fastest, which is one of them. Empty if the rounds
    /// cannot tell.
    pub fn tied(&self) -> impl Iterator<Item = &Candidate> {
        self.candidates.iter().filter(|candidate| self.can_tell() && candidate.is_tied())
    }

    /// The smallest width whose mean is within [`NEAR_FOR_WIDTH`] of the best; of one width, the
    /// fastest.
    #[must_use]
    pub fn smallest_width(&self) -> Option<&Candidate> {
        // The first of equal ones is returned, and candidates are in order of time.
        self.near(NEAR_FOR_WIDTH).min_by_key(|candidate| candidate.width)
    }

    /// The least memory whose mean is within [`NEAR_FOR_MEMORY`] of the best; of the same memory, the
    /// fastest. `None` where no memory is known.
    #[must_use]
    pub fn least_memory(&self) -> Option<&Candidate> {
        let known = self.near(NEAR_FOR_MEMORY).filter(|candidate| candidate.memory_bytes.is_some());
        known.min_by_key(|candidate| candidate.memory_bytes)
    }

    /// The candidates than which no other is at most as slow and at most as large, and better in one of
    /// both; those with the smallest mean first. Candidates of unknown memory are not among them.
    #[must_use]
    pub fn pareto(&self) -> Vec<&Candidate> {
        let mut pareto = Vec::new();
        let mut least = u64::MAX;
        // Candidates are in order of time, so a row that beats one comes before it or is as fast.
        for as_fast in self.candidates.chunk_by(|a, b| a.mean_s == b.mean_s) {
            let bytes = as_fast.iter().filter_map(|candidate| candidate.memory_bytes).min();
            if let Some(smallest) = bytes.filter(|bytes| *bytes < least) {
                let is_small = |candidate: &&Candidate| candidate.memory_bytes == Some(smallest);
                pareto.extend(as_fast.iter().filter(is_small));
                least = smallest;
            }
        }
        pareto
    }

    /// The row to use: of the tied within [`NEAR_FOR_MEMORY`] of the best mean, the one that takes the
    /// least memory; of all that are not [told from it](Candidate::takes_as_much_as), the one of the
    /// smallest width; of several again, the fastest. `None` if the rounds cannot tell.
    #[must_use]
    pub fn pick(&self) -> Option<&Candidate> {
        lean(self.tied().filter(|candidate| self.is_near(candidate, NEAR_FOR_MEMORY)))
    }

    /// The row that [`pick`](Self::pick) would name if the means were exact: an estimate, for rounds that
    /// cannot tell.
    #[must_use]
    pub fn probable_pick(&self) -> Option<&Candidate> {
        lean(self.near(NEAR_FOR_MEMORY))
    }

    /// The candidate's mean as a multiple of the best.
    #[must_use]
    pub fn times_best(&self, candidate: &Candidate) -> f64 {
        self.fastest().map_or(1.0, |fastest| candidate.mean_s / fastest.mean_s)
    }

    fn is_near(&self, candidate: &Candidate, tolerance: f64) -> bool {
        self.times_best(candidate) <= 1.0 + tolerance
    }

    fn near(&self, tolerance: f64) -> impl Iterator<Item = &Candidate> {
        self.candidates.iter().filter(move |candidate| self.is_near(candidate, tolerance))
    }

    fn of(spec: &WorkloadSpec, rows: &[&RowSummary], limits: Limits) -> Self {
        let Shortlist { candidates, left_out, rounds, bound_s } = Shortlist::of(rows, limits);
        let needed_rounds = least_rounds(candidates.len().saturating_sub(1), Level::NINETY_FIVE);
        Self {
            spec: spec.clone(),
            candidates,
            left_out,
            rounds,
            needed_rounds,
            enough_rounds: needed_rounds,
            bound_s,
        }
    }
}

/// The one of the smallest width, then the fastest, of those that are not told from the one of the least
/// memory; all of unknown memory count as equal.
fn lean<'a>(candidates: impl Iterator<Item = &'a Candidate>) -> Option<&'a Candidate> {
    let candidates: Vec<&Candidate> = candidates.collect();
    let known = candidates.iter().filter(|candidate| candidate.memory_bytes.is_some());
    let least = known.min_by_key(|candidate| candidate.memory_bytes).copied();
    let is_small =
        |candidate: &&Candidate| least.is_none_or(|least| candidate.takes_as_much_as(least));
    // The first of equal ones is returned, and candidates are in order of time.
    candidates.into_iter().filter(is_small).min_by_key(|candidate| candidate.width)
}
