//! Scales from values to coordinates, and round ticks on them.

/// A logarithmic or linear scale.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scale {
    is_log: bool,
    low: f64,
    high: f64,
    from_px: f64,
    to_px: f64,
}

/// Nothing that is measured here is smaller, in seconds, bytes or items.
const SMALLEST: f64 = 1e-9;

/// The steps of a decade that are still told apart at one look, about equally far from each other.
const FINE: [f64; 6] = [1.0, 1.5, 2.0, 3.0, 5.0, 7.0];

impl Scale {
    /// A logarithmic scale over `values`, its ends rounded outwards to one of [`FINE`] times a power of ten.
    /// Values that are not positive are shown at its lower end.
    pub(crate) fn log(values: impl Iterator<Item = f64>, from_px: f64, to_px: f64) -> Self {
        let (mut low, mut high) = bounds(values.filter(|value| *value >= SMALLEST));
        if low > high {
            (low, high) = (1.0, 10.0);
        }
        let (low, high) = (round_down(low), round_up(high));
        let high = if high > low { high } else { low * 10.0 };
        Self { is_log: true, low, high, from_px, to_px }
    }

    /// A linear scale from 0 to `high`.
    pub(crate) fn linear(high: f64, from_px: f64, to_px: f64) -> Self {
        let high = if high.is_finite() && high > 0.0 { high } else { 1.0 };
        Self { is_log: false, low: 0.0, high, from_px, to_px }
    }

    /// The coordinate of a value; values beyond the ends are shown at them.
    pub(crate) fn at(&self, value: f64) -> f64 {
        let value = if value.is_finite() { value.clamp(self.low, self.high) } else { self.high };
        let share = match self.is_log {
            true => (value / self.low).ln() / (self.high / self.low).ln(),
            false => (value - self.low) / (self.high - self.low),
        };
        self.from_px + share * (self.to_px - self.from_px)
    }

    /// Whether a value lies between the ends.
    pub(crate) fn holds(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }

    /// Round values on the scale, at most `most` and never none.
    pub(crate) fn ticks(&self, most: usize) -> Vec<f64> {
        match self.is_log {
            true => self.log_ticks(most),
            false => self.linear_ticks(most),
        }
    }

    fn log_ticks(&self, most: usize) -> Vec<f64> {
        let (from, to) = (self.low.log10().floor() as i32, self.high.log10().ceil() as i32);
        let every = |digits: &[f64], step: i32| -> Vec<f64> {
            let powers = (from..=to).filter(|power| power.rem_euclid(step) == 0);
            let ticks = powers.flat_map(|power| digits.iter().map(move |d| d * 10f64.powi(power)));
            let slack = 1e-9;
            ticks
                .filter(|t| *t >= self.low * (1.0 - slack) && *t <= self.high * (1.0 + slack))
                .collect()
        };
        let mut choices =
            [every(&FINE, 1), every(&[1.0, 2.0, 5.0], 1), every(&[1.0], 1)].into_iter();
        let fine = choices.find(|ticks| ticks.len() <= most && ticks.len() >= 2);
        let coarse = || (2..=to - from + 2).map(|step| every(&[1.0], step));
        let fits = |ticks: &Vec<f64>| ticks.len() <= most.max(1) && !ticks.is_empty();
        fine.or_else(|| coarse().find(fits)).unwrap_or_else(|| vec![self.low])
    }

    fn linear_ticks(&self, most: usize) -> Vec<f64> {
        let raw = self.high / most.max(1) as f64;
        let step = round_step(raw);
        (0..=most).map(|tick| tick as f64 * step).filter(|t| *t <= self.high * 1.000_001).collect()
    }
}

fn bounds(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let finite = values.filter(|value| value.is_finite());
    finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
        (low.min(value), high.max(value))
    })
}

/// The largest of [`FINE`] times a power of ten that is not above `value`.
fn round_down(value: f64) -> f64 {
    let power = 10f64.powf(value.log10().floor());
    let fits = |digit: &&f64| **digit * power <= value * 1.000_001;
    FINE.iter().rev().find(fits).map_or(power, |digit| digit * power)
}

/// The smallest of [`FINE`] times a power of ten that is not below `value`.
fn round_up(value: f64) -> f64 {
    smallest_above(value, &FINE)
}

/// The smallest of 1, 2 and 5 times a power of ten that is not below `value`: steps that are counted in.
fn round_step(value: f64) -> f64 {
    smallest_above(value, &[1.0, 2.0, 5.0])
}

fn smallest_above(value: f64, digits: &[f64]) -> f64 {
    let power = 10f64.powf(value.log10().floor());
    let fits = |digit: &&f64| **digit * power >= value * 0.999_999;
    digits.iter().find(fits).map_or(power * 10.0, |digit| digit * power)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_round_and_values_lie_between_them() {
        let scale = Scale::log([0.066, 2.2].into_iter(), 0.0, 100.0);
        assert_eq!((scale.low, scale.high), (0.05, 3.0));
        assert_eq!((scale.at(0.05), scale.at(3.0)), (0.0, 100.0));
        assert!((scale.at(0.15_f64.sqrt()) - 50.0).abs() < 1e-9);
    }

    #[test]
    fn ticks_are_round_and_few() {
        let wide = Scale::log([1e-6, 100.0].into_iter(), 0.0, 1.0);
        assert_eq!(wide.ticks(5).len(), 5);
        let near = Scale::log([0.066, 2.2].into_iter(), 0.0, 1.0);
        let rounded: Vec<String> = near.ticks(8).iter().map(|t| format!("{t:.2}")).collect();
        assert_eq!(rounded, ["0.05", "0.10", "0.20", "0.50", "1.00", "2.00"]);
        let close = Scale::log([0.41, 0.82].into_iter(), 0.0, 1.0);
        let rounded: Vec<String> = close.ticks(8).iter().map(|t| format!("{t:.1}")).collect();
        assert_eq!(rounded, ["0.3", "0.5", "0.7", "1.0"]);
        assert_eq!(Scale::linear(2.2, 0.0, 1.0).ticks(5), [0.0, 0.5, 1.0, 1.5, 2.0]);
    }

    #[test]
    fn odd_values_have_a_place() {
        for values in [vec![], vec![0.0], vec![1.0], vec![f64::NAN, -1.0], vec![1.8e10]] {
            let scale = Scale::log(values.iter().copied(), 0.0, 100.0);
            assert!(!scale.ticks(4).is_empty(), "{values:?}");
            for value in values {
                assert!((0.0..=100.0).contains(&scale.at(value)), "{value}");
            }
        }
    }
}
