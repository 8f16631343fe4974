//! Chart 2: what time costs in memory.

use maud::{Markup, html};

use crate::axis::Scale;
use crate::figure::{Drawing, Figure, Room, table};
use crate::mark::{legend, mark};
use crate::model::{Entry, Group};
use crate::number::{polyline, px, size, tick_size, tick_time, time};
use crate::placing::{Area, leader, place, text_px};

/// The axis counts in MiB, so that its ticks are round in what people read.
const BYTES_PER_MIB: f64 = 1_048_576.0;

/// Of more rows than this only those of the Pareto set are named: more names would hide the marks.
const MOST_NAMED: usize = 40;

/// A row with both a time and a memory.
struct Point<'g> {
    entry: &'g Entry<'g>,
    seconds: f64,
    mib: f64,
    /// The 95 % interval of `mib`, where there are several readings.
    mib_interval: Option<(f64, f64)>,
    /// Whether no other row is both as fast and as small.
    is_best: bool,
}

/// `None` when no row has both.
pub(crate) fn tradeoff(group: &Group<'_>) -> Option<Markup> {
    let points = points(group);
    if points.is_empty() {
        return None;
    }
    let drawing = |room| draw(&points, room);
    let best: Vec<&str> =
        points.iter().filter(|point| point.is_best).map(|point| point.entry.tag.as_str()).collect();
    let figure = Figure {
        id: format!("tradeoff-{}", group.index),
        title: format!("Time against memory · {}", group.kind),
        description: format!(
            "Mean time to the right and peak memory upwards, both logarithmic; down and left is better. \
             No other row is both as fast and as small as: {}.",
            best.join(", ")
        ),
        legend: legend(
            &group.families(),
            &html! {
                @if points.iter().any(|point| point.mib_interval.is_some()) {
                    li { svg class="key" viewBox="0 0 14 14" aria-hidden="true" { path class="whisker" d="M7 1V13" {} }
                        "95 % interval of memory" }
                }
                li { svg class="key" viewBox="0 0 22 14" aria-hidden="true" { path class="front" d="M2 3H11V11H20" {} }
                    "the Pareto set: no other row is both as fast and as small" }
                @if points.len() > MOST_NAMED { li { "rows of the Pareto set alone are named; the table has all" } }
            },
        ),
        drawing: &drawing,
        table: numbers(&points),
    };
    Some(figure.render())
}

/// The points with those of the Pareto set first, so that their labels have the choice of place.
fn points<'g>(group: &'g Group<'g>) -> Vec<Point<'g>> {
    let point = |(entry, seconds): (&'g Entry<'g>, &paceline_stats::Series)| {
        let memory = entry.row.memory.as_ref()?;
        let mib = memory.peak_bytes as f64 / BYTES_PER_MIB;
        let mib_interval = memory.interval.map(|i| (i.low / BYTES_PER_MIB, i.high / BYTES_PER_MIB));
        Some(Point { entry, seconds: seconds.mean(), mib, mib_interval, is_best: false })
    };
    let mut points: Vec<Point<'_>> = group.timed().filter_map(point).collect();
    points.sort_by(|a, b| a.seconds.total_cmp(&b.seconds).then(a.mib.total_cmp(&b.mib)));
    // All rows that are drawn count, also those of another revision, which no advice is about. In this order
    // only an earlier row can beat a row, and the last row of the set so far has the least memory.
    let mut best: Option<(f64, f64)> = None;
    for point in &mut points {
        let own = (point.seconds, point.mib);
        point.is_best = best.is_none_or(|best| point.mib < best.1 || own == best);
        best = if point.is_best { Some(own) } else { best };
    }
    points.sort_by_key(|point| !point.is_best);
    points
}

