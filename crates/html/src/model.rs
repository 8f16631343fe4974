//! What the page shows: the rows by workload, each with its names.

use std::collections::HashMap;

use paceline_core::WorkloadSpec;
use paceline_report::words;
use paceline_stats::advice::{Candidate, WorkloadAdvice};
use paceline_stats::ideal::COMPUTING;
use paceline_stats::summary::RowSummary;
use paceline_stats::{Run, Series};

use crate::family::Family;
use crate::label::{cut, tags, without_common_words};
use crate::options::Options;
use crate::typical::typical;
use crate::work::in_words;

/// A run, ready to be shown.
pub(crate) struct Model<'a> {
    pub(crate) run: &'a Run,
    /// One for each workload with its parameters, in the plan's order.
    pub(crate) groups: Vec<Group<'a>>,
    /// Whether the reference's times are shown, and how.
    pub(crate) ghosts: Ghosts,
}

/// How the reference's times are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ghosts {
    /// There are none.
    Absent,
    /// As they are: the work is of the reference's own size.
    Absolute,
    /// In proportion to the sequential row, since the work is of another size.
    Proportional,
}

/// The rows of one workload.
pub(crate) struct Group<'a> {
    /// Its place among the workloads, from 0.
    pub(crate) index: usize,
    /// What kind of work it is: its heading, which no other group has.
    pub(crate) kind: String,
    /// What its items do, in words.
    pub(crate) work: String,
    pub(crate) advice: &'a WorkloadAdvice,
    pub(crate) entries: Vec<Entry<'a>>,
    /// The places of its entries by the names of their rows.
    places: HashMap<&'a str, usize>,
}

/// One row.
pub(crate) struct Entry<'a> {
    /// Its place in the plan, from 0.
    pub(crate) index: usize,
    pub(crate) row: &'a RowSummary,
    pub(crate) family: Family,
    /// Its name, with control characters made visible.
    pub(crate) name: String,
    /// Its name without the words that all of its workload share.
    pub(crate) label: String,
    /// The shortest words that tell it from the others of its workload.
    pub(crate) tag: String,
    /// Where the reference's time stands on our axis, in seconds.
    pub(crate) ghost_s: Option<f64>,
}

impl<'a> Model<'a> {
    pub(crate) fn of(run: &'a Run, options: &Options) -> Self {
        let mut rows: HashMap<&WorkloadSpec, Vec<(usize, &RowSummary)>> = HashMap::new();
        for (index, row) in run.rows().iter().enumerate() {
            rows.entry(&row.row.case.spec).or_default().push((index, row));
        }
        let advised = run.advice().workloads.iter().enumerate();
        let group = |(index, advice): (usize, &'a WorkloadAdvice)| {
            Group::of(index, advice, &rows.remove(&advice.spec).unwrap_or_default(), run)
        };
        let mut groups: Vec<Group<'_>> = advised.map(group).collect();
        tell_apart(&mut groups);
        let ghosts = set_ghosts(&mut groups, run, options);
        Self { run, groups, ghosts }
    }

    /// Whether items arrived on a schedule: then times are those of the schedule.
    pub(crate) fn is_open_loop(&self) -> bool {
        self.run.header().plan.conduct.schedule.is_some()
    }

    pub(crate) fn entries(&self) -> impl Iterator<Item = (&Group<'a>, &Entry<'a>)> {
        self.groups.iter().flat_map(|group| group.entries.iter().map(move |entry| (group, entry)))
    }
}

impl<'a> Group<'a> {
    fn of(
        index: usize,
        advice: &'a WorkloadAdvice,
        rows: &[(usize, &'a RowSummary)],
        run: &'a Run,
    ) -> Self {
        let entries = entries(rows);
        let places = rows.iter().map(|(_, row)| row.row.name.as_str()).zip(0..).collect();
        let (kind, work) = (kind(&entries, run).to_owned(), in_words(&advice.spec));
        Self { index, kind, work, advice, entries, places }
    }

    /// The entry of the row called so.
    pub(crate) fn entry(&self, row: &str) -> Option<&Entry<'a>> {
        self.places.get(row).map(|place| &self.entries[*place])
    }

    /// The row to take, or the one that it probably is where the rounds cannot tell.
    pub(crate) fn taken(&self) -> Option<(&Candidate, &Entry<'a>)> {
        let candidate = self.advice.pick().or_else(|| self.advice.probable_pick())?;
        Some((candidate, self.entry(&candidate.name)?))
    }

    /// The rows that have a time.
    pub(crate) fn timed(&self) -> impl Iterator<Item = (&Entry<'a>, &Series)> {
        self.entries.iter().filter_map(|entry| Some((entry, entry.row.seconds.as_ref()?)))
    }

    /// The fastest row of a family.
    pub(crate) fn fastest_of(&self, family: Family) -> Option<(&Entry<'a>, &Series)> {
        let of_family = self.timed().filter(|(entry, _)| entry.family == family);
        of_family.min_by(|a, b| a.1.mean().total_cmp(&b.1.mean()))
    }

    /// The families of its rows, each once, in their order.
    pub(crate) fn families(&self) -> Vec<Family> {
        let has = |family: &Family| self.entries.iter().any(|e| e.family == *family);
        Family::ALL.into_iter().filter(has).collect()
    }
}

impl Entry<'_> {
    /// The width that was asked.
    pub(crate) fn width(&self) -> Option<usize> {
        let case = &self.row.row.case;
        self.row.lanes.map(|lanes| lanes.asked).or(case.width.map(std::num::NonZero::get))
    }

