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
    is_refused("", expect!["read run.ndjson: the journal is empty, or cut off in its first line"]);
}

#[test]
fn blank_lines() {
    is_refused(
        "\n\n",
        expect![
            "read run.ndjson, line 1: not a record of a journal: column 0: EOF while parsing a value"
        ],
    );
    is_refused(
        line(1) + "\n" + &line(3),
        expect![
            "read run.ndjson, line 2: not a record of a journal: column 0: EOF while parsing a value"
        ],
    );
}

#[test]
fn a_newer_format() {
    let newer = with(3, "\"format\":1", "\"format\":2");
    is_refused(
        newer,
        expect!["read run.ndjson, line 3: its format is version 2, this build reads version 1"],
    );
    // Its records may look like nothing that this version knows.
    is_refused(
        "{\"format\":7,\"record\":{\"galaxy\":[]}}\n",
        expect!["read run.ndjson, line 1: its format is version 7, this build reads version 1"],
    );
}

#[test]
fn a_format_that_is_no_version() {
    is_refused(
        with(1, "\"format\":1", "\"format\":-1"),
        expect![
            "read run.ndjson, line 1: not a record of a journal: column 12: invalid value: integer `-1`, expected u32"
        ],
    );
    is_refused(
        with(1, "\"format\":1", "\"format\":1e99"),
        expect![
            "read run.ndjson, line 1: not a record of a journal: column 14: invalid type: floating point `1e+99`, expected u32"
        ],
    );
}

#[test]
fn the_lines_of_another_tool() {
    is_refused(
        "{\"level\":\"info\",\"message\":\"hello\"}\n",
        expect![
            "read run.ndjson, line 1: not a record of a journal: column 34: missing field `format`"
        ],
    );
    is_refused(
        "{\"format\":1,\"record\":{\"benchmark\":{\"mean\":3.5}}}\n",
        expect![
            "read run.ndjson, line 1: not a record of a journal: column 33: unknown variant `benchmark`, expected one of `run`, `digest`, `sample`, `memory`, `end`"
        ],
    );
    is_refused(
        "name,mean\nfib,3.5\n",
        expect!["read run.ndjson, line 1: not a record of a journal: column 2: expected ident"],
    );
    is_refused(
        "[1,2,3]\n",
        expect![
            "read run.ndjson, line 1: not a record of a journal: column 6: trailing characters"
        ],
    );
}

#[test]
fn a_negative_time() {
    is_refused(
        with(3, "\"run_ns\":3000", "\"run_ns\":-3000"),
        expect![
            "read run.ndjson, line 3: not a record of a journal: column 200: invalid value: integer `-3000`, expected u64"
        ],
    );
}

#[test]
fn a_time_that_is_no_number() {
    is_refused(
        with(3, "\"run_ns\":3000", "\"run_ns\":NaN"),
        expect!["read run.ndjson, line 3: not a record of a journal: column 196: expected value"],
    );
    is_refused(
        with(3, "\"mean\":0.99", "\"mean\":NaN0.99"),
        expect!["read run.ndjson, line 3: not a record of a journal: column 365: expected value"],
    );
    is_refused(
        with(3, "\"run_ns\":3000", "\"run_ns\":null"),
        expect![
            "read run.ndjson, line 3: not a record of a journal: column 199: invalid type: null, expected u64"
        ],
    );
}

#[test]
fn a_number_that_overflows() {
    let beyond = with(3, "\"run_ns\":3000", "\"run_ns\":18446744073709551616");
    is_refused(
        beyond,
        expect![
            "read run.ndjson, line 3: not a record of a journal: column 215: invalid type: floating point `1.8446744073709552e+19`, expected u64"
        ],
    );
    is_refused(
        with(3, "\"mean\":0.999648108790146", "\"mean\":1e999"),
        expect![
            "read run.ndjson, line 3: not a record of a journal: column 369: number out of range"
        ],
    );
    is_refused(
        with(3, "\"round\":0", "\"round\":4294967296"),
        expect![
            "read run.ndjson, line 3: not a record of a journal: column 69: invalid value: integer `4294967296`, expected u32"
        ],
    );
}

#[test]
fn a_batch_of_no_items() {
    is_refused(
        with(1, "\"batch\":1", "\"batch\":0"),
        expect![
            "read run.ndjson, line 1: not a record of a journal: column 1221: invalid value: integer `0`, expected a nonzero usize"
        ],
    );
}

#[test]
fn a_name_of_a_megabyte() {
    let name = "x".repeat(1 << 20);
    is_refused(
        WHOLE.replace("Threads", &name),
        expect![
            "read run.ndjson, line 1: the name of a row is 1048576 bytes long; 1000 are the most"
        ],
    );
    is_refused(
        with(6, "Threads", &name),
        expect![
            "read run.ndjson, line 6: the name of a row is 1048576 bytes long; 1000 are the most"
        ],
    );
}

