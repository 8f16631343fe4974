//! What the run says in plain words: which row to take for which work, how sure that is, and its price.

use maud::{Markup, html};
use paceline_stats::advice::Candidate;

use crate::certainty::{certainty, speed};
use crate::family::Family;
use crate::model::{Entry, Group, Model};
use crate::number::{percent, size, three_digits, time};

/// What a figure of the cards means that no newcomer can guess. It stands once, below the cards.
const VS_IDEAL: &str = "vs ideal: in each round, the row's time divided by what an ideal executor of its width \
     would need for the same items (tasks in order, each to the first free lane; where the work computes, on no \
     more lanes than there are cores); the figure is the mean of these ratios, and 1 is perfect.";
const SPEED: &str = "speed: the sequential row's mean over that of the row; its interval is the rank interval of the ratio within \
     a round.";
const SPELLING: &str = "Names of rows are those of the reference's table, letter by letter; “asyncronous” is its spelling.";
const BOUND: &str = "The shortest possible time, or bound: below it no row could have come on these items, whatever its schedule.";

/// One card for a workload.
pub(crate) fn answer(group: &Group<'_>) -> Markup {
    html! {
        article class="card" aria-labelledby=(format!("answer-{}", group.index)) {
            p class="eyebrow" { strong { (group.kind) } " · " bdi { (group.work) } }
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
pub(crate) fn footnotes(model: &Model<'_>) -> Markup {
    let groups = &model.groups;
    let taken = || groups.iter().filter_map(|group| Some((group, group.taken()?.1)));
    let has_ideal = taken().any(|(_, entry)| entry.row.breakdown.is_some());
    let has_speed = taken().any(|(group, entry)| speed(group, entry).is_some());
    let has_bound = taken().any(|(g, _)| g.advice.can_tell() && g.advice.bound_s.is_some());
    // The reference's table spells so, and its names are kept to the letter.
    let is_odd =
        |name: &str| name.contains("syncronous") && model.run.header().plan.matrix.name == "seed";
    html! {
        @if has_speed { p class="note" { (SPEED) } }
        @if has_ideal { p class="note" { (VS_IDEAL) } }
        @if has_bound { p class="note" { (BOUND) } }
        @if model.entries().any(|(_, entry)| is_odd(&entry.name)) { p class="note" { (SPELLING) } }
    }
}

fn facts(group: &Group<'_>, candidate: &Candidate, entry: &Entry<'_>) -> Markup {
    let interval = entry.row.interval;
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
            @if let Some((gain, known)) = speed(group, entry) {
                div { dt { "speed" } dd { (gain) } dd class="faint" { (known) } }
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

/// The fastest row of each family: what choosing another one would cost.
fn families(group: &Group<'_>) -> Markup {
    let mut lines: Vec<_> =
        Family::ALL.into_iter().filter_map(|s| Some((s, group.fastest_of(s)?))).collect();
    // The row to take need not be the fastest of its family, and belongs beside the others.
    if let Some((_, taken)) = group.taken()
        && let Some(seconds) = &taken.row.seconds
        && lines.iter().all(|(_, (entry, _))| entry.index != taken.index)
    {
        lines.push((taken.family, (taken, seconds)));
    }
    lines.sort_by(|a, b| a.1.1.mean().total_cmp(&b.1.1.mean()));
    let Some(fastest) = lines.first().map(|(_, (_, seconds))| seconds.mean()) else {
        return html! {};
    };
    let has_false = lines.iter().any(|(family, _)| *family == Family::FalseAsync);
    html! {
        div class="scroll" {
            table class="best" {
                caption { "The fastest row of each family, and the row to take"
                    @if has_false { "; false async awaits one item after the other" } }
                thead { tr { th scope="col" { "row" }
                    th scope="col" class="num" { "time" } th scope="col" class="num" { "vs fastest" }
                    th scope="col" class="num" { "memory" } } }
                tbody {
                    @for (family, (entry, seconds)) in &lines {
                        tr {
                            th scope="row" { span class=(format!("dot {}", family.class())) aria-hidden="true" {}
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