    /// Its times and those of another row, round by round. `None` unless both ran the same rounds.
    pub(crate) fn beside<'e>(&'e self, other: &'e Self) -> Option<(&'e Series, &'e Series)> {
        let (own, others) = (self.row.seconds.as_ref()?, other.row.seconds.as_ref()?);
        (self.row.rounds == other.row.rounds).then_some((own, others))
    }

    /// The most items it had in flight, where that is less than half of the lanes that it started: its
    /// width is one in name only then.
    pub(crate) fn ran_instead(&self) -> Option<usize> {
        let lanes = self.row.lanes?;
        (lanes.seen * 2 < lanes.started).then_some(lanes.seen)
    }
}

fn entries<'a>(rows: &[(usize, &'a RowSummary)]) -> Vec<Entry<'a>> {
    let names: Vec<String> = rows.iter().map(|(_, row)| words::name(&row.row.name)).collect();
    let labels = without_common_words(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let tags = tags(&rows.iter().map(|(_, row)| *row).collect::<Vec<_>>(), &labels);
    rows.iter()
        .zip(names)
        .zip(labels.into_iter().zip(tags))
        .map(|(((index, row), name), (label, tag))| Entry {
            index: *index,
            row,
            family: Family::of(&row.row.case.executor),
            name,
            label,
            tag,
            ghost_s: None,
        })
        .collect()
}

/// What kind of work it is: as the matrix says, and where it says nothing, judged by the CPU time of a row
/// that does one item after the other, whose share of the time is that of the work. On a busy machine such a
/// row waits for cores too, so its share is the weaker witness.
fn kind(entries: &[Entry<'_>], run: &Run) -> &'static str {
    match entries.first().and_then(|entry| entry.row.row.group.as_deref()) {
        Some("io") => return "IO work",
        Some("cpu") => return "CPU work",
        _ => {}
    }
    let alone = |entry: &&Entry<'_>| entry.width() == Some(1);
    let shares = entries.iter().filter(alone).filter_map(|entry| {
        let (_, measured) = typical(run, entry.row)?;
        let cpu_ns = measured.user_ns?.saturating_add(measured.system_ns?);
        // CPU time is counted in ticks of some milliseconds: less tells nothing.
        (measured.total_ns() > 20_000_000).then(|| cpu_ns as f64 / measured.total_ns() as f64)
    });
    match shares.into_iter().next() {
        Some(share) if share < 0.25 => "IO work",
        Some(share) if share >= COMPUTING => "CPU work",
        Some(_) => "Mixed work",
        None => "Work",
    }
}

/// Has no two workloads of one kind be called the same: their names tell them apart, else their place.
fn tell_apart(groups: &mut [Group<'_>]) {
    let same = kinds(groups);
    for group in groups.iter_mut().filter(|group| same[&group.kind] > 1) {
        group.kind += &format!(": {}", words::name(&cut(&group.advice.spec.workload, 30)));
    }
    let mut same = kinds(groups);
    for group in groups {
        // With a number for each of the others, the last one is told apart without.
        if let Some(left) = same.get_mut(&group.kind).filter(|left| **left > 1) {
            *left -= 1;
            group.kind += &format!(", no. {}", group.index + 1);
        }
    }
}

/// How many groups have each kind.
fn kinds(groups: &[Group<'_>]) -> HashMap<String, usize> {
    let mut kinds = HashMap::new();
    for group in groups {
        *kinds.entry(group.kind.clone()).or_default() += 1;
    }
    kinds
}

fn set_ghosts(groups: &mut [Group<'_>], run: &Run, options: &Options) -> Ghosts {
    let Some(reference) = &options.against else { return Ghosts::Absent };
    // The reference had no schedule, and nothing on the page shows times then.
    if run.header().plan.conduct.schedule.is_some() {
        return Ghosts::Absent;
    }
    let is_absolute = run.header().plan.scale == "seed";
    let mut any = false;
    for group in groups {
        let of_reference = |entry: &Entry<'_>| reference.seconds(&entry.row.row.name);
        let in_sequence = group.timed().find(|(entry, _)| entry.family == Family::Sequential);
        let proportion =
            in_sequence.and_then(|(entry, own)| Some(own.mean() / of_reference(entry)?));
        let factor = if is_absolute { Some(1.0) } else { proportion };
        for entry in &mut group.entries {
            entry.ghost_s = of_reference(entry).zip(factor).map(|(seconds, f)| seconds * f);
            any |= entry.ghost_s.is_some();
        }
    }
    match (any, is_absolute) {
        (false, _) => Ghosts::Absent,
        (true, true) => Ghosts::Absolute,
        (true, false) => Ghosts::Proportional,
    }
}
