//! What a gate lets through.

use paceline_journal::Journal;
use paceline_stats::compare::{Gate, Quantity};

use crate::build::{SECOND, timed};
use crate::compare::{about, compare};

const FIVE_PERCENT: f64 = 0.05;

/// Three rows, of which `two` takes so many percent more than planned.
fn with_two_slower_by(percent: u64, rounds: usize) -> Journal {
    let slow: Vec<u64> =
        about(2 * SECOND, 2).iter().map(|time_ns| time_ns / 100 * (100 + percent)).collect();
    let (one, three) = (about(SECOND, 1), about(3 * SECOND, 3));
    timed(&[("one", &one[..rounds]), ("two", &slow[..rounds]), ("three", &three[..rounds])])
}

/// The head of every comparison: its noise is not the base's.
fn head(percent: u64) -> Journal {
    let mut head = with_two_slower_by(percent, 12);
    for (index, sample) in (0..).zip(&mut head.samples) {
        if let paceline_journal::SampleOutcome::Measured { measured, .. } = &mut sample.outcome {
            measured.run_ns = measured.run_ns / 1_000 * (995 + index * 5 % 11);
        }
    }
    head
}

fn gate(percent: u64) -> Gate {
    compare(&with_two_slower_by(0, 12), &head(percent)).gate(Quantity::Time, FIVE_PERCENT)
}

#[test]
fn a_row_slower_by_ten_percent_does_not_pass_a_gate_of_five_and_no_other_is_named() {
    assert_eq!(gate(10), Gate::Regression(vec!["two".to_owned()]));
}

#[test]
fn rows_that_differ_by_less_than_the_gate_pass() {
    assert_eq!(gate(0), Gate::Fine);
    assert_eq!(gate(2), Gate::Fine);
}

#[test]
fn a_row_at_the_gate_is_inconclusive() {
    assert_eq!(gate(5), Gate::Inconclusive(vec!["two".to_owned()]));
}

#[test]
fn a_faster_row_passes() {
    let comparison = compare(&head(20), &with_two_slower_by(0, 12));
    assert_eq!(comparison.gate(Quantity::Time, FIVE_PERCENT), Gate::Fine);
}

#[test]
fn too_few_rounds_are_inconclusive_whatever_they_show() {
    let named = |rows: [&str; 3]| Gate::Inconclusive(rows.map(str::to_owned).to_vec());
    let few = |percent| compare(&with_two_slower_by(0, 5), &with_two_slower_by(percent, 5));
    assert_eq!(few(0).gate(Quantity::Time, FIVE_PERCENT), named(["one", "two", "three"]));
    assert_eq!(few(50).gate(Quantity::Time, FIVE_PERCENT), named(["one", "two", "three"]));
}

#[test]
fn a_row_that_is_not_valid_on_both_sides_is_inconclusive() {
    let mut head = with_two_slower_by(0, 12);
    head.samples[0].outcome = paceline_journal::SampleOutcome::Broken { reason: "gone".to_owned() };
    let comparison = compare(&with_two_slower_by(0, 12), &head);
    assert_eq!(
        comparison.gate(Quantity::Time, FIVE_PERCENT),
        Gate::Inconclusive(vec!["one".to_owned()])
    );
}

#[test]
fn a_row_that_vanished_does_not_pass_and_one_that_is_new_does() {
    let times = about(SECOND, 1);
    let (both, more) = (timed(&[("both", &times)]), timed(&[("both", &times), ("more", &times)]));
    let gone = Gate::Inconclusive(vec!["more".to_owned()]);
    assert_eq!(compare(&more, &both).gate(Quantity::Time, FIVE_PERCENT), gone);
    assert_eq!(compare(&both, &more).gate(Quantity::Time, FIVE_PERCENT), Gate::Fine);
}

#[test]
fn a_regression_is_told_whatever_vanished() {
    let slow: Vec<u64> = about(SECOND, 1).iter().map(|time_ns| time_ns * 2).collect();
    let base = timed(&[("one", &about(SECOND, 1)), ("gone", &about(SECOND, 1))]);
    let regression = Gate::Regression(vec!["one".to_owned()]);
    assert_eq!(
        compare(&base, &timed(&[("one", &slow)])).gate(Quantity::Time, FIVE_PERCENT),
        regression
    );
}

#[test]
fn runs_without_a_row_in_common_are_inconclusive() {
    let times = about(SECOND, 1);
    let comparison = compare(&timed(&[("gone", &times)]), &timed(&[("new", &times)]));
    let rows = vec!["gone".to_owned(), "new".to_owned()];
    assert_eq!(comparison.gate(Quantity::Time, FIVE_PERCENT), Gate::Inconclusive(rows));
}
