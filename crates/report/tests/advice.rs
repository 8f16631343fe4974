//! How advice reads, for people and for programs.

use std::num::NonZeroUsize;

use expect_test::expect;
use paceline_core::WorkloadSpec;
use paceline_report::{Screen, advice, advice_json};
use paceline_stats::advice::{Advice, Candidate, Exclusion, LeftOut, Limits, WorkloadAdvice};
use paceline_stats::compare::Judged;
use paceline_stats::summary::RowState;
use paceline_stats::{Comparison, Level, Margin, Series, Verdict};

const MIB: u64 = 1 << 20;

/// Twelve rounds of times around 1, with a little noise.
fn times(scale: f64, noise: f64) -> Series {
    let values: Vec<f64> =
        (0..12).map(|round| scale * (1.0 + noise * f64::from(round % 3 - 1))).collect();
    Series::new(values).expect("times are finite")
}

fn candidate(name: &str, mean_s: f64, noise: f64, width: usize, memory_mib: u64) -> Candidate {
    let compared = Comparison::paired(&times(mean_s, noise), &times(1.02, 0.0), Level::NINETY_FIVE);
    let comparison = compared.expect("times have ratios");
    let adjusted_p = comparison.p_value;
    let verdict = Verdict::of(&comparison, Margin::THREE_PERCENT, adjusted_p);
    let judged = Judged { comparison, paired: true, adjusted_p, verdict };
    Candidate {
        name: name.to_owned(),
        mean_s,
        width,
        memory_bytes: Some(memory_mib * MIB),
        memory_interval: None,
        against_fastest: (mean_s > 1.02).then_some(judged),
    }
}

fn planted() -> WorkloadAdvice {
    WorkloadAdvice {
        spec: WorkloadSpec::new("api").with("records", 50).with("max_wait_us", 660_000),
        candidates: vec![
            candidate("32 threads", 1.02, 0.0, 32, 12),
            candidate("async", 1.03, 0.002, 50, 6),
            candidate("erratic", 1.3, 0.5, 64, 13),
            candidate("sequential", 20.0, 0.01, 1, 5),
        ],
        left_out: vec![
            LeftOut {
                name: "rogue".to_owned(),
                reason: Exclusion::NotValid(RowState::Invalid(vec!["round 1: no item 3".into()])),
            },
            LeftOut { name: "huge".to_owned(), reason: Exclusion::TooMuchMemory(90 * MIB) },
            LeftOut { name: "wide".to_owned(), reason: Exclusion::TooWide(1024) },
        ],
        rounds: 12,
        needed_rounds: 7,
        enough_rounds: 7,
        bound_s: Some(1.021),
    }
}

fn of(workload: WorkloadAdvice) -> Advice {
    let limits = Limits { max_memory_bytes: Some(64 * MIB), max_width: NonZeroUsize::new(64) };
    Advice { run_id: "a-run".to_owned(), limits, workloads: vec![workload] }
}

/// The sentence on a workload.
fn sentence(workload: WorkloadAdvice) -> String {
    let text = advice(&of(workload), Screen::default());
    text.lines().nth(4).expect("a sentence below the title").to_owned()
}

