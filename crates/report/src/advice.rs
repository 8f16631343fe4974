//! Which row to use, for people and for programs.

mod json;
mod sentence;

use paceline_core::WorkloadSpec;
use paceline_stats::Verdict;
use paceline_stats::advice::{
    Advice, Candidate, Exclusion, LeftOut, Limits, NEAR_FOR_MEMORY, NEAR_FOR_WIDTH, WorkloadAdvice,
};
use tabled::settings::Color;

pub(crate) use self::sentence::in_few_words;
use crate::cell::{lines, mib, name, size, state_and_reasons};
use crate::grid::{Cell, Grid, Head};
use crate::layout::{fitted, prose, shortened};
use crate::screen::Screen;

pub use self::json::advice_json;
pub use self::sentence::{sentence, too_few_rounds};

/// How much of a parameter a title shows: a list of items can be of any length.
const LONGEST_PARAMETER: usize = 60;

/// The advice for people: per workload a sentence, the rows in order of time, and what else may count.
/// Below it stands what the columns and words mean that are there.
#[must_use]
pub fn advice(advice: &Advice, screen: Screen) -> String {
    let line = screen.width;
    let title = format!("Advice from run {}{}\n", name(&advice.run_id), limits(advice.limits));
    let mut shown = Vec::new();
    let workloads: String =
        advice.workloads.iter().map(|of| workload(of, screen, &mut shown)).collect();
    let legend = legend(advice, &shown);
    let legend = if legend.is_empty() { legend } else { format!("\n{}\n", prose(&legend, line)) };
    format!("{}{workloads}{legend}", fitted(&title, line))
}

fn limits(limits: Limits) -> String {
    let memory = limits
        .max_memory_bytes
        .map(|bytes| format!(", for rows of at most {}", size(bytes)))
        .unwrap_or_default();
    let width = limits.max_width.map(|width| format!(", for widths of at most {width}"));
    memory + &width.unwrap_or_default()
}

/// Adds the titles of the table's columns to `shown`.
fn workload(workload: &WorkloadAdvice, screen: Screen, shown: &mut Vec<String>) -> String {
    let line = screen.width;
    let above = format!("\n{}\n\n{}\n", name(&title(&workload.spec)), sentence(workload));
    let mut text = fitted(&above, line);
    if !workload.candidates.is_empty() {
        let table = table(workload);
        let fit = table.fitted(screen);
        shown.extend(table.titles(&fit.shown));
        let table = table.with_what_went(fit, screen);
        text += &format!("\n{table}\n{}", fitted(&choices(workload), line));
    }
    if !workload.left_out.is_empty() {
        let row = |row: &LeftOut| {
            format!("  {}: {}\n", name(&row.name), lines(&why(&row.reason)).replace('\n', "\n  "))
        };
        let rows = workload.left_out.iter().map(row);
        text += &fitted(&format!("\nLeft out:\n{}", rows.collect::<String>()), line);
    }
    text
}

/// What the columns and words that are there mean; of nothing else.
fn legend(advice: &Advice, shown: &[String]) -> String {
    let has_column = |title: &str| shown.iter().any(|column| column == title);
    let rows = || advice.workloads.iter().flat_map(|of| of.candidates.iter().map(move |c| (of, c)));
    let has_standing = |wanted: &str| {
        has_column("Standing") && rows().any(|(of, row)| standing(of, row) == wanted)
    };
    let is_tied = has_standing("equivalent") || has_standing("not_told_apart");
    let has_bound = advice.workloads.iter().any(|of| of.bound_s.is_some());
    let known = || rows().filter(|(_, row)| row.memory_bytes.is_some());
    let one_reading = known().any(|(_, row)| row.memory_interval.is_none());
    let parts = [
        (has_column("vs fastest"), "vs fastest: the mean as a multiple of the best."),
        (has_column("95 %"), "95 %: the rank interval of the ratio within a round."),
        (has_standing("equivalent"), "equivalent: within 3 % of the fastest."),
        (has_standing("slower"), "slower: after Holm's correction over the workload's rows."),
        (
            is_tied,
            "Both those that are equivalent and those that are not told apart are tied with the fastest.",
        ),
        (
            has_bound,
            "The shortest possible: no schedule of these widths needs less on these inputs.",
        ),
        (
            one_reading,
            "Memory: one reading a row, or too few to be sure; up to 1.5 times as much may be chance and \
             decides nothing.",
        ),
    ];
    let told: Vec<&str> = parts.iter().filter(|(is_there, _)| *is_there).map(|(_, t)| *t).collect();
    told.join(" ")
}

