//! Rotation of RGB pictures about their centre, nearest neighbour, byte for byte as Pillow does it.
//!
//! Source of the formula: `Image.rotate` (`src/PIL/Image.py`) and `affine_fixed`
//! (`src/libImaging/Geometry.c`) of Pillow, <https://github.com/python-pillow/Pillow>. Each output pixel
//! takes the source pixel at a position that is linear in its column and row, in steps of 1/65536 pixel.
//!
//! The speed comes from copying runs. Along an output row the source row changes only every few dozen
//! pixels at small angles, and the source column advances in step with the output column, but for a
//! slip every few thousand. Between two changes lies a run of pixels that are neighbours in the source
//! too: one slice copy. Where each run ends follows from one division.

use std::ops::Range;

/// The rotation of all pictures of one size by one angle, worked out once and applied often.
#[derive(Debug, Clone, PartialEq)]
pub struct Rotation {
    width: usize,
    height: usize,
    /// The source column of an output pixel.
    column: Plane,
    /// The source row of an output pixel.
    row: Plane,
}

impl Rotation {
    /// The rotation by `angle` of pictures of `width` x `height` pixels about their centre. The size
    /// stays the same; corners that turn in from outside are black.
    ///
    /// # Errors
    ///
    /// [`RotationError::TooLarge`] when a corner of the turned picture lies 32768 pixels or more from
    /// the origin, where 16 bits before the binary point no longer hold it.
    pub fn new(width: u32, height: u32, angle: Angle) -> Result<Self, RotationError> {
        let (w, h) = (f64::from(width), f64::from(height));
        let radians = -angle.0.rem_euclid(360.0).to_radians();
        let (sin, cos) = (to_15_decimals(radians.sin()), to_15_decimals(radians.cos()));
        // Source position of the output's origin, so that the centre stays where it is.
        let x0 = cos * (-w / 2.0) + sin * (-h / 2.0) + w / 2.0;
        let y0 = -sin * (-w / 2.0) + cos * (-h / 2.0) + h / 2.0;
        let fits = |x: f64, y: f64| {
            (cos * x + sin * y + x0).abs() < LIMIT && (-sin * x + cos * y + y0).abs() < LIMIT
        };
        if ![(0.0, 0.0), (w, 0.0), (0.0, h), (w, h)].iter().all(|&(x, y)| fits(x, y)) {
            return Err(RotationError::TooLarge { width, height, degrees: angle.0 });
        }
        Ok(Self {
            width: width as usize,
            height: height as usize,
            column: Plane::new(x0, cos, sin),
            row: Plane::new(y0, -sin, cos),
        })
    }

    /// Rotates `source` into `destination`, of which every byte is written. Both hold rows of RGB, three
    /// bytes a pixel, without padding.
    ///
    /// # Panics
    ///
    /// When a buffer has not 3 x width x height bytes.
    pub fn apply(&self, source: &[u8], destination: &mut [u8]) {
        let bytes = BYTES_PER_PIXEL * self.width * self.height;
        assert_eq!((source.len(), destination.len()), (bytes, bytes), "buffers fit the picture");
        if bytes == 0 {
            return;
        }
        let (source, _) = source.as_chunks();
        let (destination, _) = destination.as_chunks_mut();
        for (y, out) in (0..).zip(destination.chunks_exact_mut(self.width)) {
            self.fill_row(source, self.column.along(y), self.row.along(y), out);
        }
    }

    /// Fills the output row along which the source pixel is given by `column` and `row`.
    fn fill_row(&self, source: &[Pixel], column: Line, row: Line, out: &mut [Pixel]) {
        let inside = self.inside(column, row);
        out[..inside.start].as_flattened_mut().fill(0);
        out[inside.end..].as_flattened_mut().fill(0);
        if self.has_long_runs() {
            self.copy_runs(source, column, row, inside, out);
        } else {
            self.copy_pixels(source, column, row, inside, out);
        }
    }

    /// The columns of an output row whose source pixel exists. They are contiguous, since both
    /// coordinates are linear.
    fn inside(&self, column: Line, row: Line) -> Range<usize> {
        let by_column = column.columns_within(self.width, self.width);
        let by_row = row.columns_within(self.height, self.width);
        let start = by_column.start.max(by_row.start);
        start..by_column.end.min(by_row.end).max(start)
    }

    /// Whether runs are long enough, on average, to pay for finding their ends.
    fn has_long_runs(&self) -> bool {
        let changes_per_pixel = (self.column.per_x - ONE).abs() + self.row.per_x.abs();
        changes_per_pixel * SHORTEST_RUN <= ONE
    }

    fn copy_runs(
        &self,
        source: &[Pixel],
        column: Line,
        row: Line,
        inside: Range<usize>,
        out: &mut [Pixel],
    ) {
        // How far the source column is ahead of the output column. The output column is whole, so
        // taking it away first leaves the fraction, and the rounding, as they were.
        let lead = Line { per_x: column.per_x - ONE, ..column };
        let mut x = inside.start;
        while x < inside.end {
            let length = lead.level_for(x).min(row.level_for(x)).min(inside.end - x);
            let from = self.position(lead.whole(x) + x as i64, row.whole(x));
            out[x..x + length].copy_from_slice(&source[from..from + length]);
            x += length;
        }
    }

    fn copy_pixels(
        &self,
        source: &[Pixel],
        column: Line,
        row: Line,
        inside: Range<usize>,
        out: &mut [Pixel],
    ) {
        for x in inside {
            out[x] = source[self.position(column.whole(x), row.whole(x))];
        }
    }

