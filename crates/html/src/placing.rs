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

    fn is_within(&self, other: &Self) -> bool {
        self.left >= other.left
            && self.top >= other.top
            && self.left + self.width <= other.left + other.width
            && self.top + self.height <= other.top + other.height
    }
}

/// How far from its point a label may lie, and at which angles it is tried there, in this order: beside
/// it first, since that reads best.
const DISTANCES_PX: [f64; 7] = [9.0, 16.0, 26.0, 38.0, 54.0, 74.0, 98.0];
const ANGLES_DEG: [f64; 12] =
    [0.0, 180.0, -35.0, 35.0, -145.0, 145.0, -90.0, 90.0, -65.0, 65.0, -115.0, 115.0];

/// Half the size of the square that a point keeps free of labels.
const POINT_PX: f64 = 6.0;

/// Places one label of each size beside its point, within `bounds` and off what is `taken`, in order:
/// the first have the choice. `None` for a label for which no place is free.
pub(crate) fn place(
    points: &[(f64, f64)],
    sizes: &[(f64, f64)],
    bounds: Area,
    taken: &[Area],
) -> Vec<Option<Area>> {
    let lines = taken.iter().copied();
    let mut taken: Vec<Area> = points
        .iter()
        .map(|(x, y)| Area {
            left: x - POINT_PX,
            top: y - POINT_PX,
            width: POINT_PX * 2.0,
            height: POINT_PX * 2.0,
        })
        .chain(lines)
        .collect();
    let own = |point: (f64, f64), size: (f64, f64), taken: &[Area]| {
        let mut places = candidates(point, size);
        places.find(|place| {
            place.is_within(&bounds) && !taken.iter().any(|other| other.overlaps(place))
        })
    };
    points
        .iter()
        .zip(sizes)
        .map(|(point, size)| {
            let place = own(*point, *size, &taken);
            taken.extend(place);
            place
        })
        .collect()
}

fn candidates((x, y): (f64, f64), (width, height): (f64, f64)) -> impl Iterator<Item = Area> {
    DISTANCES_PX.into_iter().flat_map(move |distance| {
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
        let placed: Vec<Area> = place(&points, &sizes, bounds, &[]).into_iter().flatten().collect();
        assert_eq!(placed.len(), points.len());
        for (index, one) in placed.iter().enumerate() {
            assert!(placed[index + 1..].iter().all(|other| !one.overlaps(other)));
        }
    }

    #[test]
    fn a_label_without_room_is_left_out() {
        let bounds = Area { left: 0.0, top: 0.0, width: 50.0, height: 50.0 };
        assert_eq!(place(&[(25.0, 25.0)], &[(70.0, 14.0)], bounds, &[]), [None]);
    }

    #[test]
    fn a_column_is_spread_within_its_ends_in_its_order() {
        assert_eq!(spread(&[50.0, 10.0, 11.0], 10.0, 0.0, 100.0), [50.0, 10.0, 20.0]);
        assert_eq!(spread(&[99.0, 100.0], 10.0, 0.0, 100.0), [90.0, 100.0]);
    }
}
