//! The landscape: sky, layers of land, and water that mirrors both.

use crate::noise::{fractal, noise, octaves_until_pixels, random, smoothstep, stream};
use crate::palette::{Palette, Rgb};
use crate::photo::Photo;
use crate::ridge::{Outline, Ridge, Terrain};

/// A view, ready to be asked for the colour of any point.
pub(crate) struct Scene {
    palette: Palette,
    /// From the farthest to the nearest.
    ridges: Vec<Ridge>,
    seed: u32,
    /// The sun's place, in image heights.
    sun: [f32; 2],
    /// The side that the light comes from: -1 or 1.
    light: f32,
    /// The height of one pixel, in image heights.
    pixel: f32,
    cloud_octaves: u32,
    ripple_octaves: u32,
}

/// Where the sky meets the land, and where the land meets the lake, in image heights.
const HORIZON: f32 = 0.56;
const SHORE: f32 = 0.70;

impl Scene {
    pub(crate) fn new(photo: &Photo, seed: u64) -> Self {
        let palette = photo.mood.palette();
        let seed = stream(seed, photo.name);
        let aspect = f32::from(photo.width) / f32::from(photo.height);
        let sun_x = aspect * (0.2 + 0.6 * random(seed, 0, 0));
        Self {
            ridges: ridges(photo, seed, palette.lake),
            sun: [sun_x, palette.sun_y],
            light: if sun_x * 2.0 < aspect { -1.0 } else { 1.0 },
            pixel: 1.0 / f32::from(photo.height),
            cloud_octaves: octaves_until_pixels(4.0, photo.height),
            ripple_octaves: octaves_until_pixels(30.0, photo.height),
            seed,
            palette,
        }
    }

    /// The colour at a point; x and y in image heights from the upper left corner.
    pub(crate) fn colour(&self, x: f32, y: f32) -> Rgb {
        if self.palette.lake && y > SHORE {
            self.water(x, y)
        } else {
            self.view(&self.ridges, x, y)
        }
    }

    /// What is seen past the given layers: the nearest one that covers the point, or the sky.
    fn view(&self, ridges: &[Ridge], x: f32, y: f32) -> Rgb {
        let Some((nearest, behind)) = ridges.split_last() else {
            return self.sky(x, y);
        };
        // A pixel on the outline shows some of both sides.
        let cover = nearest.depth(x, y) / self.pixel + 0.5;
        if cover <= 0.0 {
            return self.view(behind, x, y);
        }
        let surface = nearest.colour(&self.palette, x, y, self.light);
        if cover >= 1.0 { surface } else { self.view(behind, x, y).mix(surface, cover) }
    }

    fn sky(&self, x: f32, y: f32) -> Rgb {
        let sky = &self.palette;
        let fall = (y / HORIZON).clamp(0.0, 1.0);
        let air = sky.zenith.mix(sky.horizon, fall * (0.4 + 0.6 * fall));
        let [dx, dy] = [x - self.sun[0], y - self.sun[1]];
        let distance_squared = dx * dx + dy * dy;
        let glow = 0.03 / (0.03 + distance_squared);
        let disc = smoothstep(0.0011, 0.0006, distance_squared);
        let clouds = self.clouds(x, y);
        let lit = sky.cloud.mix(sky.sun, 0.6 * glow);
        let shaded = lit.mix(sky.zenith, 0.35);
        air.mix(sky.sun, (0.75 * glow).max(disc))
            .mix(shaded.mix(lit, clouds.light), 0.92 * clouds.cover)
    }

    /// Clouds on a plane overhead, which recedes towards the horizon.
    fn clouds(&self, x: f32, y: f32) -> Clouds {
        let far = 0.5 / (HORIZON + 0.12 - y).max(0.05);
        let (u, v) = ((x - 0.7) * far * 2.0, far * 4.0);
        let thickness = fractal(self.seed ^ 0xc1, u, v, self.cloud_octaves);
        let free = self.palette.clear;
        Clouds {
            cover: smoothstep(free, free + 0.16, thickness) * smoothstep(7.0, 1.2, far),
            light: smoothstep(free + 0.34, free + 0.08, thickness),
        }
    }

    /// The land and the sky upside down, moved about by ripples that grow towards the viewer.
    fn water(&self, x: f32, y: f32) -> Rgb {
        let near = (y - SHORE) / (1.0 - SHORE);
        let (u, v) = ((x - 0.7) * 3.0 / (0.08 + near), 9.0 / (0.08 + near));
        let swell = fractal(self.seed ^ 0xa7, u, v * 3.0, self.ripple_octaves.min(5)) - 0.5;
        let ripple = noise(self.seed ^ 0xb3, u * 6.0, v * 14.0).slope[1];
        let sway = swell * (0.03 + 0.10 * near) + ripple * (0.002 + 0.004 * near);
        let mirrored = SHORE - (y - SHORE) * 1.3 + sway;
        let image = self.view(&self.ridges, x + 0.08 * sway, mirrored.min(SHORE));
        let clear = image.mix(self.palette.ground, 0.22 + 0.35 * near);
        clear.mix(self.palette.ground_light, 0.10 * smoothstep(0.4, 1.4, ripple))
    }
}

/// How much of the sky a cloud hides at a point and how bright it is there, both 0 to 1.
struct Clouds {
    cover: f32,
    light: f32,
}

/// Three chains of mountains, three of forest, and a meadow where there is no lake.
fn ridges(photo: &Photo, seed: u32, lake: bool) -> Vec<Ridge> {
    let layer = |number: u32, terrain, base, relief, haze| {
        let seed = seed.wrapping_add(number.wrapping_mul(0x0100_0193));
        Ridge::new(photo, seed, terrain, Outline { base, relief }, haze)
    };
    let mut ridges = vec![
        layer(1, Terrain::Rock, 0.50, 0.22, 0.62),
        layer(2, Terrain::Rock, 0.56, 0.25, 0.40),
        layer(3, Terrain::Rock, 0.61, 0.15, 0.26),
        layer(4, Terrain::Forest, 0.66, 0.14, 0.34),
        layer(5, Terrain::Forest, 0.69, 0.11, 0.17),
        layer(6, Terrain::Forest, 0.72, 0.07, 0.03),
    ];
    if !lake {
        ridges.push(layer(7, Terrain::Meadow, 0.76, 0.07, 0.02));
    }
    ridges
}