fn draw(points: &[Point<'_>], room: Room) -> Drawing {
    let (width, height_px) = match room {
        Room::Wide => (room.width_px(), 460.0),
        Room::Narrow => (room.width_px(), 430.0),
    };
    let area = Area { left: 84.0, top: 10.0, width: width - 98.0, height: height_px - 56.0 };
    let (right, bottom) = (area.left + area.width, area.top + area.height);
    let inset = 16.0;
    let x = Scale::log(points.iter().map(|point| point.seconds), area.left + inset, right - inset);
    let sizes = points.iter().flat_map(|point| {
        let ends = point.mib_interval.map(|(low, high)| [low, high]);
        ends.into_iter().flatten().chain([point.mib])
    });
    let y = Scale::log(sizes, bottom - inset, area.top + inset);
    let at = |point: &Point<'_>| (x.at(point.seconds), y.at(point.mib));
    let places: Vec<(f64, f64)> = points.iter().map(at).collect();
    let front = front(&places, points);
    let marks = html! {
        (grid(&x, &y, area, room))
        path class="front" d=(polyline(&front)) {}
        (labels(&places, &front, points, area, room))
        @for point in points {
            @let (cx, cy) = at(point);
            g { title { (format!("{}: {}, {}", point.entry.name, time(point.seconds), size(point.mib * BYTES_PER_MIB))) }
                @if let Some((low, high)) = point.mib_interval {
                    path class="whisker" d=(format!("M{} {}V{}", px(cx), px(y.at(low)), px(y.at(high)))) {}
                }
                (mark(point.entry.family, cx, cy, 5.0)) }
        }
    };
    Drawing { height_px, marks }
}

fn grid(x: &Scale, y: &Scale, area: Area, room: Room) -> Markup {
    let (right, bottom) = (area.left + area.width, area.top + area.height);
    let (across, up) = if room == Room::Wide { (9, 7) } else { (4, 6) };
    html! {
        g class="grid" {
            @for tick in x.ticks(across) {
                path d=(format!("M{} {}V{}", px(x.at(tick)), px(area.top), px(bottom))) {}
                text x=(px(x.at(tick))) y=(px(bottom + 18.0)) text-anchor="middle" { (tick_time(tick)) }
            }
            @for tick in y.ticks(up).into_iter().map(round_size).filter(|tick| y.holds(*tick)) {
                path d=(format!("M{} {}H{}", px(area.left), px(y.at(tick)), px(right))) {}
                text x=(px(area.left - 8.0)) y=(px(y.at(tick) + 4.0)) text-anchor="end" { (tick_size(tick * BYTES_PER_MIB)) }
            }
            text class="axis" x=(px(right)) y=(px(bottom + 38.0)) text-anchor="end" { "time per run, log scale →" }
            text class="axis" transform=(format!("translate(11 {}) rotate(-90)", px(area.top + area.height / 2.0))) text-anchor="middle" { "memory, peak, log scale →" }
        }
    }
}

/// A tick in MiB: from a thousand on a round number of GiB instead.
fn round_size(mib: f64) -> f64 {
    if mib < 999.0 { mib } else { mib * 1.024 }
}

/// The corners of the steps from the fastest to the smallest: what lies above and to the right of them is
/// beaten.
fn front(places: &[(f64, f64)], points: &[Point<'_>]) -> Vec<(f64, f64)> {
    let mut best: Vec<(f64, f64)> =
        places.iter().zip(points).filter(|(_, p)| p.is_best).map(|(place, _)| *place).collect();
    best.sort_by(|a, b| a.0.total_cmp(&b.0));
    let steps = best.windows(2).flat_map(|pair| [(pair[1].0, pair[0].1), pair[1]]);
    best.first().copied().into_iter().chain(steps).collect()
}

/// The room that the steps take, so that no label is struck through by them.
fn room_of(front: &[(f64, f64)]) -> Vec<Area> {
    let area = |pair: &[(f64, f64)]| Area {
        left: pair[0].0.min(pair[1].0),
        top: pair[0].1.min(pair[1].1),
        width: (pair[0].0 - pair[1].0).abs().max(1.0),
        height: (pair[0].1 - pair[1].1).abs().max(1.0),
    };
    front.windows(2).map(area).collect()
}

fn labels(
    places: &[(f64, f64)],
    front: &[(f64, f64)],
    points: &[Point<'_>],
    area: Area,
    room: Room,
) -> Markup {
    let font = room.font_px();
    // The names in the Pareto set are bold, and so wider.
    let width = |point: &Point<'_>| {
        text_px(&point.entry.tag, font) * if point.is_best { 1.12 } else { 1.0 }
    };
    let sizes: Vec<(f64, f64)> = points.iter().map(|point| (width(point), font + 2.0)).collect();
    let placed = place(places, &sizes, area, &room_of(front), room == Room::Wide);
    let is_named = |point: &Point<'_>| point.is_best || points.len() <= MOST_NAMED;
    let named = points.iter().zip(&placed).filter(|(p, label)| is_named(p) && label.is_some());
    let unnamed = points.len() - named.count();
    html! {
        @if unnamed > 0 {
            text class="axis faint" x="2" y=(px(area.top + area.height + 38.0)) { (unnamed) " not named, for want of room" }
        }
        @for ((point, (x, y)), label) in points.iter().zip(places).zip(placed).filter(|((p, _), _)| is_named(p)) {
            @if let Some(label) = label {
                @if let Some((from, to)) = leader((*x, *y), &label) {
                    path class="leader" d=(polyline(&[from, to])) {}
                }
                text class=(if point.is_best { "label best" } else { "label" })
                    x=(px(label.left + label.width / 2.0)) y=(px(label.top + font - 1.0)) text-anchor="middle" {
                    (point.entry.tag)
                }
            }
        }
    }
}

fn numbers(points: &[Point<'_>]) -> Markup {
    let shown = |mib: Option<f64>| mib.map_or("-".to_owned(), |mib| format!("{mib:.2}"));
    let line = |point: &Point<'_>| {
        vec![
            point.entry.name.clone(),
            format!("{:.6}", point.seconds),
            format!("{:.2}", point.mib),
            shown(point.mib_interval.map(|(low, _)| low)),
            shown(point.mib_interval.map(|(_, high)| high)),
            if point.is_best { "yes" } else { "no" }.to_owned(),
        ]
    };
    let heads = [
        "Row",
        "Mean (s)",
        "Memory, peak (MiB)",
        "95 % from (MiB)",
        "to (MiB)",
        "In the Pareto set",
    ];
    table("Time and memory", &heads, &points.iter().map(line).collect::<Vec<_>>())
}
