//! What a reader may ask of the page.

use crate::reference::Reference;

/// What stands on the page beside the run itself.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The table whose times stand as ghost marks on the bars.
    pub against: Option<Reference>,
}
