//! Readers of the tables, and what the recorded run is for them.

use expect_test::expect;
use paceline_journal::Journal;
use paceline_report::{comparison_junit, comparison_markdown, csv, junit, markdown};
use paceline_stats::compare::{Quantity, Side};
use paceline_stats::{Margin, RunComparison};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::journals::{ROW, recorded, run};

/// The records of a CSV text, each of as many fields as the first.
pub(crate) fn records(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    let records = reader.records().map(|record| record.expect("every record is as long"));
    records.map(|record| record.iter().map(str::to_owned).collect()).collect()
}

/// The cells of every table in a Markdown text, as a reader sees them.
pub(crate) fn cells(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut cell) = (Vec::new(), None::<String>);
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::TableHead | Tag::TableRow) => rows.push(Vec::new()),
            Event::Start(Tag::TableCell) => cell = Some(String::new()),
            Event::End(TagEnd::TableCell) => {
                let row = rows.last_mut().expect("a cell stands in a row");
                row.extend(cell.take());
            }
            Event::Text(text) | Event::Code(text) => {
                cell.iter_mut().for_each(|cell| cell.push_str(&text));
            }
            Event::Html(html) | Event::InlineHtml(html) if cell.is_some() => {
                panic!("markup got through: {html}");
            }
            _ => {}
        }
    }
    rows
}

/// The suite of a JUnit text: its totals as written, and its tests with what became of them.
pub(crate) fn tests(text: &str) -> (Vec<String>, Vec<(String, String)>) {
    let document = roxmltree::Document::parse(text).expect("well-formed XML");
    let suite = document.root_element().first_element_child().expect("a suite");
    let total = |key| suite.attribute(key).expect("a total").to_owned();
    let totals = ["tests", "failures", "errors", "skipped"].map(total).to_vec();
    let cases = suite.children().filter(|node| node.has_tag_name("testcase"));
    let cases = cases.map(|case| {
        let outcome = case.first_element_child().map_or("passed", |node| node.tag_name().name());
        (case.attribute("name").expect("a name").to_owned(), outcome.to_owned())
    });
    (totals, cases.collect())
}

