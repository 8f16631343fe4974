//! The recorded run against itself and against an altered copy.

use expect_test::expect;
use paceline_report::{Screen, comparison, comparison_json, comparison_markdown};
use paceline_stats::compare::Side;
use paceline_stats::{Margin, RunComparison};

use crate::{measured_of, recorded, recorded_run, renamed, run};

/// A run on another host in which a row takes half as long again and another is new.
fn altered() -> paceline_journal::Journal {
    let mut journal = recorded();
    journal.header.run_id = "altered".to_owned();
    journal.header.host.cpu_model = Some("Example 9000".to_owned());
    for measured in measured_of(&mut journal, "Sequential IO heavy processing") {
        measured.run_ns += measured.run_ns / 2;
    }
    renamed(journal, "Threaded IO heavy processing (8 threads)", "Fibers")
}

fn compared(head: &paceline_journal::Journal) -> RunComparison {
    let (base, head) = (run(&recorded()), run(head));
    RunComparison::of_sides(&Side::of(&base), &Side::of(&head), Margin::THREE_PERCENT)
}

#[test]
fn a_run_against_itself() {
    expect![[r#"
        20261124-151602-smoke-smoke against 20261124-151602-smoke-smoke

         Benchmark                                                          | Time ratio |  95 % interval |    Verdict | Memory ratio | Memory 95 % | Memory verdict 
        --------------------------------------------------------------------+------------+----------------+------------+--------------+-------------+----------------
         Sequential IO heavy processing                                     |      1.000 | 1.000 to 1.000 | equivalent |        1.000 |           - |    one reading 
         Truly-asyncronous IO heavy processing                              |      1.000 | 1.000 to 1.000 | equivalent |        1.000 |           - |    one reading 
         Threaded IO heavy processing (8 threads)                           |      1.000 | 1.000 to 1.000 | equivalent |        1.000 |           - |    one reading 
         Multiprocessed IO heavy processing (2 processes, 5 items per task) |      1.000 | 1.000 to 1.000 | equivalent |        1.000 |           - |    one reading 
         Sequential CPU heavy processing                                    |      1.000 | 1.000 to 1.000 | equivalent |        1.000 |           - |    one reading 
         Threaded CPU heavy processing (2 threads, 8 images)                |      1.000 | 1.000 to 1.000 | equivalent |        1.000 |           - |    one reading 

        Time ratio: above 1 is slower; Hodges-Lehmann estimate and rank interval, verdicts after Holm's
        correction. Rounds of the same seed were compared one by one. Memory: one reading a side, so a ratio
        and no verdict; `bench --memory-rounds 8` reads so many rows often enough.
    "#]].assert_eq(&comparison(&compared(&recorded()), Screen::default()));
}

#[test]
fn a_run_against_an_altered_copy() {
    expect![[r#"
        Careful: different hosts: AMD EPYC with 2 usable cores, 6.18.44-fc-v782 and Example 9000 with 2 usable cores, 6.18.44-fc-v782.
        altered against 20261124-151602-smoke-smoke

         Benchmark                                                          | Time ratio |  95 % interval |      Verdict | Memory ratio | Memory 95 % | Memory verdict 
        --------------------------------------------------------------------+------------+----------------+--------------+--------------+-------------+----------------
         Sequential IO heavy processing                                     |      1.500 | 1.500 to 1.500 | inconclusive |        1.000 |           - |    one reading 
         Truly-asyncronous IO heavy processing                              |      1.000 | 1.000 to 1.000 |   equivalent |        1.000 |           - |    one reading 
         Multiprocessed IO heavy processing (2 processes, 5 items per task) |      1.000 | 1.000 to 1.000 |   equivalent |        1.000 |           - |    one reading 
         Sequential CPU heavy processing                                    |      1.000 | 1.000 to 1.000 |   equivalent |        1.000 |           - |    one reading 
         Threaded CPU heavy processing (2 threads, 8 images)                |      1.000 | 1.000 to 1.000 |   equivalent |        1.000 |           - |    one reading 

        Time ratio: above 1 is slower; Hodges-Lehmann estimate and rank interval, verdicts after Holm's
        correction. Rounds of the same seed were compared one by one. So many rows need more rounds before
        an interval that excludes 1 is a verdict. Memory: one reading a side, so a ratio and no verdict;
        `bench --memory-rounds 8` reads so many rows often enough.

        Only in 20261124-151602-smoke-smoke:
          Threaded IO heavy processing (8 threads)

        Only in altered:
          Fibers
    "#]].assert_eq(&comparison(&compared(&altered()), Screen::default()));
}

#[test]
fn a_run_against_one_of_two_rounds() {
    let mut short = recorded();
    short.samples.retain(|sample| sample.round <= 2);
    let text = comparison(&compared(&short), Screen::default());
    let few = "2 rounds are too few for a verdict at 95 % on 6 rows; 8 rounds can.";
    assert!(text.replace('\n', " ").contains(few), "{text}");
    assert!(!text.contains("| slower") && !text.contains("| faster"), "{text}");
}

#[test]
fn the_json_form_says_what_the_table_says() {
    let text = comparison_json(&compared(&altered())).unwrap();
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(document["only_base"][0], "Threaded IO heavy processing (8 threads)");
    assert_eq!(document["only_head"][0], "Fibers");
    assert_eq!(document["caveats"].as_array().unwrap().len(), 1);
    expect![[r#"
        {
          "memory": {
            "achieved_level": 0.0,
            "adjusted_p": 1.0,
            "high": 1.0,
            "low": 1.0,
            "p_value": 1.0,
            "paired": true,
            "ratio": 1.0,
            "rounds": 1,
            "verdict": "inconclusive"
          },
          "memory_ratio": 1.0,
          "name": "Sequential IO heavy processing",
          "time": {
            "achieved_level": 0.96875,
            "adjusted_p": 0.15625,
            "high": 1.4999739888955586,
            "low": 1.4999467338192902,
            "p_value": 0.03125,
            "paired": true,
            "ratio": 1.4999556366340985,
            "rounds": 6,
            "verdict": "inconclusive"
          }
        }"#]]
    .assert_eq(&serde_json::to_string_pretty(&document["rows"][0]).unwrap());
}

#[test]
fn sides_without_a_common_row_are_said_to_be_so_in_the_place_of_a_table() {
    let mut other = recorded();
    for row in recorded().header.plan.rows {
        other = renamed(other, &row.name, &format!("other {}", row.name));
    }
    let (base, head) = (recorded_run(), run(&other));
    let compared =
        RunComparison::of_sides(&Side::of(&base), &Side::of(&head), Margin::THREE_PERCENT);
    for text in [comparison(&compared, Screen::default()), comparison_markdown(&compared)] {
        assert!(text.contains("\n\nNo row has the same name on both sides.\n\n"), "{text}");
        assert!(!text.contains("Benchmark") && text.contains("  other Sequential IO"), "{text}");
    }
}
