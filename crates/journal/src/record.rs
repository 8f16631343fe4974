//! The records of a journal.

use std::collections::BTreeMap;

use paceline_core::WorkloadSpec;
use paceline_protocol::service::Counters;
use paceline_protocol::{HostFacts, Measured, Noise, TreeMemory};
use serde::{Deserialize, Serialize};

use crate::plan::Plan;

/// The version of all records. It rises when an older reader would misread a record.
pub const FORMAT: u32 = 1;

/// One line of a journal.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Record {
    /// What is run, where and how: the first line.
    Run(Box<RunHeader>),
    /// What a workload's products must hash to.
    Digest(Digest),
    /// One execution of one case.
    Sample(Box<Sample>),
    /// One more execution of one case, to read its memory: its times are used nowhere. A record of its
    /// own, so that a reader that does not know it refuses the journal instead of taking those times for
    /// the row's.
    Memory(Box<Sample>),
    /// How the run ended: the last line, unless the driver was killed.
    End(End),
}

/// What is run, where and how.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RunHeader {
    /// What tells the run from all others, and its folder's name.
    pub run_id: String,
    /// What the user calls it.
    pub name: Option<String>,
    /// When it began, in milliseconds since 1970-01-01 UTC.
    pub started_unix_ms: u64,
    /// The version of Paceline.
    pub paceline: String,
    /// What `rustc --version` says of the compiler that built the worker.
    pub rustc: String,
    /// What was planned. Its fields stand beside the others.
    #[serde(flatten)]
    pub plan: Plan,
    /// The git revision of the checkout, with `+changes` if files differed from it.
    pub revision: Option<String>,
    /// The engines in the worker and their versions.
    pub engines: BTreeMap<String, String>,
    /// The xxh3 hash of the worker binary.
    pub worker: paceline_core::Digest,
    /// The machine.
    pub host: HostFacts,
}

impl RunHeader {
    /// What people call the run: its name, if it has one, with its id.
    #[must_use]
    pub fn label(&self) -> String {
        match &self.name {
            Some(name) => format!("{name} ({})", self.run_id),
            None => self.run_id.clone(),
        }
    }
}

/// What a workload's products must hash to, from a run in sequence.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Digest {
    /// The workload with the round's seed.
    pub spec: WorkloadSpec,
    /// The digest, if every item could be done.
    pub digest: Option<paceline_core::Digest>,
    /// Why there is none.
    pub failure: Option<String>,
}

impl From<Sample> for Record {
    fn from(sample: Sample) -> Self {
        match sample.purpose {
            Purpose::Time => Self::Sample(Box::new(sample)),
            Purpose::Memory => Self::Memory(Box::new(sample)),
        }
    }
}

/// What a sample is run for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Purpose {
    /// Its times; in the round that warms up, its memory.
    #[default]
    Time,
    /// Its memory alone, which disturbs times.
    Memory,
}

/// One execution of one case, in a fresh process of its own.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Sample {
    /// What it was run for. On disk, the kind of its record says so.
    #[serde(skip)]
    pub purpose: Purpose,
    /// The row's name.
    pub row: String,
    /// The round, from 0. Round 0 warms up and measures memory.
    pub round: u32,
    /// The place in the round's shuffled order, from 0.
    pub position: u32,
    /// Which taking this is, from 1: a sample that something disturbed is taken again.
    pub take: u32,
    /// The round's seed.
    pub seed: u64,
    /// When it began, in milliseconds since 1970-01-01 UTC.
    pub started_unix_ms: u64,
    /// The file in the run's folder that holds what the case wrote to its standard error, if it wrote
    /// anything.
    pub log: Option<String>,
    /// What the server saw that the items talked to, if there was one and it could tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server: Option<Counters>,
    /// What came of it.
    pub outcome: SampleOutcome,
}

impl Sample {
    /// Whether this sample's times are left out of statistics because its round warms up.
    #[must_use]
    pub fn is_warmup(&self) -> bool {
        self.round == 0
    }
}

/// What came of a sample.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SampleOutcome {
    /// The case ran to its end. It is valid if nothing in `measured` is a violation.
    Measured {
        /// What the worker measured.
        measured: Box<Measured>,
        /// The memory of the process tree, in rounds that measure it.
        memory: Option<TreeMemory>,
        /// What disturbed the machine meanwhile.
        noise: Noise,
    },
    /// The case was not started: it wants more memory than there is.
    TooLittleMemory {
        /// The estimate of what it wants, in bytes.
        need_bytes: u64,
        /// What was available, in bytes.
        have_bytes: u64,
    },
    /// The user stopped the run while the case was at work. It is no result, but what was done is kept.
    Interrupted {
        /// What the worker measured until then.
        measured: Box<Measured>,
    },
    /// The case took longer than it may; its process tree was killed.
    TimedOut {
        /// The limit, in milliseconds.
        limit_ms: u64,
    },
    /// The case could not be run, or its worker ended without an answer.
    Broken {
        /// Why, with the last lines of the worker's standard error.
        reason: String,
    },
}

/// How a run ended.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct End {
    /// Why it ended.
    pub reason: EndReason,
    /// When it ended, in milliseconds since 1970-01-01 UTC.
    pub ended_unix_ms: u64,
}

/// Why a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// Every planned round was run.
    Completed,
    /// The time for it was used up.
    Budget,
    /// Every row's mean is known as precisely as was asked.
    Precision,
    /// The user asked it to stop.
    Interrupted,
}
