//! What items are made of when a user brings their own: a command, a list of items, a folder of files.
//!
//! Both ends of a run need the same understanding of such an input. The command line looks at it before
//! anything runs, so that a mistake is an error with its place; the workload that runs in the worker
//! makes its items of it. This crate is what they share. It runs no program. All of Paceline opens the files
//! that a user names with the functions of this crate.
//!
//! Invariants:
//!
//! - **A text decides the items.** [`Items`] and [`Template`] are written as text and read back the same,
//!   so that a spec can carry them to any process.
//! - **An item is one word.** What stands for a placeholder is one argument of a program or script, or a
//!   percent-encoded part of a path, whatever characters it has. No shell ever reads it.
//! - **Nothing is counted out.** A range of a thousand million items is refused, not made.
//! - **Only regular files are opened.** Reading a pipe or a device may never end, so the error names its kind.
//!
//! The modules, in reading order:

mod error;

mod items;
mod service_url;
mod standard_output;
mod template;
mod script;
mod placeholder;

mod regular;
mod certificates;
mod folder;
mod page_cache;

pub use certificates::certificates;
pub use error::InputError;
pub use folder::files_in;
pub use items::Items;
pub use page_cache::{DropError, drop_from_page_cache};
pub use placeholder::{Misplaced, PLACEHOLDERS};
pub use regular::{check_regular, open_regular, read_regular};
pub use service_url::ServiceUrl;
pub use standard_output::StandardOutput;
pub use template::Template;
