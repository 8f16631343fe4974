//! Chart 1: the time of every row, with its interval, the ideal and the reference's time.
//!
//! On a logarithmic axis a bar from the edge would have a length that means nothing. So the place of a mark
//! tells the time, led to by a thin line, and the bar lies between the ideal and the mean: there its length
//! is their ratio, and equal lengths are equal factors.

use maud::{Markup, html};

use crate::axis::Scale;
use crate::figure::{Figure, Room, table};
use crate::mark::{legend, mark};
use crate::model::{Entry, Ghosts, Group, Model};
use crate::number::{percent, px, time};
use crate::strip::{Layout, Strip};
use paceline_report::words;

/// More rows than this make no picture; the slowest of them stand in the table alone.
pub(crate) const MOST_ROWS: usize = 120;

/// `None` when no row has a time.
pub(crate) fn bars(model: &Model<'_>, group: &Group<'_>) -> Option<Markup> {
    group.timed().next()?;
    let shown = shown(group);
    let left_out = group.entries.len() - shown.len();
    let mut description = format!(
        "Mean time of {} rows as marks on a logarithmic axis, with 95 % intervals; a bar leads from each row's \
             ideal to its mean.",
        shown.len()
    );
    if left_out > 0 {
        description += &format!(" The {left_out} slowest rows are left out here.");
    }
    let strip =
        Strip { axis: "time per run, log scale →", numbers: ["mean", "± 95 %"], values, row };
    let drawing = |room| strip.draw(&shown, room);
    let figure = Figure {
        id: format!("bars-{}", group.index),
        title: format!("Time per row · {}", group.kind),
        description,
        legend: html! {
            (legend(&group.families(), &keys(model.ghosts, group)))
            @if model.ghosts != Ghosts::Absent && group.entries.iter().any(|entry| entry.ghost_s.is_some()) {
                (reference_note(model.ghosts, group))
            }
            @if left_out > 0 {
                p class="note" { "The " (left_out) " slowest rows are left out of the picture; the table has them." }
            }
        },
        drawing: &drawing,
        table: numbers(group),
    };
    Some(figure.render())
}

/// The rows of the chart, in the plan's order: all, or the fastest.
fn shown<'g, 'a>(group: &'g Group<'a>) -> Vec<&'g Entry<'a>> {
    let mut entries: Vec<&Entry<'_>> = group.entries.iter().collect();
    let mean = |entry: &Entry<'_>| entry.row.seconds.as_ref().map_or(f64::INFINITY, |s| s.mean());
    entries.sort_by(|a, b| mean(a).total_cmp(&mean(b)));
    entries.truncate(MOST_ROWS);
    entries.sort_by_key(|entry| entry.index);
    entries
}

