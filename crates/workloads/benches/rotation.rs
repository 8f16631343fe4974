//! One rotation of a 24-megapixel picture on one thread, into a buffer that is used again and again,
//! beside a plain copy of as many bytes. Items are output pixels; the target is 1.5 ns for each at
//! 1 degree. Run with `cargo bench -p paceline-workloads --bench rotation`.

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use paceline_workloads::{Angle, Rotation};

const WIDTH: u32 = 6000;
const HEIGHT: u32 = 4000;
const PIXELS: usize = WIDTH as usize * HEIGHT as usize;

/// In degrees: up to 2 runs are copied, above that pixels.
const ANGLES: [f64; 8] = [1.0, -1.0, 2.0, 3.0, 15.0, 45.0, 89.0, 179.5];

fn main() {
    divan::main();
}

#[divan::bench(args = ANGLES, sample_count = 10, sample_size = 1)]
fn rotate(bencher: Bencher, degrees: f64) {
    let angle = Angle::from_degrees(degrees).expect("the angles above are all possible");
    let rotation = Rotation::new(WIDTH, HEIGHT, angle).expect("24 megapixels are not too large");
    let source = picture();
    let mut destination = vec![0; source.len()];
    bencher.counter(ItemsCount::new(PIXELS)).bench_local(|| {
        rotation.apply(black_box(&source), black_box(&mut destination));
    });
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn memcpy(bencher: Bencher) {
    let source = picture();
    let mut destination = vec![0; source.len()];
    bencher.counter(ItemsCount::new(PIXELS)).bench_local(|| {
        black_box(&mut destination).copy_from_slice(black_box(&source));
    });
}

fn picture() -> Vec<u8> {
    (0..3 * PIXELS).map(|index| (index % 251) as u8).collect()
}