#[test]
fn advice_is_a_sentence_then_the_rows_then_what_else_may_count() {
    expect![[r#"
        Advice from run a-run, for rows of at most 64.0 MiB, for widths of at most 64

        api (max_wait_us 660000, records 50)

        Use async: 1.03 s, within 1 % of the shortest possible, 6.0 MiB; 32 threads is tied in time at 2.0 times the memory, and 1 more row is tied.

         Benchmark  | Mean time (sec) | vs fastest |             95 % | Standing       | Memory (MiB) | Width 
        ------------+-----------------+------------+------------------+----------------+--------------+-------
         32 threads |          1.0200 |      1.000 |                - | fastest        |         12.0 |    32 
         async      |          1.0300 |      1.010 |   1.009 to 1.011 | equivalent     |          6.0 |    50 
         erratic    |          1.3000 |      1.275 |   0.901 to 1.561 | not told apart |         13.0 |    64 
         sequential |         20.0000 |     19.608 | 19.510 to 19.706 | slower         |          5.0 |     1 

        Smallest width within 5 % of the best mean: 32 threads, width 32
        Least memory within 10 % of the best mean: async, 6.0 MiB
        No other row is both as fast and as small as:
          32 threads
          async
          sequential

        Left out:
          rogue: invalid: round 1: no item 3
          huge: it takes 90.0 MiB, above the limit
          wide: its width is 1024, above the limit

        vs fastest: the mean as a multiple of the best. 95 %: the rank interval of the ratio within a round.
        equivalent: within 3 % of the fastest. slower: after Holm's correction over the workload's rows.
        Both those that are equivalent and those that are not told apart are tied with the fastest. The
        shortest possible: no schedule of these widths needs less on these inputs. Memory: one reading a
        row, or too few to be sure; up to 1.5 times as much may be chance and decides nothing.
    "#]].assert_eq(&advice(&of(planted()), Screen::default()));
}

#[test]
fn too_few_rounds_give_a_ranking_labelled_as_one_and_the_rounds_to_run() {
    let few = WorkloadAdvice { rounds: 4, ..planted() };
    expect![[r#"
        Advice from run a-run, for rows of at most 64.0 MiB, for widths of at most 64

        api (max_wait_us 660000, records 50)

        The data cannot tell: 4 rounds are too few to tell 4 rows apart at 95 %; 7 rounds can (the same command with `--rounds 7`). By the means alone it would be async: 1.03 s, within 1 % of the shortest possible, 6.0 MiB.

         Benchmark  | Mean time (sec) | vs fastest | Memory (MiB) | Width 
        ------------+-----------------+------------+--------------+-------
         32 threads |          1.0200 |      1.000 |         12.0 |    32 
         async      |          1.0300 |      1.010 |          6.0 |    50 
         erratic    |          1.3000 |      1.275 |         13.0 |    64 
         sequential |         20.0000 |     19.608 |          5.0 |     1 

        Smallest width within 5 % of the best mean: 32 threads, width 32
        Least memory within 10 % of the best mean: async, 6.0 MiB
        No other row is both as fast and as small as:
          32 threads
          async
          sequential

        Left out:
          rogue: invalid: round 1: no item 3
          huge: it takes 90.0 MiB, above the limit
          wide: its width is 1024, above the limit

        vs fastest: the mean as a multiple of the best. The shortest possible: no schedule of these widths
        needs less on these inputs. Memory: one reading a row, or too few to be sure; up to 1.5 times as
        much may be chance and decides nothing.
    "#]].assert_eq(&advice(&of(few), Screen::default()));
}

#[test]
fn the_sentence_names_what_the_tied_cost_or_how_far_the_next_is() {
    let a = candidate("a", 1.02, 0.0, 8, 20);
    let reason = |rival: Candidate| {
        let text = sentence(WorkloadAdvice { candidates: vec![a.clone(), rival], ..planted() });
        text.strip_prefix("Use a: 1.02 s, as short as possible, 20.0 MiB; ")
            .expect(&text)
            .to_owned()
    };
    let b = |mean_s, noise, width, memory_mib| candidate("b", mean_s, noise, width, memory_mib);
    assert_eq!(
        reason(b(1.03, 0.002, 16, 21)),
        "b is tied in time at about the same memory and at width 16 instead of 8."
    );
    assert_eq!(reason(b(1.03, 0.002, 8, 40)), "b is tied in time at 2.0 times the memory.");
    assert_eq!(
        reason(b(1.03, 0.002, 16, 28)),
        "b is tied in time at 1.4 times the memory, which may be chance, and at width 16 instead of 8."
    );
    assert_eq!(
        reason(b(1.2, 0.4, 8, 10)),
        "b is not told apart in time by 12 rounds, at 0.50 times the memory."
    );
    assert_eq!(reason(b(2.04, 0.01, 8, 10)), "the next, b, takes 2.00 times as long.");
}

#[test]
fn what_is_not_known_is_not_in_the_sentence() {
    let of = |candidates| sentence(WorkloadAdvice { candidates, bound_s: None, ..planted() });
    let unknown = |candidate| Candidate { memory_bytes: None, ..candidate };
    let (a, b) = (candidate("a", 1.02, 0.0, 8, 1), candidate("b", 1.03, 0.002, 16, 1));
    assert_eq!(
        of(vec![unknown(a.clone()), unknown(b)]),
        "Use a: 1.02 s; b is tied in time at width 16 instead of 8."
    );
    assert_eq!(of(vec![unknown(a)]), "Use a: 1.02 s; there is no other row to choose.");
    assert_eq!(of(Vec::new()), "No row is left to choose from.");
}

#[test]
fn programs_get_the_same_as_people() {
    let parse = |workload| -> serde_json::Value {
        serde_json::from_str(&advice_json(&of(workload)).expect("JSON")).expect("JSON")
    };
    let told = parse(planted());
    assert_eq!((&told["format"], &told["max_width"]), (&1.into(), &64.into()));
    let api = &told["workloads"][0];
    assert_eq!(api["outcome"], "advised");
    assert_eq!(api["advised"], "async");
    assert_eq!(api["tied"], serde_json::json!(["32 threads", "async", "erratic"]));
    assert_eq!(api["smallest_width"], "32 threads");
    assert_eq!(api["least_memory"], "async");
    assert_eq!(api["pareto"], serde_json::json!(["32 threads", "async", "sequential"]));
    assert_eq!(api["rows"][2]["standing"], "not_told_apart");
    assert_eq!(api["sentence"], sentence(planted()));
    assert_eq!(api["left_out"][0]["reason"], "invalid: round 1: no item 3");

    let few = parse(WorkloadAdvice { rounds: 4, ..planted() });
    let api = &few["workloads"][0];
    assert_eq!(api["outcome"], "too_few_rounds");
    assert_eq!((&api["advised"], &api["tied"]), (&().into(), &serde_json::json!([])));
    assert_eq!((&api["rounds"], &api["needed_rounds"]), (&4.into(), &7.into()));
    assert_eq!(api["rows"][0]["standing"], "estimate");

    let none = parse(WorkloadAdvice { candidates: Vec::new(), ..planted() });
    assert_eq!(none["workloads"][0]["outcome"], "no_row");
}

#[test]
fn a_name_cannot_break_the_lines_it_stands_in() {
    let mut workload = planted();
    workload.candidates[1].name = "as\nync\u{1b}[31m".to_owned();
    workload.left_out[0].name = "ro\ngue".to_owned();
    let text = advice(&of(workload), Screen::default());
    assert!(!text.contains('\u{1b}') && !text.contains("as\n") && !text.contains("ro\n"), "{text}");
}

#[test]
fn the_legend_tells_of_what_is_there_and_of_nothing_else() {
    let legend = |workload, width| {
        let text = advice(&of(workload), Screen { width, ..Screen::default() });
        text.rsplit("\n\n").next().expect("a last paragraph").replace('\n', " ")
    };
    let has = |text: &str, word: &str| text.contains(word);
    let whole = legend(planted(), None);
    for word in ["vs fastest:", "95 %:", "equivalent:", "slower:", "possible:", "Memory:"] {
        assert!(has(&whole, word), "{word}: {whole}");
    }
    let few = legend(WorkloadAdvice { rounds: 4, ..planted() }, None);
    assert!(has(&few, "vs fastest:") && !has(&few, "95 %:") && !has(&few, "slower:"), "{few}");
    let narrow = legend(planted(), Some(44));
    assert!(!has(&narrow, "95 %:") && !has(&narrow, "vs fastest:"), "{narrow}");
    let lone = WorkloadAdvice { candidates: planted().candidates[..1].to_vec(), ..planted() };
    let lone = legend(WorkloadAdvice { bound_s: None, ..lone }, None);
    assert!(!has(&lone, "equivalent") && !has(&lone, "possible"), "{lone}");
    let nothing = advice(
        &of(WorkloadAdvice { candidates: vec![], bound_s: None, ..planted() }),
        Screen::default(),
    );
    assert!(nothing.ends_with("above the limit\n"), "{nothing}");
}

#[test]
fn small_limits_and_long_lists_are_told_as_they_are_and_shortly() {
    let mut workload = planted();
    let items: String = (0..500).map(|n| format!("photos/{n}.jpg ")).collect();
    workload.spec = WorkloadSpec::new("command").with("items", format!("list: {items}"));
    let mut advised = of(workload);
    advised.limits.max_memory_bytes = Some(1024);
    let text = advice(&advised, Screen::default());
    assert!(text.starts_with("Advice from run a-run, for rows of at most 1.0 KiB, "), "{text}");
    assert!(text.contains("photos/0.jpg") && !text.contains("photos/99.jpg"), "{text}");
    assert!(text.contains(" characters more)"), "{text}");
}

#[test]
fn what_may_be_chosen_is_green_where_there_are_colours() {
    let colored = Screen { color: true, ..Screen::default() };
    let text = advice(&of(planted()), colored);
    assert_eq!(text.matches("\u{1b}[32m").count(), 2, "fastest and equivalent: {text}");
}
