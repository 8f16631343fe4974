//! Times taken apart.

use paceline_journal::{Journal, Row, SampleOutcome};
use paceline_protocol::Measured;
use paceline_protocol::Noise;
use paceline_stats::ideal::Breakdown;

use crate::build::{
    SECOND, add, computing, disturbed, host, in_batches_of, in_sequence, measured, ran, row, run,
    summary_of,
};

/// A sample of `api` with these plans in seconds, whose lanes took 0.5 s to start, 6 s to run and
/// 0.25 s to end.
fn planned(plans_s: &[u64], asked: usize) -> Measured {
    let planned_ns = Some(plans_s.iter().map(|plan_s| plan_s * SECOND).collect());
    let (startup_ns, shutdown_ns) = (SECOND / 2, SECOND / 4);
    Measured { startup_ns, shutdown_ns, planned_ns, asked, ..ran(6 * SECOND) }
}

fn of_rounds(row: Row, rounds: impl IntoIterator<Item = Measured>) -> Option<Breakdown> {
    let name = row.name.clone();
    let mut journal = run(vec![row]);
    for (round, sample) in (1..).zip(rounds) {
        add(&mut journal, &name, round, 1, measured(sample));
    }
    sums_to_its_mean(&journal, &name)
}

/// The breakdown of row `name`, whose parts must sum to its mean time.
fn sums_to_its_mean(journal: &Journal, name: &str) -> Option<Breakdown> {
    let row = summary_of(journal, name);
    let parts = row.breakdown?;
    let sum = parts.lower_bound_s
        + parts.imbalance_s
        + parts.startup_s
        + parts.dispatch_s
        + parts.shutdown_s;
    let mean_s = row.seconds.expect("a row with parts has a time").mean();
    assert!((sum - mean_s).abs() <= 1e-9 * mean_s, "{sum} is not {mean_s}");
    Some(parts)
}

#[test]
fn waits_that_are_known_give_the_known_parts() {
    let parts = of_rounds(row("row", "threads-rayon", 2), [planned(&[1, 1, 4], 2)]).unwrap();
    // The long wait comes last: 4 s are the bound, and it cannot begin before the first second is over.
    assert_eq!((parts.lower_bound_s, parts.imbalance_s, parts.makespan_s()), (4.0, 1.0, 5.0));
    assert_eq!((parts.startup_s, parts.dispatch_s, parts.shutdown_s), (0.5, 1.0, 0.25));
    assert_eq!(parts.vs_ideal, 6.75 / 5.0);
}

#[test]
fn a_batch_is_one_task() {
    let row = in_batches_of(2, row("row", "procs-ipc", 2));
    let parts = of_rounds(row, [planned(&[1, 1, 4], 2)]).unwrap();
    assert_eq!((parts.lower_bound_s, parts.imbalance_s), (4.0, 0.0));
}

#[test]
fn waits_need_lanes_and_no_cores() {
    // Three lanes on two cores: all wait at once.
    let parts = of_rounds(row("row", "threads-rayon", 3), [planned(&[1, 1, 4], 3)]).unwrap();
    assert_eq!((parts.lower_bound_s, parts.imbalance_s), (4.0, 0.0));
}

#[test]
fn parts_are_means_over_rounds_with_plans_of_their_own() {
    let rounds = [planned(&[1, 1, 4], 2), planned(&[2, 2, 2], 2)];
    let parts = of_rounds(row("row", "threads-rayon", 2), rounds).unwrap();
    assert_eq!((parts.lower_bound_s, parts.imbalance_s), (3.5, 1.0));
    assert_eq!(parts.vs_ideal, (6.75 / 5.0 + 6.75 / 4.0) / 2.0);
}

#[test]
fn a_run_that_was_faster_than_its_ideal_has_a_negative_rest_and_still_sums_up() {
    let parts = of_rounds(row("row", "threads-rayon", 1), [planned(&[4, 4], 1)]).unwrap();
    assert_eq!(parts.dispatch_s, -2.0);
}

#[test]
fn nothing_planned_and_no_sequential_row_give_no_ideal() {
    assert_eq!(of_rounds(computing("row", "threads-rayon", 2), [ran(SECOND)]), None);
    assert_eq!(of_rounds(row("row", "threads-rayon", 2), [planned(&[], 2)]), None);
}

/// A run of `rows` behind a sequential row of three items, of 2, 2 and 6 s. They took 10 s of time and 5 s
/// of CPU time, so they count as 1, 1 and 3 s.
fn beside_sequential(rows: impl IntoIterator<Item = Row>, rounds: u32) -> Journal {
    let mut all = vec![computing("sequential", "seq", 1)];
    all.extend(rows);
    let names: Vec<String> = all[1..].iter().map(|row| row.name.clone()).collect();
    let mut journal = run(all);
    for round in 1..=rounds {
        let items = [(2, 6 * SECOND), (0, 2 * SECOND), (1, 2 * SECOND)];
        add(&mut journal, "sequential", round, 1, measured(in_sequence(&items, 5 * SECOND)));
        for name in &names {
            add(&mut journal, name, round, 1, measured(Measured { asked: 8, ..ran(6 * SECOND) }));
        }
    }
    journal
}

#[test]
fn computing_needs_the_cpu_time_of_the_sequential_row_on_no_more_lanes_than_cores() {
    let mut journal = beside_sequential([computing("wide", "threads-rayon", 8)], 2);
    let parts = sums_to_its_mean(&journal, "wide").unwrap();
    assert_eq!((parts.lower_bound_s, parts.imbalance_s), (3.0, 1.0));
    assert_eq!(parts.vs_ideal, 6.0 / 4.0);

    journal.header.host = host(1);
    let parts = sums_to_its_mean(&journal, "wide").unwrap();
    assert_eq!((parts.lower_bound_s, parts.imbalance_s), (5.0, 0.0));
}

