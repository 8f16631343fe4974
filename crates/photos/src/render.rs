//! From a photo to pixels, and from pixels to a JPEG.

use jpeg_encoder::{ChromaSubsamplingMethod, ColorType, Encoder, EncodingError, SamplingFactor};
use twox_hash::XxHash3_64;

use crate::photo::Photo;

/// An image in memory: rows from top to bottom, three bytes (red, green, blue) a pixel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pixels {
    /// Pixels per row.
    pub width: u16,
    /// Rows.
    pub height: u16,
    /// `3 * width * height` bytes.
    pub rgb: Vec<u8>,
}

/// JPEG quality as libjpeg counts it.
const QUALITY: u8 = 85;

/// How strong shapes and colours are, as multiples of the grain. With a photo's contrast these give the
/// files their weight: near one bit per pixel at full size, a little more at a fifth of it.
const RELIEF: f32 = 80.0;
const COLOUR: f32 = 5.0;

/// Draws a photo. The same photo and seed give the same pixels on every machine.
#[must_use]
pub fn render(photo: &Photo, seed: u64) -> Pixels {
    // The truncation is meant: `random` takes 32 bits.
    let seed = XxHash3_64::oneshot_with_seed(seed, photo.name.as_bytes()) as u32;
    let [shapes, roughness, colours, grains] = [0, 1, 2, 3].map(|n| seed.wrapping_add(n << 8));
    // The finest waves are three pixels long at least; shorter ones would be aliased.
    let octaves = (photo.height / 3).max(1).ilog2();
    let contrast = f32::from(photo.contrast);
    let mut rgb = Vec::with_capacity(3 * photo.pixels());
    for row in 0..photo.height {
        for column in 0..photo.width {
            // In heights of the image, so that a scaled photo shows the same view.
            let [x, y] = [column, row].map(|at| f32::from(at) / f32::from(photo.height));
            let rough = 0.5 + fractal(roughness, x, y, 2);
            let relief = RELIEF * rough * fractal(shapes, x, y, octaves);
            let grain = random(grains, column.into(), row.into()) - 0.5;
            let light = 128.0 + contrast * (relief + grain);
            let warmth = contrast * COLOUR * fractal(colours, x, y, octaves.min(6));
            // The cast saturates at 0 and 255.
            rgb.extend([light + warmth, light, light - warmth].map(|channel| channel as u8));
        }
    }
    Pixels { width: photo.width, height: photo.height, rgb }
}

/// Encodes as a progressive JPEG with chroma at half resolution (4:2:0).
///
/// # Errors
///
/// If a side is zero, or there are fewer bytes than the size asks for.
pub fn encode(pixels: &Pixels) -> Result<Vec<u8>, EncodingError> {
    let mut jpeg = Vec::new();
    let mut encoder = Encoder::new(&mut jpeg, QUALITY);
    encoder.set_sampling_factor(SamplingFactor::R_4_2_0);
    encoder.set_chroma_subsampling_method(ChromaSubsamplingMethod::Average);
    encoder.set_progressive(true);
    encoder.set_optimized_huffman_tables(true);
    encoder.encode(&pixels.rgb, pixels.width, pixels.height, ColorType::Rgb)?;
    Ok(jpeg)
}

/// Octaves of value noise about 0, each of twice the frequency and 0.7 of the strength of the one before.
fn fractal(seed: u32, x: f32, y: f32, octaves: u32) -> f32 {
    let (mut frequency, mut strength, mut sum) = (2.0, 0.5, 0.0);
    for octave in 0..octaves {
        sum += strength * (noise(seed.wrapping_add(octave), frequency * x, frequency * y) - 0.5);
        frequency *= 2.0;
        strength *= 0.7;
    }
    sum
}

/// Value noise: random values from 0 to 1 at whole coordinates, joined by cubic curves.
fn noise(seed: u32, x: f32, y: f32) -> f32 {
    let (column, row) = (x as u32, y as u32);
    let ease = |t: f32| t * t * (3.0 - 2.0 * t);
    let (u, v) = (ease(x - column as f32), ease(y - row as f32));
    let mix = |a: f32, b: f32, share: f32| a + (b - a) * share;
    let along = |row| mix(random(seed, column, row), random(seed, column + 1, row), u);
    mix(along(row), along(row + 1), v)
}

/// A repeatable random number from 0 to 1 for a whole coordinate. The finaliser is `lowbias32` by Chris
/// Wellons, <https://nullprogram.com/blog/2018/07/31/>.
fn random(seed: u32, x: u32, y: u32) -> f32 {
    let mut h = seed.wrapping_mul(0x9e37_79b9);
    h ^= x.wrapping_mul(0x85eb_ca6b) ^ y.wrapping_mul(0xc2b2_ae35).rotate_left(15);
    h = (h ^ (h >> 16)).wrapping_mul(0x7feb_352d);
    h = (h ^ (h >> 15)).wrapping_mul(0x846c_a68b);
    // The upper 24 bits: all of them fit an f32 exactly.
    ((h ^ (h >> 16)) >> 8) as f32 / 16_777_216.0
}
