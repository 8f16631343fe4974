//! Makes a set of photographs: `cargo run --release --example write_set -- DIR [DIVISOR [SEED]]`.

use std::env;
use std::error::Error;
use std::num::NonZeroU32;
use std::path::PathBuf;

#[expect(clippy::print_stdout, reason = "a program with one thing to say")]
fn main() -> Result<(), Box<dyn Error>> {
    let mut args = env::args().skip(1);
    let dir = PathBuf::from(args.next().ok_or("usage: write_set DIR [DIVISOR [SEED]]")?);
    let divisor: NonZeroU32 = args.next().as_deref().unwrap_or("5").parse()?;
    let seed: u64 = args.next().as_deref().unwrap_or("1").parse()?;
    paceline_photos::write_set(&dir, divisor, seed, |path| println!("{}", path.display()))?;
    Ok(())
}
