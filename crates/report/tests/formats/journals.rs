//! Journals made from a recorded run, for these tests and those of `checks/schemas`.

use std::path::Path;
use std::sync::LazyLock;

use paceline_journal::{Journal, Purpose, SampleOutcome};
use paceline_stats::Run;

const RECORDED: &str = include_str!("../../../../fixtures/journals/smoke.ndjson");
pub(crate) const ROW: &str = "Threaded IO heavy processing (8 threads)";

/// Parsed once: the tests over many names would spend most of their time on it.
static PARSED: LazyLock<Journal> = LazyLock::new(|| {
    Journal::parse(Path::new("smoke.ndjson"), RECORDED.as_bytes()).expect("the record can be read")
});

/// The journal of `ROW` alone, in one counted round.
static ONE_ROW: LazyLock<Journal> = LazyLock::new(|| {
    let mut journal = recorded();
    journal.header.plan.rows.retain(|row| row.name == ROW);
    journal.samples.retain(|sample| sample.row == ROW && sample.round <= 1);
    journal
});

/// Six rows over both workloads, in seven rounds.
pub(crate) fn recorded() -> Journal {
    PARSED.clone()
}

/// The recorded run as if memory had been read in eight rounds of `ROW`, `percent` of what it really was.
pub(crate) fn read_often(percent: u64) -> Journal {
    let mut journal = recorded();
    journal.header.plan.conduct.memory_rounds = 8;
    let warm_up = journal.samples.iter_mut().find(|sample| sample.row == ROW && sample.round == 0);
    let warm_up = warm_up.expect("the recorded run read memory");
    let peak = |sample: &mut paceline_journal::Sample, bytes: u64| {
        if let SampleOutcome::Measured { memory: Some(memory), .. } = &mut sample.outcome {
            memory.peak_bytes = bytes * percent / 100;
        }
    };
    let mut others = vec![warm_up.clone(); 7];
    peak(warm_up, 2_000_000);
    for (round, sample) in (1..).zip(&mut others) {
        sample.purpose = Purpose::Memory;
        sample.round = round;
        sample.seed = u64::from(round);
        peak(sample, 2_000_000 + u64::from(round) * 1_000);
    }
    journal.samples.extend(others);
    journal
}

/// The recorded run with one row of `name` alone, in one counted round.
pub(crate) fn named(name: &str) -> Journal {
    let mut journal = ONE_ROW.clone();
    name.clone_into(&mut journal.header.plan.rows[0].name);
    for sample in &mut journal.samples {
        name.clone_into(&mut sample.row);
    }
    journal
}

/// The recorded run without a valid row: each failed in a way of its own.
pub(crate) fn without_valid_rows() -> Journal {
    let mut journal = recorded();
    let names: Vec<String> = journal.header.plan.rows.iter().map(|row| row.name.clone()).collect();
    journal.samples.retain(|sample| sample.row != names[5]);
    for sample in &mut journal.samples {
        let row = names.iter().position(|name| *name == sample.row).expect("a row of the plan");
        sample.outcome = match row % 4 {
            0 => SampleOutcome::Broken { reason: "no | \"such\" <thing>\n\u{1b}[31m".to_owned() },
            1 => SampleOutcome::TimedOut { limit_ms: 5 },
            2 => SampleOutcome::TooLittleMemory { need_bytes: 2 << 20, have_bytes: 1 << 20 },
            _ => SampleOutcome::Broken { reason: String::new() },
        };
    }
    journal
}

/// A run of a thousand rows, each in one counted round.
pub(crate) fn of_a_thousand_rows() -> Journal {
    let mut journal = named("row");
    let row = journal.header.plan.rows.remove(0);
    let samples = std::mem::take(&mut journal.samples);
    for number in 0..1_000 {
        let name = format!("row {number}");
        journal.header.plan.rows.push(paceline_journal::Row { name: name.clone(), ..row.clone() });
        journal.samples.extend(samples.iter().cloned().map(|mut sample| {
            sample.row.clone_from(&name);
            sample
        }));
    }
    journal
}

pub(crate) fn run(journal: &Journal) -> Run {
    Run::of(journal.clone())
}
