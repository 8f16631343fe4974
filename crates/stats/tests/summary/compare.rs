//! Two runs, or two revisions in one run, row by row.

use paceline_journal::Journal;
use paceline_stats::compare::{Gate, Quantity, Side, SideRow};
use paceline_stats::{Margin, RunComparison, Verdict};

use crate::build::{SECOND, add, measured, ran, row, run, run_of, timed};

/// Twelve rounds about `centre_ns` that differ by a percent or so, otherwise in each row.
pub(crate) fn about(centre_ns: u64, phase: u64) -> Vec<u64> {
    let per_mille = |round: u64| 1_000 + (round * 7 + phase * 3) % 13;
    (0..12).map(|round| centre_ns / 1_000 * per_mille(round)).collect()
}

pub(crate) fn compare(base: &Journal, head: &Journal) -> RunComparison {
    RunComparison::of_sides(
        &Side::of(&run_of(base)),
        &Side::of(&run_of(head)),
        Margin::THREE_PERCENT,
    )
}

fn verdicts(comparison: &RunComparison) -> Vec<Verdict> {
    comparison.rows.iter().map(|row| row.time.expect("both are valid").verdict).collect()
}

fn two_rows() -> Journal {
    timed(&[("one", &about(SECOND, 1)), ("two", &about(2 * SECOND, 2))])
}

#[test]
fn a_run_against_itself_is_equivalent_in_every_row() {
    let comparison = compare(&two_rows(), &two_rows());
    assert_eq!(verdicts(&comparison), [Verdict::Equivalent; 2]);
    assert!(comparison.caveats.is_empty());
    let first = comparison.rows[0].time.unwrap().comparison;
    assert_eq!((first.ratio, first.low, first.high), (1.0, 1.0, 1.0));
}

#[test]
fn however_few_the_rounds_a_run_never_differs_from_itself() {
    for rounds in 1..=12 {
        let journal = timed(&[("one", &about(SECOND, 1)[..rounds])]);
        let found = verdicts(&compare(&journal, &journal));
        assert!(!found.contains(&Verdict::Faster) && !found.contains(&Verdict::Slower));
    }
}

#[test]
fn a_slower_and_a_faster_row_are_found() {
    let head = timed(&[("one", &about(2 * SECOND, 1)), ("two", &about(SECOND, 2))]);
    let comparison = compare(&two_rows(), &head);
    assert_eq!(verdicts(&comparison), [Verdict::Slower, Verdict::Faster]);
    assert!((comparison.rows[0].time.unwrap().comparison.ratio - 2.0).abs() < 0.001);
}

#[test]
fn rounds_of_the_same_seed_are_compared_one_by_one() {
    let judged = compare(&two_rows(), &two_rows()).rows[0].time.unwrap();
    assert!(judged.paired);
    assert_eq!(judged.comparison.rounds, 12);
}

#[test]
fn only_common_rounds_are_paired() {
    let mut head = two_rows();
    head.samples.retain(|sample| sample.round > 4);
    let judged = compare(&two_rows(), &head).rows[0].time.unwrap();
    assert_eq!((judged.paired, judged.comparison.rounds), (true, 8));
}

#[test]
fn what_another_program_measured_is_compared_as_a_whole_with_its_caveat_said() {
    let run = Side::of(&run_of(&two_rows()));
    let theirs = SideRow { case: None, rounds: Vec::new(), memory: None, ..run.rows[0].clone() };
    let theirs = Side {
        name: "theirs.json".to_owned(),
        run: None,
        caveats: vec!["it is another harness's".to_owned()],
        rows: vec![theirs],
    };
    let comparison = RunComparison::of_sides(&theirs, &run, Margin::THREE_PERCENT);
    assert_eq!(comparison.caveats, theirs.caveats);
    assert_eq!(comparison.only_head, ["two"]);
    let judged = comparison.rows[0].time.unwrap();
    assert_eq!((judged.paired, judged.comparison.ratio), (false, 1.0));
    assert!(comparison.rows[0].memory.is_none());
}

