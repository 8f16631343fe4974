//! The comparison and the advice on terminals of three widths, and what a table explains.

use expect_test::expect;
use paceline_journal::Journal;
use paceline_report::{Screen, Selection, View, advice, comparison, explain, side_by_side, table};
use paceline_stats::compare::Side;
use paceline_stats::{Margin, RunComparison};
use unicode_width::UnicodeWidthStr;

use crate::{recorded, recorded_run, renamed, run};

const WIDTHS: [usize; 3] = [60, 80, 120];

fn on(width: usize) -> Screen {
    Screen { width: Some(width), ..Screen::default() }
}

fn widest(text: &str) -> usize {
    text.lines().map(UnicodeWidthStr::width).max().unwrap_or(0)
}

fn compared() -> RunComparison {
    let other =
        renamed(recorded(), "Threaded IO heavy processing (8 threads)", &"漢字 ".repeat(30));
    RunComparison::of_sides(
        &Side::of(&run(&recorded())),
        &Side::of(&run(&other)),
        Margin::THREE_PERCENT,
    )
}

#[test]
fn no_line_of_a_comparison_or_of_advice_is_wider_than_the_terminal() {
    let mut few = recorded();
    few.samples.retain(|sample| sample.round <= 2);
    for width in WIDTHS.into_iter().chain([50, 100]) {
        let mut texts = vec![comparison(&compared(), on(width))];
        for journal in [&recorded(), &few] {
            texts.push(advice(run(journal).advice(), on(width)));
        }
        for text in texts {
            assert!(widest(&text) <= width, "{width}:\n{text}");
        }
    }
}

#[test]
fn what_there_is_no_room_for_goes_in_the_stated_order_and_is_named() {
    let run = recorded_run();
    let gone = |text: &str| -> Vec<String> {
        let parts = text.split("Not shown, for want of width: ").skip(1);
        let lists = parts.filter_map(|part| part.split_once(".\n"));
        lists.map(|(list, _)| list.replace('\n', " ")).collect()
    };
    let of_comparison = WIDTHS.map(|width| gone(&comparison(&compared(), on(width))));
    let memory = "Memory 95 %, Memory ratio, Memory verdict";
    let narrowest = format!("{memory}, 95 % interval");
    assert_eq!(of_comparison, [vec![narrowest.as_str()], vec![memory], vec![]]);
    let of_advice = WIDTHS.map(|width| gone(&advice(run.advice(), on(width))));
    assert_eq!(
        of_advice,
        [
            // The rounds cannot tell the first workload's rows apart, so two columns are not there at all.
            vec!["Width, vs fastest", "95 %, Width, vs fastest, Standing"],
            vec!["95 %, Width"],
            vec![]
        ]
    );
}

#[test]
fn a_narrow_comparison() {
    expect![[r#"
        20261124-151602-smoke-smoke against
          20261124-151602-smoke-smoke

         Benchmark                             |  Time |    Verdict 
                                               | ratio |            
        ---------------------------------------+-------+------------
         Sequential IO heavy processing        | 1.000 | equivalent 
         Truly-asyncronous IO heavy processing | 1.000 | equivalent 
         Multiprocessed IO heavy processing (2 | 1.000 | equivalent 
         processes, 5 items per task)          |       |            
         Sequential CPU heavy processing       | 1.000 | equivalent 
         Threaded CPU heavy processing (2      | 1.000 | equivalent 
         threads, 8 images)                    |       |            

        Not shown, for want of width: Memory 95 %, Memory ratio,
        Memory verdict, 95 % interval.

        Time ratio: above 1 is slower; Hodges-Lehmann estimate and
        rank interval, verdicts after Holm's correction. Rounds of
        the same seed were compared one by one. Memory: one reading
        a side, so a ratio and no verdict; `bench --memory-rounds 8`
        reads so many rows often enough.

        Only in 20261124-151602-smoke-smoke:
          Threaded IO heavy processing (8 threads)

        Only in 20261124-151602-smoke-smoke:
          漢字 漢字 漢字 漢字 漢字 漢字 漢字 漢字 漢字 漢字 漢字
            漢字 漢字 漢字 漢字 漢字 漢字 漢字 漢字 漢字 漢字 漢字
            漢字 漢字 漢字 漢字 漢字 漢字 漢字 漢字
    "#]]
    .assert_eq(&comparison(&compared(), on(60)));
}

#[test]
fn what_is_not_shown_is_not_explained() {
    let shown = |columns: &str| {
        let columns = Selection::parse(columns).expect("columns");
        table(&recorded_run(), &View { columns, ..View::default() })
    };
    for (column, word) in [
        ("interval", "95 %: the bootstrap"),
        ("ideal", "vs ideal:"),
        ("memory", "Memory:"),
        ("flight", "In flight:"),
    ] {
        assert!(shown("").contains(word) && shown(column).contains(word), "{column}");
        assert!(!shown(&format!("-{column}")).contains(word), "{column}");
    }
}

#[test]
fn a_name_of_another_size_than_the_scale_s_is_explained_and_stays() {
    let mut journal = recorded();
    journal.header.plan.matrix.name = "seed".to_owned();
    let note = "Names are those of the reference table, with its spelling";
    let told = |journal: &Journal| table(&run(journal), &View::default());
    assert!(told(&journal).contains(&format!("{note}.\n")), "{}", told(&journal));
    assert!(!told(&recorded()).contains(note));
    let named = "Threaded CPU heavy processing (2 threads, 8 images)";
    let journal = renamed(journal, named, &named.replace("8 images", "64 images"));
    let sized = format!("{note}; where they say 64 images, this scale has 8.");
    assert!(told(&journal).replace('\n', " ").contains(&sized), "{}", told(&journal));
}

#[test]
fn runs_side_by_side_and_explanations_fit_their_terminal_and_say_what_went() {
    for limit in [40, 60, 80, 120] {
        let view = View { screen: on(limit), ..View::default() };
        let runs = [recorded_run(), recorded_run()];
        for text in [side_by_side(&runs, &view), explain(&runs[0], "", on(limit))] {
            assert!(widest(&text) <= limit, "{limit}:\n{text}");
        }
        let shown = side_by_side(&runs, &view).replace('\n', " ");
        assert_eq!(limit <= 80, shown.contains("A (MiB), B (MiB)"), "{limit}:\n{shown}");
    }
}
