//! What the run says in plain words: which row to take for which work, how sure that is, and its price.

use maud::{Markup, html};
use paceline_report::words;
use paceline_stats::advice::{Candidate, NEAR_FOR_MEMORY, SAME_MEMORY, WorkloadAdvice};

use crate::model::{Entry, Group};
use crate::number::{count, percent, size, three_digits, time};
use crate::strategy::Strategy;

/// One card for a workload.
pub(crate) fn answer(group: &Group<'_>) -> Markup {
    let advice = &group.advice;
    let taken = advice.pick().or_else(|| by_estimate(advice));
    let entry = taken.and_then(|candidate| group.entry(&candidate.name));
    html! {
        article class="card" aria-labelledby=(format!("answer-{}", group.index)) {
            p class="eyebrow" { strong { (group.kind) } " " bdi { (group.details) } }
            @if let (Some(candidate), Some(entry)) = (taken, entry) {
                h3 id=(format!("answer-{}", group.index)) {
                    span class="take" { (if advice.can_tell() { "Take " } else { "Probably " }) }
                    bdi { (entry.name) }
                }
                (facts(group, candidate, entry))
                (certainty(advice, candidate))
                (strategies(group))
            } @else {
                h3 id=(format!("answer-{}", group.index)) { "No row to choose from" }
                p { "No row of this work is valid and was measured in a counted round. The reasons stand under “How this was measured”." }
            }
        }
    }
}

/// The row that the rule of the advice would pick if the estimates were true: within 10 % of the best
/// mean, the least memory; of the same memory, the smallest width; of those, the fastest.
fn by_estimate(advice: &WorkloadAdvice) -> Option<&Candidate> {
    let near =
        || advice.candidates.iter().filter(|c| advice.times_best(c) <= 1.0 + NEAR_FOR_MEMORY);
    let least = near().filter_map(|candidate| candidate.memory_bytes).min();
    let is_small = |candidate: &&Candidate| match (least, candidate.memory_bytes) {
        (Some(least), Some(bytes)) => bytes as f64 <= least as f64 * (1.0 + SAME_MEMORY),
        (Some(_), None) => false,
        (None, _) => true,
    };
    near().filter(is_small).min_by_key(|candidate| candidate.width)
}

fn facts(group: &Group<'_>, candidate: &Candidate, entry: &Entry<'_>) -> Markup {
    let interval = entry.row.interval;
    let in_sequence = group.timed().find(|(entry, _)| entry.strategy == Strategy::Sequential);
    let gain = in_sequence
        .filter(|(other, _)| other.index != entry.index && candidate.mean_s > 0.0)
        .map(|(_, seconds)| seconds.mean() / candidate.mean_s);
    html! {
        dl class="facts" {
            div { dt { "time" } dd { (time(candidate.mean_s)) }
                @if let Some(interval) = interval {
                    dd class="faint" { (time(interval.low)) " to " (time(interval.high)) " at 95 %" }
                } @else { dd class="faint" { "one round: no interval" } } }
            div { dt { "memory" }
                @if let Some(bytes) = candidate.memory_bytes {
                    dd { (size(bytes as f64)) } dd class="faint" { "peak of the whole process tree" }
                } @else { dd { "unknown" } } }
            @if let Some(gain) = gain {
                div { dt { "speed" } dd { (three_digits(gain)) "×" } dd class="faint" { "of the sequential row" } }
            }
            @if let Some(breakdown) = entry.row.breakdown {
                div { dt { "of the ideal" } dd { (format!("{:.2}×", breakdown.vs_ideal)) }
                    dd class="faint" { "1 is a perfect executor of this width" } }
            }
        }
    }
}

/// How sure it is, in words.
fn certainty(advice: &WorkloadAdvice, candidate: &Candidate) -> Markup {
    let sure = advice.can_tell();
    html! {
        p class="sure" {
            span class=(if sure { "badge good" } else { "badge warn" }) {
                (if sure { "told at 95 %" } else { "an estimate" })
            } " "
            @if sure { (words::sentence(advice)) } @else { (unsure(advice, candidate)) }
        }
    }
}

fn unsure(advice: &WorkloadAdvice, candidate: &Candidate) -> String {
    let near = |other: &&Candidate| advice.times_best(other) <= 1.0 + NEAR_FOR_MEMORY;
    let rivals = advice.candidates.iter().filter(near).filter(|o| o.name != candidate.name);
    let rivals = match rivals.count() {
        0 => "No other row comes within 10 % of it".to_owned(),
        1 => "1 other row lies within 10 % of the best mean, and may be as fast".to_owned(),
        many => format!("{many} other rows lie within 10 % of the best mean, and may be as fast"),
    };
    let rounds = match advice.rounds {
        1 => "1 round is".to_owned(),
        rounds => format!("{rounds} rounds are"),
    };
    format!(
        "{rounds} too few to tell {} apart at 95 %: it takes {} (cargo xtask bench --rounds {}). {rivals}; \
         of those this row takes the least memory and width. What is several times slower in the table \
         below is hardly so by chance.",
        count(advice.candidates.len(), "row"),
        advice.needed_rounds,
        advice.needed_rounds
    )
}

/// The fastest row of each strategy: what choosing another one would cost.
fn strategies(group: &Group<'_>) -> Markup {
    let best = |strategy: Strategy| {
        let of_strategy = group.timed().filter(|(entry, _)| entry.strategy == strategy);
        of_strategy.min_by(|a, b| a.1.mean().total_cmp(&b.1.mean()))
    };
    let mut lines: Vec<_> = Strategy::ALL.into_iter().filter_map(|s| Some((s, best(s)?))).collect();
    lines.sort_by(|a, b| a.1.1.mean().total_cmp(&b.1.1.mean()));
    let Some(fastest) = lines.first().map(|(_, (_, seconds))| seconds.mean()) else {
        return html! {};
    };
    html! {
        div class="scroll" {
            table class="best" {
                caption { "The fastest row of each strategy" }
                thead { tr { th scope="col" { "strategy" } th scope="col" { "row" }
                    th scope="col" class="num" { "time" } th scope="col" class="num" { "of the best" }
                    th scope="col" class="num" { "memory" } } }
                tbody {
                    @for (strategy, (entry, seconds)) in &lines {
                        tr {
                            th scope="row" { span class=(format!("dot {}", strategy.class())) aria-hidden="true" {} (strategy.word()) }
                            td { bdi title=(entry.name) { (entry.tag) } }
                            td class="num" { (time(seconds.mean()))
                                @if let Some(share) = crate::bars::half_width(entry) { span class="faint" { " ±" (percent(share)) } } }
                            td class="num" { @if fastest > 0.0 { (three_digits(seconds.mean() / fastest)) "×" } @else { "-" } }
                            td class="num" { (entry.row.memory.as_ref().map_or("-".to_owned(), |m| size(m.peak_bytes as f64))) }
                        }
                    }
                }
            }
        }
    }
}
