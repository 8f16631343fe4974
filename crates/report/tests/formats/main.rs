//! The forms that other programs read, each read back by a reader of its own. Those that have a schema are
//! held against it in `checks/schemas`.

mod journals;

mod documents;
mod memory;
mod names;
mod states;
mod tables;
