//! What a renderer knows about how its text should look.

use crate::columns::Selection;
use crate::order::Order;
use crate::screen::Screen;

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
