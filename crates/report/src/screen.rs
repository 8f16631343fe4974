//! What a renderer knows about the place its text goes to.

/// What the place can show. A renderer never looks for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Screen {
    /// How many columns of characters a line has; `None` where lines may be of any length.
    pub width: Option<usize>,
    /// Whether it shows ASCII alone.
    pub ascii: bool,
    /// Whether it understands ANSI colours.
    pub color: bool,
}
