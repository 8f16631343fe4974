//! Colours, and which of them belong to a mood.

use crate::photo::Mood;

/// A colour as shown (not linear light): 0 is black, 1 is full.
#[derive(Clone, Copy)]
pub(crate) struct Rgb(pub(crate) [f32; 3]);

impl Rgb {
    pub(crate) fn map(self, change: impl Fn(f32) -> f32) -> Self {
        Self(self.0.map(change))
    }

    /// This colour at `share` 0, `other` at 1.
    pub(crate) fn mix(self, other: Self, share: f32) -> Self {
        let [r, g, b] = self.0;
        let [or, og, ob] = other.0;
        Self([r + (or - r) * share, g + (og - g) * share, b + (ob - b) * share])
    }

    pub(crate) fn scale(self, by: f32) -> Self {
        self.map(|channel| channel * by)
    }
}

/// What a mood paints with.
pub(crate) struct Palette {
    pub(crate) zenith: Rgb,
    pub(crate) horizon: Rgb,
    pub(crate) sun: Rgb,
    pub(crate) cloud: Rgb,
    /// Share of the sky that clouds leave free, 0 to 1.
    pub(crate) clear: f32,
    /// The sun's distance from the upper edge, in image heights.
    pub(crate) sun_y: f32,
    pub(crate) rock: Rgb,
    /// Down to where snow lies, in image heights from the upper edge.
    pub(crate) snow_line: f32,
    pub(crate) forest: Rgb,
    /// Meadow, snow field, or the lake's depth.
    pub(crate) ground: Rgb,
    /// The second colour of the ground.
    pub(crate) ground_light: Rgb,
    /// Whether the foreground is water.
    pub(crate) lake: bool,
}

impl Mood {
    pub(crate) fn palette(self) -> Palette {
        match self {
            Self::Dawn => DAWN,
            Self::Noon => NOON,
            Self::Dusk => DUSK,
            Self::Winter => WINTER,
        }
    }
}

const DAWN: Palette = Palette {
    zenith: Rgb([0.36, 0.52, 0.74]),
    horizon: Rgb([0.98, 0.84, 0.70]),
    sun: Rgb([1.0, 0.93, 0.74]),
    cloud: Rgb([0.99, 0.82, 0.76]),
    clear: 0.50,
    sun_y: 0.36,
    rock: Rgb([0.40, 0.38, 0.46]),
    snow_line: 0.42,
    forest: Rgb([0.11, 0.19, 0.19]),
    ground: Rgb([0.10, 0.20, 0.28]),
    ground_light: Rgb([0.95, 0.88, 0.80]),
    lake: true,
};

const NOON: Palette = Palette {
    zenith: Rgb([0.16, 0.38, 0.72]),
    horizon: Rgb([0.74, 0.85, 0.94]),
    sun: Rgb([1.0, 0.99, 0.94]),
    cloud: Rgb([0.97, 0.97, 0.98]),
    clear: 0.46,
    sun_y: -0.12,
    rock: Rgb([0.46, 0.44, 0.42]),
    snow_line: 0.40,
    forest: Rgb([0.13, 0.25, 0.12]),
    ground: Rgb([0.22, 0.36, 0.10]),
    ground_light: Rgb([0.62, 0.66, 0.26]),
    lake: false,
};

const DUSK: Palette = Palette {
    zenith: Rgb([0.17, 0.17, 0.36]),
    horizon: Rgb([0.97, 0.55, 0.30]),
    sun: Rgb([1.0, 0.84, 0.50]),
    cloud: Rgb([0.72, 0.34, 0.36]),
    clear: 0.44,
    sun_y: 0.43,
    rock: Rgb([0.27, 0.20, 0.29]),
    snow_line: 0.37,
    forest: Rgb([0.06, 0.06, 0.10]),
    ground: Rgb([0.07, 0.08, 0.17]),
    ground_light: Rgb([0.96, 0.66, 0.42]),
    lake: true,
};

const WINTER: Palette = Palette {
    zenith: Rgb([0.50, 0.62, 0.76]),
    horizon: Rgb([0.90, 0.91, 0.92]),
    sun: Rgb([1.0, 0.97, 0.90]),
    cloud: Rgb([0.93, 0.94, 0.96]),
    clear: 0.40,
    sun_y: 0.14,
    rock: Rgb([0.38, 0.40, 0.45]),
    snow_line: 0.56,
    forest: Rgb([0.18, 0.23, 0.25]),
    ground: Rgb([0.70, 0.77, 0.88]),
    ground_light: Rgb([0.97, 0.97, 0.98]),
    lake: false,
};
