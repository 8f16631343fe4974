//! Which row to use, for people and for programs.

mod json;
mod sentence;

use paceline_core::WorkloadSpec;
use paceline_stats::Verdict;
use paceline_stats::advice::{
    Advice, Candidate, Exclusion, LeftOut, Limits, NEAR_FOR_MEMORY, NEAR_FOR_WIDTH, WorkloadAdvice,
};
use tabled::builder::Builder;
use tabled::settings::object::Columns;
use tabled::settings::{Alignment, Style};

pub(crate) use self::sentence::facts;
use crate::cell::{mib, name, state_and_reasons};

pub use self::json::advice_json;
pub use self::sentence::sentence;

/// What the columns are, and what a word in them claims.
const LEGEND: &str = "\
vs fastest: the mean as a multiple of the best. 95 %: the rank interval of the ratio within a round.
equivalent: within 3 % of the fastest. slower: after Holm's correction over the workload's rows.
Both those that are equivalent and those that are not told apart are tied. The bound: no schedule of
these widths could have been shorter on these inputs. Memory is one reading a row.
";

/// The advice for people: per workload a sentence, the rows in order of time, and what else may count.
#[must_use]
pub fn advice(advice: &Advice) -> String {
    let workloads: String = advice.workloads.iter().map(workload).collect();
    format!("Advice from run {}{}\n{workloads}\n{LEGEND}", advice.run_id, limits(advice.limits))
}

fn limits(limits: Limits) -> String {
    let memory = limits
        .max_memory_bytes
        .map(|bytes| format!(", for rows of at most {:.1} MiB", mib(bytes)))
        .unwrap_or_default();
    let width = limits.max_width.map(|width| format!(", for widths of at most {width}"));
    memory + &width.unwrap_or_default()
}

fn workload(workload: &WorkloadAdvice) -> String {
    let mut text = format!("\n{}\n\n{}\n", title(&workload.spec), sentence(workload));
    if !workload.candidates.is_empty() {
        text += &format!("\n{}\n\n{}", table(workload), choices(workload));
    }
    if !workload.left_out.is_empty() {
        let line = |row: &LeftOut| {
            format!("  {}: {}\n", name(&row.name), why(&row.reason).replace('\n', "\n  "))
        };
        let rows = workload.left_out.iter().map(line);
        text += &format!("\nLeft out:\n{}", rows.collect::<String>());
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

fn table(workload: &WorkloadAdvice) -> String {
    let mut builder = Builder::default();
    let header =
        ["Benchmark", "Mean time (sec)", "vs fastest", "95 %", "Standing", "Memory (MiB)", "Width"];
    builder.push_record(header);
    for candidate in &workload.candidates {
        let memory = candidate.memory_bytes.map(|bytes| format!("{:.1}", mib(bytes)));
        builder.push_record([
            name(&candidate.name),
            format!("{:.4}", candidate.mean_s),
            format!("{:.3}", workload.times_best(candidate)),
            interval(workload, candidate),
            standing(workload, candidate).replace('_', " "),
            memory.unwrap_or_else(|| "-".to_owned()),
            candidate.width.to_string(),
        ]);
    }
    let mut table = builder.build();
    table.with(Style::psql()).modify(Columns::new(1..7), Alignment::right());
    table.modify(Columns::one(4), Alignment::left());
    table.to_string()
}

/// Rounds that cannot tell rows apart have no interval worth showing.
fn interval(workload: &WorkloadAdvice, candidate: &Candidate) -> String {
    match candidate.against_fastest {
        Some(judged) if workload.can_tell() => {
            format!("{:.3} to {:.3}", judged.comparison.low, judged.comparison.high)
        }
        _ => "-".to_owned(),
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
