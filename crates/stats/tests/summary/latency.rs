//! Latencies and arrivals of a row, added up over its rounds.

use paceline_protocol::{Latencies, Measured, OpenLoop};

use crate::build::{SECOND, add, alone, measured, ran, row, run, summary_of};

/// A sample whose items took so many milliseconds each.
fn took(items_ms: &[u64]) -> Measured {
    let value_ns: Vec<u64> = items_ms.iter().map(|ms| ms * 1_000_000).collect();
    let count = vec![1; value_ns.len()];
    Measured { latency: Some(Latencies { value_ns, count }), ..ran(SECOND) }
}

fn is_near(seen_s: f64, wanted_s: f64) -> bool {
    (seen_s / wanted_s - 1.0).abs() <= 0.001
}

#[test]
fn percentiles_are_of_the_items_of_all_counted_rounds_together_and_not_of_the_warm_up() {
    let fast = [1; 99];
    let rounds = [took(&[5_000; 99]), took(&fast), took(&[100; 99])];
    let latency = summary_of(&alone("n", rounds.map(measured)), "n").latency.expect("it is told");
    assert_eq!(latency.items, 198);
    // The mean of the rounds' medians would be 50 ms.
    assert!(is_near(latency.p50_s, 0.001), "{latency:?}");
    for seen_s in [latency.p90_s, latency.p99_s, latency.p999_s, latency.max_s] {
        assert!(is_near(seen_s, 0.1), "{latency:?}");
    }
}

#[test]
fn one_item_in_a_hundred_is_beyond_p99_and_is_the_maximum() {
    let mut items = vec![10; 99];
    items.push(2_000);
    let journal = alone("n", [took(&[1]), took(&items)].map(measured));
    let latency = summary_of(&journal, "n").latency.expect("it is told");
    assert!(is_near(latency.p99_s, 0.01) && is_near(latency.max_s, 2.0), "{latency:?}");
}

#[test]
fn a_round_without_latencies_leaves_the_row_without_any() {
    let journal = alone("n", [took(&[1]), took(&[1]), ran(SECOND)].map(measured));
    assert_eq!(summary_of(&journal, "n").latency, None);
}

#[test]
fn latencies_that_nobody_can_have_measured_are_not_shown() {
    let odd = |value_ns: Vec<u64>, count: Vec<u64>| {
        let latency = Some(Latencies { value_ns, count });
        let odd = Measured { latency, ..ran(SECOND) };
        summary_of(&alone("n", [ran(SECOND), odd].map(measured)), "n").latency
    };
    assert_eq!(odd(vec![1, 2], vec![1]), None);
    assert_eq!(odd(vec![u64::MAX], vec![1]), None);
    assert_eq!(odd(vec![1], vec![u64::MAX]), None);
    assert_eq!(odd(vec![], vec![]), None);
}

#[test]
fn arrivals_are_added_up_and_a_row_in_open_loop_has_no_ideal() {
    let arrived = |late_starts, elapsed_s: u64| {
        let open_loop = Some(OpenLoop {
            rate_per_s: 100.0,
            arrivals: 300,
            done: 300,
            late_starts,
            // The last of them ends as long before the end of its second as they arrive one after the other.
            elapsed_ns: elapsed_s * SECOND - SECOND / 100,
        });
        measured(Measured { open_loop, planned_ns: Some(vec![SECOND; 3]), ..ran(3 * SECOND) })
    };
    let mut journal = run(vec![row("n", "threads-rayon", 2)]);
    for (round, outcome) in [arrived(9, 9), arrived(1, 3), arrived(4, 5)].into_iter().enumerate() {
        add(&mut journal, "n", round as u32, 1, outcome);
    }
    let summary = summary_of(&journal, "n");
    let arrivals = summary.arrivals.expect("it is told");
    assert_eq!((arrivals.offered_per_s, arrivals.achieved_per_s), (100.0, 75.0));
    assert_eq!((arrivals.arrivals, arrivals.late_starts), (600, 5));
    assert_eq!(summary.breakdown, None);
}