#[test]
fn a_row_is_a_record() {
    let text = csv(&run(&recorded())).expect("every value has a form in CSV");
    assert!(text.lines().count() == 7 && text.matches("\r\n").count() == 7, "{text}");
    let records = records(&text);
    let columns: Vec<String> = records[0]
        .iter()
        .zip(&records[3])
        .map(|(column, field)| format!("{column}: {field}"))
        .collect();
    expect![[r#"
        name: Threaded IO heavy processing (8 threads)
        workload: api
        executor: threads-threadpool
        revision: 
        width: 8
        batch: 1
        state: valid
        reasons: 
        rounds: 6
        mean_s: 0.01623648983333333
        mean_low_s: 0.014012841666666666
        mean_high_s: 0.017584825775671706
        median_s: 0.016718396
        stddev_s: 0.0023731667464594567
        min_s: 0.011983129
        max_s: 0.018909508
        vs_ideal: 1.0876004441999967
        memory_peak_bytes: 2035712
        memory_kind: pss
        lanes_started: 8
        in_flight_peak: 8
        in_flight_mean: 5.6233942357308875
        flags: outliers in round 4
        memory_readings: 1
        memory_low_bytes: 
        memory_high_bytes: 
        latency_p50_s: 
        latency_p90_s: 
        latency_p99_s: 
        latency_p999_s: 
        latency_max_s: 
        offered_per_s: 
        achieved_per_s: 
        late_starts: "#]]
    .assert_eq(&columns.join("\n"));
}

#[test]
fn a_row_is_a_line_of_the_markdown_table() {
    let text = markdown(&run(&recorded()));
    let cells = cells(&text);
    assert_eq!(cells.len(), 7);
    assert_eq!(cells[3], [ROW, "0.0162", "±13.7 %", "1.088", "1.9", "8 → 8"]);
    assert!(text.contains("<details><summary>How this was measured</summary>\n\n```text\nTime:"));
    assert!(text.ends_with("```\n\n</details>\n"), "{text}");
}

/// The recorded run, and one in which a row takes twice as long.
fn slower() -> RunComparison {
    let mut head = recorded();
    for sample in head.samples.iter_mut().filter(|sample| sample.row == ROW) {
        if let paceline_journal::SampleOutcome::Measured { measured, .. } = &mut sample.outcome {
            measured.run_ns *= 2;
        }
    }
    head.header.host.usable_cores = 4;
    RunComparison::of_sides(
        &Side::of(&run(&recorded())),
        &Side::of(&run(&head)),
        Margin::THREE_PERCENT,
    )
}

#[test]
fn a_comparison_is_a_table_with_what_makes_it_doubtful_above() {
    let text = comparison_markdown(&slower());
    let careful = text.find("> **Careful:** different hosts").expect("it is said");
    assert!(careful < text.find("| Benchmark").expect("a table"), "{text}");
    let cells = cells(&text);
    assert_eq!(cells.len(), 7);
    assert_eq!(cells[3][0], ROW);
    assert!(cells[3][1].starts_with("1.9"), "{:?}", cells[3]);
    let same = ["1.000", "1.000 to 1.000", "equivalent", "1.000", "-", "one reading"];
    assert_eq!(cells[1][1..], same);
}

#[test]
fn a_gate_fails_the_test_of_the_row_that_it_catches_and_no_other() {
    let text = comparison_junit(&slower(), &[(Quantity::Time, 0.05)])
        .expect("every value has a form in XML");
    let (totals, cases) = tests(&text);
    assert_eq!(totals, ["6", "1", "0", "0"]);
    assert_eq!(cases[2], (ROW.to_owned(), "failure".to_owned()));
    assert_eq!(cases.iter().filter(|(_, outcome)| outcome == "passed").count(), 5);
    assert!(
        text.contains("the gate is 5 %") && text.contains("careful: different hosts"),
        "{text}"
    );
    let (totals, _) = tests(&comparison_junit(&slower(), &[(Quantity::Time, 1.5)]).expect("XML"));
    assert_eq!(totals, ["6", "0", "0", "0"]);
}

#[test]
fn a_gate_that_cannot_tell_is_an_error_as_is_a_row_that_vanished_and_a_new_one_is_skipped() {
    let mut few = recorded();
    few.samples.retain(|sample| sample.round <= 2);
    let gone = few.header.plan.rows.remove(0).name;
    few.samples.retain(|sample| sample.row != gone);
    let compare = |base: &Journal, head: &Journal| {
        RunComparison::of_sides(&Side::of(&run(base)), &Side::of(&run(head)), Margin::THREE_PERCENT)
    };
    let gated = |base: &Journal, head: &Journal| {
        tests(
            &comparison_junit(&compare(base, head), &[(Quantity::Time, 0.05)])
                .expect("every value has a form in XML"),
        )
    };
    let (totals, cases) = gated(&recorded(), &few);
    assert_eq!(totals, ["6", "0", "6", "0"]);
    assert_eq!(cases[5], (gone.clone(), "error".to_owned()));
    let (totals, cases) = gated(&few, &recorded());
    assert_eq!(totals, ["6", "0", "5", "1"]);
    assert_eq!(cases[5], (gone, "skipped".to_owned()));

    few.header.plan.rows.clear();
    few.samples.clear();
    let (totals, _) = gated(&few, &recorded());
    assert_eq!(totals, ["7", "0", "1", "6"], "nothing was compared, so nothing is fine");
}

#[test]
fn a_valid_row_is_a_test_that_passed_with_its_time() {
    let text = junit(&run(&recorded())).expect("every value has a form in XML");
    let (totals, cases) = tests(&text);
    assert_eq!(totals, ["6", "0", "0", "0"]);
    assert_eq!(cases[2], (ROW.to_owned(), "passed".to_owned()));
    assert!(
        text.contains("classname=\"api.threads-threadpool\"")
            && text.contains("time=\"0.016236490\"")
    );
}
