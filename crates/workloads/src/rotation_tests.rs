//! The rotation against golden values, against a pixel at a time, and at its limits.

use proptest::prelude::*;
use sha2::{Digest, Sha256};

use super::*;

/// The formula with nothing but the formula in it.
fn by_the_pixel(width: u32, height: u32, degrees: f64, source: &[u8]) -> Vec<u8> {
    let (w, h) = (f64::from(width), f64::from(height));
    let t = -degrees.rem_euclid(360.0).to_radians();
    let round = |value: f64| format!("{value:.15}").parse::<f64>().unwrap();
    let (a, b, d, e) = (round(t.cos()), round(t.sin()), round(-t.sin()), round(t.cos()));
    let c = (a * (-w / 2.0) + b * (-h / 2.0)) + w / 2.0;
    let f = (d * (-w / 2.0) + e * (-h / 2.0)) + h / 2.0;
    let fix = |value: f64| (value * 65536.0 + 0.5).floor() as i64;
    let [a0, a1, a2] = [fix(a), fix(b), fix(c + a / 2.0 + b / 2.0)];
    let [a3, a4, a5] = [fix(d), fix(e), fix(f + d / 2.0 + e / 2.0)];
    let mut out = Vec::with_capacity(source.len());
    for (y, x) in (0..i64::from(height)).flat_map(|y| (0..i64::from(width)).map(move |x| (y, x))) {
        let (sx, sy) = ((a2 + y * a1 + x * a0) >> 16, (a5 + y * a4 + x * a3) >> 16);
        let exists = (0..i64::from(width)).contains(&sx) && (0..i64::from(height)).contains(&sy);
        let from = 3 * (sy * i64::from(width) + sx);
        let pixel = exists.then(|| &source[from as usize..from as usize + 3]);
        out.extend_from_slice(pixel.unwrap_or(&[0; 3]));
    }
    out
}

fn pattern(width: u32, height: u32) -> Vec<u8> {
    let pixels = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    pixels.flat_map(|(x, y)| [x * 7 + y * 13, x ^ y, x * y].map(|value| value as u8)).collect()
}

/// Rotates the pattern into a buffer that is full of something else.
fn rotated(width: u32, height: u32, degrees: f64) -> Vec<u8> {
    let source = pattern(width, height);
    let mut destination = vec![0xa5; source.len()];
    let angle = Angle::from_degrees(degrees).unwrap();
    Rotation::new(width, height, angle).unwrap().apply(&source, &mut destination);
    destination
}

#[test]
fn one_degree_gives_the_bytes_of_pillow() {
    let golden = [
        (1, 1, "709e80c88487a2411e1ee4dfb9f22a861492d20c4765150c0c794abd70f8147c"),
        (2, 3, "110272acc7f02667073f6a9e1cb38f05c32964fdf1ba401a8f4b457370267107"),
        (7, 5, "42cddeb8d8a209014dac812d51552e1d4c21894e8c4ab6f9f0cd6a816a0551ea"),
        (64, 48, "cc11623b7dce587fd209952d2530f850f755612b95711489b396ae98c8be97e6"),
        (101, 33, "6540c3038123a22f958572c883d3ee440606d1ffd775b2131072659212db284b"),
        (255, 256, "dbaee086a20fe40ad168c4ebfd94391bb1451803bae71a8d640c235c3c68c8a9"),
        (640, 480, "f60347b06a6e88c5438759bf2f47bcd616e60821b8b27b7dc2ceb3d1f014d146"),
    ];
    for (width, height, sha256) in golden {
        let hex: String = Sha256::digest(rotated(width, height, 1.0))
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(hex, sha256, "{width} x {height}");
    }
}

#[test]
fn each_angle_gives_what_a_pixel_at_a_time_gives() {
    let angles = [
        0.01, 0.3, 1.0, -1.0, 2.5, 5.0, 7.0, -7.3, 12.0, 45.0, -45.0, 60.0, 89.0, 91.0, 135.0,
        179.5, 180.5, 225.0, 271.0, 359.0, 361.0, -719.0,
    ];
    for degrees in angles {
        for (width, height) in [(1, 1), (300, 200), (17, 400), (400, 17), (1, 90), (90, 1)] {
            assert_eq!(
                rotated(width, height, degrees),
                by_the_pixel(width, height, degrees, &pattern(width, height)),
                "{width} x {height} by {degrees} degrees"
            );
        }
    }
}

proptest! {
    #[test]
    fn any_size_and_angle_gives_what_a_pixel_at_a_time_gives(
        (width, height) in (1_u32..200, 1_u32..200),
        degrees in prop_oneof![-2.5..2.5, -8.0..8.0, -360.0..360.0, 88.0..92.0, 178.0..182.0],
    ) {
        prop_assume!(Angle::from_degrees(degrees).is_ok());
        let expected = by_the_pixel(width, height, degrees, &pattern(width, height));
        prop_assert_eq!(rotated(width, height, degrees), expected);
    }
}

#[test]
fn both_ways_of_copying_are_tested() {
    let long_runs = |degrees| {
        let angle = Angle::from_degrees(degrees).unwrap();
        Rotation::new(100, 100, angle).unwrap().has_long_runs()
    };
    assert!(long_runs(1.0) && long_runs(-2.0));
    assert!(!long_runs(3.0) && !long_runs(45.0) && !long_runs(179.5));
}

#[test]
fn a_whole_turn_more_changes_nothing() {
    assert_eq!(rotated(50, 40, 1.0), rotated(50, 40, 361.0));
    assert_eq!(rotated(50, 40, -1.0), rotated(50, 40, 359.0));
}

#[test]
fn angles_without_a_formula_are_refused() {
    for degrees in [0.0, -0.0, 90.0, -90.0, 180.0, 270.0, 360.0, 450.0] {
        let refused = RotationError::RightAngle { degrees };
        assert_eq!(Angle::from_degrees(degrees), Err(refused));
    }
    for degrees in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let error = Angle::from_degrees(degrees).unwrap_err();
        assert!(matches!(error, RotationError::NotFinite { .. }), "{degrees}");
    }
}

#[test]
fn a_picture_whose_corners_leave_the_fixed_point_range_is_refused() {
    let angle = Angle::from_degrees(1.0).unwrap();
    assert!(Rotation::new(32_760, 100, angle).is_ok());
    for (width, height) in [(32_760, 2_000), (100, 40_000)] {
        let refused = RotationError::TooLarge { width, height, degrees: 1.0 };
        assert_eq!(Rotation::new(width, height, angle), Err(refused));
    }
}

#[test]
#[should_panic(expected = "buffers fit the picture")]
fn a_buffer_of_another_size_is_a_mistake_of_the_caller() {
    let angle = Angle::from_degrees(1.0).unwrap();
    Rotation::new(2, 2, angle).unwrap().apply(&[0; 12], &mut [0; 11]);
}
