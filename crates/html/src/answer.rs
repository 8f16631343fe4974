//! What the run says in plain words: which row to take for which work, how sure that is, and its price.

use maud::{Markup, html};
use paceline_report::words;
use paceline_stats::advice::{Candidate, NEAR_FOR_MEMORY};

use crate::model::{Entry, Group};
use crate::number::{percent, size, three_digits, time};
use crate::strategy::Strategy;

/// What a figure of the cards means that no newcomer can guess. It stands once, below the cards.
const VS_IDEAL: &str = "vs ideal: in each round, the row's time divided by what an ideal executor of its width \
     would need for the same items (tasks in order, each to the first free lane; where the work computes, on no \
     more lanes than there are cores); the figure is the mean of these ratios, and 1 is perfect.";
const BOUND: &str = "The bound: the shortest that any of the rows could have been on these items.";

/// One card for a workload.
pub(crate) fn answer(group: &Group<'_>) -> Markup {
    html! {
        article class="card" aria-labelledby=(format!("answer-{}", group.index)) {
            p class="eyebrow" { strong { (group.kind) } " " bdi { (group.details) } }
            @if let Some((candidate, entry)) = group.taken() {
                h3 id=(format!("answer-{}", group.index)) {
                    span class="take" { (if group.advice.can_tell() { "Take " } else { "Probably " }) }
                    bdi { (entry.name) }
                }
                (facts(group, candidate, entry))
                (certainty(group, candidate, entry))
                (families(group))
            } @else {
                h3 id=(format!("answer-{}", group.index)) { "No row to choose from" }
                p { "No row of this work is valid and was measured in a counted round. The reasons stand under “How this was measured”." }
            }
        }
    }
}

/// What the figures of the cards mean, as far as they have them.
pub(crate) fn footnotes(groups: &[Group<'_>]) -> Markup {
    let taken = || groups.iter().filter_map(|group| Some((group, group.taken()?.1)));
    let has_ideal = taken().any(|(_, entry)| entry.row.breakdown.is_some());
    let has_bound = taken().any(|(g, _)| g.advice.can_tell() && g.advice.bound_s.is_some());
    html! {
        @if has_ideal { p class="note" { (VS_IDEAL) } }
        @if has_bound { p class="note" { (BOUND) } }
    }
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
                    dd { (size(bytes as f64)) } dd class="faint" { (memory_known(entry)) }
                } @else { dd { "unknown" } } }
            @if let Some(gain) = gain {
                div { dt { "speed" } dd { (three_digits(gain)) "×" } dd class="faint" { "that of the sequential row" } }
            }
            @if let Some(breakdown) = entry.row.breakdown {
                div { dt { "vs ideal" } dd { (format!("{:.2}×", breakdown.vs_ideal)) }
                    dd class="faint" { "1 is perfect; explained below" } }
            }
        }
    }
}

/// What the figure of memory is, and how well it is known.
fn memory_known(entry: &Entry<'_>) -> String {
    let what = "peak of the whole process tree";
    let interval = entry.row.memory.as_ref().and_then(|memory| memory.interval);
    interval.map_or(format!("{what}, one reading"), |interval| {
        format!("{} to {} at 95 %; {what}", size(interval.low), size(interval.high))
    })
}

/// How sure it is, in words.
fn certainty(group: &Group<'_>, candidate: &Candidate, entry: &Entry<'_>) -> Markup {
    let sure = group.advice.can_tell();
    html! {
        p class="sure" {
            span class=(if sure { "badge good" } else { "badge warn" }) {
                (if sure { "told at 95 %" } else { "an estimate" })
            } " "
            @if sure { (words::sentence(&group.advice)) } @else {
                (coded(&words::too_few_rounds(&group.advice))) ". "
                (unbroken(&by_means(group, candidate))) (by_rounds(group, entry))
            }
        }
    }
}

/// A text of our own in which commands stand between backticks.
fn coded(text: &str) -> Markup {
    let text = unbroken(text);
    html! {
        @for (part, words) in text.split('`').enumerate() {
            @if part % 2 == 1 { code { (words) } } @else { (words) }
        }
    }
}

