//! Which rounds a row's numbers rest on, and what is said of them.

use paceline_journal::SampleOutcome;
use paceline_protocol::Noise;
use paceline_stats::summary::{Flag, RowSummary};

use crate::build::{
    SECOND, add, alone, disturbed, measured, ran, row, run, run_of, summary_of, timed,
};

fn seconds(row: &RowSummary) -> Vec<f64> {
    row.seconds.as_ref().map_or(Vec::new(), |seconds| seconds.values().to_vec())
}

/// Half of both cores' time was stolen from a sample of this length.
fn stolen(time_ns: u64) -> SampleOutcome {
    disturbed(ran(time_ns), Noise { steal_ns: Some(time_ns), ..Noise::default() })
}

#[test]
fn the_round_that_warms_up_is_left_out() {
    let journal = alone("row", [9, 1, 2].map(|time| measured(ran(time * SECOND))));
    let row = summary_of(&journal, "row");
    assert_eq!(seconds(&row), [1.0, 2.0]);
    assert_eq!(row.rounds, [(1, 1_001), (2, 1_002)]);
    assert_eq!(run_of(&journal).summary().rounds, 2);
}

#[test]
fn a_row_that_only_warmed_up_is_valid_and_has_no_time() {
    let row = summary_of(&alone("row", [measured(ran(SECOND))]), "row");
    assert_eq!((row.seconds, row.interval), (None, None));
}

#[test]
fn a_time_is_startup_run_and_shutdown_together() {
    let mut sample = ran(4 * SECOND);
    (sample.startup_ns, sample.shutdown_ns) = (SECOND, SECOND / 2);
    let row = summary_of(&alone("row", [measured(ran(0)), measured(sample)]), "row");
    assert_eq!(seconds(&row), [5.5]);
}

fn takes(outcomes: impl IntoIterator<Item = SampleOutcome>) -> RowSummary {
    let mut journal = run(vec![row("row", "threads-rayon", 2)]);
    for (take, outcome) in (1..).zip(outcomes) {
        add(&mut journal, "row", 1, take, outcome);
    }
    summary_of(&journal, "row")
}

#[test]
fn the_first_undisturbed_take_stands_even_if_a_later_one_is_faster() {
    let calm = |time_s: u64| measured(ran(time_s * SECOND));
    let row = takes([stolen(8 * SECOND), calm(6), calm(5)]);
    assert_eq!(seconds(&row), [6.0]);
    assert_eq!((row.noise.disturbed, row.noise.retaken, row.noise.kept), (1, 2, 0));
}

#[test]
fn where_every_take_was_disturbed_the_last_stands_even_if_an_earlier_one_is_faster() {
    let row = takes([stolen(7 * SECOND), stolen(8 * SECOND)]);
    assert_eq!(seconds(&row), [8.0]);
    assert_eq!((row.noise.disturbed, row.noise.retaken, row.noise.kept), (2, 1, 1));
}

#[test]
fn an_interrupted_sample_gives_way_to_the_one_after_the_resumption() {
    let mut journal = run(vec![row("row", "threads-rayon", 2)]);
    let interrupted = SampleOutcome::Interrupted { measured: Box::new(ran(SECOND)) };
    add(&mut journal, "row", 1, 1, interrupted);
    add(&mut journal, "row", 1, 1, measured(ran(3 * SECOND)));
    assert_eq!(seconds(&summary_of(&journal, "row")), [3.0]);
}

#[test]
fn an_interrupted_retake_leaves_the_first_take_standing() {
    let interrupted = SampleOutcome::Interrupted { measured: Box::new(ran(SECOND)) };
    assert_eq!(seconds(&takes([stolen(8 * SECOND), interrupted])), [8.0]);
}

#[test]
fn concurrency_is_the_highest_of_any_round_and_its_mean_the_mean_of_all() {
    let mut wide = ran(SECOND);
    (wide.started, wide.seen.peak, wide.seen.mean) = (5, 4, 3.5);
    let row = summary_of(&alone("row", [measured(wide), measured(ran(SECOND))]), "row");
    let lanes = row.lanes.unwrap();
    assert_eq!((lanes.asked, lanes.started, lanes.seen, lanes.mean), (2, 5, 4, 2.5));
}

#[test]
fn items_that_were_run_again_are_counted() {
    let mut sample = ran(SECOND);
    sample.items.retried.insert(3, 2);
    let row = summary_of(&alone("row", [measured(sample.clone()), measured(sample)]), "row");
    assert_eq!(row.retried, 2);
}

fn flags(times: &[u64]) -> Vec<Flag> {
    let mut row = summary_of(&timed(&[("row", times)]), "row");
    assert_eq!(seconds(&row).len(), times.len(), "a flag never removes a value");
    std::mem::take(&mut row.flags)
}

#[test]
fn an_outlier_is_flagged_with_its_round() {
    assert_eq!(flags(&[100, 103, 101, 102, 900, 101]), [Flag::Outliers(vec![5])]);
}

#[test]
fn outliers_are_counted_by_round_where_rounds_are_missing() {
    let mut journal = timed(&[("row", &[100, 103, 101, 102, 900, 101])]);
    journal.samples.remove(0);
    assert_eq!(summary_of(&journal, "row").flags, [Flag::Outliers(vec![5])]);
}

#[test]
fn rising_times_are_flagged_as_drift() {
    let found = flags(&[100, 101, 102, 103, 104, 105, 106]);
    assert!(matches!(found[..], [Flag::Drift { rho: 1.0, p_value }] if p_value < 0.01));
}

#[test]
fn two_groups_of_times_are_flagged_as_two_modes() {
    let found = flags(&[100, 201, 102, 203, 103, 200, 101, 202, 100, 203, 102, 201]);
    assert!(matches!(found[..], [Flag::TwoModes { p_value }] if p_value <= 0.05));
}

#[test]
fn steady_times_are_not_flagged() {
    assert_eq!(flags(&[100, 103, 101, 102, 104, 100]), []);
}

fn detectable(rounds: usize) -> Option<f64> {
    let base: Vec<u64> = (0..rounds as u64).map(|round| 100 + round % 3).collect();
    let other: Vec<u64> = (0..rounds as u64).map(|round| 100 + round % 2).collect();
    run_of(&timed(&[("one", &base), ("two", &other)])).summary().minimum_detectable_ratio
}

#[test]
fn what_could_be_detected_is_known_from_six_rounds_on() {
    assert_eq!(detectable(5), None);
    let (six, twelve) = (detectable(6).unwrap(), detectable(12).unwrap());
    assert!(six > twelve && twelve > 1.0, "{six} {twelve}");
}

#[test]
fn one_row_alone_can_be_told_apart_from_nothing() {
    let journal = timed(&[("row", &[100, 103, 101, 102, 104, 100])]);
    assert_eq!(run_of(&journal).summary().minimum_detectable_ratio, None);
}

#[test]
fn the_same_journal_gives_the_same_interval() {
    let journal = timed(&[("row", &[100, 103, 101, 102, 104, 100])]);
    let interval = || summary_of(&journal, "row").interval.unwrap();
    assert_eq!(interval(), interval());
    let mean_s = summary_of(&journal, "row").seconds.unwrap().mean();
    assert!(interval().low < mean_s && mean_s < interval().high);
}
