//! Memory that is read in several rounds.

use paceline_journal::{Journal, Purpose, Sample, SampleOutcome};

use crate::support::Paceline;

fn has_memory(sample: &Sample) -> bool {
    matches!(&sample.outcome, SampleOutcome::Measured { memory: Some(_), .. })
}

#[test]
fn the_memory_of_every_row_is_read_in_as_many_rounds_as_are_asked_for() {
    let paceline = Paceline::new();
    let matrix = paceline.two_rows();
    let arguments =
        ["--matrix", &matrix, "--memory-rounds", "3", "--rounds", "2", "--retakes", "0"];
    let ran = paceline.bench(&arguments).expect_code(0);
    assert!(ran.stderr.contains("[10/10] "), "{}", ran.stderr);
    let journal = Journal::read(&paceline.journal()).expect("the journal can be read");
    assert_eq!(journal.header.plan.conduct.memory_rounds, 3);
    let count = |purpose| journal.samples_for(purpose).count();
    assert_eq!((count(Purpose::Time), count(Purpose::Memory)), (6, 4));
    if cfg!(target_os = "linux") {
        assert!(journal.samples_for(Purpose::Memory).all(has_memory));
        // Nothing reads memory while times are measured.
        let timed = journal.samples_for(Purpose::Time).filter(|sample| sample.round > 0);
        assert_eq!(timed.filter(|sample| has_memory(sample)).count(), 0);
        assert!(ran.stdout.contains("mean of 3 rounds that read it"), "{}", ran.stdout);
    }
}
