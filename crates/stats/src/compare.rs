//! One run against another, or one revision against another in the same run.

use std::collections::BTreeSet;

use paceline_core::wire::Case;
use paceline_journal::{Row, RunHeader};

use crate::holm::adjusted;
use crate::summary::{RowSummary, Summary};
use crate::{Comparison, Level, Margin, Series, Verdict};

/// The rows of a base and a head, held against each other.
#[derive(Debug, Clone)]
pub struct RunComparison {
    /// What the two sides are called.
    pub sides: Sides,
    /// What differs between the sides besides the code, and makes every ratio doubtful.
    pub caveats: Vec<String>,
    /// The rows that both sides have, in the head's order.
    pub rows: Vec<RowComparison>,
    /// Rows that only the base has.
    pub only_base: Vec<String>,
    /// Rows that only the head has.
    pub only_head: Vec<String>,
}

/// What the two sides of a comparison are called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sides {
    /// What is compared with.
    pub base: String,
    /// What is judged.
    pub head: String,
}

/// One row on both sides.
#[derive(Debug, Clone)]
pub struct RowComparison {
    /// Its name.
    pub name: String,
    /// Its time in the head as a multiple of that in the base; `None` when a side has no valid time.
    pub time: Option<Judged>,
    /// Its memory in the head as a multiple of that in the base. One reading a side: it has no
    /// interval and no verdict.
    pub memory_ratio: Option<f64>,
}

/// A comparison and what it says.
#[derive(Debug, Clone, Copy)]
pub struct Judged {
    /// The ratio and its interval.
    pub comparison: Comparison,
    /// Whether the rounds of both sides met the same inputs and were compared one by one.
    pub paired: bool,
    /// The p-value after Holm's correction over all rows.
    pub adjusted_p: f64,
    /// What it says.
    pub verdict: Verdict,
}

impl RunComparison {
    /// Holds `head` against `base`, row by row of the same name. Rounds with the same seed met the
    /// same inputs and are compared one by one; runs without such rounds are compared as wholes.
    #[must_use]
    pub fn of_runs(base: &Summary, head: &Summary, margin: Margin) -> Self {
        let of_name =
            |side: &Summary, name: &str| side.rows.iter().find(|row| row.row.name == name).cloned();
        let names = |side: &Summary| -> BTreeSet<String> {
            side.rows.iter().map(|row| row.row.name.clone()).collect()
        };
        let (base_names, head_names) = (names(base), names(head));
        let both: Vec<(String, RowSummary, RowSummary)> = head
            .rows
            .iter()
            .filter_map(|row| {
                Some((row.row.name.clone(), of_name(base, &row.row.name)?, row.clone()))
            })
            .collect();
        let mut caveats = caveats(&base.header, &head.header);
        caveats.extend(both.iter().filter(|(_, b, h)| !same_work(&b.row, &h.row)).map(
            |(name, ..)| format!("row `{name}` runs other work on one side than on the other"),
        ));
        Self {
            sides: Sides { base: base.header.run_id.clone(), head: head.header.run_id.clone() },
            caveats,
            rows: judge(&both, margin),
            only_base: base_names.difference(&head_names).cloned().collect(),
            only_head: head_names.difference(&base_names).cloned().collect(),
        }
    }

    /// Holds the rows of the checkout against those of the other revision that ran in the same rounds;
    /// `None` if none did.
    #[must_use]
    pub fn of_revisions(run: &Summary, margin: Margin) -> Option<Self> {
        let revision = run.rows.iter().find_map(|row| row.row.revision.clone())?;
        let other = |row: &RowSummary| {
            let mut rows = run.rows.iter();
            rows.find(|other| other.row.revision.is_some() && other.row.case == row.row.case)
        };
        let both: Vec<(String, RowSummary, RowSummary)> = run
            .rows
            .iter()
            .filter(|row| row.row.revision.is_none())
            .filter_map(|row| Some((row.row.name.clone(), other(row)?.clone(), row.clone())))
            .collect();
        Some(Self {
            sides: Sides { base: revision, head: "this checkout".to_owned() },
            caveats: Vec::new(),
            rows: judge(&both, margin),
            only_base: Vec::new(),
            only_head: Vec::new(),
        })
    }

