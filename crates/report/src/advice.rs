//! Which row to use, for people and for programs.

mod json;
mod sentence;

use paceline_core::WorkloadSpec;
use paceline_stats::Verdict;
use paceline_stats::advice::{
    Advice, Candidate, Exclusion, LeftOut, Limits, NEAR_FOR_MEMORY, NEAR_FOR_WIDTH, WorkloadAdvice,
};

pub(crate) use self::sentence::facts;
use crate::cell::{mib, name, state_and_reasons};
use crate::grid::{Grid, Head};
use crate::layout::{fitted, prose};
use crate::view::Screen;

pub use self::json::advice_json;
pub use self::sentence::{sentence, too_few_rounds};

/// What the columns are, and what a word in them claims.
const LEGEND: &str = "\
vs fastest: the mean as a multiple of the best. 95 %: the rank interval of the ratio within a round. \
equivalent: within 3 % of the fastest. slower: after Holm's correction over the workload's rows. \
Both those that are equivalent and those that are not told apart are tied. The bound: no schedule of \
these widths could have been shorter on these inputs. Memory is one reading a row.";

/// The advice for people: per workload a sentence, the rows in order of time, and what else may count.
#[must_use]
pub fn advice(advice: &Advice, screen: Screen) -> String {
    let line = screen.width;
    let title = format!("Advice from run {}{}\n", advice.run_id, limits(advice.limits));
    let workloads: String = advice.workloads.iter().map(|of| workload(of, line)).collect();
    format!("{}{workloads}\n{}\n", fitted(&title, line), prose(LEGEND, line))
}

fn limits(limits: Limits) -> String {
    let memory = limits
        .max_memory_bytes
        .map(|bytes| format!(", for rows of at most {:.1} MiB", mib(bytes)))
        .unwrap_or_default();
    let width = limits.max_width.map(|width| format!(", for widths of at most {width}"));
    memory + &width.unwrap_or_default()
}

fn workload(workload: &WorkloadAdvice, line: Option<usize>) -> String {
    let above = format!("\n{}\n\n{}\n", title(&workload.spec), sentence(workload));
    let mut text = fitted(&above, line);
    if !workload.candidates.is_empty() {
        let choices = fitted(&choices(workload), line);
        text += &format!("\n{}\n{choices}", table(workload, line));
    }
    if !workload.left_out.is_empty() {
        let row = |row: &LeftOut| {
            format!("  {}: {}\n", name(&row.name), why(&row.reason).replace('\n', "\n  "))
        };
        let rows = workload.left_out.iter().map(row);
        text += &fitted(&format!("\nLeft out:\n{}", rows.collect::<String>()), line);
    }
    text
}

/// A workload with its parameters.
pub(crate) fn title(spec: &WorkloadSpec) -> String {
    let params: Vec<String> =
        spec.params.iter().map(|(name, value)| format!("{name} {value}")).collect();
    match params.is_empty() {
        true => spec.workload.clone(),
        false => format!("{} ({})", spec.workload, params.join(", ")),
    }
}

/// Where there is no room the interval goes first, then the width, the ratio, and the standing. Rounds that
/// cannot tell rows apart have neither an interval worth showing nor a standing.
fn table(workload: &WorkloadAdvice, line: Option<usize>) -> String {
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
        let cells = [
            Some(format!("{:.4}", candidate.mean_s)),
            Some(format!("{:.3}", workload.times_best(candidate))),
            can_tell.then(|| interval(candidate)),
            can_tell.then(|| standing(workload, candidate).replace('_', " ")),
            Some(memory.unwrap_or_else(|| "-".to_owned())),
            Some(candidate.width.to_string()),
        ];
        (name(&candidate.name), cells.into_iter().flatten().collect())
    };
    let heads = heads.into_iter().flatten().collect();
    Grid { heads, rows: workload.candidates.iter().map(row).collect() }.fitted(line)
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
        let (name, size) = (name(&candidate.name), mib(candidate.memory_bytes?));
        Some(format!("Least memory within {near} % of the best mean: {name}, {size:.1} MiB\n"))
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
        Exclusion::NoSharedRound => "it ran in no counted round in which all others ran".to_owned(),
        Exclusion::NoTime => "a round is recorded as having taken no time".to_owned(),
        Exclusion::OtherRevision(revision) => format!("it is of revision {revision}"),
        Exclusion::TooWide(width) => format!("its width is {width}, above the limit"),
        Exclusion::TooMuchMemory(bytes) => {
            format!("it takes {:.1} MiB, above the limit", mib(*bytes))
        }
        Exclusion::MemoryUnknown => "its memory is not known, and there is a limit".to_owned(),
    }
}
