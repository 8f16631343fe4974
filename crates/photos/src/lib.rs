//! Photo-like JPEGs from a seed: the input of the rotation workload.
//!
//! The reference benchmark turns eight photographs that cannot be handed on. This crate stands in for
//! them with eight landscapes of the same sizes ([`PHOTOS`]), which cost a decoder about what a
//! camera's file costs: progressive scans, chroma at half resolution, near one bit per pixel.
//!
//! Invariants:
//!
//! - **The same bytes everywhere.** A [`Photo`], a divisor and a seed decide every byte. Pixels come
//!   from integers and the IEEE operations `+ - * /` and `sqrt`, which round alike on all machines;
//!   there is no sine, no power, no fused multiply-add and no order that a thread could change. The
//!   JPEG encoder works in integers, its vector code is left out. Golden hashes in the tests hold this.
//! - **The same picture at every size.** All scenery stands in units of the image's height, so
//!   [`Photo::scaled`] shows the same view with fewer octaves of detail.
//! - **No half set passes for a whole one.** Each file appears under its name by a rename, and the
//!   manifest, which [`is_complete`] asks for, is written last.
//!
//! The modules, in reading order: `photo` (which pictures there are), `set` (the files in a folder),
//! `render` (from a photo to pixels to a JPEG), `scene` (sky, land and water), `ridge` (one layer of
//! land), `palette` (the colours of a mood), `noise` (the randomness that all of it is made of).

mod noise;
mod palette;
mod photo;
mod render;
mod ridge;
mod scene;
mod set;

pub use photo::{Mood, PHOTOS, Photo};
pub use render::{Pixels, encode, render};
pub use set::{MANIFEST, PhotosError, is_complete, write_set};
