//! The most telling sentences about a run.

use std::collections::HashMap;

use paceline_core::{Family, WorkloadSpec};
use paceline_stats::advice::WorkloadAdvice;
use paceline_stats::summary::{RowState, RowSummary};
use paceline_stats::{Run, Series};

use crate::advice::{in_few_words, title};
use crate::cell::{name, size};
use crate::layout::fitted;
use crate::open_loop;
use crate::screen::Screen;

/// How many sentences there are at most.
const MOST: usize = 3;

/// How many times the memory of the row to use another one takes before it is worth a word.
const MUCH_MEMORY: f64 = 2.0;

/// The sentences of [`headlines`] as a paragraph of their own; empty if there is nothing to tell.
#[must_use]
pub fn in_short(run: &Run, screen: Screen) -> String {
    let lines: String = headlines(run).iter().map(|line| format!("  {line}\n")).collect();
    if lines.is_empty() { lines } else { fitted(&format!("\nIn short\n{lines}"), screen.width) }
}

/// The most telling sentences about a run, three at most: what is no result; which row to use for each
/// workload, and what others cost in memory, or whose latency is the lowest where items arrived on a
/// schedule; which asynchronous rows had one item in flight at a time.
#[must_use]
pub fn headlines(run: &Run) -> Vec<String> {
    let workloads = &run.advice().workloads;
    let in_sequence = InSequence::of(run);
    let best = workloads.iter().filter_map(|of| best(of, workloads, &in_sequence));
    let best = best.chain(open_loop::headlines(run));
    let last = one_at_a_time(run, &in_sequence);
    let sentences = no_results(run).into_iter().chain(best).chain(last);
    sentences.take(MOST).collect()
}

fn no_results(run: &Run) -> Option<String> {
    let is_one = |row: &&RowSummary| !matches!(row.state, RowState::Valid | RowState::NotRun);
    match run.rows().iter().filter(is_one).count() {
        0 => None,
        1 => Some("1 row is no result; the notes say why.".to_owned()),
        count => Some(format!("{count} rows are no results; the notes say why.")),
    }
}

/// The row to use for a workload, or the one that it would be where the rounds cannot tell.
fn best(
    workload: &WorkloadAdvice,
    all: &[WorkloadAdvice],
    in_sequence: &InSequence<'_>,
) -> Option<String> {
    let (row, mut sentence) = in_few_words(workload)?;
    if let Some(ratio) = in_sequence.mean_s(&workload.spec).map(|mean_s| mean_s / row.mean_s)
        && ratio > 1.0
    {
        sentence += &format!("; {} times as fast as in sequence", two_digits(ratio));
    }
    let tied = workload.tied().filter(|other| other.name != row.name).count();
    if tied > 0 {
        let are = if tied == 1 { "row is" } else { "rows are" };
        sentence += &format!("; {tied} more {are} tied");
    }
    sentence += &most_memory(workload, row.memory_bytes).unwrap_or_default();
    Some(format!("{}: {sentence}.", called(workload, all)))
}

/// What the hungriest row takes beside the one to use.
fn most_memory(workload: &WorkloadAdvice, own_bytes: Option<u64>) -> Option<String> {
    let own = own_bytes.filter(|bytes| *bytes > 0)? as f64;
    let most = workload.candidates.iter().filter(|row| row.memory_bytes.is_some());
    let most = most.max_by_key(|row| row.memory_bytes)?;
    let bytes = most.memory_bytes?;
    let ratio = bytes as f64 / own;
    (ratio >= MUCH_MEMORY).then(|| {
        let (name, size) = (name(&most.name), size(bytes));
        format!("; {name} takes {} times the memory, {size}", two_digits(ratio))
    })
}

/// The workload's name, with its parameters where another one has the same name.
fn called(workload: &WorkloadAdvice, all: &[WorkloadAdvice]) -> String {
    let of_name = all.iter().filter(|other| other.spec.workload == workload.spec.workload);
    match of_name.count() {
        1 => name(&workload.spec.workload),
        _ => name(&title(&workload.spec)),
    }
}

/// Asynchronous rows that had one item in flight at a time: those of which more was asked, and those of the
/// executors that await one item after the other whatever is asked. It is the work that makes a row so, too:
/// where no item waits, the next cannot begin meanwhile.
fn one_at_a_time(run: &Run, in_sequence: &InSequence<'_>) -> Option<String> {
    let told = run.rows().iter().filter(|row| {
        let is_async = Family::of(&row.row.case.executor) == Some(Family::Async);
        let asked_one = row.row.case.width.is_some_and(|width| width.get() == 1);
        let is_one = row.lanes.is_some_and(|lanes| lanes.seen <= 1);
        // The time of a row on a schedule is that of the schedule, whether it was asynchronous or not.
        is_async && is_one && (is_false(row) || !asked_one) && row.arrivals.is_none()
    });
    let told: Vec<(&RowSummary, String)> = told
        .filter_map(|row| {
            let own_s = row.seconds.as_ref().map(Series::mean)?;
            let ratio = own_s / in_sequence.mean_s(&row.row.case.spec)?;
            Some((row, format!("{} ({ratio:.2} times the sequential time)", name(&row.row.name))))
        })
        .collect();
    let (_, first) = told.first()?;
    let named = match &told[..] {
        [_] => first.clone(),
        [_, (_, second)] => format!("{first} and {second}"),
        [_, (_, second), more @ ..] => format!("{first}, {second} and {} more", more.len()),
        [] => return None,
    };
    let what = match told.iter().all(|(row, _)| is_false(row)) {
        true => "Asynchronous in name only, with one item in flight at a time",
        false => "Asynchronous, and yet with one item in flight at a time",
    };
    Some(format!("{what}: {named}."))
}

/// Whether its executor awaits one item after the other.
fn is_false(row: &RowSummary) -> bool {
    row.row.case.executor.starts_with("async-false-")
}

/// The mean of the first sequential row of each workload, in seconds.
struct InSequence<'a>(HashMap<&'a WorkloadSpec, Option<f64>>);

impl<'a> InSequence<'a> {
    fn of(run: &'a Run) -> Self {
        let mut means = HashMap::new();
        for RowSummary { row, seconds, .. } in run.rows() {
            if Family::of(&row.case.executor) == Some(Family::Sequential) {
                means.entry(&row.case.spec).or_insert(seconds.as_ref().map(Series::mean));
            }
        }
        Self(means)
    }

    fn mean_s(&self, spec: &WorkloadSpec) -> Option<f64> {
        *self.0.get(spec)?
    }
}

/// A ratio as people say it: 1.9, 21.
fn two_digits(ratio: f64) -> String {
    if ratio < 10.0 { format!("{ratio:.1}") } else { format!("{ratio:.0}") }
}
