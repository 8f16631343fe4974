//! A run in open loop: its times are those of the schedule, and decide nothing.

use std::path::Path;

use paceline_journal::Journal;
use paceline_report::{Screen, View, advice, bars, csv, headlines, markdown, table};
use paceline_stats::summary::RowSummary;
use paceline_stats::{Run, Series};

use crate::run;

const ARRIVALS: &str = include_str!("../../../../fixtures/journals/arrivals.ndjson");

fn recorded_run() -> Run {
    let journal = Journal::parse(Path::new("arrivals.ndjson"), ARRIVALS.as_bytes());
    run(&journal.expect("the record can be read"))
}

#[test]
fn the_row_of_the_lowest_p99_is_told_and_none_is_to_be_used_for_its_time() {
    let run = recorded_run();
    let p99_s = |row: &RowSummary| row.latency.expect("it is valid").p99_s;
    let time_s = |row: &RowSummary| row.seconds.as_ref().map_or(f64::NAN, Series::mean);
    let by = |what: &dyn Fn(&RowSummary) -> f64| {
        let rows = run.rows().iter();
        rows.min_by(|a, b| what(a).total_cmp(&what(b))).map(|row| row.row.name.as_str())
    };
    // Else the two could not be told apart here.
    assert_eq!((by(&time_s), by(&p99_s)), (Some("In turn"), Some("8 threads")));
    let lines = headlines(&run);
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].starts_with("api at 200/s: 8 threads has the lowest p99, "), "{lines:?}");
    assert!(lines[0].contains("In turn began ") && lines[0].ends_with(" % of its items late."));
}

#[test]
fn advice_leaves_every_row_out_and_says_why() {
    let text = advice(recorded_run().advice(), Screen::default());
    assert!(text.contains("No row is left to choose from."), "{text}");
    let why = "its items arrived on a schedule, so its time is that of the schedule";
    assert_eq!(text.matches(why).count(), 4, "{text}");
}

#[test]
fn every_form_for_people_has_rates_and_latencies() {
    let (run, view) = (recorded_run(), View::default());
    for form in [table(&run, &view), bars(&run, &view), markdown(&run)] {
        for head in ["Offered (1/s)", "Achieved (1/s)", "Late starts", "p99 (ms)"] {
            assert!(form.contains(head), "{head}: {form}");
        }
        assert!(!form.contains("to tell two rows apart"), "{form}");
    }
}

#[test]
fn on_a_narrow_line_the_least_wanted_figures_go_and_that_is_said() {
    let forms: [fn(&Run, &View) -> String; 2] = [table, bars];
    for (form, width) in forms.into_iter().flat_map(|form| [(form, 80), (form, 60)]) {
        let screen = Screen { width: Some(width), ..Screen::default() };
        let text = form(&recorded_run(), &View { screen, ..View::default() });
        assert!(text.lines().all(|line| line.chars().count() <= width), "{text}");
        assert!(
            text.contains("Achieved") && text.contains("Late") && text.contains("p99"),
            "{text}"
        );
        let has_gone = text.contains("Not shown, for want of width: p90 (ms)");
        assert_eq!(has_gone, width == 60, "{text}");
    }
}

#[test]
fn spreadsheets_have_them_too() {
    let text = csv(&recorded_run()).expect("every value has a form in CSV");
    let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
    let heads = reader.headers().expect("a header").clone();
    let at = |name: &str| heads.iter().position(|head| head == name).expect("the column is there");
    let (p99, offered) = (at("latency_p99_s"), at("offered_per_s"));
    for (record, row) in reader.records().zip(recorded_run().rows()) {
        let record = record.expect("a record");
        let latency = row.latency.expect("it is valid");
        assert_eq!(record[p99].parse::<f64>(), Ok(latency.p99_s));
        assert_eq!(record[offered].parse::<f64>(), Ok(200.0));
    }
}
