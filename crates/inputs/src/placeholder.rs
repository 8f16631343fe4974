//! What stands for an item in a command, a script or the path of a URL.

/// The placeholders that a command may have.
///
/// `{item}` is the item itself and `{index}` its number from 0. The others see the item as a path, of
/// which they are parts: `photos/a.b.jpg` has the folder `photos`, the name `a.b.jpg`, the stem `a.b` and
/// the extension `jpg`. The folder of `a.jpg` is `.`.
pub const PLACEHOLDERS: [&str; 6] =
    ["{item}", "{index}", "{folder}", "{name}", "{stem}", "{extension}"];

/// A part of a text in which placeholders were read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    Text(String),
    Placeholder {
        /// A position in [`PLACEHOLDERS`].
        which: usize,
        /// The byte at which it begins in the text that it was read in.
        at: usize,
    },
}

/// Where a script's placeholder stands that cannot stand there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Misplaced {
    /// Inside quotes, which would end where its own begin.
    InQuotes,
    /// Right behind a `$`, as the shell's own `${item}` does.
    BehindDollar,
    /// Right behind a backslash, which would take its first quote away.
    BehindBackslash,
}
