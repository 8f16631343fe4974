//! One side of a comparison: rows with times, whoever measured them.

use paceline_journal::RunHeader;
use paceline_protocol::Case;

use crate::summary::{RowMemory, RowSummary};
use crate::{Run, Series};

/// What is held against another side: a run of Paceline, or what another program measured.
#[derive(Debug, Clone)]
pub struct Side {
    /// What it is called.
    pub name: String,
    /// Its run; `None` when another program measured it.
    pub run: Option<RunHeader>,
    /// What makes its numbers doubtful, whatever they are compared with.
    pub caveats: Vec<String>,
    /// Its rows, each with a name of its own.
    pub rows: Vec<SideRow>,
}

/// One row of a side.
#[derive(Debug, Clone)]
pub struct SideRow {
    /// Its name.
    pub name: String,
    /// What it runs, where that is known.
    pub case: Option<Case>,
    /// Its times in seconds, one for each process that ran it; `None` without a valid one.
    pub seconds: Option<Series>,
    /// The rounds of `seconds`, with the seed of each. Empty where they have none to be paired by.
    pub rounds: Vec<(u32, u64)>,
    /// The memory of its process tree.
    pub memory: Option<RowMemory>,
}

impl Side {
    /// A run as a side.
    #[must_use]
    pub fn of(run: &Run) -> Self {
        Self {
            name: run.header().label(),
            run: Some(run.header().clone()),
            caveats: Vec::new(),
            rows: run.rows().iter().map(SideRow::of).collect(),
        }
    }
}

impl SideRow {
    /// A row of a run.
    #[must_use]
    pub fn of(row: &RowSummary) -> Self {
        Self {
            name: row.row.name.clone(),
            case: Some(row.row.case.clone()),
            seconds: row.seconds.clone(),
            rounds: row.rounds.clone(),
            memory: row.memory.clone(),
        }
    }

    /// Whether both rows do the same work, as far as both tell it.
    pub(super) fn does_the_work_of(&self, other: &Self) -> bool {
        let work = |case: &Case| {
            let mut case = case.clone();
            // Where the photographs are kept is no part of the work.
            case.spec.params.remove("images");
            case
        };
        match (&self.case, &other.case) {
            (Some(own), Some(others)) => work(own) == work(others),
            _ => true,
        }
    }
}
