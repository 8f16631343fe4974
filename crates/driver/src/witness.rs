//! Holds the receipts of a sample against what the server saw.
//!
//! The two witnesses share nothing: spans are stamped by the process that is measured, counters are kept
//! by another one. Where every item was done, requests have to agree to the last one. Of the peak in
//! flight two things are certain then, whatever the machine was doing:
//!
//! - A request is in flight at the server only while its item is in flight at the client. So **the
//!   server's peak is at most the receipts' peak.**
//! - The server holds each request for at least the wait that its seed draws. An item that was in flight
//!   for little longer than its waits leaves no doubt when its request was at the server: in the middle.
//!   So **the server's peak is at least the peak of these certain times.**
//!
//! Nothing is certain about an item that failed: its request may never have reached the server, or may still
//! be there after the client has given up. So each failed item loosens either bound by one. An item that
//! never began has no span, and proves nothing.
//!
//! One case is left: an item was in flight for long while its request was not at the server. Either the
//! client is slow, or it queues requests behind each other and calls that concurrency. If the server was
//! hardly ever below its own peak, the client queues.

use std::time::Duration;

use paceline_api::{Operation, Remote, is_updated};
use paceline_core::{Concurrency, Span, Violation, WorkloadSpec};
use paceline_protocol::Measured;
use paceline_protocol::service::Counters;

/// From this share of its own peak on, on average, the server was kept busy by a queue.
const QUEUED_SHARE: f64 = 0.85;

/// How many times the server's peak the receipts must show for it to count as queueing.
const QUEUED_TIMES: u64 = 2;

/// Every way in which the server contradicts the receipts of `measured`, for a workload with the
/// round's seed in its `spec`.
pub(crate) fn differences(
    counters: &Counters,
    measured: &Measured,
    spec: &WorkloadSpec,
) -> Vec<Violation> {
    let asked = match Asked::of(spec) {
        Ok(asked) => asked,
        Err(reason) => return vec![disagrees(reason)],
    };
    let mut reasons = requests(counters, measured, &asked);
    reasons.extend(peak(counters, measured, &asked));
    reasons.into_iter().map(disagrees).collect()
}

/// The violation of a row whose second witness is gone.
pub(crate) fn silence(error: &anyhow::Error) -> Violation {
    disagrees(format!("its counters cannot be read: {error:#}"))
}

fn disagrees(reason: String) -> Violation {
    Violation::ServerDisagrees { reason }
}

/// What the workload asks of the server.
struct Asked {
    remote: Remote,
    records: u64,
    puts: u64,
}

impl Asked {
    fn of(spec: &WorkloadSpec) -> Result<Self, String> {
        let records: u32 = spec.param("records").map_err(|error| error.to_string())?;
        let max_wait_us: u32 = spec.param("max_wait_us").map_err(|error| error.to_string())?;
        let max_wait = Duration::from_micros(max_wait_us.into());
        let remote = Remote::new(spec.seed, max_wait).map_err(|error| error.to_string())?;
        let puts = (1..=u64::from(records)).filter(|id| is_updated(*id)).count() as u64;
        Ok(Self { remote, records: records.into(), puts })
    }

    fn wait_ns(&self, id: u64, operation: Operation) -> u64 {
        u64::try_from(self.remote.latency(id, operation).as_nanos()).unwrap_or(u64::MAX)
    }

    /// When the requests of an item with this span were at the server beyond doubt. `None` for an item that
    /// was in flight for less than its waits: it was not done, and perhaps never began.
    fn certain(&self, item: u32, span: Span) -> Option<[Span; 2]> {
        let id = u64::from(item) + 1;
        let get_ns = self.wait_ns(id, Operation::Get);
        let put_ns = if is_updated(id) { self.wait_ns(id, Operation::Put) } else { 0 };
        // How far a request can have moved within the span.
        let slack_ns = span.duration_ns().checked_sub(get_ns.saturating_add(put_ns))?;
        let get = Span {
            start_ns: span.start_ns.saturating_add(slack_ns),
            end_ns: span.start_ns.saturating_add(get_ns),
        };
        let put = Span {
            start_ns: span.end_ns.saturating_sub(put_ns),
            end_ns: span.end_ns.saturating_sub(slack_ns),
        };
        Some([get, put])
    }
}

/// With an item failed, nobody can say how many requests it got to make; there are only bounds then. An
/// item that was lost and run again may have asked again.
fn requests(counters: &Counters, measured: &Measured, asked: &Asked) -> Vec<String> {
    let again = again(measured);
    let all_done = measured.digest.is_some();
    let mut reasons = Vec::new();
    for (name, seen, due) in
        [("GETs", counters.gets, asked.records), ("PUTs", counters.puts, asked.puts)]
    {
        if seen > due + again || (all_done && seen < due) {
            reasons.push(format!("it counted {seen} {name}, the receipts stand for {due}"));
        }
    }
    if all_done && counters.errors > again {
        let errors = counters.errors;
        reasons.push(format!("it counted {errors} failed requests, the receipts show none"));
    }
    if counters.others > 0 {
        let others = counters.others;
        reasons.push(format!("it counted requests that no item makes: {others}"));
    }
    reasons
}

/// How many attempts there were beside one for each item.
fn again(measured: &Measured) -> u64 {
    measured.items.retried.values().map(|attempt| u64::from(attempt.saturating_sub(1))).sum()
}

/// How many items began, or may have begun, and were not done.
fn failed(measured: &Measured) -> u64 {
    let of = |violation: &Violation| match violation {
        Violation::Failed { items, .. }
        | Violation::Panicked { items, .. }
        | Violation::Lost { items, .. }
        | Violation::Missing { items } => items.count as u64,
        _ => 0,
    };
    measured.violations.iter().map(of).sum()
}

fn peak(counters: &Counters, measured: &Measured, asked: &Asked) -> Option<String> {
    let (server, receipts) = (counters.peak, measured.seen.peak as u64);
    let failed = failed(measured);
    // A request whose client has gone stays at the server until that notices, beside those that follow.
    if server > receipts + failed + again(measured) {
        return Some(format!(
            "it had {server} requests in flight at once, the receipts show {receipts} items"
        ));
    }
    let records = &measured.items;
    let spans = records.item.iter().zip(&records.start_ns).zip(&records.duration_ns);
    let certain: Vec<Span> = spans
        .filter_map(|((item, start_ns), duration_ns)| {
            let span = Span { start_ns: *start_ns, end_ns: start_ns.saturating_add(*duration_ns) };
            asked.certain(*item, span)
        })
        .flatten()
        .filter(|span| span.end_ns > span.start_ns)
        .collect();
    // Which of them failed is not known, so all that did may be among these.
    let least = (Concurrency::of(&certain).peak as u64).saturating_sub(failed);
    if server < least {
        return Some(format!(
            "it had at most {server} requests in flight at once, the receipts prove {least}"
        ));
    }
    let is_waiting = (1..=asked.records).any(|id| !asked.remote.planned(id).is_zero());
    let is_queued = is_waiting
        && failed == 0
        && receipts > server * QUEUED_TIMES
        && counters.mean > server as f64 * QUEUED_SHARE;
    is_queued.then(|| {
        format!(
            "it had at most {server} requests in flight at once and {:.1} on average, so the \
             {receipts} items in flight queued for it",
            counters.mean
        )
    })
}

#[cfg(test)]
#[path = "witness_tests.rs"]
mod tests;
