//! Chart 1: the time of every row, with its interval, the ideal and the reference's time.

use maud::{Markup, html};

use crate::axis::Scale;
use crate::figure::{Drawing, Figure, Room, table};
use crate::label::cut;
use crate::mark::legend;
use crate::model::{Entry, Ghosts, Group, Model};
use crate::number::{percent, px, tick_time, time};
use crate::placing::text_px;
use paceline_report::words;

/// More rows than this make no picture; the slowest of them stand in the table alone.
pub(crate) const MOST_ROWS: usize = 120;

pub(crate) fn bars(model: &Model<'_>, group: &Group<'_>) -> Markup {
    let shown = shown(group);
    let left_out = group.entries.len() - shown.len();
    let mut description =
        format!("Mean time of {} rows on a logarithmic axis, with 95 % intervals.", shown.len());
    if left_out > 0 {
        description += &format!(" The {left_out} slowest rows are left out here.");
    }
    let drawing = |room| draw(&shown, room);
    Figure {
        id: format!("bars-{}", group.index),
        title: format!("Time per row · {}", group.kind),
        description,
        legend: html! {
            (legend(&group.strategies(), &keys(model.ghosts)))
            @if model.ghosts != Ghosts::Absent && group.entries.iter().any(|entry| entry.ghost_s.is_some()) {
                (reference_note(model.ghosts, group))
            }
            @if left_out > 0 {
                p class="note" { "The " (left_out) " slowest rows are left out of the picture; the table has them." }
            }
        },
        drawing: &drawing,
        table: numbers(group),
    }
    .render()
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

fn keys(ghosts: Ghosts) -> Markup {
    let ghost = match ghosts {
        Ghosts::Absent => None,
        Ghosts::Absolute => Some("reference, measured on another machine"),
        Ghosts::Proportional => {
            Some("reference, measured on another machine; here scaled to our sequential row")
        }
    };
    html! {
        li { svg class="key" viewBox="0 0 22 14" aria-hidden="true" { path class="whisker" d="M2 7H20M2 3V11M20 3V11" {} } "95 % interval of the mean" }
        li { svg class="key" viewBox="0 0 14 14" aria-hidden="true" { path class="ideal" d="M7 0V14" {} } "ideal schedule" }
        @if let Some(ghost) = ghost {
            li { svg class="key" viewBox="0 0 14 14" aria-hidden="true" { (ghost_mark(7.0, 7.0)) } (ghost) }
        }
    }
}

/// What the reference's marks are worth, beside them: they are no advice for this machine.
fn reference_note(ghosts: Ghosts, group: &Group<'_>) -> Markup {
    html! {
        p class="note" {
            "The hollow marks are no measurements of this run: they come from another program on another machine, with 8 cores"
            @if group.advice.spec.workload == "rotate" {
                " and another image library. Its threads did not run at once in this work, so its threaded marks stand at its \
                 sequential time"
            }
            "; "
            @if ghosts == Ghosts::Proportional { "its items were larger too, so compare shapes only" }
            @else { "compare shapes before seconds" }
            ". The advice above follows from this run alone."
        }
    }
}

/// Where the parts of a row stand.
struct Layout {
    /// The height of a row, and where its bar's middle is in it.
    row_px: f64,
    middle_px: f64,
    /// Where the axis begins and ends.
    from_px: f64,
    to_px: f64,
    labels_above: bool,
}

impl Layout {
    fn of(shown: &[&Entry<'_>], room: Room) -> Self {
        let width = room.width_px();
        let widest = shown.iter().map(|entry| text_px(&label(entry, room), room.font_px()));
        match room {
            Room::Wide => Self {
                row_px: 23.0,
                middle_px: 11.5,
                from_px: widest.fold(90.0, f64::max).min(400.0) + 12.0,
                to_px: width - 118.0,
                labels_above: false,
            },
            Room::Narrow => Self {
                row_px: 37.0,
                middle_px: 26.0,
                from_px: 22.0,
                to_px: width - 66.0,
                labels_above: true,
            },
        }
    }
}

fn label(entry: &Entry<'_>, room: Room) -> String {
    cut(&entry.label, if room == Room::Wide { 58 } else { 52 })
}

fn draw(shown: &[&Entry<'_>], room: Room) -> Drawing {
    const HEAD_PX: f64 = 26.0;
    let layout = Layout::of(shown, room);
    let values = shown.iter().flat_map(|entry| values(entry));
    let scale = Scale::log(values, layout.from_px, layout.to_px);
    let height_px = HEAD_PX + layout.row_px * shown.len() as f64 + 6.0;
    let ticks = scale.ticks(if room == Room::Wide { 9 } else { 4 });
    let marks = html! {
        g class="grid" {
            @for tick in ticks {
                path d=(format!("M{} {}V{}", px(scale.at(tick)), px(HEAD_PX - 6.0), px(height_px))) {}
                text x=(px(scale.at(tick))) y=(px(HEAD_PX - 11.0)) text-anchor="middle" { (tick_time(tick)) }
            }
        }
        @for (position, entry) in shown.iter().enumerate() {
            g transform=(format!("translate(0 {})", px(HEAD_PX + layout.row_px * position as f64))) {
                (row(entry, &layout, &scale, room))
            }
        }
    };
    Drawing { height_px, marks }
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
    let middle = layout.middle_px;
    let (x, y, anchor) = match layout.labels_above {
        true => (layout.from_px, 13.0, "start"),
        false => (layout.from_px - 10.0, middle + 4.5, "end"),
    };
    let text_y = px(middle + 4.5);
    html! {
        title { (spoken(entry)) }
        text class="label" x=(px(x)) y=(px(y)) text-anchor=(anchor) { (label(entry, room)) }
        @match &entry.row.seconds {
            Some(seconds) => {
                (bar(entry, seconds.mean(), layout, scale))
                @let end = values(entry).into_iter().map(|v| scale.at(v)).fold(layout.from_px, f64::max);
                text class="value" x=(px(end + 9.0)) y=(text_y) {
                    (time(seconds.mean()))
                    @if let (Room::Wide, Some(share)) = (room, half_width(entry)) {
                        tspan class="faint" { " ±" (percent(share)) }
                    }
                }
            }
            None => text class="bad" x=(px(layout.from_px + 6.0)) y=(text_y) { (no_time(entry)) },
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
    let (middle, end) = (layout.middle_px, scale.at(mean_s));
    html! {
        rect class=(format!("bar {}", entry.strategy.class())) x=(px(layout.from_px)) y=(px(middle - 6.5))
            width=(px((end - layout.from_px).max(1.0))) height="13" rx="1.5" {}
        @if let Some(breakdown) = entry.row.breakdown {
            path class="ideal" d=(format!("M{} {}v17", px(scale.at(breakdown.makespan_s())), px(middle - 8.5))) {}
        }
        @if let Some(interval) = entry.row.interval {
            @let (low, high) = (scale.at(interval.low), scale.at(interval.high));
            path class="whisker" d=(format!(
                "M{} {m}H{}M{} {t}v8M{} {t}v8", px(low), px(high), px(low), px(high),
                m = px(middle), t = px(middle - 4.0)
            )) {}
        }
        @if let Some(ghost_s) = entry.ghost_s { (ghost_mark(scale.at(ghost_s), middle)) }
    }
}

fn ghost_mark(x: f64, y: f64) -> Markup {
    html! { path class="ghost" d=(format!("M{} {}l5 5l-5 5l-5 -5z", px(x), px(y - 5.0))) {} }
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
