//! Memory of several readings: planted peaks with a known answer.

use paceline_core::{ItemIndex, Items, Violation};
use paceline_journal::{Journal, Purpose, SampleOutcome};
use paceline_protocol::{MemoryKind, TreeMemory};
use paceline_stats::compare::{Gate, Judged, Quantity};
use paceline_stats::summary::{RowMemory, RowState};
use paceline_stats::{Margin, RunComparison, Verdict};

use crate::build::{
    SECOND, add, add_memory, measured, ran, row, run, run_of, summary_of, with_memory,
};
use crate::compare::{about, compare};

const MIB: u64 = 1 << 20;
const TEN_PERCENT: f64 = 0.1;

/// Peaks of eight rounds that differ by what allocators do, a few per mille, otherwise in each `phase`.
fn peaks(centre_bytes: u64, phase: u64) -> Vec<u64> {
    let per_mille = |round: u64| 995 + (round * 5 + phase * 3) % 11;
    (0..8).map(|round| centre_bytes / 1_000 * per_mille(round)).collect()
}

/// Rows of the same times with these peaks: the first is the warm-up's, the others are of samples for
/// memory alone, which took as long as no row may take.
fn planted(rows: &[(&str, Vec<u64>)]) -> Journal {
    let mut journal = run(rows.iter().map(|(name, _)| row(name, "threads-rayon", 2)).collect());
    for (name, peaks) in rows {
        add(&mut journal, name, 0, 1, with_memory(ran(SECOND), peaks[0]));
        for (round, time_ns) in (1..).zip(about(SECOND, 1)) {
            add(&mut journal, name, round, 1, measured(ran(time_ns)));
        }
        for (round, bytes) in (1..).zip(&peaks[1..]) {
            add_memory(&mut journal, name, round, with_memory(ran(500 * SECOND), *bytes));
        }
    }
    journal
}

fn one(peaks: &[u64]) -> Journal {
    planted(&[("row", peaks.to_vec())])
}

fn judged(base: &Journal, head: &Journal) -> Judged {
    compare(base, head).rows[0].memory.expect("both sides have memory")
}

fn larger(bytes: &[u64], percent: u64) -> Vec<u64> {
    bytes.iter().map(|bytes| bytes / 100 * (100 + percent)).collect()
}

#[test]
fn ten_percent_more_are_found_and_allocation_noise_is_not() {
    let base = one(&peaks(8 * MIB, 1));
    let grown = judged(&base, &one(&larger(&peaks(8 * MIB, 2), 10)));
    assert_eq!((grown.verdict, grown.paired, grown.comparison.rounds), (Verdict::Slower, true, 8));
    assert!((grown.comparison.ratio - 1.1).abs() < 0.005, "{grown:?}");
    assert!(grown.comparison.low > 1.09 && grown.comparison.high < 1.11, "{grown:?}");
    let shrunk = judged(&one(&larger(&peaks(8 * MIB, 2), 10)), &base);
    assert_eq!(shrunk.verdict, Verdict::Faster);
    assert_eq!(judged(&base, &one(&peaks(8 * MIB, 2))).verdict, Verdict::Equivalent);
    assert_eq!(judged(&base, &base).verdict, Verdict::Equivalent);
}

#[test]
fn peaks_that_fall_between_two_readings_by_chance_are_no_verdict() {
    let base = one(&peaks(8 * MIB, 1));
    let mut missed = peaks(8 * MIB, 2);
    for bytes in missed.iter_mut().step_by(3) {
        *bytes = *bytes / 10 * 14;
    }
    let judged = judged(&base, &one(&missed));
    assert_eq!(judged.verdict, Verdict::Inconclusive);
    assert!(judged.comparison.high > 1.03, "{judged:?}");
}

