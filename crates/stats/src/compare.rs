//! One run against another, or one revision against another in the same run.

mod gate;
mod side;

use std::collections::{BTreeSet, HashMap};

use paceline_protocol::Case;

pub use self::gate::{Gate, RowGate};
pub use self::side::{Side, SideRow};
use crate::differences;
use crate::holm::adjusted;
use crate::summary::RowSummary;
use crate::{Comparison, Level, Margin, Run, Series, Verdict};

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
    /// Its memory in the head as a multiple of that in the base; `None` when a side has none, or the sides
    /// read other kinds. [`Verdict::Faster`] and [`Verdict::Slower`] are here smaller and larger.
    pub memory: Option<Judged>,
}

/// What is compared of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantity {
    /// How long it takes.
    Time,
    /// The peak memory of its process tree.
    Memory,
}

impl RowComparison {
    /// What is said of its time or of its memory.
    #[must_use]
    pub fn of(&self, quantity: Quantity) -> Option<&Judged> {
        match quantity {
            Quantity::Time => self.time.as_ref(),
            Quantity::Memory => self.memory.as_ref(),
        }
    }
}

/// A comparison and what it says.
#[derive(Debug, Clone, Copy)]
pub struct Judged {
    /// The ratio and its interval.
    pub comparison: Comparison,
    /// Whether the rounds of both sides met the same inputs and were compared one by one.
    pub paired: bool,
    /// The p-value after Holm's correction over all rows. Time and memory are corrected apart: each answers
    /// a question of its own, and reading memory must not take a verdict on time away.
    pub adjusted_p: f64,
    /// What it says.
    pub verdict: Verdict,
}

impl RunComparison {
    /// Holds `head` against `base`, row by row of the same name. Rounds with the same seed met the
    /// same inputs and are compared one by one; sides without such rounds are compared as wholes.
    #[must_use]
    pub fn of_sides(base: &Side, head: &Side, margin: Margin) -> Self {
        let of_base: HashMap<&str, &SideRow> =
            base.rows.iter().map(|row| (row.name.as_str(), row)).collect();
        let of_name = |row: &'_ SideRow| of_base.get(row.name.as_str()).copied();
        let both: Vec<(&SideRow, &SideRow)> =
            head.rows.iter().filter_map(|row| Some((of_name(row)?, row))).collect();
        let names = |side: &Side| -> BTreeSet<String> {
            side.rows.iter().map(|row| row.name.clone()).collect()
        };
        let (base_names, head_names) = (names(base), names(head));
        Self {
            sides: Sides { base: base.name.clone(), head: head.name.clone() },
            caveats: caveats(base, head, &both),
            rows: judge(&both, margin),
            only_base: base_names.difference(&head_names).cloned().collect(),
            only_head: head_names.difference(&base_names).cloned().collect(),
        }
    }

    /// Holds the rows of the checkout against those of the other revision that ran in the same rounds;
    /// `None` if none did.
    #[must_use]
    pub fn of_revisions(run: &Run, margin: Margin) -> Option<Self> {
        let revision = run.rows().iter().find_map(|row| row.row.revision.clone())?;
        let mut others: HashMap<&Case, &RowSummary> = HashMap::new();
        for row in run.rows().iter().filter(|row| row.row.revision.is_some()) {
            others.entry(&row.row.case).or_insert(row);
        }
        let both: Vec<(SideRow, SideRow)> = run
            .rows()
            .iter()
            .filter(|row| row.row.revision.is_none())
            .filter_map(|row| Some((SideRow::of(others.get(&row.row.case)?), SideRow::of(row))))
            .collect();
        let both: Vec<(&SideRow, &SideRow)> =
            both.iter().map(|(base, head)| (base, head)).collect();
        Some(Self {
            sides: Sides { base: revision, head: "this checkout".to_owned() },
            caveats: Vec::new(),
            rows: judge(&both, margin),
            only_base: Vec::new(),
            only_head: Vec::new(),
        })
    }
}

/// What besides the code can make the sides differ.
fn caveats(base: &Side, head: &Side, both: &[(&SideRow, &SideRow)]) -> Vec<String> {
    let mut caveats = match (&base.run, &head.run) {
        (Some(base), Some(head)) => differences(&[base, head]),
        _ => Vec::new(),
    };
    caveats.extend(base.caveats.iter().chain(&head.caveats).cloned());
    let others = both.iter().filter(|(base, head)| !head.does_the_work_of(base));
    caveats.extend(others.map(|(_, head)| {
        format!("row `{}` runs other work on one side than on the other", head.name)
    }));
    caveats
}

fn judge(both: &[(&SideRow, &SideRow)], margin: Margin) -> Vec<RowComparison> {
    let times = both.iter().map(|(base, head)| compare(time(base)?, time(head)?));
    let memories = both.iter().map(|(base, head)| {
        let is_comparable = base.memory.as_ref()?.kind == head.memory.as_ref()?.kind;
        if is_comparable { compare(memory(base)?, memory(head)?) } else { None }
    });
    let (times, memories) = (family(times.collect(), margin), family(memories.collect(), margin));
    let rows = both.iter().zip(times.into_iter().zip(memories));
    rows.map(|((_, head), (time, memory))| RowComparison { name: head.name.clone(), time, memory })
        .collect()
}

/// Judges comparisons that are shown together, each with whether it is by rounds.
pub(crate) fn family(
    compared: Vec<Option<(Comparison, bool)>>,
    margin: Margin,
) -> Vec<Option<Judged>> {
    let p_values: Vec<f64> = compared.iter().flatten().map(|(c, _)| c.p_value).collect();
    // All are probabilities, so the correction cannot refuse them.
    let mut corrected = adjusted(&p_values).unwrap_or(p_values).into_iter();
    let mut judged = |(comparison, paired): (Comparison, bool)| {
        let adjusted_p = corrected.next()?;
        let verdict = Verdict::of(&comparison, margin, adjusted_p);
        Some(Judged { comparison, paired, adjusted_p, verdict })
    };
    compared.into_iter().map(|compared| compared.and_then(&mut judged)).collect()
}

/// Values of a side with their rounds, and the seeds of those.
type Observed<'a> = (&'a Series, &'a [(u32, u64)]);

fn time(row: &SideRow) -> Option<Observed<'_>> {
    Some((row.seconds.as_ref()?, &row.rounds))
}

fn memory(row: &SideRow) -> Option<Observed<'_>> {
    row.memory.as_ref().map(|memory| (&memory.peaks, memory.rounds.as_slice()))
}

/// Compares round by round where rounds of both sides had the same seed, else as wholes.
fn compare(base: Observed<'_>, head: Observed<'_>) -> Option<(Comparison, bool)> {
    let ((base_all, base_rounds), (head_all, head_rounds)) = (base, head);
    let (mut base_common, mut head_common) = (Vec::new(), Vec::new());
    let of_base: HashMap<&(u32, u64), f64> =
        base_rounds.iter().zip(base_all.values().iter().copied()).collect();
    for (round, own) in head_rounds.iter().zip(head_all.values()) {
        if let Some(other) = of_base.get(round) {
            base_common.push(*other);
            head_common.push(*own);
        }
    }
    let level = Level::NINETY_FIVE;
    match (Series::new(base_common), Series::new(head_common)) {
        (Ok(base), Ok(head)) => Some((Comparison::paired(&head, &base, level).ok()?, true)),
        _ => Some((Comparison::unpaired(head_all, base_all, level).ok()?, false)),
    }
}
