//! Photo-like JPEGs from a seed: the input of the rotation workload.
//!
//! The reference benchmark turns eight photographs that cannot be handed on. This crate stands in for
//! them with eight pictures of the same sizes ([`PHOTOS`]). They show nothing, but cost a decoder about
//! what a camera's file costs: progressive scans, chroma at half resolution, near one bit per pixel,
//! smooth areas beside rough ones.
//!
//! Invariants:
//!
//! - **The same bytes everywhere.** A [`Photo`], a divisor and a seed decide every byte. Pixels come
//!   from integers and the IEEE operations `+ - * /`, which round alike on all machines; there is no
//!   sine, no power, no fused multiply-add and no order that a thread could change. The JPEG encoder
//!   works in integers, without its vector code. Golden hashes in the tests check this.
//! - **No half set passes for a whole one.** Each file appears under its name by a rename, and the
//!   manifest, which [`is_complete`] asks for, is written last.

mod photo;
mod render;
mod set;

pub use photo::{PHOTOS, Photo};
pub use render::{Pixels, encode, render};
pub use set::{MANIFEST, PhotosError, is_complete, write_set};
