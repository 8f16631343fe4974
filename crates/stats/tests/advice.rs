//! Which row is advised: planted times and sizes with a known answer.

use std::num::NonZeroUsize;

use paceline_core::WorkloadSpec;
use paceline_journal::Row;
use paceline_protocol::Case;
use paceline_protocol::{MemoryKind, TreeMemory};
use paceline_stats::advice::{Candidate, Exclusion, Limits, WorkloadAdvice, advise, least_rounds};
use paceline_stats::ideal::Breakdown;
use paceline_stats::latency::Arrivals;
use paceline_stats::summary::{LanesSeen, NoiseSeen, RowMemory, RowState, RowSummary};
use paceline_stats::{Level, Series, Verdict};
use rand_pcg::Pcg32;
use rand_pcg::rand_core::Rng;
use statrs::distribution::{ContinuousCDF, Normal};

const MIB: u64 = 1 << 20;

/// What rounds do to every row alike, and a small part that they do to each by itself.
const SHARED: [f64; 12] = [1.0, 1.2, 0.9, 1.1, 0.8, 1.05, 0.95, 1.15, 0.85, 1.0, 1.1, 0.9];
const OWN: [f64; 12] =
    [1.0, 1.002, 0.998, 1.001, 0.999, 1.003, 0.997, 1.0, 1.002, 0.998, 1.001, 0.999];

fn row(name: &str, width: usize, memory_mib: u64, times: Vec<f64>) -> RowSummary {
    let one = NonZeroUsize::MIN;
    let spec = WorkloadSpec::new("api");
    let case = Case { spec, executor: "threads".to_owned(), width: Some(one), batch: one };
    RowSummary {
        row: Row { name: name.to_owned(), case, revision: None, group: None },
        state: RowState::Valid,
        rounds: (1..).zip(7..).take(times.len()).collect(),
        seconds: Series::new(times).ok(),
        interval: None,
        flags: Vec::new(),
        breakdown: None,
        latency: None,
        arrivals: None,
        memory: read(&[memory_mib]),
        lanes: Some(LanesSeen {
            asked: width,
            started: width,
            seen: width,
            mean: 1.0,
            server_peak: None,
        }),
        noise: NoiseSeen::default(),
        retried: 0,
        samples: Vec::new(),
        standing: Vec::new(),
    }
}

/// Memory as it was read in one round after the other.
fn read(peaks_mib: &[u64]) -> Option<RowMemory> {
    let reading = |(round, mib): (u32, &u64)| {
        let memory = TreeMemory {
            peak_bytes: mib * MIB,
            kind: MemoryKind::Pss,
            samples: 1,
            mean_interval_us: None,
            processes: Vec::new(),
        };
        ((round, 7), memory)
    };
    RowMemory::of((0..).zip(peaks_mib).map(reading).collect(), 1)
}

/// A row of `seconds` in the mean; `phase` sets its own small noise apart from that of others.
fn steady(
    name: &str,
    width: usize,
    memory_mib: u64,
    seconds: f64,
    phase: usize,
    rounds: usize,
) -> RowSummary {
    let times = (0..rounds).map(|round| seconds * SHARED[round] * OWN[(round + phase) % 12]);
    row(name, width, memory_mib, times.collect())
}

/// The example of the documentation.
fn planted(rounds: usize) -> Vec<RowSummary> {
    vec![
        steady("sequential", 1, 5, 20.0, 0, rounds),
        steady("async", 50, 6, 1.03, 1, rounds),
        steady("8 threads", 8, 7, 3.0, 2, rounds),
        steady("16 threads", 16, 10, 1.075, 3, rounds),
        steady("32 threads", 32, 12, 1.02, 4, rounds),
        steady("32 processes", 32, 90, 1.5, 5, rounds),
    ]
}

fn only(rows: &[RowSummary], limits: Limits) -> WorkloadAdvice {
    let mut workloads = advise(rows, limits);
    assert_eq!(workloads.len(), 1);
    workloads.remove(0)
}

fn names<'a>(candidates: impl IntoIterator<Item = &'a Candidate>) -> Vec<&'a str> {
    candidates.into_iter().map(|candidate| candidate.name.as_str()).collect()
}

fn reasons(advice: &WorkloadAdvice) -> Vec<(&str, &Exclusion)> {
    advice.left_out.iter().map(|row| (row.name.as_str(), &row.reason)).collect()
}

