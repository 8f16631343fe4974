//! Files that are no journal, or one that would mislead.

use std::path::Path;

use expect_test::{Expect, expect};
use paceline_journal::{Journal, JournalError};

use crate::{WHOLE, chain, line, refusal, with};

fn is_refused(bytes: impl AsRef<[u8]>, reason: Expect) {
    reason.assert_eq(&refusal(bytes));
}

#[test]
fn a_missing_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.ndjson");
    let error = Journal::read(&path).unwrap_err();
    assert!(matches!(&error, JournalError::Read { source, .. }
        if source.kind() == std::io::ErrorKind::NotFound));
    assert!(error.to_string().contains(path.to_str().unwrap()));
}

#[test]
fn a_folder() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(Journal::read(folder.path()), Err(JournalError::Read { .. })));
}

#[test]
fn an_empty_file() {
    is_refused("", expect![""]);
}

#[test]
fn blank_lines() {
    is_refused("\n\n", expect![""]);
    is_refused(line(1) + "\n" + &line(3), expect![""]);
}

#[test]
fn a_newer_format() {
    let newer = with(3, "\"format\":1", "\"format\":2");
    is_refused(newer, expect![""]);
    // Its records may look like nothing that this version knows.
    is_refused("{\"format\":7,\"record\":{\"galaxy\":[]}}\n", expect![""]);
}

#[test]
fn a_format_that_is_no_version() {
    is_refused(with(1, "\"format\":1", "\"format\":-1"), expect![""]);
    is_refused(with(1, "\"format\":1", "\"format\":1e99"), expect![""]);
}

#[test]
fn the_lines_of_another_tool() {
    is_refused("{\"level\":\"info\",\"message\":\"hello\"}\n", expect![""]);
    is_refused("{\"format\":1,\"record\":{\"benchmark\":{\"mean\":3.5}}}\n", expect![""]);
    is_refused("name,mean\nfib,3.5\n", expect![""]);
    is_refused("[1,2,3]\n", expect![""]);
}

#[test]
fn a_negative_time() {
    is_refused(with(3, "\"run_ns\":3000", "\"run_ns\":-3000"), expect![""]);
}

#[test]
fn a_time_that_is_no_number() {
    is_refused(with(3, "\"run_ns\":3000", "\"run_ns\":NaN"), expect![""]);
    is_refused(with(3, "\"mean\":0.99", "\"mean\":NaN0.99"), expect![""]);
    is_refused(with(3, "\"run_ns\":3000", "\"run_ns\":null"), expect![""]);
}

#[test]
fn a_number_that_overflows() {
    let beyond = with(3, "\"run_ns\":3000", "\"run_ns\":18446744073709551616");
    is_refused(beyond, expect![""]);
    is_refused(with(3, "\"mean\":0.999648108790146", "\"mean\":1e999"), expect![""]);
    is_refused(with(3, "\"round\":0", "\"round\":4294967296"), expect![""]);
}

#[test]
fn a_batch_of_no_items() {
    is_refused(with(1, "\"batch\":1", "\"batch\":0"), expect![""]);
}

#[test]
fn a_name_of_a_megabyte() {
    let name = "x".repeat(1 << 20);
    is_refused(WHOLE.replace("Threads", &name), expect![""]);
    is_refused(with(6, "Threads", &name), expect![""]);
}

#[test]
fn an_unknown_word_of_a_megabyte_is_not_quoted_whole() {
    let name = "x".repeat(1 << 20);
    assert!(refusal(with(6, "broken", &name)).len() < 500);
}

#[test]
fn a_second_header() {
    is_refused(WHOLE.to_owned() + &line(1), expect![""]);
}

#[test]
fn no_header() {
    is_refused(line(3), expect![""]);
}

#[test]
fn two_rows_of_one_name() {
    is_refused(with(1, "\"name\":\"Threads\"", "\"name\":\"Sequential\""), expect![""]);
}

#[test]
fn a_sample_of_a_row_that_was_not_planned() {
    is_refused(with(4, "Threads", "Fibers"), expect![""]);
}

#[test]
fn a_sample_that_is_there_twice() {
    is_refused(WHOLE.to_owned() + &line(6), expect![""]);
}

#[test]
fn columns_of_unequal_length() {
    for (from, to) in [
        ("\"item\":[0,1]", "\"item\":[0,1,2]"),
        ("\"lane\":[0,0]", "\"lane\":[0]"),
        ("\"start_ns\":[0,1300]", "\"start_ns\":[]"),
        ("\"duration_ns\":[1200,1600]", "\"duration_ns\":[1200,1600,1]"),
    ] {
        let expected =
            "read run.ndjson, line 3: the columns of the items of row `Sequential` differ in length";
        assert_eq!(refusal(with(3, from, to)), expected);
    }
}

#[test]
fn binary_garbage() {
    let garbage: Vec<u8> = (0..4096_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 9) as u8).collect();
    assert!(garbage.contains(&b'\n'));
    is_refused(&garbage, expect![""]);
    is_refused([line(1).as_bytes(), &garbage].concat(), expect![""]);
}

#[test]
fn text_that_is_not_utf_8() {
    let mut bytes = WHOLE.as_bytes().to_vec();
    let at = WHOLE.rfind("Threads").unwrap();
    bytes[at] = 0xff;
    is_refused(bytes, expect![""]);
}

#[test]
fn half_of_a_pair_of_surrogates() {
    is_refused(with(6, "Threads", "\\ud800"), expect![""]);
}

#[test]
fn a_hundred_thousand_brackets() {
    let deep = "[".repeat(100_000);
    is_refused(with(3, "\"planned_ns\":[1000,1500]", &format!("\"planned_ns\":{deep}")), expect![""]);
}

#[test]
fn the_file_is_named_as_it_was_given() {
    let error = Journal::parse(Path::new("runs/a run/journal.ndjson"), b"{}\n").unwrap_err();
    assert!(chain(&error).starts_with("read runs/a run/journal.ndjson, line 1: "));
}
