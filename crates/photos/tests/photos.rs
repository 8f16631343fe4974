//! What a photograph promises: the same bytes everywhere, a decodable file, a photo-like weight.

use std::num::NonZeroU32;

use image::ImageFormat;
use paceline_photos::{PHOTOS, Photo, encode, render};
use twox_hash::XxHash3_64;

fn by(divisor: u32) -> NonZeroU32 {
    NonZeroU32::new(divisor).expect("a divisor above zero")
}

fn jpeg(photo: Photo, divisor: u32, seed: u64) -> Vec<u8> {
    encode(&render(&photo.scaled(by(divisor)), seed)).expect("a photo that encodes")
}

/// The names of a JPEG's segments up to the first scan; every segment but the first has a length.
fn markers(jpeg: &[u8]) -> Vec<u8> {
    let mut found = vec![jpeg[1]];
    let mut at = 2;
    while found.last() != Some(&0xda) {
        found.push(jpeg[at + 1]);
        at += 2 + usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
    }
    found
}

#[test]
fn bytes_are_the_recorded_ones() {
    // A change of these values calls for a new format number of the manifest, and for new fixtures.
    let made = [(0, 40, 1), (2, 40, 7), (3, 5, 1)].map(|(photo, divisor, seed)| {
        format!("{:016x}", XxHash3_64::oneshot(&jpeg(PHOTOS[photo], divisor, seed)))
    });
    assert_eq!(made, ["cea7850ff4e5ae0e", "2a644e132e7bc53b", "1fb03b684b781ee0"]);
}

#[test]
fn same_seed_gives_the_same_bytes_and_another_seed_others() {
    for photo in PHOTOS {
        assert_eq!(jpeg(photo, 50, 1), jpeg(photo, 50, 1), "{}", photo.name);
        assert_ne!(jpeg(photo, 50, 1), jpeg(photo, 50, 2), "{}", photo.name);
    }
}

#[test]
fn photos_that_differ_by_name_alone_show_something_else() {
    let (a, b) = (PHOTOS[2], Photo { name: "another", ..PHOTOS[2] });
    assert_ne!(render(&a.scaled(by(50)), 1), render(&b.scaled(by(50)), 1));
}

#[test]
fn sizes_are_the_references_in_its_order() {
    let tenths_of_a_megapixel = PHOTOS.map(|photo| (photo.pixels() + 50_000) / 100_000);
    assert_eq!(tenths_of_a_megapixel, [122, 140, 240, 56, 240, 391, 71, 240]);
}

#[test]
fn scaling_divides_both_sides_and_stops_at_one_pixel() {
    let photo = PHOTOS[0];
    assert_eq!(photo.scaled(by(1)), photo);
    let fifth = photo.scaled(by(5));
    assert_eq!((fifth.width, fifth.height, fifth.name), (806, 604, photo.name));
    let dot = photo.scaled(by(u32::MAX));
    assert_eq!((dot.width, dot.height), (1, 1));
    assert!(encode(&render(&dot, 1)).is_ok());
}

#[test]
fn files_are_progressive_with_chroma_at_half_resolution() {
    let bytes = jpeg(PHOTOS[0], 50, 1);
    let markers = markers(&bytes);
    assert!(markers.contains(&0xc2), "no SOF2 in {markers:x?}");
    assert!(!markers.contains(&0xc0), "SOF0 in {markers:x?}");
    // SOF2 holds length, precision, height, width, count, then the first component's id and sampling.
    let frame = bytes.windows(2).position(|pair| pair == [0xff, 0xc2]).unwrap();
    assert_eq!(bytes[frame + 11], 0x22, "luma twice as dense as chroma, both ways");
}

#[test]
fn files_decode_to_their_size_and_resemble_what_was_drawn() {
    for photo in PHOTOS.map(|photo| photo.scaled(by(20))) {
        let drawn = render(&photo, 1);
        let bytes = encode(&drawn).unwrap();
        let decoded = image::load_from_memory_with_format(&bytes, ImageFormat::Jpeg).unwrap();
        let decoded = decoded.into_rgb8();
        let size = (u32::from(photo.width), u32::from(photo.height));
        assert_eq!(decoded.dimensions(), size, "{}", photo.name);
        let differences = decoded.iter().zip(&drawn.rgb).map(|(a, b)| u64::from(a.abs_diff(*b)));
        let mean = differences.sum::<u64>() / drawn.rgb.len() as u64;
        assert!(mean < 8, "{}: off by {mean} on average", photo.name);
    }
}

#[test]
fn a_fifth_of_the_size_weighs_near_one_bit_per_pixel() {
    for photo in PHOTOS {
        let bits = 8 * jpeg(photo, 5, 1).len();
        let per_pixel = bits as f64 / photo.scaled(by(5)).pixels() as f64;
        assert!((0.7..1.6).contains(&per_pixel), "{}: {per_pixel:.2}", photo.name);
    }
}
