//! A run as every report reads it: its journal, and all that follows from it.

use paceline_journal::{Journal, RateSearch, RunHeader, Sample};
use paceline_protocol::Measured;

use crate::advice::{Advice, Limits};
use crate::search::Search;
use crate::summary::{RowSummary, Summary, measured};

/// A journal with its summary and advice.
///
/// Summary and advice are computed once, when the run is made, and cannot be made without a run. So a renderer
/// has nothing left to compute, and two renderers of a command cannot contradict each other.
#[derive(Debug, Clone)]
pub struct Run {
    journal: Journal,
    summary: Summary,
    advice: Advice,
    search: Option<(RateSearch, Vec<Search>)>,
}

impl Run {
    /// The run of a journal: the same one always gives the same run.
    #[must_use]
    pub fn of(journal: Journal) -> Self {
        Self::within(journal, Limits::default())
    }

    /// The same, advised from the rows alone that keep to `limits`.
    #[must_use]
    pub fn within(journal: Journal, limits: Limits) -> Self {
        let summary = Summary::of(&journal);
        let advice = Advice::of(&journal.header.run_id, &summary, limits);
        let search = Search::of(&journal);
        Self { journal, summary, advice, search }
    }

    /// What was run, and where.
    #[must_use]
    pub fn header(&self) -> &RunHeader {
        &self.journal.header
    }

    /// What was recorded.
    #[must_use]
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    /// What the samples come to.
    #[must_use]
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    /// The rows, in the plan's order.
    #[must_use]
    pub fn rows(&self) -> &[RowSummary] {
        &self.summary.rows
    }

    /// Which row to use.
    #[must_use]
    pub fn advice(&self) -> &Advice {
        &self.advice
    }

    /// What was searched, and the search of every row in the plan's order; `None` unless the run was a search
    /// for rates.
    #[must_use]
    pub fn search(&self) -> Option<(&RateSearch, &[Search])> {
        self.search.as_ref().map(|(limits, rows)| (limits, rows.as_slice()))
    }

    /// The samples of a row, in the order of the run, without those that were run for their memory alone.
    pub fn samples<'a>(
        &'a self,
        row: &'a RowSummary,
    ) -> impl Iterator<Item = &'a Sample> + Clone + use<'a> {
        row.samples.iter().filter_map(|at| self.journal.samples.get(*at))
    }

    /// Those of them whose times are in [`RowSummary::seconds`], in the order of their rounds.
    pub fn standing<'a>(
        &'a self,
        row: &'a RowSummary,
    ) -> impl Iterator<Item = (&'a Sample, &'a Measured)> + Clone + use<'a> {
        let stand = row.standing.iter().filter_map(|at| self.journal.samples.get(*at));
        stand.filter_map(|sample| Some((sample, measured(sample)?)))
    }
}
