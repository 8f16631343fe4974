//! Journals that are fine.

use paceline_journal::{EndReason, Journal, Record, SampleOutcome, Writer};

use crate::{WHOLE, journal, line, values, with};

/// The records of a journal in the order of the file.
fn records(journal: &Journal) -> Vec<Record> {
    let mut records = vec![Record::Run(Box::new(journal.header.clone()))];
    records.extend(journal.digests.iter().cloned().map(Record::Digest));
    records.extend(journal.samples.iter().cloned().map(Record::from));
    records.extend(journal.end.clone().map(Record::End));
    records
}

#[test]
fn every_kind_of_record_and_outcome_is_read() {
    let journal = journal(WHOLE);
    assert_eq!(journal.header.plan.rows.len(), 2);
    assert_eq!(journal.digests.len(), 1);
    assert_eq!((journal.torn_line, journal.whole_bytes), (None, WHOLE.len() as u64));
    let outcomes: Vec<&str> = journal
        .samples
        .iter()
        .map(|sample| match sample.outcome {
            SampleOutcome::Measured { .. } => "measured",
            SampleOutcome::TooLittleMemory { .. } => "too little memory",
            SampleOutcome::TimedOut { .. } => "timed out",
            SampleOutcome::Broken { .. } => "broken",
            SampleOutcome::Interrupted { .. } => "interrupted",
        })
        .collect();
    let once = ["measured", "measured", "timed out", "broken", "interrupted", "too little memory"];
    assert_eq!(outcomes, once);
}

#[test]
fn what_the_server_saw_is_there_where_there_was_one() {
    let journal = journal(WHOLE);
    let seen: Vec<Option<u64>> =
        journal.samples.iter().map(|sample| Some(sample.server?.peak)).collect();
    assert_eq!(seen[..2], [None, Some(8)]);
}

#[test]
fn what_was_read_is_written_again_value_for_value() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = Writer::create(folder.path()).unwrap();
    for record in records(&journal(WHOLE)) {
        writer.append(&record).unwrap();
    }
    // Of the two ends, the one before the resumption is no part of the journal any more.
    let expected = WHOLE.replacen(&line(8), "", 1);
    assert_eq!(values(&std::fs::read_to_string(writer.path()).unwrap()), values(&expected));
}

#[test]
fn the_recorded_run_is_written_again_value_for_value() {
    let recorded = include_str!("../../../../fixtures/journals/smoke.ndjson");
    let folder = tempfile::tempdir().unwrap();
    let mut writer = Writer::create(folder.path()).unwrap();
    for record in records(&journal(recorded)) {
        writer.append(&record).unwrap();
    }
    // Digests stand before the round that they serve, and are read into a list of their own.
    let sorted = |text: &str| {
        let mut lines: Vec<String> = values(text).iter().map(ToString::to_string).collect();
        lines.sort();
        lines
    };
    let written = std::fs::read_to_string(writer.path()).unwrap();
    assert_eq!(sorted(&written), sorted(recorded));
}

#[test]
fn samples_behind_an_end_reopen_the_run() {
    let up_to = |lines: usize| (1..=lines).map(line).collect::<String>();
    let reason = |lines: usize| journal(up_to(lines)).end.map(|end| end.reason);
    assert_eq!(reason(7), None);
    assert_eq!(reason(8), Some(EndReason::Interrupted));
    assert_eq!(reason(9), None);
    assert_eq!(reason(10), Some(EndReason::Completed));
}

#[test]
fn lines_that_end_as_on_windows_are_read() {
    let windows = WHOLE.replace('\n', "\r\n");
    let journal = journal(&windows);
    assert_eq!(journal.samples.len(), 6);
    assert_eq!((journal.torn_line, journal.whole_bytes), (None, windows.len() as u64));
}

#[test]
fn a_field_that_this_version_does_not_know_is_passed_over() {
    let newer = with(5, "\"take\":1,", "\"take\":1,\"weather\":{\"rain\":[1,2]},");
    assert_eq!(journal(newer).samples.len(), 6);
}

#[test]
fn names_may_hold_what_text_can_hold() {
    for name in ["a \\\"quoted\\\" name", "two\\nlines", "a | pipe", "🚀", "", "\\u0000"] {
        let renamed = WHOLE.replace("\"Threads\"", &format!("\"{name}\""));
        assert_eq!(journal(renamed).samples.len(), 6, "{name}");
    }
}

#[test]
fn the_largest_numbers_are_read() {
    let largest = with(3, "\"run_ns\":3000", "\"run_ns\":18446744073709551615");
    let SampleOutcome::Measured { measured, .. } = &journal(largest).samples[0].outcome else {
        panic!("the sample was measured");
    };
    assert_eq!(measured.total_ns(), u64::MAX);
}

#[test]
fn an_interrupted_sample_may_be_run_again_as_the_same_take() {
    let again = WHOLE.to_owned() + &line(7);
    assert_eq!(journal(again).samples.len(), 7);
}

/// Recorded evidence is never rewritten, so every reader must be able to read it.
#[test]
fn every_journal_that_is_kept_as_evidence_can_be_read() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut folders = vec![root.join("docs/results"), root.join("fixtures/journals")];
    let mut read = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder of the repository") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "ndjson") {
                let journal = Journal::read(&path).expect("it can be read");
                assert!(!journal.samples.is_empty(), "{}", path.display());
                read += 1;
            }
        }
    }
    assert!(read >= 5, "{read}");
}
