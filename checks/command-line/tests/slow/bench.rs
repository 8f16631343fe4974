//! A run from the command line to its journal, its table and its page.

use std::fs;

use crate::support::{Outcome, Paceline};
use paceline_journal::{Journal, SampleOutcome};

#[test]
fn what_the_worker_does_not_know_either_is_refused_with_what_it_knows() {
    let paceline = Paceline::new();
    let refuse = |arguments: &[&str], words: &str| {
        let refused = paceline.bench(arguments).expect_code(2);
        assert!(refused.stderr.contains(words), "{words}: {}", refused.stderr);
    };
    refuse(&["--only", "fibers"], "Sequential IO heavy");
    refuse(&["--only", "raion"], "did you mean `threads-rayon`?");
    refuse(&["--vs", "no-such-revision"], "git revision `no-such-revision`");
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
    let matrix = paceline.two_rows();
    let stop = |by: &[&str], words: &str| {
        let fixed = ["--matrix", &matrix, "--min-rounds", "2"];
        let ran = paceline.bench(&[&fixed[..], by].concat()).expect_code(0);
        assert!(ran.stdout.contains(words), "{}", ran.stdout);
        assert!(ran.stdout.contains("mean of 2 rounds"), "{}", ran.stdout);
    };
    stop(&["--budget", "1ms"], "its budget of time was used up");
    stop(&["--precision", "99%"], "every mean was as precise as was asked");
}

#[test]
fn a_finished_bench_has_its_name_says_what_to_do_next_and_is_silent_when_told() {
    let paceline = Paceline::new();
    let only = ["--only", "sequential", "--only", "io", "--scale", "smoke", "--rounds", "1"];
    let ran = paceline.bench(&[&only[..], &["--name", "mine"]].concat()).expect_code(0);
    assert!(ran.stdout.contains("In short\n  api: "), "{}", ran.stdout);
    assert!(
        ran.stderr.contains("saved as") && ran.stderr.contains("next:\n  cargo xtask "),
        "{}",
        ran.stderr
    );
    let listed = Outcome::of(&mut paceline.command("runs")).expect_code(0).stdout;
    assert!(listed.contains("mine"), "{listed}");
    let ran = paceline.bench(&[&only[..], &["--quiet", "--retakes", "0"]].concat()).expect_code(0);
    assert!(!ran.stderr.contains("saved as") && !ran.stderr.contains("[1/"), "{}", ran.stderr);
}

#[test]
fn a_finished_bench_leaves_a_page() {
    let paceline = Paceline::new();
    let row = "Sequential CPU heavy processing";
    let arguments = ["--scale", "smoke", "--rounds", "1", "--only", row];
    let told = paceline.bench(&arguments).expect_code(0);
    let page = paceline.journal().with_file_name("report.html");
    let page = fs::read_to_string(page).expect("a page");
    assert!(page.contains(row));
    // The journal carries what the matrix says of the work, whatever else this machine does.
    assert!(page.contains("<strong>CPU work</strong>"), "{page}");
    assert!(told.stderr.contains("report.html"), "{}", told.stderr);
}

#[test]
fn a_truncated_image_fails_its_items_by_name_and_the_other_rows_run() {
    let paceline = Paceline::new();
    let whole = include_bytes!("../../../../fixtures/images/quick/photo-4.jpg");
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
fn a_case_that_wants_more_memory_than_there_is_fails_when_nothing_proves_its_products() {
    let paceline = Paceline::new();
    let photos = paceline.file("photos/huge.png", &png_header(32_000, 32_000));
    let text = format!(
        "format = 1\ntitle = \"t\"\n[scales.quick]\nabout = \"a\"\n[workloads.rotate]\n\
         params = {{ images = '{}', items = 4096, repetitions = 1, degrees = 1 }}\n\
         [[rows]]\nname = \"n\"\nworkload = \"rotate\"\nexecutor = \"threads-threadpool\"\nwidth = 4096",
        photos.parent().expect("a folder").display()
    );
    let matrix = paceline.file("m.toml", text.as_bytes()).display().to_string();
    let ran = paceline.bench(&["--matrix", &matrix, "--rounds", "1"]).expect_code(3);
    assert!(ran.stdout.contains("n: could not be run"), "{}", ran.stdout);
    assert!(ran.stdout.contains("decode ") && ran.stdout.contains("huge.png"), "{}", ran.stdout);
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
