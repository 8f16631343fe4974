//! One layer of land: an outline against what lies behind it, and a surface below.

use crate::noise::{eroded, fractal, noise, octaves_until_pixels, random, smoothstep};
use crate::palette::{Palette, Rgb};
use crate::photo::Photo;

/// A layer of land. All lengths are in image heights, y points down.
pub(crate) struct Ridge {
    /// Where the layer begins, for each column of pixels.
    skyline: Vec<f32>,
    /// Columns per image height.
    columns_per_unit: f32,
    terrain: Terrain,
    /// Share of the horizon's colour that the air in between adds, 0 to 1.
    haze: f32,
    seed: u32,
    octaves: u32,
}

/// What a layer is made of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Terrain {
    Rock,
    Forest,
    Meadow,
}

/// The mean position of a layer's outline and how far it moves about it, in image heights.
#[derive(Clone, Copy)]
pub(crate) struct Outline {
    pub(crate) base: f32,
    pub(crate) relief: f32,
}

/// The size of the terrain's coarsest features: waves per image height.
const ROCK_FREQUENCY: f32 = 5.0;
/// Blades of grass across the image's height where the meadow is one height away.
const BLADES: f32 = 110.0;
/// The width of a tree.
const TREE: f32 = 0.011;
/// How far below a row of trees the next one stands.
const TREE_ROW: f32 = 1.3 * TREE;

impl Ridge {
    pub(crate) fn new(
        photo: &Photo,
        seed: u32,
        terrain: Terrain,
        outline: Outline,
        haze: f32,
    ) -> Self {
        let columns_per_unit = f32::from(photo.height);
        let octaves = octaves_until_pixels(ROCK_FREQUENCY, photo.height);
        let skyline = (0..photo.width)
            .map(|column| {
                let x = (f32::from(column) + 0.5) / columns_per_unit;
                let ground = outline.base - outline.relief * rise(seed, terrain, x, octaves);
                if terrain == Terrain::Forest { ground - trees(seed, x) } else { ground }
            })
            .collect();
        Self { skyline, columns_per_unit, terrain, haze, seed, octaves }
    }

    /// How far below the layer's outline a point lies; negative above it.
    pub(crate) fn depth(&self, x: f32, y: f32) -> f32 {
        // The cast saturates, so that a point left of the picture takes the first column.
        let column = (x * self.columns_per_unit) as usize;
        y - self.skyline[column.min(self.skyline.len() - 1)]
    }

    /// The colour of the surface at a point, seen through the air; `light` is the sun's side, -1 or 1.
    pub(crate) fn colour(&self, palette: &Palette, x: f32, y: f32, light: f32) -> Rgb {
        let depth = self.depth(x, y);
        let surface = match self.terrain {
            Terrain::Rock => self.rock(palette, x, y, light),
            Terrain::Forest => self.forest(palette, x, depth),
            Terrain::Meadow => self.meadow(palette, x, y, light),
        };
        // Mist gathers in the valleys, so a layer pales towards its foot.
        let mist = if self.terrain == Terrain::Meadow { 0.0 } else { smoothstep(0.0, 0.3, depth) };
        surface.mix(palette.horizon, self.haze + (0.85 - self.haze) * 0.7 * mist * self.haze.sqrt())
    }

    fn rock(&self, palette: &Palette, x: f32, y: f32, light: f32) -> Rgb {
        let ground = eroded(self.seed, x * ROCK_FREQUENCY, y * ROCK_FREQUENCY * 0.8, self.octaves);
        let [dx, dy] = ground.slope;
        let steepness = (1.0 + dx * dx + dy * dy).sqrt();
        let lit = (0.5 + (0.58 * dx * light - 0.32 * dy) / steepness).clamp(0.0, 1.0);
        let bare = palette.rock.scale(0.3 + 1.2 * lit);
        let snow = Rgb([0.50, 0.60, 0.78]).mix(Rgb([1.0, 0.99, 0.97]), lit);
        let below_line = y - palette.snow_line - 0.25 * (ground.value - 0.35);
        bare.mix(snow, smoothstep(0.015, -0.015, below_line) * smoothstep(2.6, 1.7, steepness))
    }