/// A workload with its parameters.
pub(crate) fn title(spec: &WorkloadSpec) -> String {
    let shown = |(name, value): (&String, &String)| {
        format!("{name} {}", shortened(value, LONGEST_PARAMETER))
    };
    let params: Vec<String> = spec.params.iter().map(shown).collect();
    match params.is_empty() {
        true => spec.workload.clone(),
        false => format!("{} ({})", spec.workload, params.join(", ")),
    }
}

/// Where there is no room the interval goes first, then the width, the ratio, and the standing. Rounds that
/// cannot tell rows apart have neither an interval worth showing nor a standing.
fn table(workload: &WorkloadAdvice) -> Grid {
    let can_tell = workload.can_tell();
    let judged = |head: Head| can_tell.then_some(head);
    let heads = [
        Some(Head::new(["Mean time", "(sec)"])),
        Some(Head::new(["vs", "fastest"]).goes(3)),
        judged(Head::new(["95 %", ""]).goes(1)),
        judged(Head::new(["Standing", ""]).of_words().goes(4)),
        Some(Head::new(["Memory", "(MiB)"])),
        Some(Head::new(["Width", ""]).goes(2)),
    ];
    let row = |candidate: &Candidate| {
        let memory = candidate.memory_bytes.map(|bytes| format!("{:.1}", mib(bytes)));
        let standing = || {
            let word = standing(workload, candidate);
            // The rows to choose from.
            let is_tied = matches!(word, "fastest" | "equivalent");
            Cell::colored(word.replace('_', " "), is_tied.then_some(Color::FG_GREEN))
        };
        let cells = [
            Some(format!("{:.4}", candidate.mean_s).into()),
            Some(format!("{:.3}", workload.times_best(candidate)).into()),
            can_tell.then(|| interval(candidate).into()),
            can_tell.then(standing),
            Some(memory.unwrap_or_else(|| "-".to_owned()).into()),
            Some(candidate.width.to_string().into()),
        ];
        (name(&candidate.name), cells.into_iter().flatten().collect())
    };
    let heads = heads.into_iter().flatten().collect();
    Grid::new(heads, workload.candidates.iter().map(row).collect())
}

fn interval(candidate: &Candidate) -> String {
    match candidate.against_fastest {
        Some(judged) => {
            format!("{:.3} to {:.3}", judged.comparison.low, judged.comparison.high)
        }
        None => "-".to_owned(),
    }
}

/// What the rounds say about a candidate: the word for programs.
fn standing(workload: &WorkloadAdvice, candidate: &Candidate) -> &'static str {
    match candidate.against_fastest.map(|judged| judged.verdict) {
        _ if !workload.can_tell() => "estimate",
        None => "fastest",
        Some(Verdict::Equivalent) => "equivalent",
        // Its mean is larger, and yet it is the faster one in most rounds.
        Some(Verdict::Faster) => "faster_in_most_rounds",
        Some(Verdict::Slower) => "slower",
        Some(Verdict::Inconclusive) => "not_told_apart",
    }
}

fn choices(workload: &WorkloadAdvice) -> String {
    let width = workload.smallest_width().map(|candidate| {
        let near = NEAR_FOR_WIDTH * 100.0;
        let (name, width) = (name(&candidate.name), candidate.width);
        format!("Smallest width within {near} % of the best mean: {name}, width {width}\n")
    });
    let memory = workload.least_memory().and_then(|candidate| {
        let near = NEAR_FOR_MEMORY * 100.0;
        let (name, size) = (name(&candidate.name), size(candidate.memory_bytes?));
        Some(format!("Least memory within {near} % of the best mean: {name}, {size}\n"))
    });
    let pareto = workload.pareto();
    let frontier = (!pareto.is_empty()).then(|| {
        let rows = pareto.iter().map(|candidate| format!("  {}\n", name(&candidate.name)));
        format!("No other row is both as fast and as small as:\n{}", rows.collect::<String>())
    });
    [width, memory, frontier].into_iter().flatten().collect()
}

fn why(reason: &Exclusion) -> String {
    match reason {
        Exclusion::NotValid(state) => {
            let (state, reasons) = state_and_reasons(state);
            let state = state.replace('_', " ");
            if reasons.is_empty() { state } else { format!("{state}: {}", reasons.join("; ")) }
        }
        Exclusion::OnSchedule => {
            "its items arrived on a schedule, so its time is that of the schedule".to_owned()
        }
        Exclusion::NoSharedRound => "it ran in no counted round in which all others ran".to_owned(),
        Exclusion::NoTime => "a round is recorded as having taken no time".to_owned(),
        Exclusion::OtherRevision(revision) => format!("it is of revision {revision}"),
        Exclusion::TooWide(width) => format!("its width is {width}, above the limit"),
        Exclusion::TooMuchMemory(bytes) => {
            format!("it takes {}, above the limit", size(*bytes))
        }
        Exclusion::MemoryUnknown => "its memory is not known, and there is a limit".to_owned(),
    }
}
