//! What a run in open loop says: its items arrived on a schedule, so rows are told apart by latency and not
//! by time, which is that of the schedule for all of them.

use maud::{Markup, html};
use paceline_stats::latency::{Arrivals, Latency};

use crate::axis::Scale;
use crate::figure::{Figure, Room, table};
use crate::mark::{legend, mark};
use crate::model::{Entry, Group, Model};
use crate::number::{percent, px, size, three_digits, time};
use crate::strip::{Layout, Strip};

/// How many rows a card has; the others stand in the table of all rows.
const MOST_LISTED: usize = 10;

const WHY: &str = "Items arrive on a schedule, whatever became of those before, so a row takes as long as its schedule and no \
     row is to be taken for its time. What tells rows apart is how long an item takes from its arrival to its \
     end, and how many arrive when no lane is free. Each row has one load of each round, and the figures have no interval: \
     small differences may be chance.";

/// One card for a workload.
pub(crate) fn answer(group: &Group<'_>) -> Markup {
    let rows = by_p99(group);
    html! {
        article class="card" aria-labelledby=(format!("answer-{}", group.index)) {
            p class="eyebrow" { strong { (group.kind) } " · " bdi { (group.work) } }
            @if let Some((entry, arrivals, latency)) = rows.first() {
                h3 id=(format!("answer-{}", group.index)) {
                    span class="take" { "Lowest p99: " } bdi { (entry.name) }
                }
                (facts(entry, arrivals, latency))
                p class="sure" { span class="badge plain" { "open loop" } " " (WHY) }
                (listed(&rows))
            } @else {
                h3 id=(format!("answer-{}", group.index)) { "No row has a result" }
                p { "No row of this work bore the load and was measured in a counted round. The reasons stand under “How this was measured”." }
            }
        }
    }
}

fn facts(entry: &Entry<'_>, arrivals: &Arrivals, latency: &Latency) -> Markup {
    html! {
        dl class="facts" {
            div { dt { "p99" } dd { (time(latency.p99_s)) } dd class="faint" { "99 % of the items took no longer" } }
            div { dt { "load" } dd { (three_digits(arrivals.offered_per_s)) "/s" }
                dd class="faint" { (three_digits(arrivals.achieved_per_s)) "/s were done" } }
            div { dt { "memory" }
                @if let Some(memory) = &entry.row.memory {
                    dd { (size(memory.peak_bytes as f64)) } dd class="faint" { "peak of the whole process tree" }
                } @else { dd { "unknown" } } }
            div { dt { "late starts" } dd { (percent(arrivals.late_share())) }
                dd class="faint" { "arrived when no lane was free" } }
        }
    }
}