    /// Rows of trees behind one another down the slope; the nearest that covers the point is seen.
    fn forest(&self, palette: &Palette, x: f32, depth: f32) -> Rgb {
        let below_ground = depth - trees(self.seed, x);
        // No tree stands more than four widths above its own row's ground.
        let nearest = ((below_ground + 4.0 * TREE) / TREE_ROW) as i32;
        let (row, below_outline) = (1..=nearest)
            .rev()
            .map(|row| {
                let outline = row as f32 * TREE_ROW - trees(self.row_seed(row), x);
                (row, below_ground - outline)
            })
            .find(|(_, below_outline)| *below_outline >= 0.0)
            .unwrap_or((0, depth));
        let (u, v) = (x / TREE, depth / TREE);
        let needles = fractal(self.row_seed(row), u * 3.0, v * 4.0, self.octaves.min(4)) - 0.5;
        let stand = noise(self.seed ^ 0x51, u * 0.11, row as f32 * 0.6).value;
        let shade = smoothstep(1.8 * TREE, 0.0, below_outline);
        palette.forest.scale(0.35 + 0.6 * shade + 0.7 * stand + (0.3 + 0.7 * shade) * needles)
    }

    fn meadow(&self, palette: &Palette, x: f32, y: f32, light: f32) -> Rgb {
        // A plane seen from above: far rows are pressed together.
        let near = (y - 0.62).max(0.02);
        let (u, v) = ((x - 0.7) * 0.9 / near, 0.55 / near);
        let octaves = octaves_until_pixels(1.5 * 0.9 / near, self.rows());
        let ground = eroded(self.seed, u * 1.5, v * 3.0, octaves);
        // Where a blade of grass is finer than a pixel, it must fade or it turns into noise.
        let pixels_per_blade = self.columns_per_unit * near / (0.9 * BLADES);
        let sharp = smoothstep(1.0, 3.0, pixels_per_blade);
        let blades = sharp * (noise(self.seed ^ 0x2f, u * BLADES, v * 26.0).value - 0.5);
        let patches = fractal(self.seed ^ 0x77, u * 0.8, v * 2.0, 4);
        let lit = 0.5 + 0.25 * (ground.slope[0] * light).clamp(-2.0, 2.0);
        palette
            .ground
            .mix(palette.ground_light, 0.15 + 0.9 * (patches - 0.3) + 0.2 * blades)
            .scale(0.78 + 0.34 * lit + 0.12 * blades)
    }

    fn row_seed(&self, row: i32) -> u32 {
        self.seed ^ row.cast_unsigned().wrapping_mul(0x27d4_eb2f)
    }

    fn rows(&self) -> u16 {
        // Built from a u16, so nothing is lost on the way back.
        self.columns_per_unit as u16
    }
}

/// Height of the outline at `x`, about 0 to 1.
fn rise(seed: u32, terrain: Terrain, x: f32, octaves: u32) -> f32 {
    let y = 0.37;
    match terrain {
        Terrain::Rock => {
            // Folding the noise at its middle makes peaks of its crossings.
            let folded = (2.0 * fractal(seed, x * 2.3, y, octaves) - 1.0).abs();
            let broad = fractal(seed ^ 0x13, x * 1.1, y, 2);
            0.25 + 0.9 * broad - 0.9 * folded + 0.12 * fractal(seed ^ 0x31, x * 23.0, y, octaves)
        }
        Terrain::Forest => fractal(seed, x * 1.9, y, 4),
        Terrain::Meadow => fractal(seed, x * 1.3, y, 3),
    }
}

/// How far the tallest tree at `x` stands above its ground: conifers, one to a cell of [`TREE`] width.
fn trees(seed: u32, x: f32) -> f32 {
    let place = x / TREE;
    let cell = place as i32;
    let tallest = (cell - 1..=cell + 1)
        .map(|tree| {
            let middle = tree as f32 + 0.2 + 0.6 * random(seed, tree, 1);
            let height = 1.1 + 2.2 * random(seed, tree, 2);
            let half_width = 0.55 + 0.25 * random(seed, tree, 3);
            let flank = 1.0 - (place - middle).abs() / half_width;
            // Whorls of branches give the flank its steps.
            let whorl = 0.08 * random(seed, (place * 9.0) as i32, 4);
            height * (flank + whorl).min(1.0)
        })
        .fold(0.0, f32::max);
    tallest * TREE
}
