//! Disturbances, at their limits.

use paceline_journal::Sample;
use paceline_protocol::{HostFacts, Noise};
use paceline_stats::noise::{Disturbance, Resolution, disturbances, is_too_short};

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

/// On two cores steal is known to three ticks, and what others used to seven.
const STEAL_KNOWN_TO: u64 = 30 * MILLISECOND;
const OTHERS_KNOWN_TO: i64 = 70_000_000;

#[test]
fn ticks_that_cannot_be_told_from_rounding_disturb_nobody() {
    let short = |noise: Noise| disturbances(&sample(1, 10 * MILLISECOND, noise), &host(2));
    let steal = |ns: u64| short(Noise { steal_ns: Some(ns), ..Noise::default() });
    assert_eq!(steal(10 * MILLISECOND), [], "a single tick is as long as the sample");
    assert_eq!(steal(STEAL_KNOWN_TO), []);
    assert!(matches!(steal(STEAL_KNOWN_TO + 1)[..], [Disturbance::Steal(_)]));
    let others = |ns: i64| short(Noise { others_cpu_ns: Some(ns), ..Noise::default() });
    assert_eq!(others(OTHERS_KNOWN_TO), []);
    assert!(matches!(others(OTHERS_KNOWN_TO + 1)[..], [Disturbance::Others(_)]));
    assert_eq!(others(-OTHERS_KNOWN_TO - 1), [], "the counters may disagree by a few ticks");
}

#[test]
fn more_cores_round_more_ticks() {
    let mut many = host(2);
    let known_to = |host: &HostFacts| Resolution::of(host).steal_ns;
    assert_eq!(known_to(&many), 30e6);
    many.logical_cores = Some(64);
    assert_eq!(known_to(&many), 650e6, "cores that may not be used are in the sum too");
    assert_eq!(known_to(&host(64)), 650e6);
}

/// The kernel counts both for the whole machine.
#[test]
fn where_a_run_may_use_some_cores_limits_are_shares_of_all_cores_nevertheless() {
    let mut some = host(4);
    some.logical_cores = Some(64);
    let disturbed = |noise: Noise| !disturbances(&sample(1, 10 * SECOND, noise), &some).is_empty();
    let others = |ns: u64| {
        let others_cpu_ns = i64::try_from(ns).ok();
        disturbed(Noise { others_cpu_ns, ..Noise::default() })
    };
    assert!(!others(32 * SECOND), "5 % of 64 cores are the work of 3.2");
    assert!(others(32 * SECOND + 1));
    let steal = |ns: u64| disturbed(Noise { steal_ns: Some(ns), ..Noise::default() });
    assert!(!steal(12_800 * MILLISECOND) && steal(12_800 * MILLISECOND + 1));

    let least_ns = |host: &HostFacts| Resolution::of(host).least_sample_ns(host);
    assert_eq!(least_ns(&some), least_ns(&host(64)));
    let quiet = Noise { steal_ns: Some(0), others_cpu_ns: Some(0), ..Noise::default() };
    let too_short = |time_ns| is_too_short(&sample(1, time_ns, quiet.clone()), &some);
    assert!(too_short(500 * MILLISECOND) && !too_short(515 * MILLISECOND));
}

#[test]
fn a_sample_whose_limit_is_below_what_ticks_can_tell_is_too_short_and_not_called_calm() {
    let both = Noise { steal_ns: Some(0), others_cpu_ns: Some(0), ..Noise::default() };
    let too_short = |round: u32, time_ns: u64, noise: &Noise| {
        is_too_short(&sample(round, time_ns, noise.clone()), &host(2))
    };
    // 2 % of two cores are 30 ms of 0.75 s; 5 % are 70 ms of 0.7 s.
    let least_ns = Resolution::of(&host(2)).least_sample_ns(&host(2));
    assert!((least_ns - 750e6).abs() < 1.0, "{least_ns}");
    assert!(too_short(1, 749 * MILLISECOND, &both) && !too_short(1, 751 * MILLISECOND, &both));
    let others = Noise { steal_ns: None, ..both.clone() };
    assert!(too_short(1, 699 * MILLISECOND, &others) && !too_short(1, 701 * MILLISECOND, &others));

    assert!(!too_short(0, MILLISECOND, &both), "the round that warms up is not judged at all");
    assert!(!too_short(1, MILLISECOND, &Noise::default()), "nothing is counted in ticks");
    let longer = Noise { window_ns: Some(SECOND), ..both.clone() };
    assert!(!too_short(1, MILLISECOND, &longer), "the window is what is judged");
    let certain = Noise { steal_ns: Some(STEAL_KNOWN_TO + 1), ..both };
    assert!(!too_short(1, 10 * MILLISECOND, &certain), "it is disturbed for certain");
}

#[test]
fn a_row_counts_its_samples_that_are_too_short() {
    let mut journal = run(vec![row("row", "seq", 1)]);
    for (round, time_ms) in [(0, 5), (1, 5), (2, 2_000), (3, 20)] {
        let noise = Noise { steal_ns: Some(10 * MILLISECOND), ..Noise::default() };
        add(&mut journal, "row", round, 1, disturbed(ran(time_ms * MILLISECOND), noise));
    }
    let seen = summary_of(&journal, "row").noise;
    assert_eq!((seen.too_short, seen.disturbed), (2, 0));
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
