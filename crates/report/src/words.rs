//! Words that other renderers share with those of this crate, so that one thing has one name.

pub use crate::advice::{sentence, too_few_rounds};
pub use crate::cell::{lines, name, percent, state_and_reasons, word};
pub use crate::notes::{about_names, detectable, flag, standard_output};
pub use crate::search::{rate_found, rate_limit, rate_tried, too_short};
