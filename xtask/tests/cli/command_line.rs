//! The command line, from the outside: what it prints, saves and refuses.

use crate::support::{Outcome, Paceline, journals};
use paceline_journal::{Journal, SampleOutcome};

#[test]
fn list_prints_the_names_of_the_reference_table_and_runs_nothing() {
    let paceline = Paceline::new();
    let listed = paceline.bench(&["--list"]).expect_code(0);
    let reference = include_str!("../../../fixtures/reference/seed-report.txt");
    let names: Vec<&str> = reference
        .lines()
        .filter(|line| line.contains("heavy processing"))
        .map(|line| line[..67].trim_end())
        .collect();
    assert_eq!(listed.stdout.lines().collect::<Vec<_>>(), names);
    assert!(journals(paceline.out.path()).is_empty());
}

#[test]
fn a_dry_run_shows_the_plan_and_runs_nothing() {
    let paceline = Paceline::new();
    let shown =
        paceline.bench(&["--dry-run", "--only", "multiproc", "--only", "io"]).expect_code(0);
    assert!(shown.stdout.contains("8 rows of matrix `seed` at scale `quick`"), "{}", shown.stdout);
    assert!(shown.stdout.contains("executor procs-ipc, width 32, batch 5"), "{}", shown.stdout);
    assert!(journals(paceline.out.path()).is_empty());
}

#[test]
fn what_does_not_exist_is_refused_with_what_does() {
    let paceline = Paceline::new();
    let refuse = |arguments: &[&str], words: &[&str]| {
        let refused = paceline.bench(arguments).expect_code(2);
        for word in words {
            assert!(refused.stderr.contains(word), "{word}: {}", refused.stderr);
        }
    };
    refuse(&["--only", "fibers"], &["`--only fibers`", "multiproc", "Sequential IO heavy"]);
    refuse(&["--only", "raion"], &["did you mean `threads-rayon`?"]);
    refuse(&["--only", "Sequental"], &["did you mean `sequential`"]);
    refuse(&["--matrix", "sead"], &["matrix `sead`", "engines, ", "did you mean `seed`?"]);
    refuse(&["--scale", "huge"], &["scale `huge`", "quick, seed, smoke"]);
    refuse(&["--scale", "smokee"], &["did you mean `smoke`?"]);
    refuse(&["--images", "no/such/folder", "--only", "cpu"], &["no folder", "no/such/folder"]);
    refuse(&["--rounds", "0"], &["rounds"]);
    refuse(&["--budget", "0s"], &["`0s` is no duration"]);
    refuse(&["--precision", "100%"], &["`100%` is no percentage"]);
    refuse(&["--vs", "HEAD", "--gate", "5"], &["`5` is no percentage"]);
    refuse(&["--gate", "5%"], &["--vs"]);
    refuse(&["--vs", "no-such-revision"], &["git revision `no-such-revision`"]);
    let refused = paceline.report(&["last-year"]).expect_code(2);
    assert!(refused.stderr.contains("find run `last-year`"), "{}", refused.stderr);
}

#[test]
fn rows_of_an_executor_that_the_reference_lacks_are_found_among_those_of_every_engine() {
    let paceline = Paceline::new();
    let planned = paceline.bench(&["--dry-run", "--only", "smol", "--scale", "smoke"]);
    let planned = planned.expect_code(0).stdout;
    assert!(planned.contains("of matrix `engines`"), "{planned}");
    assert!(planned.contains("IO: async-smol, width 50"), "{planned}");
    let planned = paceline.bench(&["--dry-run", "--only", "primes", "--only", "rayon"]);
    assert!(planned.expect_code(0).stdout.contains("of matrix `primes`"));
    let planned = paceline.bench(&["--dry-run", "--only", "rayon", "--matrix", "seed"]);
    assert!(planned.expect_code(2).stderr.contains("`--only rayon` matches no row"));
}

