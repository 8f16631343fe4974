//! Where labels go so that they hide neither each other nor the points.

/// A rectangle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Area {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

impl Area {
    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        self.left < other.left + other.width
            && other.left < self.left + self.width
            && self.top < other.top + other.height
            && other.top < self.top + self.height
    }

    fn holds(&self, (x, y): (f64, f64)) -> bool {
        (self.left..=self.left + self.width).contains(&x)
            && (self.top..=self.top + self.height).contains(&y)
    }

    fn is_within(&self, other: &Self) -> bool {
        self.left >= other.left
            && self.top >= other.top
            && self.left + self.width <= other.left + other.width
            && self.top + self.height <= other.top + other.height
    }
}

/// How far from its point a label may lie, and at which angles it is tried there, in this order: beside
/// it first, since that reads best.
const DISTANCES_PX: [f64; 9] = [9.0, 16.0, 26.0, 38.0, 54.0, 74.0, 98.0, 122.0, 146.0];
const ANGLES_DEG: [f64; 20] = [
    0.0, 180.0, -35.0, 35.0, -145.0, 145.0, -90.0, 90.0, -65.0, 65.0, -115.0, 115.0, -18.0, 18.0,
    -162.0, 162.0, -50.0, 50.0, -130.0, 130.0,
];

/// No label is farther from its point than this part of the width: in a small picture it would be taken for
/// that of another point.
const FARTHEST: f64 = 0.16;

/// A label farther than this from its point has a line that leads to it.
const LEADER_PX: f64 = 12.0;

/// Half the size of the square that a point keeps free of labels.
const POINT_PX: f64 = 6.0;

/// Places one label of each size beside its point, within `bounds` and off what is `taken`, in order: the
/// first have the choice. No line that leads to a label crosses another label or such line, unless a label
/// has no place otherwise and `may_cross`. `None` for a label for which no place is free.
pub(crate) fn place(
    points: &[(f64, f64)],
    sizes: &[(f64, f64)],
    bounds: Area,
    taken: &[Area],
    may_cross: bool,
) -> Vec<Option<Area>> {
    let of_point = |(x, y): &(f64, f64)| Area {
        left: x - POINT_PX,
        top: y - POINT_PX,
        width: POINT_PX * 2.0,
        height: POINT_PX * 2.0,
    };
    let taken = points.iter().map(of_point).chain(taken.iter().copied()).collect();
    let mut ground = Ground { bounds, taken, leaders: Vec::new() };
    let mut placed: Vec<Option<Area>> = vec![None; points.len()];
    for crosses in if may_cross { &[false, true][..] } else { &[false] } {
        for (place, (point, size)) in placed.iter_mut().zip(points.iter().zip(sizes)) {
            *place = place.or_else(|| ground.settle(*point, *size, *crosses));
        }
    }
    placed
}

/// What is taken so far.
struct Ground {
    bounds: Area,
    taken: Vec<Area>,
    leaders: Vec<Segment>,
}

impl Ground {
    /// Takes the best place that is free.
    fn settle(&mut self, point: (f64, f64), size: (f64, f64), may_cross: bool) -> Option<Area> {
        let mut near = candidates(point, size, self.bounds.width * FARTHEST);
        let place = near.find(|place| {
            place.is_within(&self.bounds)
                && !self.taken.iter().any(|other| other.overlaps(place))
                && (may_cross || self.is_clear(point, place))
        })?;
        self.taken.push(place);
        self.leaders.extend(leader(point, &place));
        Some(place)
    }

    /// Whether neither the label nor the line to it crosses what was placed before.
    fn is_clear(&self, point: (f64, f64), place: &Area) -> bool {
        let own = leader(point, place);
        let is_own = |area: &Area| area.holds(point);
        !self.leaders.iter().any(|other| crosses_area(*other, place))
            && own.is_none_or(|own| {
                !self.leaders.iter().any(|other| crosses(own, *other))
                    && !self.taken.iter().any(|area| !is_own(area) && crosses_area(own, area))
            })
    }
}

/// From a point to another one.
pub(crate) type Segment = ((f64, f64), (f64, f64));

/// The line that leads from a point to its label, if that is so far off that it needs one.
pub(crate) fn leader((x, y): (f64, f64), label: &Area) -> Option<Segment> {
    let nearest = (
        x.clamp(label.left, label.left + label.width),
        y.clamp(label.top, label.top + label.height),
    );
    ((nearest.0 - x).hypot(nearest.1 - y) > LEADER_PX).then_some(((x, y), nearest))
}

/// Whether two segments have a point in common that is no mere touch of their ends.
fn crosses((a, b): Segment, (c, d): Segment) -> bool {
    let side = |p: (f64, f64), q: (f64, f64), r: (f64, f64)| {
        (q.0 - p.0) * (r.1 - p.1) - (q.1 - p.1) * (r.0 - p.0)
    };
    side(a, b, c) * side(a, b, d) < 0.0 && side(c, d, a) * side(c, d, b) < 0.0
}

/// Whether a segment goes through an area: through one of its diagonals.
fn crosses_area(segment: Segment, area: &Area) -> bool {
    let (right, bottom) = (area.left + area.width, area.top + area.height);
    crosses(segment, ((area.left, area.top), (right, bottom)))
        || crosses(segment, ((area.left, bottom), (right, area.top)))
}

