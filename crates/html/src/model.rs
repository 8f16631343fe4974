//! What the page shows: the rows by workload, each with its names.

use paceline_core::wire::Measured;
use paceline_journal::{Journal, Sample, SampleOutcome};
use paceline_report::words;
use paceline_stats::advice::{Advice, Candidate, Limits, WorkloadAdvice};
use paceline_stats::summary::RowSummary;
use paceline_stats::{Series, Summary};

use crate::label::{tags, without_common_words};
use crate::page::Options;
use crate::strategy::Strategy;

/// A run, ready to be shown.
pub(crate) struct Model<'a> {
    pub(crate) journal: &'a Journal,
    pub(crate) summary: &'a Summary,
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
    /// What kind of work it is.
    pub(crate) kind: &'static str,
    /// Its name and parameters.
    pub(crate) details: String,
    pub(crate) advice: WorkloadAdvice,
    pub(crate) entries: Vec<Entry<'a>>,
}

/// One row.
pub(crate) struct Entry<'a> {
    /// Its place in the plan, from 0.
    pub(crate) index: usize,
    pub(crate) row: &'a RowSummary,
    pub(crate) strategy: Strategy,
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
    pub(crate) fn of(journal: &'a Journal, summary: &'a Summary, options: &Options) -> Self {
        let advice = Advice::of(summary, Limits::default());
        let groups = advice.workloads.into_iter().enumerate();
        let mut groups: Vec<Group<'_>> =
            groups.map(|(index, advice)| Group::of(index, advice, journal, summary)).collect();
        let ghosts = set_ghosts(&mut groups, summary, options);
        Self { journal, summary, groups, ghosts }
    }

    pub(crate) fn entries(&self) -> impl Iterator<Item = (&Group<'a>, &Entry<'a>)> {
        self.groups.iter().flat_map(|group| group.entries.iter().map(move |entry| (group, entry)))
    }
}

impl<'a> Group<'a> {
    fn of(
        index: usize,
        advice: WorkloadAdvice,
        journal: &'a Journal,
        summary: &'a Summary,
    ) -> Self {
        let rows: Vec<(usize, &RowSummary)> = summary
            .rows
            .iter()
            .enumerate()
            .filter(|(_, row)| row.row.case.spec == advice.spec)
            .collect();
        let entries = entries(&rows);
        let params = advice.spec.params.iter().map(|(name, value)| {
            // A whole path would tell strangers about the machine, and nothing about the work.
            let value = value.rsplit(['/', '\\']).next().unwrap_or(value);
            words::name(&format!("{name} {value}"))
        });
        let params: Vec<String> = params.collect();
        let name = words::name(&advice.spec.workload);
        let details =
            if params.is_empty() { name } else { format!("{name}: {}", params.join(", ")) };
        Self { index, kind: kind(&entries, journal), details, advice, entries }
    }

    /// The entry of the row called so.
    pub(crate) fn entry(&self, row: &str) -> Option<&Entry<'a>> {
        self.entries.iter().find(|entry| entry.row.row.name == row)
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

    /// The families of its rows, each once, in their order.
    pub(crate) fn strategies(&self) -> Vec<Strategy> {
        let has = |strategy: &Strategy| self.entries.iter().any(|e| e.strategy == *strategy);
        Strategy::ALL.into_iter().filter(has).collect()
    }

    /// Its heading.
    pub(crate) fn title(&self) -> String {
        format!("{} · {}", self.kind, self.details)
    }
}

impl Entry<'_> {
    /// The width that was asked.
    pub(crate) fn width(&self) -> Option<usize> {
        let case = &self.row.row.case;
        self.row.lanes.map(|lanes| lanes.asked).or(case.width.map(std::num::NonZero::get))
    }

    /// The most items it had in flight, where that is less than half of the lanes that it started: its
    /// width is one in name only then.
    pub(crate) fn ran_instead(&self) -> Option<usize> {
        let lanes = self.row.lanes?;
        (lanes.seen * 2 < lanes.started).then_some(lanes.seen)
    }
}

/// The sample whose items are shown for a row: that of the counted round nearest its median time, so that
/// no picture is of a round that was out of the ordinary; for a row without one, the first that was
/// measured at all.
pub(crate) fn shown_sample<'a>(
    journal: &'a Journal,
    row: &RowSummary,
) -> Option<(&'a Sample, &'a Measured)> {
    let of_row = || {
        let samples = journal.samples.iter().filter(|sample| sample.row == row.row.name);
        samples.filter_map(|sample| match &sample.outcome {
            SampleOutcome::Measured { measured, .. } => Some((sample, &**measured)),
            _ => None,
        })
    };
    let nearest = nearest_median(row);
    // A round may have been taken again: the taking whose time is in the mean is the one to show.
    let stands = |(sample, measured): &(&Sample, &Measured)| {
        Some((sample.round, measured.total_ns() as f64 / 1e9)) == nearest
    };
    of_row()
        .find(stands)
        .or_else(|| of_row().find(|(s, _)| !s.is_warmup()))
        .or_else(|| of_row().next())
}

/// The counted round whose time is nearest the median of all, the first of several, and that time.
fn nearest_median(row: &RowSummary) -> Option<(u32, f64)> {
    let seconds = row.seconds.as_ref()?;
    let median = seconds.median();
    let rounds = row.rounds.iter().map(|(round, _)| *round).zip(seconds.values().iter().copied());
    rounds.min_by(|(_, a), (_, b)| (a - median).abs().total_cmp(&(b - median).abs()))
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
            strategy: Strategy::of(&row.row.case.executor),
            name,
            label,
            tag,
            ghost_s: None,
        })
        .collect()
}

/// Whether the work computes or waits, judged by the CPU time of a row that does one item after the
/// other: its share of the time is that of the work.
fn kind(entries: &[Entry<'_>], journal: &Journal) -> &'static str {
    let alone = |entry: &&Entry<'_>| entry.width() == Some(1);
    let shares = entries.iter().filter(alone).filter_map(|entry| {
        let (_, measured) = shown_sample(journal, entry.row)?;
        let cpu_ns = measured.user_ns?.saturating_add(measured.system_ns?);
        // CPU time is counted in ticks of some milliseconds: less tells nothing.
        (measured.total_ns() > 20_000_000).then(|| cpu_ns as f64 / measured.total_ns() as f64)
    });
    match shares.into_iter().next() {
        Some(share) if share < 0.25 => "IO work",
        Some(share) if share > 0.75 => "CPU work",
        Some(_) => "Mixed work",
        None => "Work",
    }
}

fn set_ghosts(groups: &mut [Group<'_>], summary: &Summary, options: &Options) -> Ghosts {
    let Some(reference) = &options.against else { return Ghosts::Absent };
    let is_absolute = summary.header.scale == "seed";
    let mut any = false;
    for group in groups {
        let of_reference = |entry: &Entry<'_>| reference.seconds(&entry.row.row.name);
        let in_sequence = group.timed().find(|(entry, _)| entry.strategy == Strategy::Sequential);
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
