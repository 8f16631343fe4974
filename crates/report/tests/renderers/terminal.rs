//! The recorded run as terminals of different widths show it.

use expect_test::expect;
use paceline_journal::{Journal, SampleOutcome};
use paceline_report::{
    COLUMNS, Order, Screen, Selection, View, bars, headlines, in_short, side_by_side, table,
};
use unicode_width::UnicodeWidthStr;

use crate::{recorded, recorded_run, renamed, run};

const ROW: &str = "Threaded IO heavy processing (8 threads)";

fn wide(width: usize) -> View {
    View { screen: Screen { width: Some(width), ..Screen::default() }, ..View::default() }
}

fn columns(text: &str, view: View) -> View {
    View { columns: Selection::parse(text).expect("the columns are known"), ..view }
}

fn widest(text: &str) -> usize {
    text.lines().map(UnicodeWidthStr::width).max().unwrap_or(0)
}

/// The lines of the table itself, from its header on.
fn of_table(text: &str) -> Vec<&str> {
    let lines = text.lines().skip_while(|line| !line.starts_with(" Benchmark"));
    lines.take_while(|line| !line.is_empty()).collect()
}

/// A run of `count` rows alike.
fn rows(count: usize) -> Journal {
    let mut journal = recorded();
    let row = journal.header.plan.rows.iter().find(|row| row.name == ROW).expect("the row").clone();
    let is_shown = |sample: &&paceline_journal::Sample| sample.row == ROW && sample.round <= 1;
    let samples: Vec<_> = journal.samples.iter().filter(is_shown).cloned().collect();
    (journal.header.plan.rows, journal.samples) = (Vec::new(), Vec::new());
    for number in 0..count {
        let mut named = row.clone();
        named.name = format!("row {number}");
        journal.samples.extend(samples.iter().cloned().map(|mut sample| {
            sample.row.clone_from(&named.name);
            sample
        }));
        journal.header.plan.rows.push(named);
    }
    journal
}