    /// Whether any row got slower by more than `limit`, a fraction of its base.
    #[must_use]
    pub fn gate(&self, limit: f64) -> Gate {
        let most = 1.0 + limit;
        let names = |belongs: &dyn Fn(&Judged) -> bool| -> Vec<String> {
            let rows = self.rows.iter().filter(|row| row.time.as_ref().is_some_and(belongs));
            rows.map(|row| row.name.clone()).collect()
        };
        let sure = |judged: &Judged| judged.comparison.reaches_its_level();
        let regressions = names(&|judged| sure(judged) && judged.comparison.low > most);
        let mut open = names(&|judged| {
            !sure(judged) || (judged.comparison.low <= most && judged.comparison.high > most)
        });
        open.extend(self.rows.iter().filter(|row| row.time.is_none()).map(|row| row.name.clone()));
        // A row that vanished was not seen to be fine.
        open.extend(self.only_base.iter().cloned());
        if self.rows.is_empty() {
            // Nothing was compared, so nothing is known to be fine.
            open.extend(self.only_head.iter().cloned());
        }
        match (regressions.is_empty(), open.is_empty()) {
            (false, _) => Gate::Regression(regressions),
            (true, false) => Gate::Inconclusive(open),
            (true, true) => Gate::Fine,
        }
    }
}

/// What a gate says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gate {
    /// The interval of every row lies below the limit.
    Fine,
    /// The intervals of these rows lie beyond the limit.
    Regression(Vec<String>),
    /// None lies beyond it, but those of these rows reach over it, or their rounds are too few, or they
    /// have no valid time on both sides.
    Inconclusive(Vec<String>),
}

fn same_work(base: &Row, head: &Row) -> bool {
    let work = |case: &Case| {
        let mut case = case.clone();
        // Where the photographs are kept is no part of the work.
        case.spec.params.remove("images");
        case
    };
    work(&base.case) == work(&head.case)
}

/// What besides the code can make two runs differ.
fn caveats(base: &RunHeader, head: &RunHeader) -> Vec<String> {
    let differ = |what: &str, base: String, head: String| {
        (base != head).then(|| format!("different {what}: {base} and {head}"))
    };
    let known = |fact: &Option<String>| fact.clone().unwrap_or_else(|| "unknown".to_owned());
    let host = |header: &RunHeader| {
        format!(
            "{} with {} usable cores, {}",
            known(&header.host.cpu_model),
            header.host.usable_cores,
            known(&header.host.kernel_release)
        )
    };
    [
        differ("hosts", host(base), host(head)),
        differ("scales", base.scale.clone(), head.scale.clone()),
        differ("seeds", base.seed.to_string(), head.seed.to_string()),
        differ("compilers", base.rustc.clone(), head.rustc.clone()),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn judge(both: &[(String, RowSummary, RowSummary)], margin: Margin) -> Vec<RowComparison> {
    let compared: Vec<Option<(Comparison, bool)>> =
        both.iter().map(|(_, base, head)| compare(base, head)).collect();
    let p_values: Vec<f64> = compared.iter().flatten().map(|(c, _)| c.p_value).collect();
    // p-values of exact tests are probabilities, so the correction cannot refuse them.
    let mut corrected = adjusted(&p_values).unwrap_or(p_values).into_iter();
    let mut judged = |(comparison, paired): (Comparison, bool)| {
        let adjusted_p = corrected.next()?;
        let verdict = Verdict::of(&comparison, margin, adjusted_p);
        Some(Judged { comparison, paired, adjusted_p, verdict })
    };
    let rows = both.iter().zip(compared);
    rows.map(|((name, base, head), compared)| RowComparison {
        name: name.clone(),
        time: compared.and_then(&mut judged),
        memory_ratio: memory_ratio(base, head),
    })
    .collect()
}

/// Compares round by round where rounds of both sides had the same seed, else as wholes.
fn compare(base: &RowSummary, head: &RowSummary) -> Option<(Comparison, bool)> {
    let (base_s, head_s) = (base.seconds.as_ref()?, head.seconds.as_ref()?);
    let (mut base_common, mut head_common) = (Vec::new(), Vec::new());
    for (position, round) in head.rounds.iter().enumerate() {
        if let Some(other) = base.rounds.iter().position(|other| other == round) {
            base_common.push(base_s.values()[other]);
            head_common.push(head_s.values()[position]);
        }
    }
    let level = Level::NINETY_FIVE;
    match (Series::new(base_common), Series::new(head_common)) {
        (Ok(base_s), Ok(head_s)) => Some((Comparison::paired(&head_s, &base_s, level).ok()?, true)),
        _ => Some((Comparison::unpaired(head_s, base_s, level).ok()?, false)),
    }
}

fn memory_ratio(base: &RowSummary, head: &RowSummary) -> Option<f64> {
    let (base, head) = (base.memory.as_ref()?, head.memory.as_ref()?);
    let comparable = base.kind == head.kind && base.peak_bytes > 0;
    comparable.then(|| head.peak_bytes as f64 / base.peak_bytes as f64)
}
