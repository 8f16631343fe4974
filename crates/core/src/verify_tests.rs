//! Every way of falling short has a set of receipts here that shows it, and is named for it.

use super::*;
use crate::item::Checksum;
use crate::receipt::LaneId;

const EXPECTED: Expected = Expected { items: 4, width: 2, digest: None };

/// Four items, one after the other, all done.
fn sound() -> Vec<Receipt> {
    (0..4).map(|item| receipt(item, Outcome::Done(Checksum(u64::from(item) + 100)))).collect()
}

fn receipt(item: u32, outcome: Outcome) -> Receipt {
    let start_ns = u64::from(item) * 10;
    let span = Span { start_ns, end_ns: start_ns + 10 };
    Receipt { item: ItemIndex(item), lane: LaneId(0), span, attempt: 1, outcome }
}

fn items(count: usize, first: u32) -> Items {
    Items { count, first: ItemIndex(first) }
}

#[test]
fn sound_receipts_have_no_violation() {
    let digest = digest(&sound(), 4);
    assert!(digest.is_some());
    assert_eq!(verify(&sound(), &Expected { digest, ..EXPECTED }), []);
}

#[test]
fn nothing_expected_and_nothing_done_is_sound() {
    assert_eq!(verify(&[], &Expected { items: 0, ..EXPECTED }), []);
}

#[test]
fn missing_items_are_named() {
    let receipts = &sound()[..2];
    assert_eq!(verify(receipts, &EXPECTED), [Violation::Missing { items: items(2, 2) }]);
}

#[test]
fn an_item_with_two_receipts_is_named() {
    let mut receipts = sound();
    receipts.push(receipt(3, Outcome::Refused));
    assert_eq!(verify(&receipts, &EXPECTED), [Violation::Repeated { items: items(1, 3) }]);
}

#[test]
fn an_item_outside_the_workload_is_named() {
    let mut receipts = sound();
    receipts.push(receipt(9, Outcome::Refused));
    assert_eq!(verify(&receipts, &EXPECTED), [Violation::Unknown { items: items(1, 9) }]);
}

#[test]
fn failed_panicked_and_lost_items_are_told_apart_with_the_first_reason() {
    let mut receipts = sound();
    receipts[1].outcome = Outcome::Failed("a.jpg is cut off".into());
    receipts[2].outcome = Outcome::Panicked("index out of bounds".into());
    receipts[3].outcome = Outcome::Lost("child 17 was killed".into());
    assert_eq!(
        verify(&receipts, &EXPECTED),
        [
            Violation::Failed { items: items(1, 1), reason: "a.jpg is cut off".into() },
            Violation::Panicked { items: items(1, 2), reason: "index out of bounds".into() },
            Violation::Lost { items: items(1, 3), reason: "child 17 was killed".into() },
        ]
    );
}

#[test]
fn cancelled_items_are_named() {
    let mut receipts = sound();
    receipts[3].outcome = Outcome::Cancelled;
    assert_eq!(verify(&receipts, &EXPECTED), [Violation::Cancelled { items: items(1, 3) }]);
}

#[test]
fn the_reason_shown_is_that_of_the_lowest_item() {
    let mut receipts = sound();
    receipts[3].outcome = Outcome::Failed("late".into());
    receipts[1].outcome = Outcome::Failed("early".into());
    receipts.reverse();
    let wanted = Violation::Failed { items: items(2, 1), reason: "early".into() };
    assert_eq!(verify(&receipts, &EXPECTED), [wanted]);
}

#[test]
fn more_in_flight_than_the_width_is_a_violation_and_less_is_not() {
    let mut receipts = sound();
    receipts.iter_mut().for_each(|receipt| receipt.span = Span { start_ns: 0, end_ns: 50 });
    assert_eq!(verify(&receipts, &EXPECTED), [Violation::WidthExceeded { asked: 2, seen: 4 }]);
    assert_eq!(verify(&sound(), &Expected { width: 1024, ..EXPECTED }), []);
}

#[test]
fn a_span_that_runs_backwards_is_named() {
    let mut receipts = sound();
    receipts[2].span = Span { start_ns: 30, end_ns: 20 };
    assert_eq!(verify(&receipts, &EXPECTED), [Violation::BackwardSpan { items: items(1, 2) }]);
}

#[test]
fn an_invented_checksum_changes_the_digest() {
    let expected = digest(&sound(), 4).expect("all items are done");
    let mut receipts = sound();
    receipts[0].outcome = Outcome::Done(Checksum(7));
    let seen = digest(&receipts, 4).expect("all items are done");
    assert_eq!(
        verify(&receipts, &Expected { digest: Some(expected), ..EXPECTED }),
        [Violation::WrongDigest { expected, seen }]
    );
}

#[test]
fn the_digest_depends_on_which_item_made_what() {
    let mut swapped = sound();
    swapped[0].outcome = Outcome::Done(Checksum(101));
    swapped[1].outcome = Outcome::Done(Checksum(100));
    assert_ne!(digest(&swapped, 4), digest(&sound(), 4));
    let mut reordered = sound();
    reordered.reverse();
    assert_eq!(digest(&reordered, 4), digest(&sound(), 4));
}

#[test]
fn a_violation_reads_as_a_sentence_about_items() {
    let missing = Violation::Missing { items: items(3, 4) };
    assert_eq!(missing.to_string(), "not done: 3 items (the first is item 4)");
}
