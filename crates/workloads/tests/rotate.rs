//! `rotate` on real files: which it takes, what it makes of them, and what becomes of broken ones.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::fs;
use std::path::Path;
use std::sync::Arc;

use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage};
use paceline_core::{Checksum, ItemIndex, SpecError, Workload, WorkloadSpec};
use paceline_workloads::{Angle, Rotation, build};
use tempfile::TempDir;

/// A picture whose pixels all differ from their neighbours and which a shade tells from others.
fn picture(width: u32, height: u32, shade: u8) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| Rgb([shade, (x * 7) as u8, (y * 5 + x) as u8]))
}

fn jpeg(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 90).encode_image(picture).unwrap();
    bytes
}

fn spec(folder: &Path, items: u32, repetitions: u32) -> WorkloadSpec {
    let spec = WorkloadSpec::new("rotate").with("images", folder.display()).with("items", items);
    spec.with("repetitions", repetitions).with("degrees", 1)
}

fn workload(folder: &Path, items: u32, repetitions: u32) -> Arc<dyn Workload> {
    build(&spec(folder, items, repetitions)).unwrap()
}

fn run(workload: &dyn Workload, item: u32) -> Checksum {
    workload.run_item(ItemIndex(item)).unwrap()
}

fn failure(workload: &dyn Workload, item: u32) -> String {
    workload.run_item(ItemIndex(item)).unwrap_err().to_string()
}

/// What the item must come to, from the decoded picture and with fresh buffers for every turn.
fn expected(picture: &RgbImage, repetitions: u32) -> Checksum {
    let (width, height) = picture.dimensions();
    let rotation = Rotation::new(width, height, Angle::from_degrees(1.0).unwrap()).unwrap();
    let turned = (0..repetitions).fold(picture.as_raw().clone(), |before, _| {
        let mut after = vec![0; before.len()];
        rotation.apply(&before, &mut after);
        after
    });
    let parts = [Checksum::of(&turned).0, width.into(), height.into()].map(u64::to_le_bytes);
    Checksum::of(parts.as_flattened())
}

#[test]
fn every_repetition_is_executed_on_the_result_of_the_one_before() {
    let folder = TempDir::new().unwrap();
    let picture = picture(90, 60, 1);
    picture.save(folder.path().join("a.png")).unwrap();
    let all: Vec<Checksum> = (0..=10).map(|n| run(&*workload(folder.path(), 1, n), 0)).collect();
    assert!((1..all.len()).all(|n| !all[..n].contains(&all[n])), "each turn shows");
    let wanted: Vec<Checksum> = (0..=10).map(|n| expected(&picture, n)).collect();
    assert_eq!(all, wanted);
}

#[test]
fn files_are_taken_in_order_of_their_names_and_again_from_the_start() {
    let folder = TempDir::new().unwrap();
    let pictures = [picture(20, 30, 10), picture(30, 20, 20), picture(25, 25, 30)];
    for (name, picture) in ["c.png", "a.png", "B.PNG"].iter().zip(&pictures) {
        picture.save_with_format(folder.path().join(name), image::ImageFormat::Png).unwrap();
    }
    let workload = workload(folder.path(), 7, 2);
    let seen: Vec<Checksum> = (0..7).map(|item| run(&*workload, item)).collect();
    // Bytes order capitals before small letters.
    let [c, a, b] = pictures.map(|picture| expected(&picture, 2));
    assert_eq!(seen, [b, a, c, b, a, c, b]);
}

#[test]
fn only_jpeg_and_png_files_are_taken_in_any_case_and_no_folders() {
    let folder = TempDir::new().unwrap();
    for name in ["1.jpg", "2.JPG", "3.jpeg", "4.Png"] {
        fs::write(folder.path().join(name), jpeg(&picture(16, 16, 1))).unwrap();
    }
    for name in ["MANIFEST", "5.gif", "jpg", "6.jpg.txt"] {
        fs::write(folder.path().join(name), "no picture").unwrap();
    }
    fs::create_dir(folder.path().join("0.jpg")).unwrap();
    let workload = workload(folder.path(), 4, 1);
    let first = run(&*workload, 0);
    assert!((1..4).all(|item| run(&*workload, item) == first));
}