#[test]
fn the_planted_answer_is_found() {
    let advice = only(&planted(12), Limits::default());
    assert!(advice.can_tell());
    assert_eq!(names(advice.fastest()), ["32 threads"]);
    assert_eq!(names(advice.tied()), ["32 threads", "async"]);
    assert_eq!(names(advice.smallest_width()), ["32 threads"]);
    assert_eq!(names(advice.least_memory()), ["async"]);
    assert_eq!(names(advice.pareto()), ["32 threads", "async", "sequential"]);
    assert_eq!(names(advice.pick()), ["async"]);
    assert!(advice.left_out.is_empty());
}

#[test]
fn a_width_is_the_smallest_within_five_percent_and_memory_the_least_within_ten() {
    let rows = |narrow_s: f64| {
        vec![steady("wide", 32, 20, 1.0, 0, 12), steady("narrow", 4, 10, narrow_s, 0, 12)]
    };
    let choice = |narrow_s| {
        let advice = only(&rows(narrow_s), Limits::default());
        let name = |candidate: Option<&Candidate>| candidate.map(|c| c.name.clone()).unwrap();
        (name(advice.smallest_width()), name(advice.least_memory()))
    };
    assert_eq!(choice(1.049), ("narrow".to_owned(), "narrow".to_owned()));
    assert_eq!(choice(1.051), ("wide".to_owned(), "narrow".to_owned()));
    assert_eq!(choice(1.101), ("wide".to_owned(), "wide".to_owned()));
}

#[test]
fn a_row_is_tied_as_equivalent_or_because_the_rounds_do_not_tell() {
    let erratic = [0.5, 2.1, 0.7, 1.9, 0.4, 1.8, 0.6, 1.7, 0.8, 1.5, 0.9, 1.6];
    let rows = [
        steady("fastest", 2, 10, 1.0, 0, 12),
        steady("equivalent", 3, 10, 1.02, 1, 12),
        row("erratic", 4, 10, SHARED.iter().zip(erratic).map(|(a, b)| a * b).collect()),
        steady("slower", 5, 10, 1.04, 2, 12),
    ];
    let advice = only(&rows, Limits::default());
    let verdict = |name: &str| {
        let candidate = advice.candidates.iter().find(|candidate| candidate.name == name);
        candidate.and_then(|candidate| candidate.against_fastest).map(|judged| judged.verdict)
    };
    assert_eq!(verdict("fastest"), None);
    assert_eq!(verdict("equivalent"), Some(Verdict::Equivalent));
    assert_eq!(verdict("erratic"), Some(Verdict::Inconclusive));
    assert_eq!(verdict("slower"), Some(Verdict::Slower));
    assert_eq!(names(advice.tied()), ["fastest", "equivalent", "erratic"]);
}

#[test]
fn of_tied_rows_the_pick_takes_little_memory_then_a_small_width_then_little_time() {
    let pick = |rows: &[RowSummary]| only(rows, Limits::default()).pick().unwrap().name.clone();
    let fastest = || steady("fastest", 8, 20, 1.0, 0, 12);
    assert_eq!(pick(&[fastest(), steady("b", 16, 12, 1.01, 1, 12)]), "b");
    assert_eq!(pick(&[fastest(), steady("b", 4, 21, 1.01, 1, 12)]), "b");
    assert_eq!(pick(&[fastest(), steady("b", 8, 20, 1.01, 1, 12)]), "fastest");
}

#[test]
fn a_difference_in_memory_that_its_readings_do_not_tell_decides_nothing() {
    let pick = |fastest_mib: &[u64], wide_mib: &[u64]| {
        let mut rows = [steady("fastest", 8, 1, 1.0, 0, 12), steady("wide", 128, 1, 1.01, 1, 12)];
        rows[0].memory = read(fastest_mib);
        rows[1].memory = read(wide_mib);
        only(&rows, Limits::default()).pick().unwrap().name.clone()
    };
    // One reading each: a ratio of 1.4 may be chance, one of 1.6 is not.
    assert_eq!(pick(&[20], &[14]), "fastest");
    assert_eq!(pick(&[20], &[12]), "wide");
    // Six readings tell what lies apart, and no more than one would what does not.
    assert_eq!(pick(&[20, 20, 21, 20, 20, 21], &[16, 16, 17, 16, 16, 17]), "wide");
    assert_eq!(pick(&[14, 28, 15, 27, 16, 20], &[16, 23, 12, 19, 14, 12]), "fastest");
    // A tenth is the same memory, however well it is known; and too few readings know nothing well.
    assert_eq!(pick(&[200, 200, 201, 200, 200, 201], &[190, 190, 191, 190, 190, 191]), "fastest");
    assert_eq!(pick(&[20, 20, 20], &[16, 16, 16]), "fastest");
}

