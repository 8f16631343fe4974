//! Runs on a disk that is full.

use std::process::Command;

use crate::support::{Outcome, Paceline, journals};
use paceline_journal::Journal;

/// Blocks of at least 512 bytes (as the shell counts them) that a file may have: the header of a run and
/// a few samples fit, many rounds do not.
const BLOCKS: &str = "24";

const ONE_ROW: [&str; 6] = ["--only", "sequential", "--only", "io", "--scale", "smoke"];

/// A limit on the size of files refuses a write in the same place as a full disk does, and needs no disk.
#[test]
#[cfg(unix)]
fn a_full_disk_ends_the_run_with_the_journals_name_and_leaves_it_readable() {
    let paceline = Paceline::new();
    // Under the limit, nothing must be left to build.
    paceline.bench(&[&ONE_ROW[..], &["--rounds", "1"]].concat()).expect_code(0);
    let out = tempfile::TempDir::new().expect("a temporary folder");
    let mut limited = Command::new("sh");
    limited
        .args(["-c", "trap '' XFSZ; ulimit -f \"$0\"; exec \"$@\"", BLOCKS])
        .args([crate::PROGRAM, "bench", "--rounds", "200", "--out"])
        .arg(out.path())
        .args(ONE_ROW)
        .env("CARGO", crate::cargo());
    let ended = Outcome::of(&mut limited).expect_code(1);
    for word in ["append to", "journal.ndjson", "what it holds so far is whole"] {
        assert!(ended.stderr.contains(word), "{word}: {}", ended.stderr);
    }

    let found = journals(out.path());
    let journal = Journal::read(&found[0]).expect("the journal can be read");
    assert!(!journal.samples.is_empty());
    assert_eq!((journal.torn_line, journal.end.is_none()), (None, true));
    let shown = paceline.report(&[&found[0].display().to_string()]).expect_code(0);
    assert!(shown.stdout.contains("the run was cut short"), "{}", shown.stdout);
}
