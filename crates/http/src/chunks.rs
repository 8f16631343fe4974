//! A body in chunks, as [RFC 9112, section 7.1](https://www.rfc-editor.org/rfc/rfc9112#section-7.1) has it.

/// The longest line with the size of a chunk, in bytes, with what stands beside the size.
const SIZE_LINE_BYTES: usize = 20;

/// The most that may stand beside the sizes of all chunks together, in bytes.
const EXTENSIONS_BYTES: usize = 16 * 1024 - 1;

/// The longest trailer, in bytes.
const TRAILER_BYTES: usize = 8 * 1024;

/// The most fields that a trailer may have, or a head.
pub(crate) const MOST_FIELDS: usize = 100;

/// Where in a body the bytes are that come next.
#[derive(Debug, Default)]
pub(crate) struct Chunks {
    part: Part,
    /// The line of a size, or the trailer, as far as it has come.
    text: Vec<u8>,
    extensions_bytes: usize,
}

/// Why a body is not in chunks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ChunkBreach {
    #[error("has a chunk whose size is no number")]
    Size,
    #[error("has a line of more than {SIZE_LINE_BYTES} bytes for the size of a chunk")]
    SizeLine,
    #[error("has more than {EXTENSIONS_BYTES} bytes beside the sizes of its chunks")]
    Extensions,
    #[error("has a chunk that is longer than it says")]
    Length,
    #[error("has a trailer of more than {TRAILER_BYTES} bytes")]
    TrailerBytes,
    #[error("has a trailer that is not made of fields")]
    Trailer,
}

#[derive(Debug, Default)]
enum Part {
    #[default]
    Size,
    /// So many bytes of a chunk are missing.
    Data(u64),
    /// So much of the end of a line after a chunk is missing.
    LineEnd(&'static [u8]),
    Trailer,
    /// There is nothing more.
    Whole,
}

impl Chunks {
    /// Whether the body has come to its end.
    pub(crate) fn is_whole(&self) -> bool {
        matches!(self.part, Part::Whole)
    }

    /// Looks at `bytes`, and returns what follows the body.
    pub(crate) fn go_on<'a>(&mut self, mut bytes: &'a [u8]) -> Result<&'a [u8], ChunkBreach> {
        while !bytes.is_empty() && !self.is_whole() {
            let taken = match &mut self.part {
                Part::Data(missing) => {
                    let taken = bytes.len().min(usize::try_from(*missing).unwrap_or(usize::MAX));
                    *missing -= taken as u64;
                    if *missing == 0 {
                        self.part = Part::LineEnd(b"\r\n");
                    }
                    taken
                }
                Part::LineEnd([]) | Part::Whole => 0,
                Part::LineEnd([next, rest @ ..]) => {
                    if bytes[0] != *next {
                        return Err(ChunkBreach::Length);
                    }
                    self.part = if rest.is_empty() { Part::Size } else { Part::LineEnd(rest) };
                    1
                }
                Part::Size => self.size(bytes[0]).map(|()| 1)?,
                Part::Trailer => self.trailer(bytes[0]).map(|()| 1)?,
            };
            bytes = &bytes[taken..];
        }
        Ok(bytes)
    }

    /// Takes one more byte of a line with a size. What is wrong is found with the byte that makes it so, as
    /// the libraries do: a read may end anywhere, and they would be first to what is found later.
    fn size(&mut self, byte: u8) -> Result<(), ChunkBreach> {
        let after_return = self.text.last() == Some(&b'\r');
        self.text.push(byte);
        let is_line = self.text.ends_with(b"\r\n");
        let is_end = |byte: &u8| b";\r".contains(byte);
        let end = self.text.iter().position(is_end).unwrap_or(self.text.len());
        let size = hexadecimal(&self.text[..end]).ok_or(ChunkBreach::Size)?;
        if after_return != (byte == b'\n') {
            return Err(ChunkBreach::Size);
        }
        if self.text.len() > end + 1 && !b"\r\n".contains(&byte) {
            self.extensions_bytes += 1;
            if self.extensions_bytes > EXTENSIONS_BYTES {
                return Err(ChunkBreach::Extensions);
            }
        }
        if !is_line {
            let is_too_long = self.text.len() > SIZE_LINE_BYTES + 1;
            return if is_too_long { Err(ChunkBreach::SizeLine) } else { Ok(()) };
        }
        self.part = if size == 0 { Part::Trailer } else { Part::Data(size) };
        self.text.clear();
        Ok(())
    }

    /// Takes one more byte of the trailer, which ends with an empty line.
    fn trailer(&mut self, byte: u8) -> Result<(), ChunkBreach> {
        let after_return = self.text.last() == Some(&b'\r');
        if after_return != (byte == b'\n') {
            return Err(ChunkBreach::Trailer);
        }
        self.text.push(byte);
        if self.text.len() > TRAILER_BYTES {
            return Err(ChunkBreach::TrailerBytes);
        }
        if self.text == b"\r\n" || self.text.ends_with(b"\r\n\r\n") {
            let mut fields = [httparse::EMPTY_HEADER; MOST_FIELDS];
            let parsed = httparse::parse_headers(&self.text, &mut fields);
            parsed.map_err(|_| ChunkBreach::Trailer)?;
            self.part = Part::Whole;
        }
        Ok(())
    }
}

/// The size of a chunk. Spaces may follow it, and no sign may stand before it, which `from_str_radix` allows.
fn hexadecimal(text: &[u8]) -> Option<u64> {
    let text = text.trim_ascii_end();
    let is_number = text.iter().all(u8::is_ascii_hexdigit);
    u64::from_str_radix(str::from_utf8(text).ok().filter(|_| is_number)?, 16).ok()
}
