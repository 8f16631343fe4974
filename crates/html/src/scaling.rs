//! Chart 3: what more width brings, per executor, beside what it could bring.

use std::collections::BTreeMap;

use maud::{Markup, html};

use crate::axis::Scale;
use crate::bars::MOST_ROWS;
use crate::family::Family;
use crate::figure::{Drawing, Figure, Room, table};
use crate::label::{cut, executor_words};
use crate::mark::{legend, mark};
use crate::model::{Entry, Group};
use crate::number::{polyline, px, tick_time, time};
use crate::placing::{Area, place, spread, text_px};

/// The rows of one executor that differ in nothing but their width.
struct Line<'g> {
    name: String,
    family: Family,
    /// By width.
    points: Vec<Point<'g>>,
}

struct Point<'g> {
    entry: &'g Entry<'g>,
    /// Where it stands to the right: the width asked, or what ran instead if that was far less.
    width: f64,
    mean_s: f64,
}

impl Point<'_> {
    /// What must be said of a point that does not stand at its width.
    fn instead(&self) -> Option<String> {
        let (asked, ran) = (self.entry.width()?, self.entry.ran_instead()?);
        Some(format!("asked {asked}, ran {ran}"))
    }
}

impl Line<'_> {
    /// What stands beside a point. Where there is little room, colour alone tells whose it is.
    fn name_of(&self, point: &Point<'_>, room: Room) -> String {
        match (point.instead(), room) {
            (Some(instead), Room::Wide) => format!("{}: {instead}", self.name),
            (Some(instead), Room::Narrow) => instead,
            (None, _) => self.name.clone(),
        }
    }
}

/// What list scheduling needs at some widths, for one batch.
struct Ideal {
    name: String,
    points: Vec<(f64, f64)>,
}

/// `None` when no row has both a width and a time, or none could be wider than another.
pub(crate) fn scaling(group: &Group<'_>) -> Option<Markup> {
    let (lines, ideals) = (lines(group), ideals(group));
    if lines.iter().all(|line| line.points.len() < 2) {
        return None;
    }
    let drawing = |room| draw(&lines, &ideals, room);
    let families: Vec<Family> = group.families();
    let figure = Figure {
        id: format!("scaling-{}", group.index),
        title: format!("Time against width · {}", group.kind),
        description: format!(
            "Mean time upwards and width to the right, both logarithmic, for {} executors, with \
             95 % intervals and the ideal schedule's time as a dashed line.",
            lines.len()
        ),
        legend: legend(&families, &keys(&lines, &ideals)),
        drawing: &drawing,
        table: numbers(&lines),
    };
    Some(figure.render())
}