#[test]
fn a_row_that_is_tied_only_by_its_noise_is_not_picked_for_its_memory() {
    let erratic = [0.5, 2.1, 0.7, 1.9, 0.4, 1.8, 0.6, 1.7, 0.8, 1.5, 0.9, 1.6];
    let rows = [steady("fast", 8, 20, 1.0, 0, 12), row("erratic", 1, 2, erratic.to_vec())];
    let advice = only(&rows, Limits::default());
    assert_eq!(names(advice.tied()), ["fast", "erratic"]);
    assert_eq!(names(advice.pick()), ["fast"]);
}

#[test]
fn too_few_rounds_rank_and_pick_nothing() {
    let advice = only(&planted(4), Limits::default());
    assert_eq!((advice.rounds, advice.needed_rounds), (4, 8));
    assert!(!advice.can_tell());
    assert_eq!(names(advice.tied()), [""; 0]);
    assert!(advice.pick().is_none());
    let probable = advice.probable_pick().expect("there are candidates");
    let told = only(&planted(12), Limits::default());
    assert_eq!(Some(probable.name.as_str()), told.pick().map(|pick| pick.name.as_str()));
    assert_eq!(
        names(&advice.candidates),
        ["32 threads", "async", "16 threads", "32 processes", "8 threads", "sequential"]
    );
    assert_eq!(names(advice.least_memory()), ["async"]);
}

#[test]
fn a_row_far_slower_is_called_slower_from_the_least_rounds_on_and_not_before() {
    for count in [2, 3, 6, 16] {
        let needed = least_rounds(count - 1, Level::NINETY_FIVE);
        let verdicts = |rounds: usize| -> Vec<Verdict> {
            let slow = |n| steady(&format!("slow {n}"), 1, 1, 10.0 + n as f64, n, rounds);
            let mut rows = vec![steady("fast", 1, 1, 1.0, 0, rounds)];
            rows.extend((1..count).map(slow));
            let advice = only(&rows, Limits::default());
            advice.candidates.iter().filter_map(|c| Some(c.against_fastest?.verdict)).collect()
        };
        assert!(verdicts(needed).iter().all(|v| *v == Verdict::Slower), "{count}");
        assert!(verdicts(needed - 1).iter().all(|v| *v == Verdict::Inconclusive), "{count}");
    }
}

#[test]
fn six_rounds_tell_two_rows_apart_and_ten_sixteen() {
    let needed = |comparisons| least_rounds(comparisons, Level::NINETY_FIVE);
    assert_eq!([0, 1, 2, 5, 15].map(needed), [1, 6, 7, 8, 10]);
}

#[test]
fn every_workload_names_the_rounds_that_are_enough_for_all_of_them() {
    let mut rows = planted(4);
    let spec = WorkloadSpec::new("another");
    rows.extend([steady("x", 1, 1, 1.0, 0, 4), steady("y", 1, 1, 2.0, 1, 4)].map(|mut row| {
        row.row.case.spec = spec.clone();
        row
    }));
    let advised = advise(&rows, Limits::default());
    let rounds: Vec<_> = advised.iter().map(|of| (of.needed_rounds, of.enough_rounds)).collect();
    assert_eq!(rounds, [(8, 8), (6, 8)]);
}

#[test]
fn limits_leave_out_what_is_above_them_and_keep_what_is_at_them() {
    let limits = Limits { max_memory_bytes: Some(12 * MIB), max_width: NonZeroUsize::new(32) };
    let advice = only(&planted(12), limits);
    assert_eq!(names(advice.pick()), ["32 threads"]);
    assert_eq!(
        reasons(&advice),
        [("async", &Exclusion::TooWide(50)), ("32 processes", &Exclusion::TooMuchMemory(90 * MIB))]
    );
}

#[test]
fn limits_that_leave_out_every_row_leave_no_advice() {
    let limits = Limits { max_memory_bytes: Some(MIB), max_width: None };
    let advice = only(&planted(12), limits);
    assert!(!advice.can_tell());
    assert!(advice.candidates.is_empty() && advice.pick().is_none());
    assert!(advice.fastest().is_none() && advice.smallest_width().is_none());
    assert_eq!(advice.left_out.len(), 6);
}