fn candidates(
    (x, y): (f64, f64),
    (width, height): (f64, f64),
    farthest_px: f64,
) -> impl Iterator<Item = Area> {
    let distances = DISTANCES_PX.into_iter().filter(move |distance| *distance <= farthest_px);
    distances.flat_map(move |distance| {
        ANGLES_DEG.into_iter().map(move |angle| {
            let (sin, cos) = angle.to_radians().sin_cos();
            // The near edge of the label lies at the distance, whichever side it is on.
            let left = x + cos * distance + width * (cos - 1.0) / 2.0;
            let top = y + sin * distance + height * (sin - 1.0) / 2.0;
            Area { left, top, width, height }
        })
    })
}

/// Moves the middles of labels in a column apart until they are `least` apart, and keeps them between
/// `low` and `high` where there is room. The order stays.
pub(crate) fn spread(middles: &[f64], least: f64, low: f64, high: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..middles.len()).collect();
    order.sort_by(|a, b| middles[*a].total_cmp(&middles[*b]));
    let mut placed: Vec<f64> = order.iter().map(|index| middles[*index]).collect();
    for index in 0..placed.len() {
        let floor = if index == 0 { low } else { placed[index - 1] + least };
        placed[index] = placed[index].max(floor);
    }
    for index in (0..placed.len()).rev() {
        let ceiling = if index + 1 == placed.len() { high } else { placed[index + 1] - least };
        placed[index] = placed[index].min(ceiling);
    }
    let mut result = vec![0.0; middles.len()];
    for (position, index) in order.into_iter().enumerate() {
        result[index] = placed[position];
    }
    result
}

/// How wide a text is about, in pixels: fonts differ, so this is generous.
pub(crate) fn text_px(text: &str, font_px: f64) -> f64 {
    let em = |character: char| match character {
        'i' | 'l' | 'j' | 't' | 'f' | 'r' | '.' | ',' | ' ' | '(' | ')' | '|' | '\'' => 0.42,
        'm' | 'w' | 'M' | 'W' => 0.98,
        'A'..='Z' => 0.74,
        '\u{0}'..='\u{10ff}' => 0.63,
        _ => 1.05,
    };
    text.chars().map(em).sum::<f64>() * font_px
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_points_in_a_heap_do_not_overlap() {
        let points: Vec<(f64, f64)> = (0..12)
            .map(|n| (200.0 + f64::from(n % 4) * 9.0, 200.0 + f64::from(n / 4) * 8.0))
            .collect();
        let sizes = vec![(70.0, 14.0); points.len()];
        let bounds = Area { left: 0.0, top: 0.0, width: 500.0, height: 400.0 };
        let placed: Vec<Area> =
            place(&points, &sizes, bounds, &[], true).into_iter().flatten().collect();
        assert_eq!(placed.len(), points.len());
        for (index, one) in placed.iter().enumerate() {
            assert!(placed[index + 1..].iter().all(|other| !one.overlaps(other)));
        }
    }

    #[test]
    fn lines_to_labels_cross_neither_each_other_nor_other_labels() {
        // On a phone: six rows on a spot, with long names.
        let points: Vec<(f64, f64)> =
            (0..6).map(|n| (90.0 + f64::from(n % 2) * 6.0, 180.0 + f64::from(n) * 4.0)).collect();
        let sizes = vec![(110.0, 14.0); points.len()];
        let bounds = Area { left: 60.0, top: 0.0, width: 290.0, height: 400.0 };
        let placed = place(&points, &sizes, bounds, &[], false);
        let labels: Vec<(usize, Area)> =
            placed.iter().enumerate().filter_map(|(n, label)| Some((n, (*label)?))).collect();
        let leaders: Vec<(usize, Segment)> =
            labels.iter().filter_map(|(n, label)| Some((*n, leader(points[*n], label)?))).collect();
        assert!(labels.len() >= 4 && leaders.len() >= 2, "{placed:?}");
        for (own, line) in &leaders {
            assert!(!leaders.iter().any(|(n, other)| n != own && crosses(*line, *other)));
            assert!(!labels.iter().any(|(n, label)| n != own && crosses_area(*line, label)));
        }
    }

    #[test]
    fn a_crossing_is_seen_and_a_touch_is_none() {
        let level = ((0.0, 5.0), (10.0, 5.0));
        assert!(crosses(level, ((5.0, 0.0), (5.0, 10.0))));
        assert!(!crosses(level, ((5.0, 5.0), (5.0, 10.0))));
        assert!(!crosses(level, ((20.0, 0.0), (20.0, 10.0))));
        let area = Area { left: 4.0, top: 4.0, width: 2.0, height: 2.0 };
        assert!(crosses_area(level, &area));
        assert!(!crosses_area(((0.0, 8.0), (10.0, 8.0)), &area));
    }

    #[test]
    fn a_label_without_room_is_left_out() {
        let bounds = Area { left: 0.0, top: 0.0, width: 50.0, height: 50.0 };
        assert_eq!(place(&[(25.0, 25.0)], &[(70.0, 14.0)], bounds, &[], true), [None]);
    }

    #[test]
    fn a_column_is_spread_within_its_ends_in_its_order() {
        assert_eq!(spread(&[50.0, 10.0, 11.0], 10.0, 0.0, 100.0), [50.0, 10.0, 20.0]);
        assert_eq!(spread(&[99.0, 100.0], 10.0, 0.0, 100.0), [90.0, 100.0]);
    }
}
