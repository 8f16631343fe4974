//! Which photographs there are, and how large.

use std::num::NonZeroU32;

/// One photograph to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Photo {
    /// The file's name without its ending. It also decides what is seen, together with the seed.
    pub name: &'static str,
    /// Pixels per row.
    pub width: u16,
    /// Rows.
    pub height: u16,
    /// The strength of the grain, in levels of 256. Everything else is in proportion to it, so it decides the
    /// bits per pixel.
    pub contrast: u8,
}

/// The reference benchmark's eight photographs, 150 megapixels together, in the order it turns them.
pub const PHOTOS: [Photo; 8] = [
    Photo::new("photo-1", 4032, 3024, 11),
    Photo::new("photo-2", 4320, 3240, 12),
    Photo::new("photo-3", 6000, 4000, 8),
    Photo::new("photo-4", 2736, 2052, 11),
    Photo::new("photo-5", 6000, 4000, 11),
    Photo::new("photo-6", 7216, 5412, 10),
    Photo::new("photo-7", 3072, 2304, 11),
    Photo::new("photo-8", 6000, 4000, 7),
];

impl Photo {
    const fn new(name: &'static str, width: u16, height: u16, contrast: u8) -> Self {
        Self { name, width, height, contrast }
    }

    /// The same view with both sides divided by `divisor`, rounded down, and never below one pixel.
    #[must_use]
    pub fn scaled(self, divisor: NonZeroU32) -> Self {
        let divide = |side: u16| {
            // A quotient of a u16 fits a u16; the fallback is never taken.
            u16::try_from(u32::from(side) / divisor).unwrap_or(side).max(1)
        };
        Self { width: divide(self.width), height: divide(self.height), ..self }
    }

    /// The file's name in a set: `photo-1.jpg`.
    #[must_use]
    pub fn file_name(&self) -> String {
        format!("{}.jpg", self.name)
    }

    /// Width times height.
    #[must_use]
    pub fn pixels(&self) -> usize {
        usize::from(self.width) * usize::from(self.height)
    }
}