#[test]
fn rows_that_are_not_valid_are_never_candidates() {
    let mut rows = planted(12);
    let states = [
        RowState::Invalid(vec!["round 1: item 3 is missing".to_owned()]),
        RowState::Broken(vec!["round 1: no answer".to_owned()]),
        RowState::TimedOut(vec!["round 1: late".to_owned()]),
        RowState::Skipped("too little memory".to_owned()),
        RowState::NotRun,
    ];
    // Their times stay in place on purpose: the state alone must keep them out.
    for (row, state) in rows[1..].iter_mut().zip(&states) {
        row.state = state.clone();
    }
    let advice = only(&rows, Limits::default());
    assert_eq!(names(&advice.candidates), ["sequential"]);
    let reasons: Vec<&Exclusion> = advice.left_out.iter().map(|row| &row.reason).collect();
    let expected: Vec<Exclusion> = states.into_iter().map(Exclusion::NotValid).collect();
    assert_eq!(reasons, expected.iter().collect::<Vec<_>>());
}

#[test]
fn rows_whose_items_arrived_on_a_schedule_are_not_advised_by_the_time_of_the_schedule() {
    let mut rows = planted(12);
    for row in &mut rows {
        let (offered_per_s, achieved_per_s) = (200.0, 199.0);
        let (arrivals, late_starts) = (2_400, 0);
        row.arrivals = Some(Arrivals { offered_per_s, achieved_per_s, arrivals, late_starts });
    }
    let advice = only(&rows, Limits::default());
    assert!(advice.candidates.is_empty() && advice.pick().is_none());
    assert!(reasons(&advice).iter().all(|(_, reason)| **reason == Exclusion::OnSchedule));
}

#[test]
fn one_row_is_picked_after_one_round_since_there_is_no_other() {
    let advice = only(&[steady("only", 4, 10, 1.0, 0, 1)], Limits::default());
    assert!(advice.can_tell());
    assert_eq!(names(advice.pick()), ["only"]);
    assert_eq!(names(advice.tied()), ["only"]);
}

#[test]
fn rows_without_memory_are_on_no_frontier_and_within_no_limit() {
    let mut rows = planted(12);
    rows[1].memory = None;
    let advice = only(&rows, Limits::default());
    assert!(!names(advice.pareto()).contains(&"async"));
    assert_eq!(names(advice.tied()), ["32 threads", "async"]);
    assert_eq!(names(advice.pick()), ["32 threads"]);
    let limits = Limits { max_memory_bytes: Some(1 << 40), max_width: None };
    assert_eq!(reasons(&only(&rows, limits)), [("async", &Exclusion::MemoryUnknown)]);
}

#[test]
fn without_any_memory_the_smallest_width_of_the_tied_is_picked() {
    let mut rows = planted(12);
    rows.iter_mut().for_each(|row| row.memory = None);
    let advice = only(&rows, Limits::default());
    assert_eq!(names(advice.pick()), ["32 threads"]);
    assert!(advice.least_memory().is_none() && advice.pareto().is_empty());
}

#[test]
fn twins_do_not_beat_each_other_and_what_is_worse_in_one_only_is_beaten() {
    let rows = [
        steady("twin", 2, 10, 1.0, 0, 6),
        steady("other twin", 2, 10, 1.0, 0, 6),
        steady("larger", 2, 11, 1.0, 0, 6),
        steady("slower", 2, 10, 1.2, 0, 6),
        steady("slower and smaller", 2, 9, 1.2, 0, 6),
    ];
    let advice = only(&rows, Limits::default());
    assert_eq!(names(advice.pareto()), ["twin", "other twin", "slower and smaller"]);
}

#[test]
fn resident_sizes_are_not_held_against_proportional_ones() {
    let mut rows = planted(12);
    rows[1].memory.as_mut().unwrap().kind = MemoryKind::Rss;
    assert_eq!(names(only(&rows, Limits::default()).pick()), ["32 threads"]);
    for row in &mut rows {
        row.memory.as_mut().unwrap().kind = MemoryKind::Rss;
    }
    assert_eq!(names(only(&rows, Limits::default()).pick()), ["async"]);
}

