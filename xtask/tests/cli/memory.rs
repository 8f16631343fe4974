//! Memory that is read in several rounds: run, resumed, reported, compared and gated.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use paceline_journal::{FILE_NAME, Journal, Purpose, Record, Sample, SampleOutcome, Writer};

use crate::support::{Paceline, journals};

fn read(path: &Path) -> Journal {
    Journal::read(path).expect("the journal can be read")
}

/// The rounds and rows that were run for `purpose`, and how many samples they are.
fn turns(journal: &Journal, purpose: Purpose) -> (HashSet<(u32, String)>, usize) {
    let samples = journal.samples_for(purpose);
    let turn = |sample: &Sample| (sample.round, sample.row.clone());
    (samples.clone().map(turn).collect(), samples.count())
}

fn has_memory(sample: &Sample) -> bool {
    matches!(&sample.outcome, SampleOutcome::Measured { memory: Some(_), .. })
}

/// Keeps `samples` lines with samples of the journal at `path`, as if the driver had been killed then.
fn cut(path: &Path, samples: usize) {
    let whole = fs::read_to_string(path).expect("the journal can be read");
    let (mut kept, mut seen) = (String::new(), 0);
    for line in whole.lines().take_while(|line| !line.contains("\"end\"")) {
        let is_sample = line.contains("{\"sample\":") || line.contains("{\"memory\":{\"row\"");
        seen += usize::from(is_sample);
        if seen > samples {
            break;
        }
        kept += &format!("{line}\n");
    }
    fs::write(path, kept).expect("the journal can be written");
}

#[test]
fn every_row_is_read_in_six_rounds_also_when_the_run_goes_on_and_is_itself_again() {
    let paceline = Paceline::new();
    let matrix = paceline.two_rows();
    let arguments = ["--matrix", &matrix, "--memory-rounds", "6", "--retakes", "0"];
    let planned = paceline.bench(&[&arguments[..], &["--dry-run"]].concat()).expect_code(0);
    let expected = "1 warm-up round and 5 counted, 22 samples, of which 10 are for memory alone, in rounds 1 to 5";
    assert!(planned.stdout.contains(expected), "{}", planned.stdout);

    let ran = paceline.bench(&arguments).expect_code(0);
    assert!(ran.stderr.contains("[22/22] "), "{}", ran.stderr);
    let path = paceline.journal();
    let journal = read(&path);
    assert_eq!(journal.header.memory_rounds, 6);
    let (for_memory, samples) = turns(&journal, Purpose::Memory);
    assert_eq!((for_memory.len(), samples), (10, 10));
    assert_eq!(turns(&journal, Purpose::Time).1, 12);
    if cfg!(target_os = "linux") {
        assert!(journal.samples_for(Purpose::Memory).all(has_memory));
        // What is timed is not looked at meanwhile.
        let timed = journal.samples_for(Purpose::Time).filter(|sample| sample.round > 0);
        assert_eq!(timed.filter(|sample| has_memory(sample)).count(), 0);
        assert!(ran.stdout.contains("mean of 6 rounds that read it"), "{}", ran.stdout);
    }

    cut(&path, 9);
    let torn = read(&path);
    assert_eq!(torn.samples.len(), 9);
    assert!(turns(&torn, Purpose::Memory).1 > 0 && torn.end.is_none());
    let resumed = paceline.bench(&["--resume"]).expect_code(0);
    assert!(resumed.stderr.contains("[10/22] "), "{}", resumed.stderr);
    let again = read(&path);
    for purpose in [Purpose::Time, Purpose::Memory] {
        assert_eq!(turns(&again, purpose), turns(&journal, purpose));
    }

    paceline.bench(&arguments).expect_code(0);
    let both = journals(paceline.out.path());
    let sides = [both[0].display().to_string(), both[1].display().to_string()];
    let compared = compare(&paceline, &[&sides[0], &sides[1], "--format", "json"], 0);
    let document: serde_json::Value = serde_json::from_str(&compared).expect("JSON");
    for row in document["rows"].as_array().expect("rows") {
        let memory = &row["memory"];
        assert_eq!((&memory["rounds"], &memory["paired"]), (&6.into(), &true.into()), "{row}");
        let verdict = memory["verdict"].as_str().expect("a verdict");
        assert!(["equivalent", "inconclusive"].contains(&verdict), "{row}");
    }
    let text = compare(&paceline, &[&sides[0], &sides[1]], 0);
    // By chance all six may be larger on one side, which two rows make too little of for a verdict.
    assert!(!text.contains("one reading") && !text.contains("readings are too few"), "{text}");
}

