use std::collections::BTreeMap;

use paceline_core::{Digest, ItemIndex, Items};
use paceline_protocol::ItemRecords;

use super::*;

const RECORDS: u32 = 6;
const MS: u64 = 1_000_000;

fn spec() -> WorkloadSpec {
    let spec = WorkloadSpec::new("http").with_seed(5);
    spec.with("records", RECORDS).with("max_wait_us", 100_000)
}

/// What is measured when every item starts where `start` says and takes its waits and `more_ns`.
fn measured(start: impl Fn(u32) -> u64, more_ns: u64) -> Measured {
    let asked = Asked::of(&spec()).unwrap();
    let took = |item: u32| asked.remote.planned(u64::from(item) + 1).as_nanos() as u64 + more_ns;
    let span = |item| Span { start_ns: start(item), end_ns: start(item) + took(item) };
    let spans: Vec<Span> = (0..RECORDS).map(span).collect();
    Measured {
        startup_ns: 0,
        run_ns: 0,
        shutdown_ns: 0,
        user_ns: None,
        system_ns: None,
        involuntary_switches: None,
        run_delay_ns: None,
        planned_ns: None,
        asked: RECORDS as usize,
        started: RECORDS as usize,
        seen: Concurrency::of(&spans),
        digest: Some(Digest(1)),
        violations: Vec::new(),
        latency: None,
        open_loop: None,
        items: ItemRecords {
            clock: String::new(),
            origin_ns: 0,
            item: (0..RECORDS).collect(),
            lane: vec![0; RECORDS as usize],
            start_ns: spans.iter().map(|span| span.start_ns).collect(),
            duration_ns: spans.iter().map(|span| span.duration_ns()).collect(),
            retried: BTreeMap::new(),
            left_out: 0,
        },
    }
}

/// All items at once, each a millisecond longer than its waits.
fn together() -> Measured {
    measured(|_| 0, MS)
}

fn counters(peak: u64) -> Counters {
    // Of the ids 1 to 6, 1 and 4 are put.
    Counters { gets: 6, puts: 2, errors: 0, others: 0, connections: peak, peak, mean: 2.5 }
}

fn reasons(counters: Counters, measured: &Measured) -> Vec<String> {
    differences(&counters, measured, &spec()).iter().map(ToString::to_string).collect()
}

#[test]
fn witnesses_that_agree_find_nothing() {
    assert_eq!(reasons(counters(6), &together()), [""; 0]);
    let in_turn = measured(|item| u64::from(item) * 1_000 * MS, MS);
    assert_eq!(reasons(counters(1), &in_turn), [""; 0]);
}

#[test]
fn every_request_more_or_less_is_a_difference() {
    for (gets, puts) in [(5, 2), (7, 2), (6, 1), (6, 3)] {
        let found = reasons(Counters { gets, puts, ..counters(6) }, &together());
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("the server saw otherwise: it counted "), "{found:?}");
    }
    let found = reasons(Counters { errors: 1, ..counters(6) }, &together());
    assert!(found[0].contains("1 failed requests"), "{found:?}");
}

#[test]
fn failed_items_leave_only_an_upper_bound_for_requests() {
    let failed = Measured { digest: None, ..together() };
    assert_eq!(reasons(Counters { gets: 5, puts: 1, errors: 1, ..counters(6) }, &failed), [""; 0]);
    assert_eq!(reasons(Counters { gets: 7, ..counters(6) }, &failed).len(), 1);
}

/// As `measured`, with so many of the items failed.
fn with_failed(count: usize, measured: Measured) -> Measured {
    let items = Items { count, first: ItemIndex(0) };
    let reason = "GET /records/1: no answer within 40ms".to_owned();
    let violations = vec![Violation::Failed { items, reason }];
    Measured { digest: None, violations, ..measured }
}

#[test]
fn items_that_never_began_prove_nothing() {
    // The first was done, and the time was up for the others when it was.
    let mut overdue = Measured { digest: None, ..measured(|_| 0, MS) };
    overdue.items.duration_ns[1..].fill(0);
    overdue.seen.peak = 1;
    let one = Counters { gets: 1, puts: 1, ..counters(1) };
    assert_eq!(reasons(one, &overdue), [""; 0]);
}

