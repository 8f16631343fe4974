//! Chart 4: when each item ran, and on which lane.

use maud::{Markup, html};
use paceline_protocol::ItemRecords;

use crate::axis::Scale;
use crate::family::Family;
use crate::number::{percent, px, tick_time};

/// The width of a timeline's own coordinates. The page stretches it to the room that there is, which
/// hurts nothing: it holds no text, and bands are stretched along the time alone.
const WIDTH: f64 = 1_000.0;

/// Up to so many items and lanes each item is drawn; beyond, how busy lanes were.
const MOST_ITEMS: usize = 1_000;
const MOST_LANES: usize = 130;

/// How many ticks an axis of time has at most, but for the one at 0.
const MOST_TICKS: usize = 5;

/// The grid on which many items are summed up.
const COLUMNS: usize = 160;
const BANDS: usize = 48;
const LEVELS: usize = 4;

/// How many lanes the items ran on.
pub(crate) fn lane_count(items: &ItemRecords) -> usize {
    items.lane.iter().max().map_or(0, |lane| *lane as usize + 1)
}

/// When the last item ended, in nanoseconds after the first began.
pub(crate) fn end_ns(items: &ItemRecords) -> u64 {
    spans(items).map(|(_, start, end)| end.max(start)).max().unwrap_or(0)
}

/// Whether items are summed up instead of drawn one by one.
pub(crate) fn is_summed(items: &ItemRecords) -> bool {
    items.item.len() > MOST_ITEMS || lane_count(items) > MOST_LANES
}

/// The bands of one row, on an axis that ends at `axis_ns`.
pub(crate) fn lanes(items: &ItemRecords, family: Family, axis_ns: u64, label: &str) -> Markup {
    let count = lane_count(items).max(1);
    let bands = if is_summed(items) { count.min(BANDS) } else { count };
    let band_px = (190.0 / bands as f64).clamp(3.0, if bands <= 2 { 24.0 } else { 16.0 });
    let height = px(band_px * bands as f64);
    html! {
        svg class=(format!("lanes {}", family.class())) viewBox=(format!("0 0 {WIDTH} {height}"))
            preserveAspectRatio="none" style=(format!("height:{height}px")) role="img" aria-label=(label) {
            path class="ticks-through" d=(ticks_through(axis_ns, &height)) {}
            @if is_summed(items) {
                (summed(items, count, bands, band_px, axis_ns))
            } @else {
                (each(items, count, band_px, axis_ns, family))
            }
        }
    }
}

/// The ticks of the axis through the height of a timeline, so that an end can be read off far above them.
fn ticks_through(axis_ns: u64, height: &str) -> String {
    let scale = Scale::linear(axis_ns as f64 / 1e9, 0.0, WIDTH);
    let ticks = scale.ticks(MOST_TICKS).into_iter().filter(|tick| *tick > 0.0);
    ticks.map(|tick| format!("M{} 0V{height}", px(scale.at(tick)))).collect()
}

/// The ticks below a timeline.
pub(crate) fn time_axis(axis_ns: u64) -> Markup {
    let axis_s = axis_ns as f64 / 1e9;
    let scale = Scale::linear(axis_s, 0.0, 100.0);
    let ticks: Vec<f64> =
        scale.ticks(MOST_TICKS).into_iter().filter(|t| scale.at(*t) <= 97.0).collect();
    html! {
        div class="ticks" aria-hidden="true" {
            @for tick in ticks {
                // Near the end a label stands before its tick, so that it does not leave the page.
                span class=[(scale.at(tick) > 80.0).then_some("late")]
                    style=(format!("left:{}%", px(scale.at(tick)))) { (tick_time(tick)) }
            }
        }
    }
}

/// One path a lane: each item a stroke as thick as its band, so that an item takes a dozen bytes.
fn each(items: &ItemRecords, count: usize, band_px: f64, axis_ns: u64, family: Family) -> Markup {
    let mut paths = vec![String::new(); count];
    let mut tallies = vec![(0_usize, 0_u64); count];
    for (lane, start, end) in spans(items) {
        let (from, to) = (x(start, axis_ns), x(end, axis_ns));
        // A hairline stays free between items that follow each other; a short item stays visible.
        let length = (to - from - 0.7).max(0.6);
        let middle = (lane as f64 + 0.5) * band_px;
        paths[lane] += &format!("M{} {}h{}", px(from), px(middle), px(length));
        tallies[lane].0 += 1;
        tallies[lane].1 = tallies[lane].1.saturating_add(end - start);
    }
    let thickness = if band_px >= 6.0 { band_px - 2.0 } else { band_px - 0.8 };
    let whole_ns = end_ns(items).max(1) as f64;
    html! {
        g stroke-width=(px(thickness)) {
            @for (lane, (path, (items, busy_ns))) in paths.iter().zip(tallies).enumerate() {
                @if !path.is_empty() {
                    path d=(path) { title {
                        (format!("{} {}: {items} {}, busy {}", family.lane(), lane + 1,
                            if items == 1 { "item" } else { "items" }, percent(busy_ns as f64 / whole_ns)))
                    } }
                }
            }
        }
    }
}

