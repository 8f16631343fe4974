//! Chart 5: how many items were in flight over time, beside the width that was asked.

use maud::{Markup, html};
use paceline_protocol::ItemRecords;

use crate::family::Family;
use crate::lanes::spans;
use crate::number::px;

const WIDTH: f64 = 1_000.0;
const HEIGHT: f64 = 110.0;

/// More steps than this are no longer seen one by one: of each slice of time the peak is drawn then.
const MOST_STEPS: usize = 400;

/// The items in flight from each instant on, in order of time, beginning and ending with none.
pub(crate) fn steps(items: &ItemRecords) -> Vec<(u64, usize)> {
    let mut changes: Vec<(u64, i64)> =
        spans(items).flat_map(|(_, start, end)| [(start, 1), (end, -1)]).collect();
    // Spans are half-open: at one instant, ends come before starts.
    changes.sort_unstable();
    let mut level = 0_i64;
    let mut steps: Vec<(u64, usize)> = Vec::with_capacity(changes.len());
    for (time, change) in changes {
        level += change;
        let seen = usize::try_from(level).unwrap_or(0);
        match steps.last_mut() {
            Some(last) if last.0 == time => last.1 = seen,
            _ => steps.push((time, seen)),
        }
    }
    steps
}

/// The curve, on an axis of time that ends at `axis_ns`.
pub(crate) fn flight(
    items: &ItemRecords,
    asked: usize,
    family: Family,
    axis_ns: u64,
    label: &str,
) -> Markup {
    let steps = thinned(&steps(items), axis_ns);
    let peak = steps.iter().map(|(_, seen)| *seen).max().unwrap_or(0).max(1);
    // An asked width far above what was seen would press the curve to the ground.
    let is_near = asked <= peak * 3;
    let top = if is_near { asked.max(peak) } else { peak } as f64 * 1.12;
    let y = |seen: f64| HEIGHT - seen / top * HEIGHT;
    let asked_y = if is_near { y(asked as f64) } else { 3.0 };
    let side = match is_near {
        true => format!("asked {asked}"),
        false => format!("asked {asked}, far above ↑"),
    };
    html! {
        div class="flight" {
            svg class=(format!("curve {}", family.class())) viewBox=(format!("0 0 {WIDTH} {HEIGHT}"))
                preserveAspectRatio="none" role="img" aria-label=(label) {
                path class="area" d=(curve(&steps, axis_ns, &y)) {}
                path class=(if is_near { "asked" } else { "asked beyond" }) d=(format!("M0 {}H{WIDTH}", px(asked_y))) {}
            }
            span class="asked-name" style=(format!("top:{}%", px(asked_y / HEIGHT * 100.0))) { (side) }
            span class="peak-name" style=(format!("top:{}%", px(y(peak as f64) / HEIGHT * 100.0))) { (peak) }
            span class="peak-name" style="top:100%" { "0" }
        }
    }
}

fn curve(steps: &[(u64, usize)], axis_ns: u64, y: &dyn Fn(f64) -> f64) -> String {
    let mut path = format!("M0 {}", px(HEIGHT));
    for (time, seen) in steps {
        let x = (*time as f64 / axis_ns.max(1) as f64).min(1.0) * WIDTH;
        path += &format!("H{}V{}", px(x), px(y(*seen as f64)));
    }
    path + &format!("V{}z", px(HEIGHT))
}

/// Of each slice of the axis its peak, from its first step on, and where it ends: a pause after it must not
/// look as busy as the peak.
fn thinned(steps: &[(u64, usize)], axis_ns: u64) -> Vec<(u64, usize)> {
    if steps.len() <= MOST_STEPS {
        return steps.to_vec();
    }
    let slice = |time: u64| u128::from(time) * MOST_STEPS as u128 / u128::from(axis_ns.max(1));
    let slices = steps.chunk_by(|(a, _), (b, _)| slice(*a) == slice(*b));
    let ends = slices.filter_map(|of_slice| {
        let peak = of_slice.iter().map(|(_, seen)| *seen).max()?;
        Some([(of_slice.first()?.0, peak), *of_slice.last()?])
    });
    ends.flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two_that_overlap() -> ItemRecords {
        ItemRecords {
            item: vec![0, 1, 2],
            lane: vec![0, 1, 0],
            start_ns: vec![0, 5, 10],
            duration_ns: vec![10, 10, 5],
            ..ItemRecords::default()
        }
    }

    #[test]
    fn an_item_that_starts_when_another_ends_does_not_overlap_it() {
        assert_eq!(steps(&two_that_overlap()), [(0, 1), (5, 2), (10, 2), (15, 0)]);
    }

    #[test]
    fn many_steps_keep_their_peaks_and_their_end() {
        let steps: Vec<(u64, usize)> = (0..5_000)
            .map(|n| (n, if n == 2_503 { 9 } else { n as usize % 3 }))
            .chain([(5_000, 0)])
            .collect();
        let thinned = thinned(&steps, 5_000);
        assert!(thinned.len() <= 2 * MOST_STEPS + 2);
        assert_eq!(thinned.iter().map(|(_, seen)| *seen).max(), Some(9));
        assert_eq!(thinned.last(), Some(&(5_000, 0)));
    }

    #[test]
    fn a_pause_is_as_low_as_what_came_last_before_it() {
        let busy = (0..1_000).map(|n| (n, n as usize % 5));
        let again = (90_000..91_000).map(|n| (n, 3));
        let steps: Vec<(u64, usize)> = busy.chain([(1_000, 0)]).chain(again).collect();
        let thinned = thinned(&steps, 91_000);
        assert!(thinned.len() < steps.len() / 10);
        let before_pause = thinned.iter().rfind(|(time, _)| *time < 90_000);
        assert_eq!(before_pause, Some(&(1_000, 0)));
    }

    #[test]
    fn a_width_far_above_is_told_and_does_not_flatten_the_curve() {
        let near = flight(&two_that_overlap(), 4, Family::Threads, 15, "").into_string();
        assert!(near.contains("asked 4<"), "{near}");
        let far = flight(&two_that_overlap(), 1024, Family::Threads, 15, "").into_string();
        assert!(far.contains("asked 1024, far above"), "{far}");
    }
}