fn compare(paceline: &Paceline, arguments: &[&str], code: i32) -> String {
    let mut command = paceline.command("compare");
    let ran = crate::support::Outcome::of(command.args(arguments)).expect_code(code);
    ran.stdout + &ran.stderr
}

/// Writes a copy of the run into a folder of this name, in which row `two` takes `percent` of its memory in
/// the first `readings` rounds, and no other was read.
fn planted(paceline: &Paceline, from: &Path, name: &str, percent: u64, readings: usize) -> String {
    let mut journal = read(from);
    // The round that warms up is the first of the readings.
    let is_kept =
        |sample: &Sample| sample.purpose == Purpose::Time || (sample.round as usize) < readings;
    journal.samples.retain(is_kept);
    for sample in &mut journal.samples {
        if let SampleOutcome::Measured { memory: Some(memory), .. } = &mut sample.outcome {
            // What is planted is to be all that differs, whatever the allocator did.
            memory.peak_bytes = 10_000 * if sample.row == "two" { percent } else { 100 };
        }
    }
    let folder = paceline.out.path().join(name);
    fs::create_dir(&folder).expect("a folder");
    let mut writer = Writer::create(&folder).expect("a journal");
    let mut append = |record| writer.append(&record).expect("the journal can be written");
    append(Record::Run(Box::new(journal.header)));
    journal.samples.into_iter().for_each(|sample| append(Record::from(sample)));
    folder.join(FILE_NAME).display().to_string()
}

#[test]
#[cfg(target_os = "linux")]
fn a_gate_on_memory_has_the_exit_codes_of_a_gate() {
    let paceline = Paceline::new();
    let matrix = paceline.two_rows();
    paceline.bench(&["--matrix", &matrix, "--memory-rounds", "7", "--quiet"]).expect_code(0);
    let path = paceline.journal();
    let base = planted(&paceline, &path, "base", 100, 7);
    let gate = |head: &str, limits: &[&str], code: i32| {
        compare(&paceline, &[&[base.as_str(), head], limits].concat(), code)
    };
    let larger = planted(&paceline, &path, "larger", 120, 7);
    let text = gate(&larger, &["--gate-memory", "10%"], 1);
    assert!(text.contains("gate: larger in memory by more than 10 %:\n  two\n"), "{text}");
    assert!(!text.contains("  one\n"), "{text}");
    gate(&larger, &["--gate-memory", "25%"], 0);
    gate(&larger, &["--gate-memory", "20%"], 0);
    // The same times on both sides: a gate on time is about nothing else.
    gate(&larger, &["--gate", "5%"], 0);
    gate(&larger, &["--gate", "5%", "--gate-memory", "10%"], 1);
    gate(&base, &["--gate", "5%", "--gate-memory", "10%"], 0);
    let xml = gate(&larger, &["--gate-memory", "10%", "--format", "junit"], 1);
    assert!(xml.contains("classname=\"compare.memory\" name=\"two\""), "{xml}");

    // Of a run that read memory once nothing can be said.
    let once = planted(&paceline, &path, "once", 100, 1);
    let text = gate(&once, &["--gate-memory", "10%"], 3);
    assert!(
        text.contains("two (too few readings, 1: give `bench` --memory-rounds 6 or more)"),
        "{text}"
    );
    assert!(text.contains("one reading"), "{text}");
}

#[test]
fn what_cannot_be_is_refused_before_anything_is_run() {
    let paceline = Paceline::new();
    let refuse = |arguments: &[&str], words: &str| {
        let refused = paceline.bench(arguments).expect_code(2);
        assert!(refused.stderr.contains(words), "{}", refused.stderr);
    };
    refuse(&["--memory-rounds", "6", "--rounds", "4"], "--rounds 5 or more");
    refuse(&["--memory-rounds", "0"], "0");
    refuse(&["--memory-rounds", "2", "--find-rate", "p99=50ms"], "cannot be used with");
    refuse(&["--memory-rounds", "2", "--resume"], "cannot be used with");
    refuse(&["--gate-memory", "10%"], "--vs");
    refuse(&["--vs", "HEAD", "--gate-memory", "10%"], "--memory-rounds 6 or more");
    refuse(
        &["--vs", "HEAD", "--gate-memory", "10%", "--memory-rounds", "5"],
        "judge memory by 5 of its readings",
    );
    assert!(journals(paceline.out.path()).is_empty());
}
