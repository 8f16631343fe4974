//! What came of the arrivals of a case in open loop.

use anyhow::bail;
use paceline_core::{Job, Outcome, Receipt, Schedule, Violation};
use paceline_protocol::{Measured, OpenLoop};

/// Adds to `measured` what came of the arrivals, and calls items by their name that were left because
/// the pool could not keep up.
///
/// # Errors
///
/// When an item ran that had not arrived: its executor knows no open loop.
pub(crate) fn judge(
    mut measured: Measured,
    job: &Job,
    schedule: Schedule,
) -> anyhow::Result<Measured> {
    let receipts = job.receipts();
    let ran: Vec<&Receipt> = receipts.iter().filter(|receipt| has_run(&receipt.outcome)).collect();
    let too_early = |receipt: &&&Receipt| {
        job.arrived_ns(receipt.item).is_none_or(|arrived_ns| receipt.span.start_ns < arrived_ns)
    };
    if let Some(early) = ran.iter().find(too_early) {
        bail!("keep to the schedule: item {} began before it arrived", early.item);
    }
    let origin_ns = job.begin_arrivals().unwrap_or_default();
    let last_end_ns = ran.iter().map(|receipt| receipt.span.end_ns).max().unwrap_or(origin_ns);
    measured.open_loop = Some(OpenLoop {
        rate_per_s: schedule.rate_per_s,
        arrivals: job.workload().items(),
        done: ran.iter().filter(|receipt| matches!(receipt.outcome, Outcome::Done(_))).count(),
        late_starts: job.late_starts(),
        elapsed_ns: last_end_ns.saturating_sub(origin_ns),
    });
    // A list schedule without arrivals is no ideal for a run with them.
    measured.planned_ns = None;
    if job.is_overdue() {
        measured.violations.iter_mut().for_each(call_overdue);
    }
    Ok(measured)
}

fn has_run(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Done(_) | Outcome::Failed(_) | Outcome::Panicked(_))
}

fn call_overdue(violation: &mut Violation) {
    if let Violation::Cancelled { items } = *violation {
        *violation = Violation::Overdue { items };
    }
}