#[test]
fn a_run_is_saved_and_shown_again_word_for_word() {
    let paceline = Paceline::new();
    let only = ["--only", "sequential", "--only", "io", "--scale", "smoke", "--rounds", "2"];
    let ran = paceline.bench(&[&only[..], &["--retakes", "0"]].concat()).expect_code(0);
    assert!(ran.stdout.contains("Sequential IO heavy processing"), "{}", ran.stdout);
    assert!(ran.stderr.contains("[3/3] round 2 of 2"), "{}", ran.stderr);
    // A log is no terminal.
    assert!(ran.stderr.chars().all(|c| c == '\n' || !c.is_control()), "{:?}", ran.stderr);

    let journal = Journal::read(&paceline.journal()).expect("the journal can be read");
    assert_eq!(journal.samples.iter().map(|sample| sample.round).collect::<Vec<_>>(), [0, 1, 2]);
    let SampleOutcome::Measured { measured, memory, .. } = &journal.samples[0].outcome else {
        panic!("{:?}", journal.samples[0]);
    };
    assert_eq!((measured.violations.len(), measured.items.item.len()), (0, 50));
    assert!(!cfg!(target_os = "linux") || memory.is_some());

    assert_eq!(paceline.report(&[]).expect_code(0).stdout, ran.stdout);
    let id = journal.header.run_id;
    assert_eq!(paceline.report(&[&id]).expect_code(0).stdout, ran.stdout);
    let json = paceline.report(&["latest", "--format", "json"]).expect_code(0).stdout;
    let json: serde_json::Value = serde_json::from_str(&json).expect("a JSON document");
    assert_eq!(json["rows"][0]["state"], "valid");
    assert_eq!(json["rows"][0]["round_s"].as_array().map(Vec::len), Some(2));
    let seed = paceline.report(&["--format", "seed"]).expect_code(0).stdout;
    assert!(seed.starts_with("Concurrency/asyncronousy benchmark\n\n\nBenchmark"), "{seed}");
}

#[test]
fn a_run_stops_when_its_budget_is_used_up_or_its_means_are_precise() {
    let paceline = Paceline::new();
    let only = ["--only", "sequential", "--only", "io", "--scale", "smoke", "--min-rounds", "2"];
    let stop = |by: &[&str], words: &str| {
        let ran = paceline.bench(&[&only[..], by].concat()).expect_code(0);
        assert!(ran.stdout.contains(words), "{}", ran.stdout);
        assert!(ran.stdout.contains("mean of 2 rounds"), "{}", ran.stdout);
    };
    stop(&["--budget", "1ms"], "its budget of time was used up");
    stop(&["--precision", "99%"], "every mean was as precise as was asked");
}

#[test]
fn two_runs_of_the_same_seed_are_compared_round_by_round() {
    let paceline = Paceline::new();
    let only = ["--only", "sequential", "--only", "io", "--scale", "smoke", "--rounds", "2"];
    paceline.bench(&only).expect_code(0);
    paceline.bench(&only).expect_code(0);
    let runs = journals(paceline.out.path());
    let (base, head) = (runs[0].display().to_string(), runs[1].display().to_string());
    let compare =
        |more: &[&str]| Outcome::of(paceline.command("compare").args([&base, &head]).args(more));
    let compared = compare(&[]).expect_code(0);
    assert!(
        compared.stdout.contains("Rounds of the same seed were compared one by one"),
        "{}",
        compared.stdout
    );
    assert!(compared.stdout.contains("inconclusive"), "{}", compared.stdout);
    let gated = compare(&["--gate", "5%"]).expect_code(3);
    assert!(gated.stderr.contains("cannot tell whether"), "{}", gated.stderr);
    assert!(!gated.stderr.contains("only in"), "{}", gated.stderr);
    let json = compare(&["--format", "json"]).expect_code(0).stdout;
    let json: serde_json::Value = serde_json::from_str(&json).expect("a JSON document");
    assert_eq!(json["rows"][0]["time"]["paired"], true);
    compare(&["--gate", "0%"]).expect_code(2);
}

#[test]
fn a_row_is_explained_in_words_and_an_unknown_one_refused() {
    let paceline = Paceline::new();
    let only = ["--only", "sequential", "--only", "io", "--scale", "smoke", "--rounds", "2"];
    paceline.bench(&only).expect_code(0);
    let told = paceline.report(&["--explain", "sequential io"]).expect_code(0).stdout;
    assert!(told.contains("A perfect executor") && told.contains("lower bound"), "{told}");
    let refused = paceline.report(&["--explain", "fibers"]).expect_code(2);
    assert!(refused.stderr.contains("Sequential IO heavy processing"), "{}", refused.stderr);
}