#[test]
fn an_unknown_word_of_a_megabyte_is_not_quoted_whole() {
    let name = "x".repeat(1 << 20);
    assert!(refusal(with(6, "broken", &name)).len() < 500);
}

#[test]
fn a_second_header() {
    is_refused(
        WHOLE.to_owned() + &line(1),
        expect!["read run.ndjson, line 11: a second run begins here"],
    );
}

#[test]
fn no_header() {
    is_refused(
        line(3),
        expect!["read run.ndjson, line 1: a journal begins with the record of its run"],
    );
}

#[test]
fn two_rows_of_one_name() {
    is_refused(
        with(1, "\"name\":\"Threads\"", "\"name\":\"Sequential\""),
        expect!["read run.ndjson, line 1: the plan has row `Sequential` twice"],
    );
}

#[test]
fn a_sample_of_a_row_that_was_not_planned() {
    is_refused(
        with(4, "Threads", "Fibers"),
        expect!["read run.ndjson, line 4: the plan has no row `Fibers`"],
    );
}

#[test]
fn a_sample_that_is_there_twice() {
    is_refused(
        WHOLE.to_owned() + &line(6),
        expect!["read run.ndjson, line 11: row `Threads` has take 1 of round 1 already"],
    );
    // A sample that was interrupted is not yet there; its successor is.
    is_refused(
        WHOLE.to_owned() + &line(7) + &line(9),
        expect!["read run.ndjson, line 12: row `Threads` has take 2 of round 1 already"],
    );
}

#[test]
fn columns_of_unequal_length() {
    is_refused(
        with(7, "\"lane\":[0]", "\"lane\":[0,0]"),
        expect![
            "read run.ndjson, line 7: the columns of the items of row `Threads` differ in length"
        ],
    );
    for (from, to) in [
        ("\"item\":[0,1]", "\"item\":[0,1,2]"),
        ("\"lane\":[0,0]", "\"lane\":[0]"),
        ("\"start_ns\":[0,1300]", "\"start_ns\":[]"),
        ("\"duration_ns\":[1200,1600]", "\"duration_ns\":[1200,1600,1]"),
    ] {
        let expected = "read run.ndjson, line 3: the columns of the items of row `Sequential` differ in length";
        assert_eq!(refusal(with(3, from, to)), expected);
    }
}

#[test]
fn binary_garbage() {
    let garbage: Vec<u8> =
        (0..4096_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 9) as u8).collect();
    assert!(garbage.contains(&b'\n'));
    is_refused(
        &garbage,
        expect!["read run.ndjson, line 1: not a record of a journal: column 1: expected value"],
    );
    is_refused(
        [line(1).as_bytes(), &garbage].concat(),
        expect!["read run.ndjson, line 2: not a record of a journal: column 1: expected value"],
    );
}

#[test]
fn text_that_is_not_utf_8() {
    let mut bytes = WHOLE.as_bytes().to_vec();
    let at = WHOLE.rfind("Threads").unwrap();
    bytes[at] = 0xff;
    is_refused(
        bytes,
        expect![
            "read run.ndjson, line 9: not a record of a journal: column 40: invalid unicode code point"
        ],
    );
}

#[test]
fn half_of_a_pair_of_surrogates() {
    is_refused(
        with(6, "Threads", "\\ud800"),
        expect![
            "read run.ndjson, line 6: not a record of a journal: column 46: unexpected end of hex escape"
        ],
    );
}

#[test]
fn a_hundred_thousand_brackets() {
    let deep = "[".repeat(100_000);
    is_refused(
        with(3, "\"planned_ns\":[1000,1500]", &format!("\"planned_ns\":{deep}")),
        expect![
            "read run.ndjson, line 3: not a record of a journal: column 100307: expected value"
        ],
    );
}

#[test]
fn the_file_is_named_as_it_was_given() {
    let error = Journal::parse(Path::new("runs/a run/journal.ndjson"), b"{}\n").unwrap_err();
    assert!(chain(&error).starts_with("read runs/a run/journal.ndjson, line 1: "));
}

#[test]
#[cfg(unix)]
fn a_device_is_not_read() {
    let device = Path::new("/dev/null");
    let refused = [Journal::read(device).map(drop), Journal::read_header(device).map(drop)];
    for refused in refused.map(|outcome| chain(&outcome.expect_err("it is a device"))) {
        assert_eq!(refused, "read /dev/null: it is a character device, not a regular file");
    }
}