    /// Where a pixel that exists stands in the source. Neither coordinate is negative then.
    fn position(&self, column: i64, row: i64) -> usize {
        row as usize * self.width + column as usize
    }
}

/// An angle in degrees, counter-clockwise, for which the formula holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Angle(f64);

impl Angle {
    /// The angle of `degrees`.
    ///
    /// # Errors
    ///
    /// When `degrees` is not finite, or a multiple of 90: Pillow turns those by exact transposition, and
    /// so as not to differ from it they are refused.
    pub fn from_degrees(degrees: f64) -> Result<Self, RotationError> {
        if !degrees.is_finite() {
            return Err(RotationError::NotFinite { degrees });
        }
        if degrees.rem_euclid(360.0) % 90.0 == 0.0 {
            return Err(RotationError::RightAngle { degrees });
        }
        Ok(Self(degrees))
    }
}

/// Why a rotation is not to be had.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RotationError {
    /// The angle is infinite or no number.
    #[error("rotate by {degrees} degrees: the angle must be finite")]
    NotFinite {
        /// The angle in degrees.
        degrees: f64,
    },
    /// The angle is a multiple of 90 degrees.
    #[error("rotate by {degrees} degrees: the angle must not be a multiple of 90")]
    RightAngle {
        /// The angle in degrees.
        degrees: f64,
    },
    /// The picture is too large for 16.16 fixed-point coordinates.
    #[error(
        "rotate {width} x {height} pixels by {degrees} degrees: a corner would lie outside the \
         limit of {LIMIT} pixels"
    )]
    TooLarge {
        /// Pixels in a row.
        width: u32,
        /// Rows.
        height: u32,
        /// The angle in degrees.
        degrees: f64,
    },
}

type Pixel = [u8; BYTES_PER_PIXEL];

const BYTES_PER_PIXEL: usize = 3;

/// Bits after the binary point.
const FRACTION_BITS: u32 = 16;

/// One pixel in fixed point.
const ONE: i64 = 1 << FRACTION_BITS;

/// Coordinates stay below this many pixels.
const LIMIT: f64 = 32768.0;

/// The mean length of runs, in pixels, from which on copying runs beats copying pixels: angles up to
/// about 2.3 degrees. Measured with the benchmark `rotation`.
const SHORTEST_RUN: i64 = 24;

/// A source coordinate in 1/65536 pixel as a function of the output pixel.
#[derive(Debug, Clone, PartialEq)]
struct Plane {
    at_origin: i64,
    per_x: i64,
    per_y: i64,
}

impl Plane {
    /// The plane through pixel centres, hence the half steps; each coefficient rounded on its own.
    fn new(at_origin: f64, per_x: f64, per_y: f64) -> Self {
        Self {
            at_origin: to_fixed(at_origin + per_x / 2.0 + per_y / 2.0),
            per_x: to_fixed(per_x),
            per_y: to_fixed(per_y),
        }
    }

    fn along(&self, y: i64) -> Line {
        Line { at_zero: self.at_origin + y * self.per_y, per_x: self.per_x }
    }
}

/// A source coordinate in 1/65536 pixel along one output row.
#[derive(Clone, Copy)]
struct Line {
    at_zero: i64,
    per_x: i64,
}

impl Line {
    fn at(self, x: usize) -> i64 {
        self.at_zero + x as i64 * self.per_x
    }

    /// The coordinate at column `x`, rounded down to whole pixels.
    fn whole(self, x: usize) -> i64 {
        self.at(x) >> FRACTION_BITS
    }

    /// For how many columns, from `x` on, the whole coordinate stays the same: at least 1.
    fn level_for(self, x: usize) -> usize {
        // Fractions are below 2^16, and slopes fit 32 bits by far: narrow divisions are the fast ones.
        let fraction = (self.at(x) & (ONE - 1)) as u32;
        let slope = self.per_x.unsigned_abs() as u32;
        let columns = match self.per_x {
            0 => u32::MAX,
            1.. => (ONE as u32 - fraction).div_ceil(slope),
            _ => fraction / slope + 1,
        };
        columns as usize
    }

    /// Which of the first `columns` columns have a coordinate from 0 to below `pixels`.
    fn columns_within(self, pixels: usize, columns: usize) -> Range<usize> {
        let end = (pixels as i64) << FRACTION_BITS;
        // The first column in which a rising line reaches `level`: a division rounded up.
        let reaches = |at_zero: i64, slope: i64, level: i64| {
            let column = -(at_zero - level).div_euclid(slope);
            column.clamp(0, columns as i64) as usize
        };
        match (self.at_zero, self.per_x) {
            (at_zero, 0) if (0..end).contains(&at_zero) => 0..columns,
            (_, 0) => 0..0,
            (at_zero, slope @ 1..) => reaches(at_zero, slope, 0)..reaches(at_zero, slope, end),
            // A falling line is a rising one upside down: from 0 to below `end` is from `1 - end` to
            // below 1.
            (at_zero, slope) => reaches(-at_zero, -slope, 1 - end)..reaches(-at_zero, -slope, 1),
        }
    }
}

fn to_fixed(value: f64) -> i64 {
    (value * ONE as f64 + 0.5).floor() as i64
}

/// Rounding hides that the sines of different platforms differ in the last place.
fn to_15_decimals(value: f64) -> f64 {
    (value * 1e15).round() / 1e15
}

#[cfg(test)]
#[path = "rotation_tests.rs"]
mod tests;
