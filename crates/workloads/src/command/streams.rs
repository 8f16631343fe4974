//! What is kept of what a program writes: a hash, and the end.

use std::collections::VecDeque;
use std::hash::Hasher as _;
use std::io::{self, Write};

use paceline_core::Checksum;
use twox_hash::XxHash3_64;

/// Hashes a stream, and keeps nothing of it.
pub(super) struct Hash(XxHash3_64);

impl Hash {
    pub(super) fn new() -> Self {
        Self(XxHash3_64::new())
    }

    /// [`Checksum::of`] all that was written.
    pub(super) fn finish(&self) -> Checksum {
        Checksum(self.0.finish())
    }
}

impl Write for Hash {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Keeps the last bytes of a stream.
pub(super) struct Tail(VecDeque<u8>);

impl Tail {
    /// How much is kept, in bytes.
    const MOST_BYTES: usize = 4 << 10;

    /// How many lines of it are shown, and how long they may be, in characters: every failed item has them.
    const LINES: usize = 4;
    const LONGEST_LINE: usize = 160;

    pub(super) fn new() -> Self {
        Self(VecDeque::new())
    }

    /// The last lines that are not blank, without what would move a terminal's cursor.
    pub(super) fn last_lines(&self) -> Vec<String> {
        let bytes: Vec<u8> = self.0.iter().copied().collect();
        let text = String::from_utf8_lossy(&bytes);
        let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
        let printable = |letter: char| if letter.is_control() { ' ' } else { letter };
        let shown =
            |line: &&str| line.trim_end().chars().take(Self::LONGEST_LINE).map(printable).collect();
        lines[lines.len().saturating_sub(Self::LINES)..].iter().map(shown).collect()
    }
}

impl Write for Tail {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let kept = &bytes[bytes.len().saturating_sub(Self::MOST_BYTES)..];
        let too_many = (self.0.len() + kept.len()).saturating_sub(Self::MOST_BYTES);
        self.0.drain(..too_many);
        self.0.extend(kept);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tail(parts: &[&[u8]]) -> Tail {
        let mut tail = Tail::new();
        parts.iter().for_each(|part| tail.write_all(part).expect("it takes everything"));
        tail
    }

    #[test]
    fn the_last_lines_are_kept_and_blank_ones_and_control_characters_are_not() {
        let tail = tail(&[b"one\ntwo\nth", b"ree\n\n  \nfour\x1b[31m red\nfive\n"]);
        assert_eq!(tail.last_lines(), ["two", "three", "four [31m red", "five"]);
    }

    #[test]
    fn a_stream_without_end_takes_no_more_room_than_its_last_bytes() {
        let tail = tail(&[&[b'x'; 10_000], &vec![b'y'; 3_000], &vec![b'z'; 3_000]]);
        assert_eq!(tail.0.len(), Tail::MOST_BYTES);
        assert_eq!(tail.0.iter().filter(|byte| **byte == b'y').count(), Tail::MOST_BYTES - 3_000);
        assert_eq!(tail.last_lines().concat().len(), Tail::LONGEST_LINE);
    }

    #[test]
    fn a_hash_is_that_of_the_whole_stream() {
        let mut hash = Hash::new();
        hash.write_all(b"ab").and_then(|()| hash.write_all(b"c")).expect("it takes everything");
        assert_eq!(hash.finish(), Checksum::of(b"abc"));
    }
}
