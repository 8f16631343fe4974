//! Journals that were damaged at random, and the inputs that the fuzzer starts from.

use std::fs;
use std::path::Path;

use proptest::prelude::*;

use crate::WHOLE;
use crate::fuzz_body::read_any_bytes;

#[test]
fn every_seed_of_the_fuzzer_can_be_read_or_is_refused() {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds/read");
    let files: Vec<_> = fs::read_dir(seeds).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(files.len() > 1);
    for file in files {
        read_any_bytes(&fs::read(file).unwrap());
    }
}

/// Positions are taken modulo the length, so that every one of them hits.
fn damaged(cut: usize, flips: &[(usize, u8)]) -> Vec<u8> {
    let mut bytes = WHOLE.as_bytes()[..=cut % WHOLE.len()].to_vec();
    let length = bytes.len();
    for (position, bits) in flips {
        bytes[position % length] ^= bits;
    }
    bytes
}

proptest! {
    #[test]
    fn cut_and_flipped_bytes_never_panic(
        cut in any::<usize>(),
        flips in prop::collection::vec((any::<usize>(), 1..=u8::MAX), 0..8),
    ) {
        read_any_bytes(&damaged(cut, &flips));
        read_any_bytes(&damaged(WHOLE.len() - 1, &flips));
    }

    #[test]
    fn swapped_repeated_and_dropped_lines_never_panic(
        order in prop::collection::vec(0..WHOLE.lines().count(), 0..20),
    ) {
        let lines: Vec<&str> = WHOLE.lines().collect();
        let shuffled: String = order.iter().map(|index| format!("{}\n", lines[*index])).collect();
        read_any_bytes(shuffled.as_bytes());
        // With the header first, more of the shuffled lines are looked at.
        read_any_bytes(format!("{}\n{shuffled}", lines[0]).as_bytes());
    }

    #[test]
    fn numbers_replaced_by_others_never_panic(
        position in any::<usize>(),
        number in prop_oneof![
            any::<i64>().prop_map(|number| number.to_string()),
            any::<f64>().prop_map(|number| number.to_string()),
            Just("1e400".to_owned()),
        ],
    ) {
        let starts: Vec<usize> = WHOLE
            .match_indices(|character: char| character.is_ascii_digit())
            .map(|(start, _)| start)
            .collect();
        let start = starts[position % starts.len()];
        let rest = WHOLE[start..].trim_start_matches(|character: char| character.is_ascii_digit());
        read_any_bytes(format!("{}{number}{rest}", &WHOLE[..start]).as_bytes());
    }

    #[test]
    fn any_bytes_at_all_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        read_any_bytes(&bytes);
    }
}