#[test]
fn grey_and_transparent_pictures_are_turned_as_rgb() {
    let folder = TempDir::new().unwrap();
    let colour = image::DynamicImage::from(picture(40, 30, 9));
    colour.to_luma8().save(folder.path().join("1.png")).unwrap();
    colour.to_rgba8().save(folder.path().join("2.png")).unwrap();
    let grey = image::DynamicImage::from(colour.to_luma8()).to_rgb8();
    fs::write(folder.path().join("3.jpg"), {
        let mut bytes = Vec::new();
        JpegEncoder::new_with_quality(&mut bytes, 100).encode_image(&colour.to_luma8()).unwrap();
        bytes
    })
    .unwrap();
    let workload = workload(folder.path(), 3, 1);
    assert_eq!(run(&*workload, 0), expected(&grey, 1));
    assert_eq!(run(&*workload, 1), expected(&colour.to_rgb8(), 1));
    run(&*workload, 2);
}

#[test]
fn a_jpeg_is_decoded_as_other_decoders_do() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a.jpg");
    fs::write(&path, jpeg(&picture(50, 40, 100))).unwrap();
    let decoded = image::open(&path).unwrap().into_rgb8();
    assert_eq!(run(&*workload(folder.path(), 1, 3), 0), expected(&decoded, 3));
}

#[test]
fn a_truncated_file_fails_its_items_with_its_name_and_no_others() {
    let folder = TempDir::new().unwrap();
    let picture = picture(200, 150, 1);
    let whole = jpeg(&picture);
    fs::write(folder.path().join("a.jpg"), &whole).unwrap();
    fs::write(folder.path().join("b.jpg"), &whole[..whole.len() / 2]).unwrap();
    picture.save(folder.path().join("c.png")).unwrap();
    let png = fs::read(folder.path().join("c.png")).unwrap();
    fs::write(folder.path().join("d.png"), &png[..png.len() / 2]).unwrap();
    let workload = workload(folder.path(), 8, 1);
    for item in [1, 5] {
        let reason = failure(&*workload, item);
        assert!(reason.starts_with("decode ") && reason.contains("b.jpg: "), "{reason}");
    }
    for item in [3, 7] {
        let reason = failure(&*workload, item);
        assert!(reason.starts_with("decode ") && reason.contains("d.png: "), "{reason}");
    }
    assert!([0, 2, 4, 6].iter().all(|item| workload.run_item(ItemIndex(*item)).is_ok()));
}

#[test]
fn a_file_that_is_no_picture_or_is_gone_fails_its_items_with_its_name() {
    let folder = TempDir::new().unwrap();
    picture(16, 16, 1).save(folder.path().join("a.png")).unwrap();
    fs::write(folder.path().join("b.jpg"), "not a picture").unwrap();
    fs::write(folder.path().join("c.png"), "").unwrap();
    fs::write(folder.path().join("d.jpg"), jpeg(&picture(16, 16, 1))).unwrap();
    let workload = workload(folder.path(), 4, 1);
    fs::remove_file(folder.path().join("d.jpg")).unwrap();
    assert!(failure(&*workload, 1).contains("b.jpg: "));
    assert!(failure(&*workload, 2).contains("c.png: "));
    let gone = failure(&*workload, 3);
    assert!(gone.starts_with("read ") && gone.contains("d.jpg: "), "{gone}");
    run(&*workload, 0);
}

#[test]
fn a_picture_too_large_to_turn_fails_its_items_with_its_name() {
    let folder = TempDir::new().unwrap();
    picture(40_000, 1, 1).save(folder.path().join("wide.png")).unwrap();
    let reason = failure(&*workload(folder.path(), 1, 1), 0);
    assert!(reason.contains("wide.png") && reason.contains("32768 pixels"), "{reason}");
}

/// A small picture whose header claims another size, and the number of the frame's marker. What follows the
/// header is far too little for a size that is larger.
fn lying_jpeg(width: u16, height: u16, marker: u8) -> Vec<u8> {
    let mut bytes = jpeg(&picture(16, 16, 1));
    let frame = bytes.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
    bytes[frame + 1] = marker;
    bytes[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
    bytes[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
    bytes
}

const BASELINE: u8 = 0xc0;
const PROGRESSIVE: u8 = 0xc2;

#[test]
fn a_header_that_claims_what_cannot_be_turned_fails_its_items_before_decoding() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("a.jpg"), lying_jpeg(33_000, 8, BASELINE)).unwrap();
    picture(33_000, 1, 1).save(folder.path().join("b.png")).unwrap();
    let png = fs::read(folder.path().join("b.png")).unwrap();
    fs::write(folder.path().join("b.png"), &png[..png.len() / 2]).unwrap();
    let workload = workload(folder.path(), 2, 1);
    for (item, name, size) in [(0, "a.jpg", "33000 x 8"), (1, "b.png", "33000 x 1")] {
        // A decoder would find the end of the file first.
        let reason = failure(&*workload, item);
        assert!(reason.starts_with("turn ") && reason.contains(name), "{reason}");
        assert!(reason.contains(size), "{reason}");
    }
}