#[test]
fn computing_in_batches_groups_the_items_in_their_own_order() {
    let row = in_batches_of(2, computing("batched", "procs-ipc", 8));
    let parts = sums_to_its_mean(&beside_sequential([row], 1), "batched").unwrap();
    assert_eq!((parts.lower_bound_s, parts.imbalance_s), (3.0, 0.0));
}

#[test]
fn the_sequential_row_is_measured_by_its_own_cpu_time() {
    let parts = sums_to_its_mean(&beside_sequential([], 1), "sequential").unwrap();
    assert_eq!((parts.makespan_s(), parts.vs_ideal), (5.0, 2.0));
}

/// The ideal of rows of this group whose items in sequence, of 10 s in all, took so much CPU time.
fn of_group(group: Option<&str>, cpu_s: u64) -> Option<Breakdown> {
    let mut row = computing("sequential", "seq", 1);
    row.group = group.map(str::to_owned);
    let mut journal = run(vec![row]);
    for round in 1..=2 {
        let items = [(0, 4 * SECOND), (1, 6 * SECOND)];
        add(&mut journal, "sequential", round, 1, measured(in_sequence(&items, cpu_s * SECOND)));
    }
    sums_to_its_mean(&journal, "sequential")
}

#[test]
fn how_long_items_have_to_wait_that_were_not_planned_is_not_known() {
    assert_eq!(of_group(None, 0), None);
    assert_eq!(of_group(None, 7), None);
    assert_eq!(of_group(Some("io"), 10), None);
    // What is known to compute waited for nothing but a core.
    let makespan_s = |group, cpu_s| of_group(group, cpu_s).unwrap().makespan_s();
    assert!((makespan_s(Some("cpu"), 2) - 2.0).abs() < 1e-6);
    assert!((makespan_s(None, 8) - 8.0).abs() < 1e-6);
}

#[test]
fn items_are_never_longer_than_they_were_however_much_cpu_time_the_sample_has_beside_them() {
    let mut journal = run(vec![computing("sequential", "seq", 1)]);
    // Items of 1 and 3 ms in a worker that computes for 40 ms more, as one does that starts and ends.
    let (items, cpu_ns) = ([(0, SECOND / 1_000), (1, 3 * SECOND / 1_000)], 44 * SECOND / 1_000);
    let sample = Measured { run_ns: 5 * SECOND / 1_000, ..in_sequence(&items, cpu_ns) };
    add(&mut journal, "sequential", 1, 1, measured(sample));
    let parts = sums_to_its_mean(&journal, "sequential").unwrap();
    assert_eq!((parts.lower_bound_s, parts.imbalance_s), (0.004, 0.0));
    assert_eq!(parts.vs_ideal, 1.25);
}

#[test]
fn a_sequential_row_of_other_work_or_of_another_revision_is_no_ideal() {
    let mut other_work = computing("other work", "threads-rayon", 2);
    other_work.case.spec.params.insert("items".to_owned(), "4".to_owned());
    let mut other_revision = computing("other revision", "threads-rayon", 2);
    other_revision.revision = Some("main".to_owned());
    let journal = beside_sequential([other_work, other_revision], 1);
    assert_eq!(summary_of(&journal, "other work").breakdown, None);
    assert_eq!(summary_of(&journal, "other revision").breakdown, None);
}

fn with_sequential(edit: impl Fn(&mut Measured)) -> Option<Breakdown> {
    let mut journal = beside_sequential([computing("row", "threads-rayon", 2)], 1);
    if let SampleOutcome::Measured { measured, .. } = &mut journal.samples[0].outcome {
        edit(measured);
    }
    summary_of(&journal, "row").breakdown
}

#[test]
fn a_sequential_row_that_does_not_tell_enough_is_no_ideal() {
    assert!(with_sequential(|_| {}).is_some());
    assert_eq!(with_sequential(|measured| measured.user_ns = None), None);
    assert_eq!(with_sequential(|measured| measured.items.left_out = 1), None);
    assert_eq!(with_sequential(|measured| measured.items.duration_ns.fill(0)), None);
}

#[test]
fn a_sequential_row_that_is_not_valid_is_no_ideal() {
    let mut journal = beside_sequential([computing("row", "threads-rayon", 2)], 2);
    journal.samples[0].outcome = SampleOutcome::TimedOut { limit_ms: 1 };
    assert_eq!(summary_of(&journal, "row").breakdown, None);
}

#[test]
fn a_round_without_the_sequential_row_leaves_no_ideal_since_parts_would_not_sum_up() {
    let mut journal = beside_sequential([computing("row", "threads-rayon", 2)], 2);
    journal.samples.remove(0);
    assert_eq!(sums_to_its_mean(&journal, "row"), None);
}

#[test]
fn of_the_sequential_row_the_take_that_stands_is_the_ideal() {
    let mut journal = beside_sequential([computing("row", "threads-rayon", 2)], 1);
    // The first take, at twice the CPU time, was disturbed; the second is the one of the other tests.
    let items = [(0, 2 * SECOND), (1, 2 * SECOND), (2, 6 * SECOND)];
    let noise = Noise { steal_ns: Some(5 * SECOND), ..Noise::default() };
    let calm = journal.samples[0].outcome.clone();
    journal.samples[0].outcome = disturbed(in_sequence(&items, 10 * SECOND), noise);
    add(&mut journal, "sequential", 1, 2, calm);
    assert_eq!(sums_to_its_mean(&journal, "row").unwrap().makespan_s(), 4.0);
}
