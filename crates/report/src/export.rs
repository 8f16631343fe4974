//! Forms that other programs read, each a pure function of a run.
//!
//! A row that is not valid has no number in any of them. The forms that have a place for such a row say
//! its state there; in the others it is missing, and `docs/formats.md` says in which.

mod label;
mod pyperf;
mod hyperfine;
mod bencher;
mod github;
mod csv;
mod markdown;
mod junit;

pub use self::bencher::bencher;
pub use self::csv::csv;
pub use self::github::github;
pub use self::hyperfine::hyperfine;
pub use self::junit::{comparison_junit, junit};
pub use self::markdown::{comparison_markdown, markdown};
pub use self::pyperf::pyperf;

use serde::Serialize;

use crate::ReportError;

/// A JSON document as a text that ends in a newline.
fn document(value: &impl Serialize) -> Result<String, ReportError> {
    Ok(serde_json::to_string_pretty(value)? + "\n")
}