#[test]
fn fewer_than_six_readings_are_a_ratio_and_no_verdict() {
    for readings in 1..=7 {
        let base = one(&peaks(8 * MIB, 1)[..readings]);
        let head = one(&larger(&peaks(8 * MIB, 1)[..readings], 50));
        let judged = judged(&base, &head);
        assert!((judged.comparison.ratio - 1.5).abs() < 1e-4);
        assert_eq!(judged.comparison.rounds, readings);
        assert_eq!(judged.verdict == Verdict::Slower, readings >= 6, "{readings}");
    }
}

#[test]
fn readings_of_other_seeds_are_compared_as_wholes() {
    let base = one(&peaks(8 * MIB, 1));
    let mut head = one(&larger(&peaks(8 * MIB, 2), 10));
    for sample in &mut head.samples {
        sample.seed += 500;
    }
    let judged = judged(&base, &head);
    assert_eq!((judged.paired, judged.verdict), (false, Verdict::Slower));
}

#[test]
fn memory_that_a_side_does_not_know_or_that_is_of_another_kind_is_not_compared() {
    let base = one(&peaks(8 * MIB, 1));
    let mut resident = base.clone();
    for sample in &mut resident.samples {
        if let SampleOutcome::Measured { memory: Some(memory), .. } = &mut sample.outcome {
            memory.kind = MemoryKind::Rss;
        }
    }
    assert!(compare(&base, &resident).rows[0].memory.is_none());
    assert!(compare(&resident, &resident).rows[0].memory.is_some());
    assert!(compare(&base, &one(&[0])).rows[0].memory.is_none());
}

#[test]
fn reading_memory_takes_no_verdict_on_time_away_and_adds_none() {
    // Eleven rows are as many as twelve rounds can judge and eight readings cannot.
    let names: Vec<String> = (0..11).map(|index| format!("row {index}")).collect();
    let with = |percent: u64, readings: usize| {
        let of = |name| (name, larger(&peaks(8 * MIB, 1)[..readings], percent));
        planted(&names.iter().map(String::as_str).map(of).collect::<Vec<_>>())
    };
    let p_of_time = |readings: usize| {
        let comparison = compare(&with(0, readings), &with(50, readings));
        comparison.rows.iter().map(|row| row.time.unwrap().adjusted_p).collect::<Vec<_>>()
    };
    assert_eq!(p_of_time(1), p_of_time(8));
    let found = compare(&with(0, 8), &with(50, 8)).rows[0].memory.unwrap();
    assert_eq!(found.verdict, Verdict::Inconclusive, "11 x 2^-7 is above 0.05");
    assert!((found.adjusted_p - 11.0 / 128.0).abs() < 1e-12);
}

#[test]
fn a_gate_on_memory_is_about_memory_alone() {
    let base = one(&peaks(8 * MIB, 1));
    let gate = |head: &Journal| {
        let comparison = compare(&base, head);
        assert_eq!(comparison.gate(Quantity::Time, 0.05), Gate::Fine);
        comparison.gate(Quantity::Memory, TEN_PERCENT)
    };
    let row = || vec!["row".to_owned()];
    assert_eq!(gate(&one(&peaks(8 * MIB, 2))), Gate::Fine);
    assert_eq!(gate(&one(&larger(&peaks(8 * MIB, 2), 9))), Gate::Fine);
    assert_eq!(gate(&one(&larger(&peaks(8 * MIB, 2), 12))), Gate::Regression(row()));
    assert_eq!(gate(&one(&larger(&peaks(8 * MIB, 2), 10))), Gate::Inconclusive(row()));
    assert_eq!(gate(&one(&peaks(8 * MIB, 2)[..5])), Gate::Inconclusive(row()));
    assert_eq!(gate(&one(&[0])), Gate::Inconclusive(row()));
}

