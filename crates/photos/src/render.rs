//! From a photo to pixels, and from pixels to a JPEG.

use jpeg_encoder::{ChromaSubsamplingMethod, ColorType, Encoder, EncodingError, SamplingFactor};

use crate::noise::{random, stream};
use crate::photo::Photo;
use crate::scene::Scene;

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
/// The film grain's strength in the middle tones, as a share of full brightness.
const GRAIN: f32 = 0.017;

/// Paints a photo. The same photo and seed give the same pixels on every machine.
#[must_use]
pub fn render(photo: &Photo, seed: u64) -> Pixels {
    let scene = Scene::new(photo, seed);
    let grain_seed = stream(seed, "grain") ^ stream(seed, photo.name);
    let scale = 1.0 / f32::from(photo.height);
    let mut rgb = Vec::with_capacity(3 * photo.pixels());
    for row in 0..photo.height {
        let y = (f32::from(row) + 0.5) * scale;
        for column in 0..photo.width {
            let x = (f32::from(column) + 0.5) * scale;
            let grain = grain(grain_seed, i32::from(column), i32::from(row));
            rgb.extend(scene.colour(x, y).0.map(|channel| to_byte(channel, grain)));
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

/// Grain of a pixel, from -1 to 1 and mostly small: the sum of two even draws.
fn grain(seed: u32, column: i32, row: i32) -> f32 {
    random(seed, column, row) + random(!seed, column, row) - 1.0
}

/// Adds grain, which film shows least in its whites and blacks, and rounds to a byte.
fn to_byte(channel: f32, grain: f32) -> u8 {
    let channel = channel.clamp(0.0, 1.0);
    let strength = GRAIN * (0.35 + 2.6 * channel * (1.0 - channel));
    // The cast saturates at 0 and 255.
    ((channel + strength * grain) * 255.0 + 0.5) as u8
}
