//! What a renderer is told of the place its text goes to, and of what the reader wants to see.

use crate::columns::Selection;
use crate::order::Order;

/// How a report for people is to look. The default is for a file or a pipe: the usual columns at their
/// full width, in the plan's order, without colours.
#[derive(Debug, Clone, Default)]
pub struct View {
    /// Where the text goes.
    pub screen: Screen,
    /// The columns of a table.
    pub columns: Selection,
    /// The order of the rows.
    pub order: Order,
}

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
