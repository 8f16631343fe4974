//! Journals whose driver was killed while it wrote, or whose disk was full.

use std::fs;

use paceline_journal::{Journal, Record, Writer, is_being_written};

use crate::{WHOLE, journal, line, refusal};

/// How many samples stand in the first `bytes` of the whole journal, each with its newline.
fn whole_samples(bytes: usize) -> usize {
    let text = &WHOLE[..bytes];
    let whole = &text[..text.rfind('\n').map_or(0, |newline| newline + 1)];
    whole.matches("{\"sample\":").count()
}

#[test]
fn a_cut_at_any_byte_keeps_every_whole_sample() {
    let header = line(1).len();
    for cut in header..=WHOLE.len() {
        let journal = journal(&WHOLE[..cut]);
        assert_eq!(journal.samples.len(), whole_samples(cut), "cut at byte {cut}");
        let whole_bytes = WHOLE[..cut].rfind('\n').unwrap() + 1;
        assert_eq!(journal.whole_bytes, whole_bytes as u64, "cut at byte {cut}");
        let lines = WHOLE[..cut].lines().count();
        assert_eq!(journal.torn_line, (whole_bytes < cut).then_some(lines), "cut at byte {cut}");
    }
}

#[test]
fn a_cut_inside_the_header_leaves_nothing_to_report() {
    for cut in 0..line(1).len() {
        let reason = refusal(&WHOLE[..cut]);
        assert_eq!(reason, "read run.ndjson: the journal is empty, or cut off in its first line");
    }
}

#[test]
fn resuming_at_any_cut_gives_a_journal_without_a_torn_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.ndjson");
    let end = Record::End(journal(WHOLE).end.unwrap());
    // Every place in a line matters alike, so a few of each line are enough.
    for cut in (line(1).len()..=WHOLE.len()).step_by(97) {
        fs::write(&path, &WHOLE[..cut]).unwrap();
        let before = Journal::read(&path).unwrap();
        Writer::resume(&path, before.whole_bytes).unwrap().append(&end).unwrap();
        let after = Journal::read(&path).unwrap();
        assert_eq!(after.samples.len(), before.samples.len(), "cut at byte {cut}");
        assert_eq!(after.torn_line, None, "cut at byte {cut}");
        assert!(after.end.is_some(), "cut at byte {cut}");
    }
}

#[test]
fn what_a_lost_power_supply_leaves_behind_is_a_torn_line() {
    // Some file systems grow a file before its bytes arrive: they read as zeros.
    let zeros = [WHOLE.as_bytes(), &[0; 512]].concat();
    let journal = journal(zeros);
    assert_eq!((journal.samples.len(), journal.torn_line), (6, Some(11)));
}

#[test]
fn an_existing_journal_is_never_written_over() {
    let folder = tempfile::tempdir().unwrap();
    Writer::create(folder.path()).unwrap();
    let error = Writer::create(folder.path()).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::AlreadyExists);
}

#[test]
fn there_is_nothing_to_resume_where_no_journal_is() {
    let folder = tempfile::tempdir().unwrap();
    let error = Writer::resume(&folder.path().join("journal.ndjson"), 0).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::NotFound);
}

#[cfg(unix)]
#[test]
fn a_journal_has_one_writer_at_a_time_and_its_readers_know() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.ndjson");
    assert!(!is_being_written(&path));
    let writer = Writer::create(folder.path()).unwrap();
    assert!(is_being_written(&path));
    let error = Writer::resume(&path, 0).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::ResourceBusy);
    drop(writer);
    assert!(!is_being_written(&path));
    Writer::resume(&path, 0).unwrap();
}
