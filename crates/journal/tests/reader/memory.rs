//! Samples that were run for their memory alone.

use paceline_journal::{Purpose, Record, Sample, SampleOutcome, Writer};

use crate::{WHOLE, journal, parse, refusal, values};

/// A run of two rows that reads memory in two rounds. Line 4 has the second reading of a row, before the
/// row's time of that round.
const MEMORY: &str = include_str!("../../fuzz/seeds/read/memory.ndjson");

fn line(number: usize) -> String {
    MEMORY.lines().nth(number - 1).expect("the journal has that line").to_owned() + "\n"
}

#[test]
fn they_are_samples_with_a_purpose_of_their_own_in_the_order_of_the_run() {
    let journal = journal(MEMORY);
    assert_eq!(journal.header.plan.conduct.memory_rounds, 2);
    let turn = |sample: &Sample| (sample.row.clone(), sample.round, sample.take, sample.purpose);
    let sequential = |round, purpose| ("Sequential".to_owned(), round, 1, purpose);
    assert_eq!(
        journal.samples.iter().map(turn).collect::<Vec<_>>(),
        [
            sequential(0, Purpose::Time),
            sequential(1, Purpose::Memory),
            sequential(1, Purpose::Time)
        ]
    );
    let for_memory: Vec<&Sample> = journal.samples_for(Purpose::Memory).collect();
    let [sample] = for_memory[..] else { panic!("there is one of them") };
    assert!(matches!(sample.outcome, SampleOutcome::Measured { memory: Some(_), .. }));
}

#[test]
fn a_run_of_before_they_existed_read_memory_in_the_round_that_warms_up() {
    assert!(!WHOLE.contains("memory_rounds"));
    assert_eq!(journal(WHOLE).header.plan.conduct.memory_rounds, 1);
}

#[test]
fn they_are_written_again_value_for_value() {
    let read = journal(MEMORY);
    let folder = tempfile::tempdir().unwrap();
    let mut writer = Writer::create(folder.path()).unwrap();
    writer.append(&Record::Run(Box::new(read.header.clone()))).unwrap();
    for sample in read.samples_for(Purpose::Memory) {
        writer.append(&Record::from(sample.clone())).unwrap();
    }
    let written = std::fs::read_to_string(writer.path()).unwrap();
    assert_eq!(values(&written), values(&(line(1) + &line(4))));
}

#[test]
fn each_is_there_once_and_of_a_row_of_the_plan() {
    assert_eq!(
        refusal(MEMORY.to_owned() + &line(4)),
        "read run.ndjson, line 7: row `Sequential` has take 1 of round 1 already"
    );
    let unknown = MEMORY.to_owned() + &line(4).replace("\"Sequential\"", "\"Nobody\"");
    assert_eq!(refusal(unknown), "read run.ndjson, line 7: the plan has no row `Nobody`");
}

#[test]
fn one_behind_an_end_reopens_the_run() {
    let resumed = line(1) + &line(6) + &line(4);
    assert!(parse(resumed).expect("it can be read").end.is_none());
}