#[test]
fn an_item_that_ended_before_its_waits_proves_nothing() {
    let mut early = with_failed(6, together());
    early.items.duration_ns.fill(MS);
    let seen = Counters { gets: 6, puts: 0, errors: 6, ..counters(1) };
    assert_eq!(reasons(seen, &early), [""; 0]);
}

#[test]
fn each_item_that_failed_takes_one_off_what_the_receipts_prove() {
    let failed = with_failed(2, together());
    let seen = |peak| Counters { gets: 6, puts: 1, errors: 2, ..counters(peak) };
    assert_eq!(reasons(seen(4), &failed), [""; 0]);
    let found = reasons(seen(3), &failed);
    assert!(found[0].contains("the receipts prove 4"), "{found:?}");
}

#[test]
fn a_request_that_was_given_up_may_still_be_at_the_server_beside_the_next() {
    let in_turn = || measured(|item| u64::from(item) * 1_000 * MS, MS);
    let seen = |peak| Counters { errors: 1, ..counters(peak) };
    assert_eq!(reasons(seen(2), &with_failed(1, in_turn())), [""; 0]);
    let found = reasons(seen(3), &with_failed(1, in_turn()));
    assert!(found[0].contains("3 requests in flight at once, the receipts show 1"), "{found:?}");
    let mut again = in_turn();
    again.items.retried.insert(2, 2);
    assert_eq!(reasons(Counters { gets: 7, ..seen(2) }, &again), [""; 0]);
}

#[test]
fn items_that_failed_are_not_accused_of_queueing() {
    let queued = with_failed(1, measured(|_| 0, 10_000 * MS));
    assert_eq!(reasons(Counters { mean: 0.95, errors: 1, ..counters(1) }, &queued), [""; 0]);
}

#[test]
fn a_request_that_no_item_makes_is_a_difference() {
    let found = reasons(Counters { others: 1, ..counters(6) }, &together());
    assert!(found[0].ends_with("it counted requests that no item makes: 1"), "{found:?}");
}

#[test]
fn an_item_that_was_run_again_may_have_asked_again() {
    let mut again = together();
    again.items.retried.insert(2, 2);
    assert_eq!(reasons(Counters { gets: 7, errors: 1, ..counters(6) }, &again), [""; 0]);
    assert_eq!(reasons(Counters { gets: 8, ..counters(6) }, &again).len(), 1);
}

#[test]
fn the_server_cannot_see_more_in_flight_than_the_receipts() {
    let in_turn = measured(|item| u64::from(item) * 1_000 * MS, MS);
    let found = reasons(counters(2), &in_turn);
    assert!(found[0].contains("2 requests in flight at once, the receipts show 1"), "{found:?}");
}

#[test]
fn the_server_must_have_seen_what_the_receipts_prove() {
    let found = reasons(counters(1), &together());
    assert!(found[0].contains("the receipts prove 6"), "{found:?}");
}

#[test]
fn items_that_dawdle_prove_little_and_are_believed() {
    // In flight ten seconds each, with waits of a tenth: the server may have seen them in turn.
    let slow = measured(|_| 0, 10_000 * MS);
    assert_eq!(reasons(Counters { mean: 0.3, ..counters(1) }, &slow), [""; 0]);
}

#[test]
fn items_that_queue_for_a_server_that_is_never_idle_are_found_out() {
    let queued = measured(|_| 0, 10_000 * MS);
    let found = reasons(Counters { mean: 0.95, ..counters(1) }, &queued);
    assert!(found[0].contains("the 6 items in flight queued for it"), "{found:?}");
}

#[test]
fn a_server_that_cannot_tell_is_a_violation() {
    let error = anyhow::anyhow!("connection refused").context("read the server's counters");
    assert_eq!(
        silence(&error).to_string(),
        "the server saw otherwise: its counters cannot be read: read the server's counters: \
         connection refused"
    );
}