/// What the marks mean, of those that the group has.
fn keys(ghosts: Ghosts, group: &Group<'_>) -> Markup {
    let has = |part: fn(&Entry<'_>) -> bool| group.entries.iter().any(part);
    let ghost = match ghosts {
        _ if !has(|entry| entry.ghost_s.is_some()) => None,
        Ghosts::Absent => None,
        Ghosts::Absolute => Some("reference, measured on another machine"),
        Ghosts::Proportional => {
            Some("reference, measured on another machine; here scaled to our sequential row")
        }
    };
    html! {
        li { svg class="key" viewBox="0 0 26 14" aria-hidden="true" { path class="whisker" d="M2 7H24M2 3V11M24 3V11" {} circle class="mark" cx="13" cy="7" r="4.6" {} }
            @if has(|entry| entry.row.interval.is_some()) { "mean and its 95 % interval" } @else { "mean; one round has no interval" } }
        @if has(|entry| entry.row.breakdown.is_some()) {
            li { svg class="key" viewBox="0 0 34 14" aria-hidden="true" { rect class="bar" x="3" y="2" width="26" height="10" {} path class="ideal" d="M3 0V14" {} circle class="mark" cx="29" cy="7" r="4.6" {} }
                "bar: from the ideal (tick) to the mean" }
        } @else {
            li { "no ideal is known: that takes items that compute, or whose waits are planned, and for the former a valid sequential row of this work in every round" }
        }
        @if let Some(ghost) = ghost {
            li { svg class="key" viewBox="0 0 14 14" aria-hidden="true" { (ghost_mark(7.0, 7.0)) } (ghost) }
        }
    }
}

/// What the reference's marks are worth, beside them: they are no advice for this machine.
fn reference_note(ghosts: Ghosts, group: &Group<'_>) -> Markup {
    html! {
        p class="note" {
            "The crosses are no measurements of this run: they come from another program on another machine, with 8 cores"
            @if group.advice.spec.workload == "rotate" {
                " and another image library. Its threads did not run at once in this work, so its threaded crosses stand at its \
                 sequential time"
            }
            "; "
            @if ghosts == Ghosts::Proportional { "its items were larger too, so compare shapes only" }
            @else { "compare shapes before seconds" }
            ". The advice above follows from this run alone."
        }
    }
}

/// Everything of a row that needs a place on the axis.
fn values(entry: &Entry<'_>) -> Vec<f64> {
    let Some(seconds) = &entry.row.seconds else { return Vec::new() };
    let interval = entry.row.interval;
    [
        Some(seconds.mean()),
        interval.map(|interval| interval.low),
        interval.map(|interval| interval.high),
        entry.row.breakdown.map(|breakdown| breakdown.makespan_s()),
        entry.ghost_s,
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn row(entry: &Entry<'_>, layout: &Layout, scale: &Scale, room: Room) -> Markup {
    let (number_x, number_y) = layout.number;
    html! {
        title { (spoken(entry)) }
        @match &entry.row.seconds {
            Some(seconds) => {
                (bar(entry, seconds.mean(), layout, scale))
                text class="value" x=(px(number_x)) y=(px(number_y)) text-anchor="end" { (time(seconds.mean())) }
                @if let (Room::Wide, Some(share)) = (room, half_width(entry)) {
                    text class="value faint" x=(px(room.width_px())) y=(px(number_y)) text-anchor="end" { "±" (percent(share)) }
                }
            }
            None => text class="bad" x=(px(layout.from_px + 6.0)) y=(px(layout.middle_px + 4.5)) { (no_time(entry)) },
        }
    }
}

/// What stands where a row has no bar.
pub(crate) fn no_time(entry: &Entry<'_>) -> &'static str {
    match words::word(&entry.row.state) {
        "-" => "not measured",
        word => word,
    }
}

fn bar(entry: &Entry<'_>, mean_s: f64, layout: &Layout, scale: &Scale) -> Markup {
    let (middle, mean) = (layout.middle_px, scale.at(mean_s));
    html! {
        path class=(format!("guide {}", entry.family.class())) d=(format!("M{} {}H{}", px(layout.from_px), px(middle), px(mean))) {}
        @if let Some(breakdown) = entry.row.breakdown {
            @let ideal = scale.at(breakdown.makespan_s());
            rect class=(format!("bar {}", entry.family.class())) x=(px(ideal.min(mean))) y=(px(middle - 5.0))
                width=(px((mean - ideal).abs().max(1.0))) height="10" {}
            path class="ideal" d=(format!("M{} {}v16", px(ideal), px(middle - 8.0))) {}
        }
        @if let Some(ghost_s) = entry.ghost_s { (ghost_mark(scale.at(ghost_s), middle)) }
        @if let Some(interval) = entry.row.interval {
            @let (low, high) = (scale.at(interval.low), scale.at(interval.high));
            path class="whisker" d=(format!(
                "M{} {m}H{}M{} {t}v8M{} {t}v8", px(low), px(high), px(low), px(high),
                m = px(middle), t = px(middle - 4.0)
            )) {}
        }
        (mark(entry.family, mean, middle, 4.6))
    }
}

fn ghost_mark(x: f64, y: f64) -> Markup {
    html! { path class="ghost" d=(format!("M{} {}l8 8m0 -8l-8 8", px(x - 4.0), px(y - 4.0))) {} }
}

/// The distance from the mean to the farther end of its interval, as a share of the mean.
pub(crate) fn half_width(entry: &Entry<'_>) -> Option<f64> {
    let mean = entry.row.seconds.as_ref()?.mean();
    let interval = entry.row.interval?;
    (mean > 0.0).then(|| (interval.high - mean).max(mean - interval.low) / mean)
}

fn spoken(entry: &Entry<'_>) -> String {
    let Some(seconds) = &entry.row.seconds else {
        return format!("{}: {}", entry.name, no_time(entry));
    };
    let mut text = format!("{}: {}", entry.name, time(seconds.mean()));
    if let Some(interval) = entry.row.interval {
        text += &format!(", 95 %: {} to {}", time(interval.low), time(interval.high));
    }
    if let Some(breakdown) = entry.row.breakdown {
        text += &format!("; ideal {}", time(breakdown.makespan_s()));
    }
    if let Some(ghost_s) = entry.ghost_s {
        text += &format!("; reference {}", time(ghost_s));
    }
    text
}

fn numbers(group: &Group<'_>) -> Markup {
    let shown = |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value:.6}"));
    let line = |entry: &Entry<'_>| {
        let mean = entry.row.seconds.as_ref().map(|seconds| format!("{:.6}", seconds.mean()));
        vec![
            entry.name.clone(),
            mean.unwrap_or_else(|| no_time(entry).to_owned()),
            shown(entry.row.interval.map(|interval| interval.low)),
            shown(entry.row.interval.map(|interval| interval.high)),
            shown(entry.row.breakdown.map(|breakdown| breakdown.makespan_s())),
            shown(entry.ghost_s),
        ]
    };
    let heads =
        ["Row", "Mean (s)", "95 % from (s)", "to (s)", "Ideal (s)", "Reference (s, as drawn)"];
    table("Time per row", &heads, &group.entries.iter().map(line).collect::<Vec<_>>())
}