#[test]
fn rows_are_compared_over_the_rounds_that_all_of_them_ran() {
    // The run was cut short in its last round, which was a slow one for everybody.
    let mut longer = steady("longer", 2, 10, 1.0, 0, 11);
    let mut times = longer.seconds.take().unwrap().values().to_vec();
    times.push(50.0);
    let longer = row("longer", 2, 10, times);
    let advice = only(&[steady("shorter", 2, 10, 1.5, 1, 11), longer], Limits::default());
    assert_eq!(advice.rounds, 11);
    assert_eq!(names(advice.tied()), ["longer"]);
}

#[test]
fn a_row_without_a_shared_round_is_left_out() {
    let mut stray = steady("stray", 2, 10, 1.0, 0, 6);
    stray.rounds.iter_mut().for_each(|(_, seed)| *seed += 100);
    let advice = only(&[steady("a", 2, 10, 1.5, 1, 6), stray], Limits::default());
    let reason = &Exclusion::NoSharedRound;
    assert_eq!(reasons(&advice), [("a", reason), ("stray", reason)]);
    let mut unmeasured = steady("b", 2, 10, 1.0, 0, 6);
    unmeasured.seconds = None;
    let advice = only(&[steady("a", 2, 10, 1.5, 1, 6), unmeasured], Limits::default());
    assert_eq!(reasons(&advice), [("b", reason)]);
    assert_eq!(names(advice.pick()), ["a"]);
}

#[test]
fn a_round_of_no_time_and_rows_of_another_revision_are_left_out() {
    let mut other = steady("a @ main", 2, 10, 0.5, 1, 6);
    other.row.revision = Some("main".to_owned());
    let nothing = row("nothing", 2, 10, vec![1.0, 0.0, 1.0, 1.0, 1.0, 1.0]);
    let advice = only(&[steady("a", 2, 10, 1.5, 1, 6), other, nothing], Limits::default());
    let revision = Exclusion::OtherRevision("main".to_owned());
    assert_eq!(reasons(&advice), [("a @ main", &revision), ("nothing", &Exclusion::NoTime)]);
}

#[test]
fn workloads_that_differ_in_a_parameter_are_advised_on_apart() {
    let mut rows = planted(12);
    rows[0].row.case.spec = WorkloadSpec::new("api").with("records", 20);
    let workloads = advise(&rows, Limits::default());
    let all: Vec<_> = workloads.iter().map(|workload| workload.candidates.len()).collect();
    assert_eq!(all, [1, 5]);
}

#[test]
fn the_bound_is_the_least_of_the_candidates_and_unknown_when_their_rounds_differ() {
    let bounded = |row: RowSummary, lower_bound_s| {
        let breakdown = Breakdown {
            lower_bound_s,
            imbalance_s: 0.0,
            startup_s: 0.0,
            dispatch_s: 0.0,
            shutdown_s: 0.0,
            vs_ideal: 1.0,
        };
        RowSummary { breakdown: Some(breakdown), ..row }
    };
    let narrow = || bounded(steady("narrow", 1, 10, 2.0, 0, 6), 1.9);
    let wide = |rounds| bounded(steady("wide", 2, 10, 1.0, 0, rounds), 0.95);
    assert_eq!(only(&[narrow(), wide(6)], Limits::default()).bound_s, Some(0.95));
    assert_eq!(only(&[narrow(), wide(5)], Limits::default()).bound_s, None);
}

#[test]
fn a_given_one_of_equally_fast_rows_is_rarely_left_out_and_any_of_them_as_often_as_documented() {
    let normal = Normal::standard();
    for (count, rounds, documented) in [(2, 6, 0.04), (4, 8, 0.07), (16, 10, 0.11)] {
        let mut draw = Pcg32::new(1, 1);
        let mut time = || {
            let uniform = (f64::from(draw.next_u32()) + 0.5) / 2_f64.powi(32);
            (0.05 * normal.inverse_cdf(uniform)).exp()
        };
        let mut series =
            |n: usize| row(&n.to_string(), 1, 1, (0..rounds).map(|_| time()).collect());
        let (mut first, mut any) = (0, 0);
        for _ in 0..500 {
            let rows: Vec<RowSummary> = (0..count).map(&mut series).collect();
            let advice = only(&rows, Limits::default());
            first += usize::from(!names(advice.tied()).contains(&"0"));
            any += usize::from(advice.tied().count() < count);
        }
        let share = |times: usize| times as f64 / 500.0;
        assert!(share(first) < 0.05, "{count} rows: {}", share(first));
        // The error of 500 repetitions is one percent and a half.
        assert!((share(any) - documented).abs() < 0.03, "{count} rows: {}", share(any));
    }
}