#[test]
fn a_gate_over_no_row_at_all_is_inconclusive() {
    let nothing = Side { name: "n".to_owned(), run: None, caveats: Vec::new(), rows: Vec::new() };
    let comparison = RunComparison::of_sides(&nothing, &nothing, Margin::THREE_PERCENT);
    assert_eq!(comparison.gate(Quantity::Time, 0.05), Gate::Inconclusive(Vec::new()));
}

#[test]
fn rounds_of_other_seeds_are_compared_as_wholes() {
    let mut head = two_rows();
    for sample in &mut head.samples {
        sample.seed += 500;
    }
    let judged = compare(&two_rows(), &head).rows[0].time.unwrap();
    assert!(!judged.paired);
    assert_eq!(judged.verdict, Verdict::Equivalent);
}

#[test]
fn a_row_that_is_not_valid_on_one_side_has_no_time() {
    let mut head = two_rows();
    head.samples[0].outcome = paceline_journal::SampleOutcome::TimedOut { limit_ms: 1 };
    let comparison = compare(&two_rows(), &head);
    assert!(comparison.rows[0].time.is_none());
    assert!(comparison.rows[1].time.is_some());
}

#[test]
fn rows_of_one_side_are_named() {
    let times = about(SECOND, 1);
    let base = timed(&[("gone", &times), ("both", &times)]);
    let head = timed(&[("both", &times), ("new", &times)]);
    let comparison = compare(&base, &head);
    assert_eq!(comparison.only_base, ["gone"]);
    assert_eq!(comparison.only_head, ["new"]);
    assert_eq!(comparison.rows.len(), 1);
}

fn caveats(edit: impl Fn(&mut Journal)) -> Vec<String> {
    let mut head = two_rows();
    edit(&mut head);
    compare(&two_rows(), &head).caveats
}

#[test]
fn what_else_differs_is_said() {
    let host = |name: &str, cores: u32| format!("{name} with {cores} usable cores, 6.1");
    assert_eq!(
        caveats(|head| head.header.host.usable_cores = 4),
        [format!("different hosts: {} and {}", host("Example 9000", 2), host("Example 9000", 4))]
    );
    assert_eq!(
        caveats(|head| head.header.host.cpu_model = None),
        [format!("different hosts: {} and {}", host("Example 9000", 2), host("unknown", 2))]
    );
    assert_eq!(
        caveats(|head| head.header.plan.scale = "quick".to_owned()),
        ["different scales: smoke and quick"]
    );
    assert_eq!(caveats(|head| head.header.plan.seed = 9), ["different seeds: 1 and 9"]);
    assert_eq!(
        caveats(|head| head.header.rustc = "rustc 1.99.0".to_owned()),
        ["different compilers: rustc 1.95.0 and rustc 1.99.0"]
    );
}

#[test]
fn a_row_that_does_other_work_is_said_and_one_with_photographs_elsewhere_is_not() {
    let set = |name: &'static str| {
        move |head: &mut Journal| {
            let params = &mut head.header.plan.rows[0].case.spec.params;
            params.insert(name.to_owned(), "other".to_owned());
        }
    };
    let expected = ["row `one` runs other work on one side than on the other"];
    assert_eq!(caveats(set("records")), expected);
    assert_eq!(caveats(set("images")), [""; 0]);
}

#[test]
fn revisions_are_paired_by_case_in_one_run() {
    let mut other = row("one (main)", "threads-rayon", 2);
    other.revision = Some("main".to_owned());
    let mut journal = run(vec![row("one", "threads-rayon", 2), other]);
    for (round, time_ns) in (1..).zip(about(SECOND, 1)) {
        add(&mut journal, "one", round, 1, measured(ran(time_ns * 2)));
        add(&mut journal, "one (main)", round, 1, measured(ran(time_ns)));
    }
    let of_revisions =
        |journal: &Journal| RunComparison::of_revisions(&run_of(journal), Margin::THREE_PERCENT);
    let comparison = of_revisions(&journal).unwrap();
    assert_eq!((comparison.rows.len(), comparison.rows[0].name.as_str()), (1, "one"));
    assert_eq!(verdicts(&comparison), [Verdict::Slower]);
    assert!(comparison.rows[0].time.unwrap().paired);
    assert_eq!(comparison.sides.base, "main");

    journal.header.plan.rows.pop();
    assert!(of_revisions(&journal).is_none());
}