#[test]
fn eighty_columns_are_enough_and_what_went_is_said() {
    expect![[r#"
        Concurrency/asyncronousy benchmark

         Benchmark                      | Mean time |     95 % | Memory |     In flight 
                                        |     (sec) |          |  (MiB) | asked -> seen 
        --------------------------------+-----------+----------+--------+---------------
         Sequential IO heavy processing |    0.0890 |  +-8.6 % |    1.8 |        1 -> 1 
         Truly-asyncronous IO heavy     |    0.0109 | +-10.9 % |    2.1 |      20 -> 20 
         processing                     |           |          |        |               
         Threaded IO heavy processing   |    0.0162 | +-13.7 % |    1.9 |        8 -> 8 
         (8 threads)                    |           |          |        |               
         Multiprocessed IO heavy        |    0.0587 |  +-7.0 % |    2.9 |        2 -> 2 
         processing (2 processes, 5     |           |          |        |               
         items per task)                |           |          |        |               
         Sequential CPU heavy           |    0.0960 | +-24.0 % |    8.0 |        1 -> 1 
         processing                     |           |          |        |               
         Threaded CPU heavy processing  |    0.0824 | +-13.0 % |   13.0 |        2 -> 2 
         (2 threads, 8 images)          |           |          |        |               

        Time: mean of 6 rounds after one to warm up, each sample in a fresh process;
        95 %: the bootstrap interval of that mean. Memory: the peak of the summed PSS of
        the whole process tree. In flight: the width asked, and the most items that the
        receipts show at once. Two rows that differ by less than about 13.7 % are rarely
        told apart by so many rounds. To tell every row of a workload apart takes 7
        rounds.
        Matrix fixtures/journals/smoke.toml, scale smoke, seed 1, run
        20261124-151602-smoke-smoke.
        Not shown, for want of width: vs ideal; `--columns +ideal` shows it all the
        same.

        Flagged, and in the means all the same:
          Threaded IO heavy processing (8 threads): outliers in round 4
          Threaded CPU heavy processing (2 threads, 8 images): outliers in round 3

        Disturbed from outside: 48 samples; taken again: 25; still in the means: 23. The
          worst: 209 % of the cores' time used by other processes.

        Too short to tell whether steal or other processes disturbed them: 13 samples;
          the kernel's ticks tell from 0.75 s on.
    "#]]
    .assert_eq(&table(&recorded_run(), &wide(80)));
}

#[test]
fn forty_columns_keep_the_time() {
    let text = table(&recorded_run(), &wide(40));
    expect![[r#"
         Benchmark                  | Mean time 
                                    |     (sec) 
        ----------------------------+-----------
         Sequential IO heavy        |    0.0890 
         processing                 |           
         Truly-asyncronous IO heavy |    0.0109 
         processing                 |           
         Threaded IO heavy          |    0.0162 
         processing (8 threads)     |           
         Multiprocessed IO heavy    |    0.0587 
         processing (2 processes, 5 |           
         items per task)            |           
         Sequential CPU heavy       |    0.0960 
         processing                 |           
         Threaded CPU heavy         |    0.0824 
         processing (2 threads, 8   |           
         images)                    |           "#]]
    .assert_eq(&of_table(&text).join("\n"));
}

#[test]
fn a_wide_terminal_gets_more_columns() {
    let text = table(&recorded_run(), &wide(180));
    expect![[r#"
         Benchmark                                                          | Mean time |     95 % | vs ideal | Memory |     In flight | Median |  Least |   Most 
                                                                            |     (sec) |          |          |  (MiB) | asked -> seen |  (sec) |  (sec) |  (sec) 
        --------------------------------------------------------------------+-----------+----------+----------+--------+---------------+--------+--------+--------"#]].assert_eq(&of_table(&text)[..3].join("\n"));
    assert!(widest(&text) <= 180, "{text}");
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    let (one, none) = (rows(1), {
        let mut journal = recorded();
        for sample in &mut journal.samples {
            let reason = "the worker ended without an answer, and said nothing of why".to_owned();
            sample.outcome = SampleOutcome::Broken { reason };
        }
        journal
    });
    for journal in [recorded(), one, none, Journal::begin(recorded().header)] {
        let run = run(&journal);
        for width in [40, 41, 57, 64, 79, 80, 81, 100, 120, 132, 160, 200, 400] {
            let view = wide(width);
            for text in [
                table(&run, &view),
                bars(&run, &view),
                in_short(&run, view.screen),
                side_by_side(std::slice::from_ref(&run), &view),
            ] {
                assert!(widest(&text) <= width, "{width}:\n{text}");
            }
        }
    }
}

#[test]
fn a_terminal_too_narrow_for_anything_still_gets_every_row() {
    for width in 0..40 {
        let text = table(&recorded_run(), &wide(width)) + &bars(&recorded_run(), &wide(width));
        assert!(text.contains("0.0162"), "{width}:\n{text}");
    }
}

#[test]
fn columns_are_those_asked_for_in_their_order_and_stay_in_a_narrow_terminal() {
    let header = |view: &View| of_table(&table(&recorded_run(), view))[0].to_owned();
    assert_eq!(
        header(&columns("memory,time", View::default()))
            .split('|')
            .map(str::trim)
            .collect::<Vec<_>>(),
        ["Benchmark", "Memory (MiB)", "Mean time (sec)"]
    );
    let changed = header(&columns("+cv,-ideal,-memory", View::default()));
    assert!(changed.contains("CV (%)") && changed.contains("95 %"), "{changed}");
    assert!(!changed.contains("ideal") && !changed.contains("Memory"), "{changed}");
    let narrow = table(&recorded_run(), &columns("+ideal", wide(80)));
    assert!(of_table(&narrow)[0].contains("vs ideal"), "{narrow}");
    assert!(!of_table(&narrow)[0].contains("In flight"), "{narrow}");
    assert!(header(&columns("name", View::default())).trim() == "Benchmark");
}

#[test]
fn every_column_has_a_cell_for_every_row_whatever_became_of_it() {
    let mut journal = recorded();
    journal.samples.retain(|sample| sample.row != ROW);
    for run in [recorded_run(), run(&journal)] {
        for column in COLUMNS {
            for row in run.rows() {
                let cell = column.cell(row);
                assert!(!cell.is_empty() && !cell.contains('\n'), "{}: {cell:?}", column.name);
            }
            let text = table(&run, &columns(column.name, View::default()));
            assert_eq!(of_table(&text).len(), 2 + 6, "{text}");
        }
    }
}

#[test]
fn rows_are_sorted_as_asked_and_those_without_a_number_come_last() {
    let mut journal = recorded();
    for sample in journal.samples.iter_mut().filter(|sample| sample.row == ROW) {
        sample.outcome = SampleOutcome::Broken { reason: "no".to_owned() };
    }
    let run = run(&journal);
    let sorted = |order| -> Vec<String> {
        let view = columns("state", View { order, ..View::default() });
        let text = table(&run, &view);
        of_table(&text)[2..].iter().map(|line| line[1..16].trim().to_owned()).collect()
    };
    let plan = sorted(Order::Plan);
    assert_eq!(plan[2], "Threaded IO hea");
    for order in [Order::Time, Order::Memory, Order::Ideal] {
        assert_eq!(sorted(order)[5], "Threaded IO hea", "{order:?}");
    }
    assert_eq!(sorted(Order::Time)[0], "Truly-asyncrono");
    assert_eq!(sorted(Order::Memory)[4], "Threaded CPU he");
    assert_eq!(sorted(Order::Ideal)[0], "Sequential IO h");
    let mut by_name = plan;
    by_name.sort();
    assert_eq!(sorted(Order::Name), by_name);
}

#[test]
fn numbers_in_names_are_sorted_by_value() {
    let mut journal = recorded();
    for (row, name) in
        journal.header.plan.rows.iter_mut().zip(["b 128 x", "b 16 x", "a 3", "b 2 x", "b", "9"])
    {
        row.name = name.to_owned();
    }
    let view = View { order: Order::Name, ..View::default() };
    let text = table(&run(&journal), &view);
    let place = |name: &str| text.find(&format!("\n {name} ")).expect("the row is there");
    let names = ["9", "a 3", "b", "b 2 x", "b 16 x", "b 128 x"];
    assert!(names.windows(2).all(|pair| place(pair[0]) < place(pair[1])), "{text}");
}

#[test]
fn bars_in_unicode_and_in_ascii() {
    expect![[r#"
        Concurrency/asyncronousy benchmark

        api (max_wait_us 6600, records 20)
          Sequential IO heavy processing           ███████████████████████├┊●─┤ 0.0890 s
          Truly-asyncronous IO heavy processing    ██┊●                         0.0109 s
          Threaded IO heavy processing (8 threads) ████┊●                       0.0162 s
          Multiprocessed IO heavy processing (2    █████████████┊█├●─┤          0.0587 s
          processes, 5 items per task)

        rotate (degrees 1, images fixtures/images/quick, items 8, repetitions 1)
          Sequential CPU heavy processing          ███████████████┊██├────●───┤ 0.0960 s
          Threaded CPU heavy processing (2         █████████┊████████├─●─┤      0.0824 s
          threads, 8 images)

        █ mean time, from 0; ├●┤ the mean in its 95 % interval; ┊ the ideal. Lengths
          compare within a workload.

        Flagged, and in the means all the same:
          Threaded IO heavy processing (8 threads): outliers in round 4
          Threaded CPU heavy processing (2 threads, 8 images): outliers in round 3

        Disturbed from outside: 48 samples; taken again: 25; still in the means: 23. The
          worst: 209 % of the cores' time used by other processes.

        Too short to tell whether steal or other processes disturbed them: 13 samples;
          the kernel's ticks tell from 0.75 s on.
    "#]]
    .assert_eq(&bars(&recorded_run(), &wide(80)));
    let ascii = Screen { width: Some(60), ascii: true, color: false };
    let text = bars(&recorded_run(), &View { screen: ascii, ..View::default() });
    assert!(text.is_ascii(), "{text}");
    expect![[r#"
        api (max_wait_us 6600, records 20)
          Sequential IO heavy          ================[|o] 0.0890 s
          processing
          Truly-asyncronous IO heavy   ==o                  0.0109 s
          processing
          Threaded IO heavy processing ===o                 0.0162 s
          (8 threads)
          Multiprocessed IO heavy      =========|=[o        0.0587 s
          processing (2 processes, 5
          items per task)"#]]
    .assert_eq(text.split("\n\n").nth(1).expect("the first workload"));
}

#[test]
fn without_colours_there_is_no_escape_and_with_them_the_text_is_the_same() {
    let colored = View { screen: Screen { color: true, ..wide(80).screen }, ..View::default() };
    for render in [table, bars] {
        let plain = render(&recorded_run(), &wide(80));
        assert!(!plain.contains('\u{1b}'));
        let text = render(&recorded_run(), &colored);
        assert!(text.contains('\u{1b}'), "{text}");
        let mut parts = text.split('\u{1b}');
        let mut stripped = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            stripped += part.split_once('m').expect("an escape sequence of colours").1;
        }
        assert_eq!(stripped, plain);
    }
}

#[test]
fn odd_names_break_no_table_and_reach_no_terminal_raw() {
    for odd in [
        "two\nlines",
        "\u{1b}[31mred\u{1b}[0m \u{7}\u{9b}2J",
        "שלום עולם، مرحبا",
        "\u{202e}desrever\u{2066}",
        "👩‍👩‍👧‍👦 family and 🇩🇪 flags 🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀",
        "漢字かな交じり文の長い名前はどこでも改行できるはずである",
        "one-word-that-is-longer-than-any-terminal-would-ever-want-it-to-be-in-a-first-column",
        "",
    ] {
        let run = run(&renamed(recorded(), ROW, odd));
        for view in [View::default(), wide(80), wide(50)] {
            let text = table(&run, &view);
            let lines = of_table(&text);
            let widths: Vec<usize> = lines.iter().map(|line| line.width()).collect();
            assert!(widths.iter().all(|width| *width == widths[0]), "{odd:?}:\n{text}");
            let count = |line: &&str, mark| line.matches(mark).count();
            let of_rule = count(&lines[2 - usize::from(view.screen.width.is_none())], '+');
            assert!(lines.last().is_some_and(|line| count(line, '|') == of_rule), "{text}");
            let beside = side_by_side(&[run.clone(), run.clone()], &view);
            for form in [&text, &bars(&run, &view), &in_short(&run, view.screen), &beside] {
                let is_fine = |c: char| {
                    c == '\n' || !(c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c))
                };
                assert!(form.chars().all(is_fine), "{odd:?}:\n{form}");
            }
        }
    }
}

#[test]
fn a_thousand_rows_are_shown_in_eighty_columns() {
    let run = run(&rows(1_000));
    for text in [table(&run, &wide(80)), bars(&run, &wide(80))] {
        assert!(text.contains("row 999") && widest(&text) <= 80);
    }
}

#[test]
fn in_short_says_what_to_use_what_it_costs_and_what_is_concurrent_in_name_only() {
    expect![[r#"

        In short
          api: the data cannot tell; probably Truly-asyncronous IO heavy processing: 0.0109 s, within 28 % of the shortest possible, 2.1 MiB; 8.2 times as fast as in sequence.
          rotate: use Threaded CPU heavy processing (2 threads, 8 images): 0.0824 s, 2.6 times the shortest possible, 13.0 MiB; 1.2 times as fast as in sequence; 1 more row is tied.
    "#]].assert_eq(&in_short(&recorded_run(), Screen::default()));
    let mut journal = recorded();
    for measured in crate::measured_of(&mut journal, "Truly-asyncronous IO heavy processing") {
        measured.seen.peak = 1;
    }
    // Its executor runs many at once, so it is the work that lets it have no more than one.
    let told = headlines(&run(&journal));
    expect!["Asynchronous, and yet with one item in flight at a time: Truly-asyncronous IO heavy processing (0.12 times the sequential time)."].assert_eq(&told[2]);
    for row in &mut journal.header.plan.rows {
        if row.name == "Truly-asyncronous IO heavy processing" {
            row.case.executor = "async-false-tokio".to_owned();
        }
    }
    let told = headlines(&run(&journal));
    expect!["Asynchronous in name only, with one item in flight at a time: Truly-asyncronous IO heavy processing (0.12 times the sequential time)."].assert_eq(&told[2]);
    for sample in journal.samples.iter_mut().filter(|sample| sample.row == ROW) {
        sample.outcome = SampleOutcome::Broken { reason: "no".to_owned() };
    }
    let told = headlines(&run(&journal));
    assert_eq!((told.len(), told[0].as_str()), (3, "1 row is no result; the notes say why."));
    assert_eq!(headlines(&run(&Journal::begin(recorded().header))), Vec::<String>::new());
}

#[test]
fn runs_stand_side_by_side_and_what_differs_comes_first() {
    let mut other = renamed(recorded(), ROW, "Fibers");
    other.header.run_id = "20261125-090000-smoke-smoke".to_owned();
    other.header.name = Some("after-change".to_owned());
    other.header.host.usable_cores = 64;
    other.header.plan.scale = "quick".to_owned();
    let runs = [recorded_run(), run(&other)];
    expect![[r#"
        Careful: different hosts: AMD EPYC with 2 usable cores, 6.18.44-fc-v782 and AMD EPYC with 64 usable cores, 6.18.44-fc-v782.
        Careful: different scales: smoke and quick.
        A: 20261124-151602-smoke-smoke, 6 rounds, scale smoke, AMD EPYC with 2 usable cores, 4491e6fd39be+changes
        B: after-change (20261125-090000-smoke-smoke), 6 rounds, scale quick, AMD EPYC with 64 usable cores, 4491e6fd39be+changes

         Benchmark                                                          |   A (sec) |   A 95 % | A (MiB) |   B (sec) |   B 95 % | B (MiB) 
        --------------------------------------------------------------------+-----------+----------+---------+-----------+----------+---------
         Sequential IO heavy processing                                     |    0.0890 |  +-8.6 % |     1.8 |    0.0885 |  +-8.8 % |     1.8 
         Truly-asyncronous IO heavy processing                              |    0.0109 | +-10.9 % |     2.1 |    0.0109 | +-10.9 % |     2.1 
         Threaded IO heavy processing (8 threads)                           |    0.0162 | +-13.7 % |     1.9 | not there |        - |       - 
         Multiprocessed IO heavy processing (2 processes, 5 items per task) |    0.0587 |  +-7.0 % |     2.9 |    0.0598 |  +-7.8 % |     2.9 
         Sequential CPU heavy processing                                    |    0.0960 | +-24.0 % |     8.0 |    0.1019 | +-16.0 % |     8.0 
         Threaded CPU heavy processing (2 threads, 8 images)                |    0.0824 | +-13.0 % |    13.0 |    0.0856 | +-13.8 % |    13.0 
         Fibers                                                             | not there |        - |       - |    0.0162 | +-13.9 % |     1.9 

        sec: the mean time. 95 %: how far it may be off. MiB: the peak of the whole process tree. `cargo
        xtask compare` judges two runs row by row.
    "#]].assert_eq(&side_by_side(&runs, &View::default()));
    expect![[r#"
         Benchmark                        |         A |        A |         B |        B 
                                          |     (sec) |     95 % |     (sec) |     95 % 
        ----------------------------------+-----------+----------+-----------+----------
         Sequential IO heavy processing   |    0.0890 |  +-8.6 % |    0.0885 |  +-8.8 % 
         Truly-asyncronous IO heavy       |    0.0109 | +-10.9 % |    0.0109 | +-10.9 % 
         processing                       |           |          |           |          "#]]
    .assert_eq(&of_table(&side_by_side(&runs, &wide(80)))[..6].join("\n"));
    assert!(!side_by_side(&runs[..1], &View::default()).contains("Careful"));
}