/// No line ends between a number and its percent sign.
fn unbroken(text: &str) -> String {
    text.replace(" %", "\u{a0}%")
}

/// How far the other rows are from the row to take, by their means.
fn by_means(group: &Group<'_>, taken: &Candidate) -> String {
    let advice = &group.advice;
    let others = || advice.candidates.iter().filter(|other| other.name != taken.name);
    let ratio = |other: &Candidate| three_digits(other.mean_s / taken.mean_s);
    let tag = |other: &Candidate| group.entry(&other.name).map_or("", |entry| entry.tag.as_str());
    let is_near = |other: &&Candidate| advice.times_best(other) <= 1.0 + NEAR_FOR_MEMORY;
    let (Some(next), Some(slowest)) = (others().next(), others().next_back()) else {
        return String::new();
    };
    let rivals = match others().filter(is_near).count() {
        0 => format!("the next row, {}, takes {} times as long", tag(next), ratio(next)),
        1 => "1 other row is within 10 % of the fastest and may be as fast (of both, this one is picked for \
              its memory, then its width)"
            .to_owned(),
        many => format!(
            "{many} other rows are within 10 % of the fastest and may be as fast (of these, this one is picked \
             for its memory, then its width)"
        ),
    };
    match next.name == slowest.name {
        true => format!("By the means so far {rivals}."),
        false => format!(
            "By the means so far {rivals}; the slowest, {}, takes {} times as long.",
            tag(slowest),
            ratio(slowest)
        ),
    }
}

/// How many other rows it beat in every round: what few rounds can show all the same.
fn by_rounds(group: &Group<'_>, taken: &Entry<'_>) -> String {
    let Some(own) = &taken.row.seconds else { return String::new() };
    let is_beaten = |(other, seconds): &(&Entry<'_>, &paceline_stats::Series)| {
        let mut pairs = own.values().iter().zip(seconds.values());
        other.row.rounds == taken.row.rounds && pairs.all(|(own, others)| own < others)
    };
    let others = || group.timed().filter(|(other, _)| other.index != taken.index);
    let all = others().count();
    match (all, taken.row.rounds.len()) {
        (0, _) => String::new(),
        (_, 1) => {
            format!(
                " It was faster than {} of the {all} others.",
                others().filter(is_beaten).count()
            )
        }
        (_, rounds) => format!(
            " In each of the {rounds} rounds it was faster than {} of the {all} others.",
            others().filter(is_beaten).count()
        ),
    }
}

/// The fastest row of each family: what choosing another one would cost.
fn families(group: &Group<'_>) -> Markup {
    let best = |strategy: Strategy| {
        let of_strategy = group.timed().filter(|(entry, _)| entry.strategy == strategy);
        of_strategy.min_by(|a, b| a.1.mean().total_cmp(&b.1.mean()))
    };
    let mut lines: Vec<_> = Strategy::ALL.into_iter().filter_map(|s| Some((s, best(s)?))).collect();
    lines.sort_by(|a, b| a.1.1.mean().total_cmp(&b.1.1.mean()));
    let Some(fastest) = lines.first().map(|(_, (_, seconds))| seconds.mean()) else {
        return html! {};
    };
    let has_false = lines.iter().any(|(strategy, _)| *strategy == Strategy::FalseAsync);
    html! {
        div class="scroll" {
            table class="best" {
                caption { "The fastest row of each family"
                    @if has_false { "; false async awaits one item after the other" } }
                thead { tr { th scope="col" { "row" }
                    th scope="col" class="num" { "time" } th scope="col" class="num" { "vs fastest" }
                    th scope="col" class="num" { "memory" } } }
                tbody {
                    @for (strategy, (entry, seconds)) in &lines {
                        tr {
                            th scope="row" { span class=(format!("dot {}", strategy.class())) aria-hidden="true" {}
                                bdi title=(entry.name) { (entry.tag) } }
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