#[test]
fn a_row_s_memory_is_the_mean_of_its_readings_with_an_interval() {
    let memory = summary_of(&one(&[2 * MIB]), "row").memory.unwrap();
    assert_eq!((memory.peak_bytes, memory.interval), (2 * MIB, None));
    let memory = summary_of(&one(&[2 * MIB, 4 * MIB, 3 * MIB + 1]), "row").memory.unwrap();
    assert_eq!(memory.peak_bytes, 3 * MIB);
    assert_eq!(memory.rounds.iter().map(|(round, _)| *round).collect::<Vec<_>>(), [0, 1, 2]);
    assert_eq!(memory.first.peak_bytes, 2 * MIB);
    let interval = memory.interval.unwrap();
    assert!(interval.low < 3e6 * 1.05 && interval.high > 3.1e6, "{interval:?}");
}

#[test]
fn times_of_samples_for_memory_are_used_nowhere() {
    let with = summary_of(&one(&peaks(8 * MIB, 1)), "row");
    let without = summary_of(&one(&peaks(8 * MIB, 1)[..1]), "row");
    assert_eq!((with.seconds, with.rounds), (without.seconds, without.rounds));
    assert_eq!((with.noise, with.flags), (without.noise, without.flags));
}

#[test]
fn a_violation_in_a_sample_for_memory_makes_the_row_invalid() {
    let mut journal = one(&peaks(8 * MIB, 1));
    let mut wrong = ran(SECOND);
    let items = Items { count: 1, first: ItemIndex(4) };
    wrong.violations = vec![Violation::Missing { items }];
    let mut for_memory =
        journal.samples.iter_mut().filter(|sample| sample.purpose == Purpose::Memory);
    for_memory.nth(1).expect("it was read in several rounds").outcome = measured(wrong);
    let summary = summary_of(&journal, "row");
    let RowState::Invalid(reasons) = &summary.state else { panic!("{:?}", summary.state) };
    assert!(reasons[0].starts_with("round 2, reading memory: "), "{reasons:?}");
    assert!(summary.seconds.is_none() && summary.memory.is_none());
}

#[test]
fn revisions_that_ran_in_the_same_rounds_are_judged_by_memory_too() {
    let (own, other) = (larger(&peaks(8 * MIB, 1), 10), peaks(8 * MIB, 2));
    let mut journal = planted(&[("row", own), ("row @ main", other)]);
    journal.header.plan.rows[1].revision = Some("main".to_owned());
    let comparison = RunComparison::of_revisions(&run_of(&journal), Margin::THREE_PERCENT).unwrap();
    let memory = comparison.rows[0].memory.unwrap();
    assert_eq!((memory.verdict, memory.comparison.rounds), (Verdict::Slower, 8));
    assert_eq!(comparison.gate(Quantity::Memory, 0.05), Gate::Regression(vec!["row".to_owned()]));
}

#[test]
fn a_reading_of_resident_sizes_does_not_push_out_those_of_the_proportional_kind() {
    let with_kind = |kind: MemoryKind, peak_bytes| {
        let journal = one(&[peak_bytes; 8]);
        let SampleOutcome::Measured { memory: Some(memory), .. } = &journal.samples[0].outcome
        else {
            panic!("it reads memory");
        };
        TreeMemory { kind, ..memory.clone() }
    };
    let readings = |kinds: [MemoryKind; 3]| {
        let reading = |(round, kind)| ((round, 7), with_kind(kind, (u64::from(round) + 1) * MIB));
        RowMemory::of((0..).zip(kinds).map(reading).collect(), 1).expect("it has readings")
    };
    let (pss, rss) = (MemoryKind::Pss, MemoryKind::Rss);
    let mixed = readings([rss, pss, pss]);
    assert_eq!((mixed.kind, mixed.peaks_bytes()), (pss, vec![2 * MIB, 3 * MIB]));
    assert_eq!(mixed.first.peak_bytes, 2 * MIB);
    assert_eq!(mixed.rounds, [(1, 7), (2, 7)]);
    assert_eq!(readings([rss; 3]).peaks_bytes().len(), 3);
}