#[test]
fn a_truncated_image_fails_its_items_by_name_and_the_other_rows_run() {
    let paceline = Paceline::new();
    let whole = include_bytes!("../../../fixtures/images/quick/photo-4.jpg");
    paceline.file("photos/whole.jpg", whole);
    let photos = paceline.file("photos/cut.jpg", &whole[..whole.len() / 2]);
    let photos = photos.parent().expect("a folder").display().to_string();
    let only = ["--only", "sequential", "--scale", "smoke", "--rounds", "1", "--images", &photos];
    let ran = paceline.bench(&only).expect_code(3);
    assert!(ran.stdout.contains("Sequential CPU heavy processing: invalid"), "{}", ran.stdout);
    assert!(ran.stdout.contains("4 items (the first is item 0)"), "{}", ran.stdout);
    assert!(ran.stdout.contains("cut.jpg"), "{}", ran.stdout);
    assert!(!ran.stdout.contains("Sequential IO heavy processing: invalid"), "{}", ran.stdout);
    paceline.report(&[]).expect_code(3);
}

#[test]
fn a_folder_without_images_is_an_error_of_the_rows_that_need_one() {
    let paceline = Paceline::new();
    paceline.file("notes/read.me", b"no image");
    let folder = paceline.out.path().join("notes").display().to_string();
    let only = ["--only", "sequential", "--scale", "smoke", "--rounds", "1", "--images", &folder];
    let ran = paceline.bench(&only).expect_code(3);
    assert!(
        ran.stdout.contains("Sequential CPU heavy processing: could not be run"),
        "{}",
        ran.stdout
    );
    assert!(ran.stdout.contains(&folder), "{}", ran.stdout);
}

#[test]
fn a_case_that_wants_more_memory_than_there_is_is_skipped_with_need_and_have() {
    let paceline = Paceline::new();
    let photos = paceline.file("photos/huge.png", &png_header(32_000, 32_000));
    let text = format!(
        "format = 1\ntitle = \"t\"\n[scales.quick]\nabout = \"a\"\n[workloads.rotate]\n\
         params = {{ images = '{}', items = 4096, repetitions = 1, degrees = 1 }}\n\
         [[rows]]\nname = \"n\"\nworkload = \"rotate\"\nexecutor = \"threads-threadpool\"\nwidth = 4096",
        photos.parent().expect("a folder").display()
    );
    let matrix = paceline.file("m.toml", text.as_bytes()).display().to_string();
    let ran = paceline.bench(&["--matrix", &matrix, "--rounds", "1"]).expect_code(0);
    assert!(ran.stdout.contains("n: skipped"), "{}", ran.stdout);
    assert!(ran.stdout.contains("it needs about 24000000 MiB"), "{}", ran.stdout);
}

#[test]
fn a_folder_that_cannot_be_written_is_an_error_before_anything_runs() {
    let paceline = Paceline::new();
    let file = paceline.file("in-the-way", b"");
    let out = file.join("runs").display().to_string();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_xtask"));
    let refused = Outcome::of(command.args(["bench", "--out", &out])).expect_code(1);
    assert!(refused.stderr.contains("make a folder for the run in"), "{}", refused.stderr);
    assert!(refused.stderr.contains("in-the-way"), "{}", refused.stderr);
    assert!(!refused.stderr.contains("building"), "{}", refused.stderr);
}

/// Signature and header chunk of a PNG, with nothing behind them: enough for its size to be read.
fn png_header(width: u32, height: u32) -> Vec<u8> {
    let mut header = b"IHDR".to_vec();
    header.extend(width.to_be_bytes());
    header.extend(height.to_be_bytes());
    // Eight bits, RGB, no interlacing.
    header.extend([8, 2, 0, 0, 0]);
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    png.extend(13_u32.to_be_bytes());
    png.extend(&header);
    png.extend(crc32(&header).to_be_bytes());
    png.extend(b"\0\0\0\0IDAT\x35\xaf\x06\x1e");
    png
}

/// The checksum of a PNG chunk, bit by bit: PNG specification, annex D.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg())
        })
    })
}