fn keys(lines: &[Line<'_>], ideals: &[Ideal]) -> Markup {
    let mut points = lines.iter().flat_map(|line| &line.points);
    html! {
        @if ideals.iter().any(|ideal| !ideal.points.is_empty()) {
            li { svg class="key" viewBox="0 0 22 14" aria-hidden="true" { path class="ideal-line" d="M1 3L21 11" {} }
                "ideal schedule" }
        }
        @if points.any(|point| point.instead().is_some()) {
            li { "hollow: far fewer items ran at once than the width asked, and the mark stands at what ran" }
        }
    }
}

fn lines<'g>(group: &'g Group<'g>) -> Vec<Line<'g>> {
    let mut by_executor: BTreeMap<(Family, &str, usize, Option<&str>), Vec<Point<'_>>> =
        BTreeMap::new();
    for (entry, seconds) in group.timed().take(MOST_ROWS) {
        let Some(width) = entry.ran_instead().or(entry.width()) else { continue };
        let case = &entry.row.row.case;
        let key =
            (entry.family, &*case.executor, case.batch.get(), entry.row.row.revision.as_deref());
        let point = Point { entry, width: width as f64, mean_s: seconds.mean() };
        by_executor.entry(key).or_default().push(point);
    }
    let executors: Vec<&str> = by_executor.keys().map(|(_, executor, ..)| *executor).collect();
    let line = |((family, executor, batch, revision), mut points): (_, Vec<Point<'g>>)| {
        points.sort_by(|a, b| a.width.total_cmp(&b.width));
        let mut name = executor_words(executor, &executors);
        if batch > 1 {
            name += &format!(" × {batch} items");
        }
        if let Some(revision) = revision {
            name += &format!(" @ {}", cut(revision, 8));
        }
        Line { name, family, points }
    };
    by_executor.into_iter().map(line).collect()
}

fn ideals(group: &Group<'_>) -> Vec<Ideal> {
    let mut by_batch: BTreeMap<usize, BTreeMap<usize, f64>> = BTreeMap::new();
    for entry in group.entries.iter().take(MOST_ROWS) {
        let (Some(width), Some(breakdown)) = (entry.width(), entry.row.breakdown) else { continue };
        let of_batch = by_batch.entry(entry.row.row.case.batch.get()).or_default();
        of_batch.entry(width).or_insert(breakdown.makespan_s());
    }
    let ideal = |(batch, points): (usize, BTreeMap<usize, f64>)| Ideal {
        name: if batch == 1 { "ideal".to_owned() } else { format!("ideal × {batch} items") },
        points: points.into_iter().map(|(width, seconds)| (width as f64, seconds)).collect(),
    };
    by_batch.into_iter().map(ideal).filter(|ideal| ideal.points.len() > 1).collect()
}

/// Where the axes lie.
struct Plot {
    x: Scale,
    y: Scale,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

fn draw(lines: &[Line<'_>], ideals: &[Ideal], room: Room) -> Drawing {
    let height_px = if room == Room::Wide { 430.0 } else { 400.0 };
    let names = lines.iter().map(|l| &l.name).chain(ideals.iter().map(|i| &i.name));
    let widest = names.map(|name| text_px(name, room.font_px())).fold(60.0, f64::max).min(200.0);
    let (left, top, bottom) = (78.0, 12.0, height_px - 44.0);
    let right = room.width_px() - widest - 22.0;
    let points = || lines.iter().flat_map(|line| &line.points);
    let ideal_points = || ideals.iter().flat_map(|ideal| &ideal.points);
    let seconds = points().flat_map(|point| {
        let interval = point.entry.row.interval;
        [Some(point.mean_s), interval.map(|i| i.low), interval.map(|i| i.high)]
    });
    let seconds = seconds.flatten().chain(ideal_points().map(|(_, seconds)| *seconds));
    let plot = Plot {
        x: Scale::log(points().map(|point| point.width), left + 14.0, right - 8.0),
        y: Scale::log(seconds, bottom - 8.0, top + 8.0),
        left,
        right,
        top,
        bottom,
    };
    let marks = html! {
        (grid(&plot, lines, room))
        @for ideal in ideals { (ideal_line(ideal, &plot)) }
        @for (place, line) in lines.iter().enumerate() {
            // Lines of one family share its colour, so the strokes of its second to fourth are broken.
            @let before = lines[..place].iter().filter(|other| other.family == line.family).count();
            (line_marks(line, before % 4, &plot))
        }
        (end_labels(lines, ideals, &plot, room))
        (point_labels(lines, &plot, room))
    };
    Drawing { height_px, marks }
}

fn grid(plot: &Plot, lines: &[Line<'_>], room: Room) -> Markup {
    let mut widths: Vec<f64> =
        lines.iter().flat_map(|line| line.points.iter().map(|point| point.width)).collect();
    widths.sort_by(f64::total_cmp);
    widths.dedup();
    // The asked widths are the ticks, where they leave room for each other.
    let mut last_px = f64::NEG_INFINITY;
    widths.retain(|width| {
        let here = plot.x.at(*width);
        let is_free = here - last_px >= 30.0;
        if is_free {
            last_px = here;
        }
        is_free
    });
    html! {
        g class="grid" {
            @for tick in plot.y.ticks(if room == Room::Wide { 7 } else { 6 }) {
                path d=(format!("M{} {}H{}", px(plot.left), px(plot.y.at(tick)), px(plot.right))) {}
                text x=(px(plot.left - 8.0)) y=(px(plot.y.at(tick) + 4.0)) text-anchor="end" { (tick_time(tick)) }
            }
            @for width in widths {
                path d=(format!("M{} {}V{}", px(plot.x.at(width)), px(plot.top), px(plot.bottom))) {}
                text x=(px(plot.x.at(width))) y=(px(plot.bottom + 18.0)) text-anchor="middle" { (width) }
            }
            text class="axis" x=(px(plot.right)) y=(px(plot.bottom + 37.0)) text-anchor="end" { "width, log scale →" }
            text class="axis" transform=(format!("translate(11 {}) rotate(-90)", px((plot.top + plot.bottom) / 2.0))) text-anchor="middle" { "time per run, log scale →" }
        }
    }
}

fn ideal_line(ideal: &Ideal, plot: &Plot) -> Markup {
    let at = ideal.points.iter().map(|(width, s)| (plot.x.at(*width), plot.y.at(*s)));
    html! { path class="ideal-line" d=(polyline(&at.collect::<Vec<_>>())) {} }
}

fn line_marks(line: &Line<'_>, nth: usize, plot: &Plot) -> Markup {
    let at = |point: &Point<'_>| (plot.x.at(point.width), plot.y.at(point.mean_s));
    html! {
        @if line.points.len() > 1 {
            path class=(format!("line nth-{nth} {}", line.family.class())) d=(polyline(&line.points.iter().map(at).collect::<Vec<_>>())) {}
        }
        @for point in &line.points {
            @let (x, y) = at(point);
            g class=[point.instead().is_some().then_some("instead")] {
                title { (format!("{}: {}", point.entry.name, time(point.mean_s))) (point.instead().map_or(String::new(), |text| format!(", {text}"))) }
                @if let Some(interval) = point.entry.row.interval {
                    path class="whisker" d=(format!("M{x} {}V{}", px(plot.y.at(interval.low)), px(plot.y.at(interval.high)), x = px(x))) {}
                }
                (mark(line.family, x, y, 4.6))
            }
        }
    }
}

/// A name at the end of each line, moved apart where lines end together.
fn end_labels(lines: &[Line<'_>], ideals: &[Ideal], plot: &Plot, room: Room) -> Markup {
    let measured = lines.iter().filter(|line| line.points.len() > 1).filter_map(|line| {
        let last = line.points.last()?;
        Some((&line.name, line.family.class(), last.width, last.mean_s))
    });
    let ideal = ideals.iter().filter_map(|ideal| {
        let (width, seconds) = *ideal.points.last()?;
        Some((&ideal.name, "ideal-name", width, seconds))
    });
    let labels: Vec<(&String, &str, f64, f64)> = measured.chain(ideal).collect();
    let ends: Vec<f64> = labels.iter().map(|(.., seconds)| plot.y.at(*seconds)).collect();
    let middles = spread(&ends, room.font_px() + 2.5, plot.top + 4.0, plot.bottom - 2.0);
    html! {
        @for ((name, class, width, seconds), middle) in labels.iter().zip(middles) {
            path class="leader" d=(format!(
                "M{} {}L{} {m}H{}", px(plot.x.at(*width) + 6.0), px(plot.y.at(*seconds)),
                px(plot.right), px(plot.right + 4.0), m = px(middle)
            )) {}
            text class=(format!("label end {class}")) x=(px(plot.right + 8.0)) y=(px(middle + 4.5)) { (name) }
        }
    }
}

/// A name beside each point that is alone in its line, and beside each that does not stand at its width.
fn point_labels(lines: &[Line<'_>], plot: &Plot, room: Room) -> Markup {
    let at = |point: &Point<'_>| (plot.x.at(point.width), plot.y.at(point.mean_s));
    let all = lines.iter().flat_map(|line| line.points.iter().map(move |point| (line, point)));
    let is_named = |(line, point): &(&Line<'_>, &Point<'_>)| {
        line.points.len() == 1 || point.instead().is_some()
    };
    let (named, others): (Vec<_>, Vec<_>) = all.partition(is_named);
    let points: Vec<(f64, f64)> = named.iter().chain(&others).map(|(_, point)| at(point)).collect();
    let names: Vec<String> = named.iter().map(|(line, point)| line.name_of(point, room)).collect();
    let font = room.font_px();
    let sizes: Vec<(f64, f64)> =
        names.iter().map(|name| (text_px(name, font), font + 2.0)).collect();
    let bounds = Area {
        left: plot.left,
        top: plot.top,
        width: plot.right - plot.left,
        height: plot.bottom - plot.top,
    };
    html! {
        @for (((line, _), name), label) in named.iter().zip(&names).zip(place(&points, &sizes, bounds, &[], false)) {
            @if let Some(label) = label {
                text class=(format!("label end {}", line.family.class())) x=(px(label.left)) y=(px(label.top + font - 1.0)) { (name) }
            }
        }
    }
}

fn numbers(lines: &[Line<'_>]) -> Markup {
    let shown = |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value:.6}"));
    let shown_width = |width: Option<usize>| width.map_or("-".to_owned(), |w| w.to_string());
    let line = |line: &Line<'_>, point: &Point<'_>| {
        let row = point.entry.row;
        vec![
            point.entry.name.clone(),
            line.name.clone(),
            shown_width(point.entry.width()),
            shown_width(row.lanes.map(|lanes| lanes.seen)),
            format!("{:.6}", point.mean_s),
            shown(row.interval.map(|interval| interval.low)),
            shown(row.interval.map(|interval| interval.high)),
            shown(row.breakdown.map(|breakdown| breakdown.makespan_s())),
        ]
    };
    let rows = lines.iter().flat_map(|of| of.points.iter().map(move |point| line(of, point)));
    let heads = [
        "Row",
        "Line",
        "Width",
        "In flight, most",
        "Mean (s)",
        "95 % from (s)",
        "to (s)",
        "Ideal (s)",
    ];
    table("Time against width", &heads, &rows.collect::<Vec<_>>())
}
