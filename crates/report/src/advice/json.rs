//! The advice for programs.

use std::collections::BTreeMap;

use paceline_stats::advice::{Advice, Candidate, WorkloadAdvice};
use serde::Serialize;

use super::sentence::sentence;
use super::{standing, why};

/// The version of this form. It rises when a field changes its meaning or goes.
const FORMAT: u32 = 1;

/// The advice as one JSON document. Times are in seconds, sizes in bytes; what is not known is null.
///
/// # Errors
///
/// When a value has no form in JSON, which would be a bug.
pub fn advice_json(advice: &Advice) -> serde_json::Result<String> {
    let document = Document {
        format: FORMAT,
        run: &advice.run_id,
        max_memory_bytes: advice.limits.max_memory_bytes,
        max_width: advice.limits.max_width.map(std::num::NonZeroUsize::get),
        workloads: advice.workloads.iter().map(Workload::of).collect(),
    };
    serde_json::to_string_pretty(&document).map(|text| text + "\n")
}

#[derive(Serialize)]
struct Document<'a> {
    format: u32,
    run: &'a str,
    max_memory_bytes: Option<u64>,
    max_width: Option<usize>,
    workloads: Vec<Workload<'a>>,
}

#[derive(Serialize)]
struct Workload<'a> {
    workload: &'a str,
    params: &'a BTreeMap<String, String>,
    /// `advised`, `too_few_rounds` or `no_row`.
    outcome: &'static str,
    sentence: String,
    rounds: usize,
    needed_rounds: usize,
    bound_s: Option<f64>,
    advised: Option<&'a str>,
    tied: Vec<&'a str>,
    smallest_width: Option<&'a str>,
    least_memory: Option<&'a str>,
    pareto: Vec<&'a str>,
    rows: Vec<Row<'a>>,
    left_out: Vec<LeftOut<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    name: &'a str,
    mean_s: f64,
    times_best: f64,
    width: usize,
    memory_bytes: Option<u64>,
    /// `fastest`, `equivalent`, `not_told_apart`, `slower`, `faster_in_most_rounds`, or `estimate` when
    /// the rounds are too few.
    standing: &'static str,
    against_fastest: Option<Ratio>,
}

/// The ratio to the fastest row within a round.
#[derive(Serialize)]
struct Ratio {
    ratio: f64,
    low: f64,
    high: f64,
    achieved_level: f64,
    p_value: f64,
    adjusted_p: f64,
}

#[derive(Serialize)]
struct LeftOut<'a> {
    name: &'a str,
    reason: String,
}

impl<'a> Workload<'a> {
    fn of(workload: &'a WorkloadAdvice) -> Self {
        let name = |candidate: &'a Candidate| candidate.name.as_str();
        let left_out = workload.left_out.iter();
        Self {
            workload: &workload.spec.workload,
            params: &workload.spec.params,
            outcome: match (workload.pick(), workload.fastest()) {
                (Some(_), _) => "advised",
                (None, Some(_)) => "too_few_rounds",
                (None, None) => "no_row",
            },
            sentence: sentence(workload),
            rounds: workload.rounds,
            needed_rounds: workload.needed_rounds,
            bound_s: workload.bound_s,
            advised: workload.pick().map(name),
            tied: workload.tied().map(name).collect(),
            smallest_width: workload.smallest_width().map(name),
            least_memory: workload.least_memory().map(name),
            pareto: workload.pareto().into_iter().map(name).collect(),
            rows: workload.candidates.iter().map(|row| Row::of(workload, row)).collect(),
            left_out: left_out
                .map(|row| LeftOut { name: &row.name, reason: why(&row.reason) })
                .collect(),
        }
    }
}

impl<'a> Row<'a> {
    fn of(workload: &WorkloadAdvice, candidate: &'a Candidate) -> Self {
        Self {
            name: &candidate.name,
            mean_s: candidate.mean_s,
            times_best: workload.times_best(candidate),
            width: candidate.width,
            memory_bytes: candidate.memory_bytes,
            standing: standing(workload, candidate),
            against_fastest: candidate.against_fastest.map(|judged| Ratio {
                ratio: judged.comparison.ratio,
                low: judged.comparison.low,
                high: judged.comparison.high,
                achieved_level: judged.comparison.achieved_level,
                p_value: judged.comparison.p_value,
                adjusted_p: judged.adjusted_p,
            }),
        }
    }
}
