//! Names and sizes that a report must survive.

use paceline_journal::{Journal, Sample, SampleOutcome};
use paceline_report::{Screen, View, comparison, explain, json, seed_layout, table};
use paceline_stats::compare::Side;
use paceline_stats::{Margin, RunComparison};
use proptest::prelude::*;

use crate::{RECORDED, recorded, renamed, run};

const ROW: &str = "Threaded IO heavy processing (8 threads)";

/// Every form of a journal, the comparison with itself last.
fn every_form(journal: &Journal) -> [String; 5] {
    let run = run(journal);
    let compared = RunComparison::of_sides(&Side::of(&run), &Side::of(&run), Margin::THREE_PERCENT);
    [
        table(&run, &View::default()),
        seed_layout(&run),
        explain(&run, "", Screen::default()),
        json(&run).expect("every value has a form in JSON"),
        comparison(&compared, paceline_report::Screen::default()),
    ]
}

#[test]
fn a_name_stays_on_its_line_and_in_its_column() {
    for odd in
        ["a \"quoted\" 'name'", "a | pipe", "two\nlines", "a\ttab", "esc \u{1b}[31m", "🚀🚀", ""]
    {
        let forms = every_form(&renamed(recorded(), ROW, odd));
        for form in [&forms[0], &forms[4]] {
            let lines = form.lines().skip_while(|line| !line.starts_with(" Benchmark"));
            let of_table: Vec<&str> = lines.take_while(|line| !line.is_empty()).collect();
            assert_eq!(of_table.len(), 2 + 6, "{odd:?}:\n{form}");
            // A rocket is one character and two columns wide.
            let width =
                |line: &str| line.chars().map(|c| 1 + usize::from(c == '🚀')).sum::<usize>();
            let widths: Vec<usize> = of_table.iter().map(|line| width(line)).collect();
            assert!(widths.iter().all(|width| *width == widths[0]), "{odd:?}:\n{form}");
        }
        for form in &forms {
            let is_fine = |character: char| character == '\n' || !character.is_control();
            assert!(form.chars().all(is_fine), "{odd:?}:\n{form}");
        }
    }
}

#[test]
fn a_name_with_newlines_is_found_and_told_by_explain() {
    let text =
        explain(&run(&renamed(recorded(), ROW, "two\nlines")), "TWO\nLINES", Screen::default());
    assert!(text.starts_with("two\\nlines\n  api items run by"), "{text}");
}

#[test]
fn rows_without_an_ideal_are_explained_where_there_are_any() {
    let words = "a dash: not known, since for rotate that takes items that compute, and a valid sequential row";
    let told = |journal: &Journal| {
        let table = table(&run(journal), &View::default()).replace('\n', " ");
        table.contains(words)
    };
    let mut journal = recorded();
    assert!(!told(&journal));
    journal.header.plan.rows.retain(|row| row.name != "Sequential CPU heavy processing");
    assert!(told(&journal));
    journal.header.plan.rows.retain(|row| row.case.spec.workload == "api");
    assert!(!told(&journal));
}

#[test]
fn a_run_of_one_row() {
    let mut journal = recorded();
    journal.header.plan.rows.retain(|row| row.name == ROW);
    journal.samples.retain(|sample| sample.row == ROW);
    for form in every_form(&journal) {
        assert!(form.contains(ROW), "{form}");
    }
    let [table, ..] = every_form(&journal);
    assert!(table.replace('\n', " ").contains("no two rows to be told apart"), "{table}");
}

#[test]
fn a_run_without_a_sample() {
    let journal = Journal::begin(recorded().header);
    let [table, ..] = every_form(&journal);
    assert!(table.contains("This table is partial."), "{table}");
    assert!(table.replace('\n', " ").contains("no two rows to be told apart"), "{table}");
}

#[test]
fn a_run_without_a_valid_row() {
    let mut journal = recorded();
    for sample in &mut journal.samples {
        sample.outcome = SampleOutcome::Broken { reason: "no".to_owned() };
    }
    let [table, seed, explained, json, compared] = every_form(&journal);
    assert_eq!(table.matches(": could not be run").count(), 6);
    assert_eq!(seed.matches(": could not be run").count(), 6);
    assert_eq!(explained.matches("It could not be run: ").count(), 6);
    assert_eq!(json.matches("\"state\": \"broken\"").count(), 6);
    assert_eq!(compared.matches("not valid").count(), 6);
}

#[test]
fn a_run_of_a_thousand_rows() {
    let mut journal = recorded();
    let row = journal.header.plan.rows.iter().find(|row| row.name == ROW).unwrap().clone();
    // One counted round has no interval, and the bootstrap of a thousand rows would take long.
    let is_shown = |sample: &&Sample| sample.row == ROW && sample.round <= 1;
    let samples: Vec<_> = journal.samples.iter().filter(is_shown).cloned().collect();
    (journal.header.plan.rows, journal.samples) = (Vec::new(), Vec::new());
    for number in 0..1_000 {
        let name = format!("row {number}");
        journal.samples.extend(samples.iter().cloned().map(|mut sample| {
            sample.row.clone_from(&name);
            sample
        }));
        let mut row = row.clone();
        row.name = name;
        journal.header.plan.rows.push(row);
    }
    let [table, seed, explained, json, compared] = every_form(&journal);
    for form in [table, seed, explained, json, compared] {
        assert!(form.contains("row 999"));
    }
}

#[test]
fn times_of_nothing_at_all_are_told() {
    let mut journal = recorded();
    for sample in &mut journal.samples {
        if let SampleOutcome::Measured { measured, .. } = &mut sample.outcome {
            (measured.startup_ns, measured.run_ns, measured.shutdown_ns) = (0, 0, 0);
        }
    }
    for form in every_form(&journal) {
        assert!(!form.contains("NaN"), "{form}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// Whatever numbers a journal holds, what the reader takes can be shown.
    #[test]
    fn a_journal_with_other_numbers_can_be_shown(
        edits in prop::collection::vec((any::<usize>(), 0..=u64::MAX), 1..12),
    ) {
        let mut text = RECORDED.to_owned();
        let is_digit = |character: char| character.is_ascii_digit();
        for (position, number) in edits {
            let starts: Vec<usize> = text.match_indices(is_digit).map(|(start, _)| start).collect();
            let start = starts[position % starts.len()];
            let rest = text[start..].trim_start_matches(is_digit);
            text = format!("{}{number}{rest}", &text[..start]);
        }
        if let Ok(journal) = Journal::parse(std::path::Path::new("edited.ndjson"), text.as_bytes()) {
            every_form(&journal);
        }
    }
}