fn listed(rows: &[Ranked<'_>]) -> Markup {
    html! {
        div class="scroll" {
            table class="best" {
                caption {
                    @if rows.len() > MOST_LISTED { "The " (MOST_LISTED) " rows of the lowest p99; all stand below" }
                    @else { "The rows by their p99" }
                }
                thead { tr { th scope="col" { "row" }
                    @for head in ["p50", "p99", "late", "memory"] { th scope="col" class="num" { (head) } } } }
                tbody {
                    @for (entry, arrivals, latency) in rows.iter().take(MOST_LISTED) {
                        tr {
                            th scope="row" { span class=(format!("dot {}", entry.family.class())) aria-hidden="true" {}
                                bdi title=(entry.name) { (entry.tag) } }
                            td class="num" { (time(latency.p50_s)) }
                            td class="num" { (time(latency.p99_s)) }
                            td class="num" { (percent(arrivals.late_share())) }
                            td class="num" { (entry.row.memory.as_ref().map_or("-".to_owned(), |m| size(m.peak_bytes as f64))) }
                        }
                    }
                }
            }
        }
    }
}

/// The latency of every row, from p50 to the slowest item. `None` when no row has any.
pub(crate) fn latencies(_: &Model<'_>, group: &Group<'_>) -> Option<Markup> {
    let rows: Vec<&Entry<'_>> = by_p99(group).into_iter().map(|(entry, ..)| entry).collect();
    if rows.is_empty() {
        return None;
    }
    let strip = Strip {
        axis: "latency from the arrival, log scale →",
        numbers: ["p50", "p99"],
        values,
        row,
    };
    let drawing = |room| strip.draw(&rows, room);
    let figure = Figure {
        id: format!("latency-{}", group.index),
        title: format!("Latency per row · {}", group.kind),
        description: format!(
            "Latencies of {} rows on a logarithmic axis, the lowest p99 first: a mark at p50, a stroke at p99, and a \
             line from p50 to the slowest item.",
            rows.len()
        ),
        legend: legend(
            &group.families(),
            &html! {
                li { svg class="key" viewBox="0 0 34 14" aria-hidden="true" {
                        path class="whisker" d="M6 7H32" {} path class="ideal" d="M22 1V13" {} circle class="mark" cx="6" cy="7" r="4.6" {} }
                    "p50 (mark), p99 (stroke) and the slowest item (end of the line)" }
            },
        ),
        drawing: &drawing,
        table: numbers(group),
    };
    Some(figure.render())
}

fn values(entry: &Entry<'_>) -> Vec<f64> {
    entry
        .row
        .latency
        .iter()
        .flat_map(|latency| [latency.p50_s, latency.p99_s, latency.max_s])
        .collect()
}

fn row(entry: &Entry<'_>, layout: &Layout, scale: &Scale, room: Room) -> Markup {
    let Some(latency) = &entry.row.latency else { return html! {} };
    let (middle, (number_x, number_y)) = (layout.middle_px, layout.number);
    let [p50, p99, max] =
        [latency.p50_s, latency.p99_s, latency.max_s].map(|seconds| scale.at(seconds));
    html! {
        title { (format!("{}: p50 {}, p99 {}, slowest {}", entry.name, time(latency.p50_s), time(latency.p99_s), time(latency.max_s))) }
        path class="whisker" d=(format!("M{} {}H{}", px(p50), px(middle), px(max))) {}
        path class="ideal" d=(format!("M{} {}v12", px(p99), px(middle - 6.0))) {}
        (mark(entry.family, p50, middle, 4.6))
        @if room == Room::Wide {
            text class="value" x=(px(number_x)) y=(px(number_y)) text-anchor="end" { (time(latency.p50_s)) }
            text class="value" x=(px(room.width_px())) y=(px(number_y)) text-anchor="end" { (time(latency.p99_s)) }
        } @else {
            text class="value" x=(px(number_x)) y=(px(number_y)) text-anchor="end" { (time(latency.p99_s)) }
        }
    }
}

fn numbers(group: &Group<'_>) -> Markup {
    let line = |(entry, arrivals, latency): &Ranked<'_>| {
        let mut cells = vec![entry.name.clone()];
        cells.extend(latency.percentiles().map(|(_, seconds)| format!("{:.6}", seconds * 1e3)));
        cells.extend(
            [arrivals.offered_per_s, arrivals.achieved_per_s].map(|rate| format!("{rate:.1}")),
        );
        cells.push(percent(arrivals.late_share()));
        cells
    };
    let heads = [
        "Row",
        "p50 (ms)",
        "p90 (ms)",
        "p99 (ms)",
        "p99.9 (ms)",
        "Slowest (ms)",
        "Offered (1/s)",
        "Achieved (1/s)",
        "Late starts",
    ];
    table("Latency per row", &heads, &by_p99(group).iter().map(line).collect::<Vec<_>>())
}

/// A row that bore its load.
type Ranked<'g> = (&'g Entry<'g>, Arrivals, Latency);

/// The rows that bore their load, those of the lowest p99 first.
fn by_p99<'g>(group: &'g Group<'_>) -> Vec<Ranked<'g>> {
    let figures = |entry: &'g Entry<'g>| Some((entry, entry.row.arrivals?, entry.row.latency?));
    let mut rows: Vec<Ranked<'g>> = group.entries.iter().filter_map(figures).collect();
    rows.sort_by(|a, b| a.2.p99_s.total_cmp(&b.2.p99_s));
    rows
}
