//! Runs without results and runs of many rows, in every form.

use paceline_core::{ItemIndex, Items, Violation};
use paceline_journal::{Journal, SampleOutcome};
use paceline_report::{View, bencher, csv, github, hyperfine, junit, markdown, table};

use crate::journals::{ROW, named, of_a_thousand_rows, recorded, run, without_valid_rows};
use crate::tables::{cells, records, tests};

#[test]
fn a_row_that_is_not_valid_has_its_state_and_no_number() {
    let run = run(&without_valid_rows());
    let records = records(&csv(&run).expect("every value has a form in CSV"));
    let states: Vec<&str> = records[1..].iter().map(|record| record[6].as_str()).collect();
    assert_eq!(states, ["broken", "timed_out", "skipped", "broken", "broken", "not_run"]);
    assert!(records[1][7].contains("no | \"such\" <thing>\n\\u{1b}[31m"), "{:?}", records[1]);
    assert!(records[1..].iter().all(|record| record[9].is_empty()));

    let text = markdown(&run);
    let of_time: Vec<String> = cells(&text)[1..].iter().map(|row| row[1].clone()).collect();
    assert_eq!(of_time, ["broken", "timed out", "skipped", "broken", "broken", "-"]);
    assert!(text.contains(": could not be run"), "{text}");

    let (totals, cases) = tests(&junit(&run).expect("every value has a form in XML"));
    assert_eq!(totals, ["6", "1", "3", "2"]);
    let outcomes: Vec<&str> = cases.iter().map(|(_, outcome)| outcome.as_str()).collect();
    assert_eq!(outcomes, ["error", "failure", "skipped", "error", "error", "skipped"]);
}

#[test]
fn a_row_that_proved_no_work_is_a_test_that_failed() {
    let mut journal = recorded();
    for sample in journal.samples.iter_mut().filter(|sample| sample.row == ROW) {
        if let SampleOutcome::Measured { measured, .. } = &mut sample.outcome {
            measured.violations =
                vec![Violation::Missing { items: Items { count: 1, first: ItemIndex(3) } }];
        }
    }
    let text = junit(&run(&journal)).expect("every value has a form in XML");
    let (totals, cases) = tests(&text);
    assert_eq!(totals, ["6", "1", "0", "0"]);
    assert_eq!(cases[2].1, "failure");
    for form in [hyperfine(&run(&journal)), bencher(&run(&journal))] {
        assert!(!form.expect("every value has a form in JSON").contains(ROW));
    }
}

#[test]
fn runs_of_one_row_of_no_sample_and_of_a_thousand_rows_have_every_form() {
    for journal in [named("one"), Journal::begin(recorded().header), of_a_thousand_rows()] {
        let run = run(&journal);
        let rows = journal.header.plan.rows.len();
        assert_eq!(records(&csv(&run).expect("CSV")).len(), rows + 1);
        assert_eq!(cells(&markdown(&run)).len(), rows + 1);
        assert_eq!(tests(&junit(&run).expect("XML")).1.len(), rows);
        for form in [hyperfine(&run), bencher(&run), github(&run)] {
            assert!(form.expect("every value has a form in JSON").ends_with('\n'));
        }
    }
}

#[test]
fn a_name_cannot_turn_the_direction_of_a_terminal() {
    let text = table(&run(&named("a\u{202e}b\u{2067}c\u{200f}d\u{2028}e مرحبا")), &View::default());
    assert!(text.contains(r"a\u{202e}b\u{2067}c\u{200f}d\u{2028}e مرحبا"), "{text}");
}