/// How busy the lanes of a band were in a slice of time, in four steps of darkness.
fn summed(items: &ItemRecords, count: usize, bands: usize, band_px: f64, axis_ns: u64) -> Markup {
    let shares = busy_shares(items, count, bands, axis_ns);
    let column = WIDTH / COLUMNS as f64;
    let last_px = x(end_ns(items), axis_ns);
    let mut paths = vec![String::new(); LEVELS];
    for (band, row) in shares.chunks(COLUMNS).enumerate() {
        let levels: Vec<usize> = row.iter().map(|share| level(*share)).collect();
        let mut from = 0;
        for run in levels.chunk_by(|a, b| a == b) {
            if run[0] > 0 {
                let middle = (band as f64 + 0.5) * band_px;
                // The last slice ends with the row, and a row too short to be seen is seen all the same.
                let left_px = (last_px - from as f64 * column).max(1.0);
                let length = (run.len() as f64 * column).min(left_px);
                paths[run[0] - 1] +=
                    &format!("M{} {}h{}", px(from as f64 * column), px(middle), px(length));
            }
            from += run.len();
        }
    }
    html! {
        g stroke-width=(px(band_px - 0.4)) {
            @for (level, path) in paths.iter().enumerate() {
                @if !path.is_empty() { path class=(format!("level-{}", level + 1)) d=(path) {} }
            }
        }
    }
}

/// The busy share of every cell of the grid, band by band.
fn busy_shares(items: &ItemRecords, count: usize, bands: usize, axis_ns: u64) -> Vec<f64> {
    let mut busy = vec![0.0; bands * COLUMNS];
    let place = |ns: u64| x(ns, axis_ns) / WIDTH * COLUMNS as f64;
    // Lane l is in band l * bands / count, so the first lane of a band is this.
    let first_of = |band: usize| (band * count).div_ceil(bands);
    let lanes_of = |band: usize| first_of(band + 1) - first_of(band);
    let row_end = place(end_ns(items));
    for (lane, start, end) in spans(items) {
        let band = lane * bands / count;
        let (from, to) = (place(start), place(end));
        for column in from as usize..=(to as usize).min(COLUMNS - 1) {
            let overlap = to.min(column as f64 + 1.0) - from.max(column as f64);
            busy[band * COLUMNS + column.min(COLUMNS - 1)] += overlap.max(0.0);
        }
    }
    for (band, row) in busy.chunks_mut(COLUMNS).enumerate() {
        let lanes = lanes_of(band).max(1) as f64;
        for (column, share) in row.iter_mut().enumerate() {
            // Of the slice in which the row ends, what comes after it is nobody's idleness.
            let until_end = (row_end - column as f64).min(1.0);
            *share /= lanes * if until_end > 0.0 { until_end } else { 1.0 };
        }
    }
    busy
}

/// 0 for idle; whatever ran at all is seen.
fn level(share: f64) -> usize {
    match share {
        idle if idle <= 0.0 => 0,
        _ => ((share * LEVELS as f64).ceil() as usize).clamp(1, LEVELS),
    }
}

fn x(ns: u64, axis_ns: u64) -> f64 {
    (ns as f64 / axis_ns.max(1) as f64).min(1.0) * WIDTH
}

/// Lane, start and end of each item. A journal may hold any numbers, so ends saturate.
pub(crate) fn spans(items: &ItemRecords) -> impl Iterator<Item = (usize, u64, u64)> {
    let times = items.start_ns.iter().zip(&items.duration_ns);
    let lanes = items.lane.iter().map(|lane| *lane as usize);
    lanes.zip(times).map(|(lane, (start, length))| (lane, *start, start.saturating_add(*length)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records(items: u32, lanes: u32) -> ItemRecords {
        ItemRecords {
            item: (0..items).collect(),
            lane: (0..items).map(|item| item % lanes).collect(),
            start_ns: (0..items).map(|item| u64::from(item / lanes) * 1_000).collect(),
            duration_ns: vec![900; items as usize],
            ..ItemRecords::default()
        }
    }

    #[test]
    fn few_items_are_drawn_each_on_the_band_of_its_lane() {
        let items = records(50, 8);
        let drawn = lanes(&items, Family::Threads, end_ns(&items), "").into_string();
        assert_eq!(drawn.matches("<path d=").count(), 8);
        // Each is as long as the others, less the hairline that stays free.
        assert_eq!(drawn.matches("h129.7").count(), 50, "{drawn}");
    }

    #[test]
    fn many_items_are_summed_up_in_little_room() {
        for (items, lanes_used) in [(10_000, 2), (10_000, 10_000), (20_000, 64)] {
            let items = records(items, lanes_used);
            let drawn = lanes(&items, Family::Async, end_ns(&items), "").into_string();
            assert!(drawn.len() < 60_000, "{} bytes", drawn.len());
            assert!(drawn.contains("level-4"), "{drawn}");
        }
    }

    #[test]
    fn a_cell_is_as_dark_as_its_lanes_are_busy() {
        let half = ItemRecords {
            item: vec![0],
            lane: vec![1],
            start_ns: vec![0],
            duration_ns: vec![1_000],
            ..ItemRecords::default()
        };
        let shares = busy_shares(&half, 2, 1, 2_000);
        assert!((shares.iter().sum::<f64>() - COLUMNS as f64 / 4.0).abs() < 1e-6);
        // A short row beside a long one is no idler: the slice that it ends in ends with it.
        let short = records(10_000, 10_000);
        let drawn = lanes(&short, Family::Async, 1_000 * end_ns(&short), "").into_string();
        assert!(drawn.contains("level-4") && !drawn.contains("level-1"), "{drawn}");
        assert!(drawn.contains("h1\"") || drawn.contains("h1M"), "{drawn}");
        assert_eq!([0.0, 0.001, 0.5, 1.0, 7.0].map(level), [0, 1, 2, 4, 4]);
    }
}
