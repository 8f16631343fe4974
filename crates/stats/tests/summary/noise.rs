//! Disturbances, at their limits.

use paceline_journal::Sample;
use paceline_measure::Noise;
use paceline_stats::noise::{Disturbance, disturbances};

use crate::build::{SECOND, add, disturbed, host, ran, row, run, summary_of};

const MILLISECOND: u64 = SECOND / 1_000;

fn sample(round: u32, time_ns: u64, noise: Noise) -> Sample {
    let mut journal = run(vec![row("row", "seq", 1)]);
    add(&mut journal, "row", round, 1, disturbed(ran(time_ns), noise));
    journal.samples.remove(0)
}

/// What disturbed a sample of ten seconds on two cores.
fn of_ten_seconds(noise: Noise) -> Vec<Disturbance> {
    disturbances(&sample(1, 10 * SECOND, noise), &host(2))
}

#[test]
fn stolen_time_disturbs_above_two_percent_of_both_cores() {
    let steal = |ns: u64| of_ten_seconds(Noise { steal_ns: Some(ns), ..Noise::default() });
    assert_eq!(steal(400 * MILLISECOND), []);
    let [Disturbance::Steal(share)] = steal(400 * MILLISECOND + 1)[..] else {
        panic!("the time was stolen");
    };
    assert!((share - 0.02).abs() < 1e-9);
}

#[test]
fn throttling_disturbs_above_one_percent_of_the_time() {
    let held = |ns: u64| of_ten_seconds(Noise { throttled_ns: Some(ns), ..Noise::default() });
    assert_eq!(held(100 * MILLISECOND), []);
    assert!(matches!(held(100 * MILLISECOND + 1)[..], [Disturbance::Throttling(_)]));
}

#[test]
fn other_processes_disturb_above_five_percent_of_both_cores() {
    let others = |ns: u64| {
        let others_cpu_ns = Some(i64::try_from(ns).unwrap());
        of_ten_seconds(Noise { others_cpu_ns, ..Noise::default() })
    };
    assert_eq!(others(SECOND), []);
    assert!(matches!(others(SECOND + 1)[..], [Disturbance::Others(_)]));
}

#[test]
fn a_frequency_disturbs_when_it_falls_by_more_than_a_tenth() {
    let to = |after: u64| {
        let (frequency_before_hz, frequency_after_hz) = (Some(2_000_000_000), Some(after));
        of_ten_seconds(Noise { frequency_before_hz, frequency_after_hz, ..Noise::default() })
    };
    assert_eq!(to(1_800_000_000), []);
    assert!(matches!(to(1_799_999_999)[..], [Disturbance::Frequency(_)]));
    assert_eq!(to(4_000_000_000), [], "a core that speeds up is no disturbance");
}

#[test]
fn ticks_that_cannot_be_told_from_rounding_disturb_nobody() {
    let short = |noise: Noise| disturbances(&sample(1, 10 * MILLISECOND, noise), &host(2));
    let steal = |ns: u64| short(Noise { steal_ns: Some(ns), ..Noise::default() });
    assert_eq!(steal(60 * MILLISECOND), []);
    assert!(matches!(steal(60 * MILLISECOND + 1)[..], [Disturbance::Steal(_)]));
    let others = |ns: i64| short(Noise { others_cpu_ns: Some(ns), ..Noise::default() });
    assert_eq!(others(60_000_000), []);
    assert!(matches!(others(60_000_001)[..], [Disturbance::Others(_)]));
    assert_eq!(others(-60_000_001), [], "the counters may disagree by a few ticks");
}

#[test]
fn absent_facts_never_disturb() {
    assert_eq!(of_ten_seconds(Noise::default()), []);
    let half = Noise { frequency_before_hz: Some(2_000_000_000), ..Noise::default() };
    assert_eq!(of_ten_seconds(half), []);
}

#[test]
fn pressure_alone_never_disturbs_since_a_case_presses_itself() {
    let cpu_pressure_ns = Some(9 * SECOND);
    assert_eq!(of_ten_seconds(Noise { cpu_pressure_ns, ..Noise::default() }), []);
}

#[test]
fn the_round_that_warms_up_is_never_disturbed() {
    let noise = Noise { steal_ns: Some(10 * SECOND), ..Noise::default() };
    assert_eq!(disturbances(&sample(0, 10 * SECOND, noise), &host(2)), []);
}

#[test]
fn more_cores_bear_more_of_other_processes() {
    let noise = Noise { others_cpu_ns: Some(1_500_000_000), ..Noise::default() };
    assert_ne!(disturbances(&sample(1, 10 * SECOND, noise.clone()), &host(2)), []);
    assert_eq!(disturbances(&sample(1, 10 * SECOND, noise), &host(4)), []);
}

#[test]
fn the_largest_disturbance_of_each_kind_is_kept() {
    let mut journal = run(vec![row("row", "seq", 1)]);
    let noises = [(2, Some(500)), (5, None), (3, None)];
    for (round, (steal_s, throttled_ms)) in (1..).zip(noises) {
        let noise = Noise {
            steal_ns: Some(steal_s * SECOND),
            throttled_ns: throttled_ms.map(|ms: u64| ms * MILLISECOND),
            ..Noise::default()
        };
        add(&mut journal, "row", round, 1, disturbed(ran(10 * SECOND), noise));
    }
    let seen = summary_of(&journal, "row").noise;
    assert_eq!(seen.causes, [Disturbance::Steal(0.25), Disturbance::Throttling(0.05)]);
    assert_eq!((seen.disturbed, seen.kept), (3, 3));
}
