//! From the rows of a workload to those that can be chosen, in order, each held against the first.

use std::collections::HashSet;

use paceline_protocol::MemoryKind;

use super::candidate::{Candidate, Exclusion, LeftOut, Limits};
use crate::bootstrap::Interval;
use crate::compare::{Judged, family};
use crate::range::SMALLEST_POSITIVE;
use crate::signed_rank::least_differences;
use crate::summary::{RowMemory, RowState, RowSummary};
use crate::{Comparison, Level, Margin, Series};

/// The rows of one workload, sorted into those that can be chosen and the others.
pub(super) struct Shortlist {
    /// Those with the smallest mean first.
    pub(super) candidates: Vec<Candidate>,
    /// The others.
    pub(super) left_out: Vec<LeftOut>,
    /// How many rounds all candidates ran.
    pub(super) rounds: usize,
    /// The least of the candidates' lower bounds, in seconds.
    pub(super) bound_s: Option<f64>,
}

impl Shortlist {
    pub(super) fn of(rows: &[&RowSummary], limits: Limits) -> Self {
        let (mut usable, mut left_out) = (Vec::new(), Vec::new());
        let kind = memory_kind(rows);
        for row in rows {
            let name = row.row.name.clone();
            match usable_row(row, kind, limits) {
                Ok(row) => usable.push(row),
                Err(reason) => left_out.push(LeftOut { name, reason }),
            }
        }
        let shared = shared_rounds(&usable);
        if shared.is_empty() {
            let names = usable.drain(..).map(|usable| usable.row.row.name.clone());
            let reason = Exclusion::NoSharedRound;
            left_out.extend(names.map(|name| LeftOut { name, reason: reason.clone() }));
        }
        Self {
            candidates: candidates(&usable, &shared),
            left_out,
            rounds: shared.len(),
            bound_s: bound_s(&usable, &shared),
        }
    }
}

/// A row with times, within the limits.
struct Usable<'a> {
    row: &'a RowSummary,
    seconds: &'a Series,
    width: usize,
    memory: Option<&'a RowMemory>,
}

/// PSS if any row has it. Readings of the other kind cannot be held against it.
fn memory_kind(rows: &[&RowSummary]) -> MemoryKind {
    let mut known = rows.iter().filter_map(|row| row.memory.as_ref());
    let is_pss = known.any(|memory| memory.kind == MemoryKind::Pss);
    if is_pss { MemoryKind::Pss } else { MemoryKind::Rss }
}

fn usable_row(row: &RowSummary, kind: MemoryKind, limits: Limits) -> Result<Usable<'_>, Exclusion> {
    if let Some(revision) = &row.row.revision {
        return Err(Exclusion::OtherRevision(revision.clone()));
    }
    if row.state != RowState::Valid {
        return Err(Exclusion::NotValid(row.state.clone()));
    }
    if row.arrivals.is_some() {
        return Err(Exclusion::OnSchedule);
    }
    let (Some(seconds), Some(lanes)) = (&row.seconds, row.lanes) else {
        return Err(Exclusion::NoSharedRound);
    };
    if seconds.min() < SMALLEST_POSITIVE {
        return Err(Exclusion::NoTime);
    }
    let width = lanes.asked;
    if limits.max_width.is_some_and(|most| width > most.get()) {
        return Err(Exclusion::TooWide(width));
    }
    let memory = row.memory.as_ref().filter(|memory| memory.kind == kind);
    match (limits.max_memory_bytes, memory.map(|memory| memory.peak_bytes)) {
        (Some(most), Some(bytes)) if bytes > most => Err(Exclusion::TooMuchMemory(bytes)),
        (Some(_), None) => Err(Exclusion::MemoryUnknown),
        _ => Ok(Usable { row, seconds, width, memory }),
    }
}

/// The rounds, each with its seed, that every row ran.
fn shared_rounds(usable: &[Usable<'_>]) -> Vec<(u32, u64)> {
    let Some((first, others)) = usable.split_first() else { return Vec::new() };
    let mut shared = first.row.rounds.clone();
    for other in others.iter().filter(|other| other.row.rounds != first.row.rounds) {
        let known: HashSet<&(u32, u64)> = other.row.rounds.iter().collect();
        shared.retain(|round| known.contains(round));
    }
    shared
}

fn bound_s(usable: &[Usable<'_>], shared: &[(u32, u64)]) -> Option<f64> {
    // A row's bound is a mean over its own rounds, and other rounds have other inputs.
    if usable.iter().any(|row| row.row.rounds != shared) {
        return None;
    }
    let bounds = usable.iter().filter_map(|row| Some(row.row.breakdown?.lower_bound_s));
    bounds.min_by(f64::total_cmp)
}

/// The rows in order of their mean over the shared rounds, each held against the first.
fn candidates(usable: &[Usable<'_>], shared: &[(u32, u64)]) -> Vec<Candidate> {
    let shared: HashSet<&(u32, u64)> = shared.iter().collect();
    let times = |row: &Usable<'_>| {
        let of_rounds = row.row.rounds.iter().zip(row.seconds.values());
        let kept = of_rounds.filter(|(round, _)| shared.contains(round));
        Series::new(kept.map(|(_, seconds)| *seconds).collect::<Vec<_>>()).ok()
    };
    let mut rows: Vec<(&Usable<'_>, Series)> =
        usable.iter().filter_map(|row| Some((row, times(row)?))).collect();
    rows.sort_by(|(_, a), (_, b)| a.mean().total_cmp(&b.mean()));
    let judged = judge(&rows.iter().map(|(_, seconds)| seconds).collect::<Vec<_>>());
    let candidate = |((row, seconds), against_fastest): (&(&Usable<'_>, Series), _)| Candidate {
        name: row.row.row.name.clone(),
        mean_s: seconds.mean(),
        width: row.width,
        memory_bytes: row.memory.map(|memory| memory.peak_bytes),
        memory_interval: row.memory.and_then(reliable),
        against_fastest,
    };
    rows.iter().zip(judged).map(candidate).collect()
}

/// The interval of its mean, if there are as many readings as a test needs to tell anything at 95 %: of
/// fewer, a bootstrap says too little.
fn reliable(memory: &RowMemory) -> Option<Interval> {
    memory.interval.filter(|_| memory.peaks.len() >= least_differences(Level::NINETY_FIVE))
}

/// Holds every series against the first, which itself is held against nothing.
fn judge(seconds: &[&Series]) -> Vec<Option<Judged>> {
    let compare = |contender: &&Series| {
        // Times of no length were left out before, and all series are over the same rounds.
        Some((Comparison::paired(contender, seconds[0], Level::NINETY_FIVE).ok()?, true))
    };
    let others = family(seconds.iter().skip(1).map(compare).collect(), Margin::THREE_PERCENT);
    std::iter::once(None).chain(others).take(seconds.len()).collect()
}
