//! Repeatable randomness: a mixer of integers, and smooth noise built on it.
//!
//! Everything is a pure function of its arguments, so that a pixel never depends on the order in which
//! pixels are made.

/// Value and slope of a noise field at one point.
#[derive(Clone, Copy)]
pub(crate) struct Sample {
    /// About 0 to 1.
    pub(crate) value: f32,
    /// Change of the value per unit of x and of y.
    pub(crate) slope: [f32; 2],
}

/// Value noise: random values at whole coordinates, joined by quintic curves.
///
/// The slope is the exact derivative, which lights a surface for the price of one sample. Source: Inigo
/// Quilez, "value noise derivatives", <https://iquilezles.org/articles/morenoise/>.
pub(crate) fn noise(seed: u32, x: f32, y: f32) -> Sample {
    let (column, u) = split(x);
    let (row, v) = split(y);
    let at = |dx: i32, dy: i32| unit(lattice(seed, column.wrapping_add(dx), row.wrapping_add(dy)));
    let (a, b, c, d) = (at(0, 0), at(1, 0), at(0, 1), at(1, 1));
    let (right, down, twist) = (b - a, c - a, a - b - c + d);
    let (fu, fv) = (quintic(u), quintic(v));
    Sample {
        value: a + right * fu + down * fv + twist * fu * fv,
        slope: [quintic_slope(u) * (right + twist * fv), quintic_slope(v) * (down + twist * fu)],
    }
}

/// Octaves of noise, each of half the strength and half the wavelength of the one before; 0 to 1.
pub(crate) fn fractal(seed: u32, x: f32, y: f32, octaves: u32) -> f32 {
    let (mut x, mut y) = (x, y);
    let (mut sum, mut weight, mut total) = (0.0, 1.0, 0.0);
    for octave in 0..octaves {
        sum += weight * noise(seed.wrapping_add(octave), x, y).value;
        total += weight;
        weight *= 0.5;
        (x, y) = turned_double(x, y);
    }
    sum / total
}

/// Octaves of noise that fade where the ground is already steep, which looks like eroded rock.
///
/// Source: Inigo Quilez, "terrain with derivatives", the same article as [`noise`].
pub(crate) fn eroded(seed: u32, x: f32, y: f32, octaves: u32) -> Sample {
    let (mut x, mut y) = (x, y);
    let (mut value, mut weight, mut slope_weight) = (0.0, 0.5, 1.0);
    let mut slope = [0.0, 0.0];
    for octave in 0..octaves {
        let sample = noise(seed.wrapping_add(octave), x, y);
        slope =
            [slope[0] + slope_weight * sample.slope[0], slope[1] + slope_weight * sample.slope[1]];
        value += weight * sample.value / (1.0 + slope[0] * slope[0] + slope[1] * slope[1]);
        weight *= 0.5;
        // In a true sum of octaves all slopes weigh alike; here fine ones weigh less, or pebbles would
        // outshine the mountain.
        slope_weight *= 0.8;
        (x, y) = turned_double(x, y);
    }
    Sample { value, slope }
}

/// How many doublings of `frequency` (waves per image height) stay coarser than about three pixels.
pub(crate) fn octaves_until_pixels(frequency: f32, height: u16) -> u32 {
    let ratio = f32::from(height) / (3.0 * frequency);
    // Truncation towards zero is meant: an octave that is half visible would be aliased.
    (ratio as u32).max(1).ilog2() + 1
}

/// A repeatable random number from 0 to 1 for a whole coordinate.
pub(crate) fn random(seed: u32, x: i32, y: i32) -> f32 {
    unit(lattice(seed, x, y))
}

/// The seed of one stream of randomness: the user's seed, told apart by a label.
///
/// FNV-1a over the label (<http://www.isthe.com/chongo/tech/comp/fnv/>), finished by `SplitMix64`
/// (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014).
pub(crate) fn stream(seed: u64, label: &str) -> u32 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64 ^ seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    for byte in label.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (hash >> 32) as u32
}

/// 0 below `low`, 1 above `high`, a soft cubic step between.
pub(crate) fn smoothstep(low: f32, high: f32, value: f32) -> f32 {
    let t = ((value - low) / (high - low)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// Mixes a seed and a lattice point. The finaliser is `lowbias32` by Chris Wellons,
/// <https://nullprogram.com/blog/2018/07/31/>.
fn lattice(seed: u32, x: i32, y: i32) -> u32 {
    let mut h = seed.wrapping_mul(0x9e37_79b9);
    h ^= x.cast_unsigned().wrapping_mul(0x85eb_ca6b);
    h ^= y.cast_unsigned().wrapping_mul(0xc2b2_ae35).rotate_left(15);
    h = (h ^ (h >> 16)).wrapping_mul(0x7feb_352d);
    h = (h ^ (h >> 15)).wrapping_mul(0x846c_a68b);
    h ^ (h >> 16)
}

/// The upper 24 bits as a number in [0, 1): all of them fit an f32 exactly.
fn unit(bits: u32) -> f32 {
    (bits >> 8) as f32 * (1.0 / 16_777_216.0)
}

/// Whole part (rounded down) and rest. `f32::floor` would be a library call on older instruction sets.
fn split(value: f32) -> (i32, f32) {
    let truncated = value as i32;
    let whole = truncated - i32::from(value < truncated as f32);
    (whole, value - whole as f32)
}

fn quintic(t: f32) -> f32 {
    t * t * t * (t * (t * 6.0 - 15.0) + 10.0)
}

fn quintic_slope(t: f32) -> f32 {
    30.0 * t * t * (t * (t - 2.0) + 1.0)
}

/// Doubles the frequency and turns the lattice, so that the octaves' grids do not line up.
fn turned_double(x: f32, y: f32) -> (f32, f32) {
    (1.6 * x - 1.2 * y, 1.2 * x + 1.6 * y)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slope_is_the_derivative_of_the_value() {
        let step = 1.0 / 256.0;
        for i in 0..50 {
            let (x, y) = (i as f32 * 0.37 - 9.0, 5.0 - i as f32 * 0.23);
            let here = noise(7, x, y);
            let dx = (noise(7, x + step, y).value - noise(7, x - step, y).value) / (2.0 * step);
            let dy = (noise(7, x, y + step).value - noise(7, x, y - step).value) / (2.0 * step);
            assert!((here.slope[0] - dx).abs() < 1e-2, "at {x}, {y}");
            assert!((here.slope[1] - dy).abs() < 1e-2, "at {x}, {y}");
        }
    }

    #[test]
    fn splitting_rounds_down_on_both_sides_of_zero() {
        assert_eq!(split(1.25), (1, 0.25));
        assert_eq!(split(-1.25), (-2, 0.75));
        assert_eq!(split(-2.0), (-2, 0.0));
    }

    #[test]
    fn streams_differ_by_seed_and_by_label() {
        assert_ne!(stream(1, "photo-1"), stream(2, "photo-1"));
        assert_ne!(stream(1, "photo-1"), stream(1, "photo-2"));
    }

    #[test]
    fn octaves_stop_at_three_pixels() {
        assert_eq!(octaves_until_pixels(1.0, 3), 1);
        assert_eq!(octaves_until_pixels(1.0, 600), 8);
        assert_eq!(octaves_until_pixels(4.0, 600), 6);
        assert_eq!(octaves_until_pixels(100.0, 1), 1);
    }
}
