//! Journals with known numbers.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use paceline_core::{Concurrency, Digest, WorkloadSpec};
use paceline_journal::{
    Conduct, Journal, MatrixName, Plan, Purpose, Row, RunHeader, Sample, SampleOutcome,
};
use paceline_protocol::{Case, ItemRecords, Measured};
use paceline_protocol::{HostFacts, MemoryKind, Noise, TreeMemory};
use paceline_stats::Run;
use paceline_stats::summary::RowSummary;

/// One second in nanoseconds.
pub(crate) const SECOND: u64 = 1_000_000_000;

/// A row of the workload `api`.
pub(crate) fn row(name: &str, executor: &str, width: usize) -> Row {
    let case = Case {
        spec: WorkloadSpec::new("api").with("records", 3),
        executor: executor.to_owned(),
        width: NonZeroUsize::new(width),
        batch: NonZeroUsize::MIN,
    };
    Row { name: name.to_owned(), case, revision: None, group: None }
}

/// A row of the workload `rotate`, whose items are not planned.
pub(crate) fn computing(name: &str, executor: &str, width: usize) -> Row {
    let mut row = row(name, executor, width);
    row.case.spec = WorkloadSpec::new("rotate").with("items", 3);
    row.group = Some("cpu".to_owned());
    row
}

pub(crate) fn in_batches_of(batch: usize, mut row: Row) -> Row {
    row.case.batch = NonZeroUsize::new(batch).expect("a batch has an item");
    row
}

/// A sample without violations that took so long to run, and no time to start and end its lanes.
pub(crate) fn ran(run_ns: u64) -> Measured {
    Measured {
        startup_ns: 0,
        run_ns,
        shutdown_ns: 0,
        user_ns: None,
        system_ns: None,
        involuntary_switches: None,
        run_delay_ns: None,
        planned_ns: None,
        asked: 2,
        started: 2,
        seen: Concurrency { peak: 2, mean: 1.5 },
        digest: Some(Digest(7)),
        violations: Vec::new(),
        items: ItemRecords::default(),
        latency: None,
        open_loop: None,
    }
}

/// A sample of the sequential row whose items took so long, begun in the order given.
pub(crate) fn in_sequence(items: &[(u32, u64)], cpu_ns: u64) -> Measured {
    let items = ItemRecords {
        clock: "test".to_owned(),
        item: items.iter().map(|(item, _)| *item).collect(),
        lane: vec![0; items.len()],
        start_ns: vec![0; items.len()],
        duration_ns: items.iter().map(|(_, duration_ns)| *duration_ns).collect(),
        ..ItemRecords::default()
    };
    let run_ns = items.duration_ns.iter().sum();
    Measured { user_ns: Some(cpu_ns), system_ns: Some(0), asked: 1, items, ..ran(run_ns) }
}

pub(crate) fn measured(measured: Measured) -> SampleOutcome {
    let (noise, memory) = (Noise::default(), None);
    SampleOutcome::Measured { measured: Box::new(measured), memory, noise }
}

pub(crate) fn disturbed(measured: Measured, noise: Noise) -> SampleOutcome {
    SampleOutcome::Measured { measured: Box::new(measured), memory: None, noise }
}

pub(crate) fn with_memory(measured: Measured, peak_bytes: u64) -> SampleOutcome {
    let memory = TreeMemory {
        peak_bytes,
        kind: MemoryKind::Pss,
        samples: 3,
        mean_interval_us: None,
        processes: Vec::new(),
    };
    let noise = Noise::default();
    SampleOutcome::Measured { measured: Box::new(measured), memory: Some(memory), noise }
}

/// A run of these rows on two cores that has no samples yet.
pub(crate) fn run(rows: Vec<Row>) -> Journal {
    Journal::begin(RunHeader {
        run_id: "a-run".to_owned(),
        name: None,
        started_unix_ms: 0,
        paceline: "0.1.0".to_owned(),
        rustc: "rustc 1.95.0".to_owned(),
        plan: Plan {
            matrix: MatrixName { name: "test".to_owned(), title: "A test".to_owned() },
            scale: "smoke".to_owned(),
            seed: 1,
            conduct: Conduct { retakes: 1, ..Conduct::rounds(4) },
            only: Vec::new(),
            rows,
        },
        revision: None,
        engines: BTreeMap::new(),
        worker: Digest(1),
        host: host(2),
    })
}

pub(crate) fn host(usable_cores: usize) -> HostFacts {
    HostFacts {
        os: "linux".to_owned(),
        arch: "x86_64".to_owned(),
        kernel_release: Some("6.1".to_owned()),
        cpu_model: Some("Example 9000".to_owned()),
        logical_cores: None,
        usable_cores,
        cpu_quota_cores: None,
        total_memory_bytes: None,
        available_memory_bytes: None,
        virtualised: None,
        governor: None,
        turbo: None,
        on_battery: None,
        load_average: None,
        open_files: None,
        processes: None,
        cgroup_processes: None,
    }
}

/// Appends a sample; every round has a seed of its own.
pub(crate) fn add(run: &mut Journal, row: &str, round: u32, take: u32, outcome: SampleOutcome) {
    run.samples.push(Sample {
        purpose: Purpose::Time,
        row: row.to_owned(),
        round,
        position: 0,
        take,
        seed: 1_000 + u64::from(round),
        started_unix_ms: 0,
        log: None,
        server: None,
        outcome,
    });
}

/// Appends a sample that was run for its memory alone.
pub(crate) fn add_memory(run: &mut Journal, row: &str, round: u32, outcome: SampleOutcome) {
    add(run, row, round, 1, outcome);
    let sample = run.samples.last_mut().expect("it was added");
    sample.purpose = Purpose::Memory;
}

/// A run of the row `name` alone, with these outcomes in rounds 0 (which warms up), 1, 2 and so on.
pub(crate) fn alone(name: &str, outcomes: impl IntoIterator<Item = SampleOutcome>) -> Journal {
    let mut journal = run(vec![row(name, "threads-rayon", 2)]);
    for (round, outcome) in (0..).zip(outcomes) {
        add(&mut journal, name, round, 1, outcome);
    }
    journal
}

/// A run with counted rounds only: each row with its time in every round, in nanoseconds.
pub(crate) fn timed(rows: &[(&str, &[u64])]) -> Journal {
    let mut journal = run(rows.iter().map(|(name, _)| row(name, "threads-rayon", 2)).collect());
    for (name, times_ns) in rows {
        for (round, time_ns) in (1..).zip(*times_ns) {
            add(&mut journal, name, round, 1, measured(ran(*time_ns)));
        }
    }
    journal
}

/// The run of a journal.
pub(crate) fn run_of(journal: &Journal) -> Run {
    Run::of(journal.clone())
}

/// What is said of row `name`.
pub(crate) fn summary_of(journal: &Journal, name: &str) -> RowSummary {
    let run = run_of(journal);
    run.rows().iter().find(|row| row.row.name == name).expect("the run has the row").clone()
}
