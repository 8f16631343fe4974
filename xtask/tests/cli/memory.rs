//! Memory that is read in several rounds: planned, compared and gated.

use std::fs;
use std::path::Path;

use paceline_journal::{FILE_NAME, Journal, Purpose, Record, Sample, SampleOutcome, Writer};
use paceline_protocol::TreeMemory;

use crate::support::{Outcome, Paceline, journals};

/// The rows of the recorded run that stay, of which the second is planted.
const ONE: &str = "Sequential CPU heavy processing";
const TWO: &str = "Threaded CPU heavy processing (2 threads, 8 images)";

fn compare(paceline: &Paceline, arguments: &[&str], code: i32) -> Outcome {
    Outcome::of(paceline.command("compare").args(arguments)).expect_code(code)
}

/// Writes two rows of the recorded run into a folder of this name, as if it had read their memory in so many
/// rounds, and row [`TWO`] had taken `percent` of what [`ONE`] takes.
fn planted(paceline: &Paceline, name: &str, percent: u64, readings: u32) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the root of the checkout");
    let recorded = Journal::read(&root.join("fixtures/journals/smoke.ndjson")).expect("a journal");
    let mut header = recorded.header;
    header.plan.rows.retain(|row| [ONE, TWO].contains(&row.name.as_str()));
    header.plan.conduct.memory_rounds = readings;
    let mut some = None;
    let samples =
        recorded.samples.into_iter().filter(|s| header.plan.rows.iter().any(|r| r.name == s.row));
    let folder = paceline.out.path().join(name);
    fs::create_dir(&folder).expect("a folder");
    let mut writer = Writer::create(&folder).expect("a journal");
    let mut append = |record| writer.append(&record).expect("the journal can be written");
    append(Record::Run(Box::new(header.clone())));
    for mut sample in samples {
        let peak_bytes = 10_000 * if sample.row == TWO { percent } else { 100 };
        if let SampleOutcome::Measured { memory: Some(memory), .. } = &mut sample.outcome {
            memory.peak_bytes = peak_bytes;
            some = Some(memory.clone());
        }
        let memory = some.clone().map(|memory| TreeMemory { peak_bytes, ..memory });
        if sample.round > 0 && sample.round < readings && sample.take == 1 {
            append(Record::from(for_memory(sample.clone(), memory)));
        }
        append(Record::from(sample));
    }
    folder.join(FILE_NAME).display().to_string()
}

/// The sample, as if it had been run for its memory alone.
fn for_memory(mut sample: Sample, read: Option<TreeMemory>) -> Sample {
    sample.purpose = Purpose::Memory;
    if let SampleOutcome::Measured { memory, .. } = &mut sample.outcome {
        *memory = read;
    }
    sample
}

#[test]
fn a_gate_on_memory_has_the_exit_codes_of_a_gate() {
    let paceline = Paceline::new();
    let base = planted(&paceline, "base", 100, 7);
    let gate = |head: &str, limits: &[&str], code: i32| {
        let ended = compare(&paceline, &[&[base.as_str(), head], limits].concat(), code);
        ended.stdout + &ended.stderr
    };
    let larger = planted(&paceline, "larger", 120, 7);
    let text = gate(&larger, &["--gate-memory", "10%"], 1);
    let caught = format!("gate: larger in memory by more than 10 %:\n  {TWO}\n");
    assert!(text.contains(&caught) && !text.contains(&format!("  {ONE}\n")), "{text}");
    gate(&larger, &["--gate-memory", "25%"], 0);
    gate(&larger, &["--gate-memory", "20%"], 0);
    // The same times on both sides: a gate on time is about nothing else.
    gate(&larger, &["--gate", "5%"], 0);
    gate(&larger, &["--gate", "5%", "--gate-memory", "10%"], 1);
    gate(&base, &["--gate", "5%", "--gate-memory", "10%"], 0);
    let xml = gate(&larger, &["--gate-memory", "10%", "--format", "junit"], 1);
    assert!(xml.contains(&format!("classname=\"compare.memory\" name=\"{TWO}\"")), "{xml}");

    // Of a run that read memory once nothing can be said.
    let once = planted(&paceline, "once", 100, 1);
    let text = gate(&once, &["--gate-memory", "10%"], 3);
    let too_few = "(too few readings, 1: give `bench` --memory-rounds 6 or more)";
    assert!(text.contains(&format!("{TWO} {too_few}")) && text.contains("one reading"), "{text}");
}

#[test]
fn memory_of_the_same_rounds_is_compared_reading_by_reading() {
    let paceline = Paceline::new();
    let run = planted(&paceline, "run", 100, 6);
    let compared = compare(&paceline, &[&run, &run, "--format", "json"], 0).stdout;
    let document: serde_json::Value = serde_json::from_str(&compared).expect("JSON");
    for row in document["rows"].as_array().expect("rows") {
        let memory = &row["memory"];
        assert_eq!((&memory["rounds"], &memory["paired"]), (&6.into(), &true.into()), "{row}");
        assert_eq!(memory["verdict"], "equivalent", "{row}");
    }
    let text = compare(&paceline, &[&run, &run], 0).stdout;
    assert!(!text.contains("one reading") && !text.contains("readings are too few"), "{text}");
    let shown = paceline.report(&[&run]).expect_code(0).stdout;
    assert!(shown.contains("mean of 6 rounds that read it"), "{shown}");
}

#[test]
fn rounds_for_memory_are_planned_as_samples_of_their_own() {
    let paceline = Paceline::new();
    let matrix = paceline.two_rows();
    let planned = paceline.bench(&["--matrix", &matrix, "--memory-rounds", "6", "--dry-run"]);
    let planned = planned.expect_code(0).stdout;
    let expected = "1 warm-up round and 5 counted, 22 samples, of which 10 are for memory alone, in rounds 1 to 5";
    assert!(planned.contains(expected), "{planned}");
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
