//! How far a row is from what a perfect executor would need on the same inputs.

use std::num::NonZeroUsize;

use paceline_protocol::{Case, Measured};

use crate::schedule::{list_makespan_ns, lower_bound_ns};

/// A measured time, taken apart. All parts are in seconds, means over the counted rounds, and sum to
/// the row's mean time: what they do not explain is `dispatch_s`, which is what is left of the run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Breakdown {
    /// max(longest task, total / width): no schedule can be shorter.
    pub lower_bound_s: f64,
    /// What list scheduling (tasks in order, each to the first free lane) needs beyond that bound: the
    /// price of not knowing how long tasks take.
    pub imbalance_s: f64,
    /// Bringing the lanes up.
    pub startup_s: f64,
    /// The rest of the run: handing out tasks, timers that ring late, cores that are shared. Negative
    /// where a run was shorter than its makespan, as it can be for work whose times are only estimated.
    pub dispatch_s: f64,
    /// Ending the lanes.
    pub shutdown_s: f64,
    /// The row's time as a multiple of the list scheduling makespan, averaged over the rounds.
    pub vs_ideal: f64,
}

impl Breakdown {
    /// What list scheduling needs, in seconds.
    #[must_use]
    pub fn makespan_s(&self) -> f64 {
        self.lower_bound_s + self.imbalance_s
    }

    /// The mean over rounds; `None` without any.
    pub(crate) fn mean(rounds: &[Self]) -> Option<Self> {
        let count = rounds.len() as f64;
        let mean = |part: fn(&Self) -> f64| rounds.iter().map(part).sum::<f64>() / count;
        (!rounds.is_empty()).then(|| Self {
            lower_bound_s: mean(|round| round.lower_bound_s),
            imbalance_s: mean(|round| round.imbalance_s),
            startup_s: mean(|round| round.startup_s),
            dispatch_s: mean(|round| round.dispatch_s),
            shutdown_s: mean(|round| round.shutdown_s),
            vs_ideal: mean(|round| round.vs_ideal),
        })
    }

    /// Takes one sample apart.
    ///
    /// Where the workload planned its items, as `api` does, their times are exact, and a lane is a
    /// lane. Otherwise they are those of the `sequential` sample of the same round, which must be of items
    /// that [compute](computes), scaled to its CPU time where that is less, and there are no more lanes than
    /// cores, since computing needs one each. `None` when neither is known, or when a time is zero.
    pub(crate) fn of(
        case: &Case,
        measured: &Measured,
        sequential: Option<&Measured>,
        usable_cores: usize,
    ) -> Option<Self> {
        if measured.open_loop.is_some() {
            // Its time is that of the schedule, whatever the executor does.
            return None;
        }
        let (items_ns, lanes) = match &measured.planned_ns {
            Some(planned_ns) => (planned_ns.clone(), measured.asked),
            None => (cpu_times_ns(sequential?)?, measured.asked.min(usable_cores)),
        };
        let lanes = NonZeroUsize::new(lanes)?;
        let tasks_ns: Vec<u64> = items_ns.chunks(case.batch.get()).map(sum).collect();
        let bound_ns = lower_bound_ns(&tasks_ns, lanes);
        let makespan_ns = list_makespan_ns(&tasks_ns, lanes);
        let seconds = |ns: u64| ns as f64 / 1e9;
        // Of nothing there are no parts, and no multiple of nothing.
        (makespan_ns > 0 && measured.total_ns() > 0).then(|| Self {
            lower_bound_s: seconds(bound_ns),
            imbalance_s: seconds(makespan_ns) - seconds(bound_ns),
            startup_s: seconds(measured.startup_ns),
            dispatch_s: seconds(measured.run_ns) - seconds(makespan_ns),
            shutdown_s: seconds(measured.shutdown_ns),
            vs_ideal: seconds(measured.total_ns()) / seconds(makespan_ns),
        })
    }
}

/// The share of their time that items compute from which their work is called computing. The rest is left for
/// what the machine did meanwhile.
pub const COMPUTING: f64 = 0.75;

/// Whether items compute, so that their CPU time tells how long they have to take: as the matrix says by its
/// group, and where it says nothing, judged by `sequential`, samples of the same work in sequence. How long
/// items have to wait that were not planned, nobody knows.
pub(crate) fn computes<'a>(
    group: Option<&str>,
    sequential: impl Iterator<Item = &'a Measured> + Clone,
) -> bool {
    match group {
        Some("cpu") => true,
        Some("io") => false,
        _ => {
            let cpu_ns = |sample: &Measured| {
                sum(&[sample.user_ns, sample.system_ns].map(Option::unwrap_or_default))
            };
            let cpu_ns: u64 = sequential.clone().map(cpu_ns).sum();
            let spent_ns: u64 = sequential.map(|sample| sum(&sample.items.duration_ns)).sum();
            cpu_ns as f64 >= COMPUTING * spent_ns as f64
        }
    }
}

fn sum(items_ns: &[u64]) -> u64 {
    items_ns.iter().fold(0, |sum: u64, item| sum.saturating_add(*item))
}

/// The time of each item of a run in sequence, in order of the items, scaled so that together they are
/// the CPU time of that run: what the work costs, without what the machine did meanwhile.
///
/// No item is made longer than it was. The CPU time is that of the whole sample, and of short items most of
/// it is the worker's own: it would make of them a bound that rows are below. One lane, in turn, cannot use
/// more CPU time than it takes; programs that compute on several cores were as quick as their time says.
fn cpu_times_ns(sequential: &Measured) -> Option<Vec<u64>> {
    let records = &sequential.items;
    let cpu_ns = sequential.user_ns?.checked_add(sequential.system_ns?)?;
    let spent_ns: u128 = records.duration_ns.iter().map(|ns| u128::from(*ns)).sum();
    if records.left_out > 0 || spent_ns == 0 {
        return None;
    }
    let mut by_item: Vec<(u32, u64)> =
        records.item.iter().copied().zip(records.duration_ns.iter().copied()).collect();
    by_item.sort_unstable();
    let scale = (cpu_ns as f64 / spent_ns as f64).min(1.0);
    Some(by_item.into_iter().map(|(_, ns)| (ns as f64 * scale) as u64).collect())
}