#[test]
fn an_item_needs_two_buffers_of_its_picture_or_what_decoding_it_takes() {
    let folder = TempDir::new().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        fs::write(folder.path().join(name), bytes).unwrap();
        bytes.len() as u64
    };
    write("a.jpg", &lying_jpeg(3_000, 2_000, BASELINE));
    let progressive = write("b.jpg", &lying_jpeg(3_000, 2_000, PROGRESSIVE));
    let untold = write("c.jpg", b"not a picture");
    let huge = write("d.jpg", &lying_jpeg(65_500, 65_500, BASELINE));
    let cut = write("e.jpg", &lying_jpeg(3_000, 2_000, BASELINE)[..170]);
    let image = image::DynamicImage::from(picture(700, 500, 1));
    image.save(folder.path().join("f.png")).unwrap();
    image.to_rgba16().save(folder.path().join("g.png")).unwrap();
    let deep = fs::metadata(folder.path().join("g.png")).unwrap().len();

    let workload = workload(folder.path(), 8, 1);
    let needs: Vec<u64> = (0..8).map(|item| workload.item_memory_bytes(ItemIndex(item))).collect();
    let (jpeg, png) = (3_000 * 2_000, 700 * 500);
    let expected = [
        2 * 3 * jpeg,
        progressive + (3 + 2 * 3) * jpeg,
        untold,
        huge,
        cut,
        2 * 3 * png,
        deep + (3 + 4 * 2) * png,
        2 * 3 * jpeg,
    ];
    assert_eq!(needs, expected);
}

#[test]
#[cfg(unix)]
fn a_device_with_the_name_of_a_picture_is_refused_by_its_kind() {
    let folder = TempDir::new().unwrap();
    picture(16, 16, 1).save(folder.path().join("a.png")).unwrap();
    std::os::unix::fs::symlink("/dev/null", folder.path().join("b.jpg")).unwrap();
    std::os::unix::fs::symlink("nowhere", folder.path().join("c.jpg")).unwrap();
    let error = build(&spec(folder.path(), 1, 1)).unwrap_err();
    assert!(matches!(error, SpecError::Input { .. }));
    let reason = "b.jpg: it is a character device, not a regular file";
    assert!(error.to_string().ends_with(reason), "{error}");
    // A link that leads nowhere is no device, and fails its items alone.
    fs::remove_file(folder.path().join("b.jpg")).unwrap();
    assert!(failure(&*workload(folder.path(), 2, 1), 1).contains("c.jpg: "));
}

#[test]
fn a_folder_that_is_missing_or_a_file_is_named() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    for name in ["absent", "file"] {
        let path = folder.path().join(name);
        let error = build(&spec(&path, 1, 1)).unwrap_err();
        assert!(matches!(error, SpecError::Input { .. }));
        let text = format!("build workload `rotate`: read the image folder {}: ", path.display());
        assert!(error.to_string().starts_with(&text), "{error}");
    }
}

#[test]
fn a_folder_without_a_picture_is_named() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("notes.txt"), "").unwrap();
    let error = build(&spec(folder.path(), 1, 1)).unwrap_err();
    assert!(matches!(error, SpecError::Input { .. }));
    assert!(error.to_string().contains(&folder.path().display().to_string()), "{error}");
}

#[test]
fn angles_that_cannot_be_turned_are_refused_when_building() {
    let folder = TempDir::new().unwrap();
    picture(4, 4, 1).save(folder.path().join("a.png")).unwrap();
    for degrees in ["0", "90", "-270", "inf", "NaN"] {
        let error = build(&spec(folder.path(), 1, 1).with("degrees", degrees)).unwrap_err();
        assert!(matches!(error, SpecError::Unusable { .. }), "{degrees}: {error}");
    }
    let error = build(&spec(folder.path(), 1, 1).with("degrees", "one")).unwrap_err();
    assert!(matches!(error, SpecError::Invalid { .. }), "{error}");
}
