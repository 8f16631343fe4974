//! Pure functions from a run to text.
//!
//! A renderer takes a [`paceline_stats::Run`], in which everything is computed, and returns a string; it runs nothing, reads nothing
//! and decides nothing about a terminal. What is invalid, skipped or missing is said below every table
//! that leaves it out, so no form of a report hides a row.
//!
//! - [`table`] and [`bars`]: for people, on a [`Screen`] that the caller describes, as all forms for people
//!   are; [`in_short`]: the most telling sentences.
//! - [`side_by_side`]: several runs; [`run_list`]: which there are.
//! - [`seed_layout`]: the layout of the reference table.
//! - [`json`]: everything, for programs.
//! - [`explain`]: where a row's time went, in words.
//! - [`comparison`] and [`comparison_json`]: two runs or revisions, row by row.
//! - [`pyperf`], [`hyperfine`], [`bencher`], [`github`], [`csv()`], [`markdown`], [`junit`]: what other
//!   programs read.
//! - [`comparison_markdown`] and [`comparison_junit`]: a comparison, likewise.
//! - [`search`] and [`search_json`]: the highest rate of arrivals that each row holds.
//! - [`advice`] and [`advice_json`]: which row to use.
//! - [`words`]: what renderers of other crates say in the same words; [`indented`]: a paragraph for these.

mod screen;
mod view;
mod columns;
mod order;
mod cell;
mod layout;
mod grid;
mod table;
mod bars;
mod in_short;
mod side_by_side;
mod run_list;
mod seed;
mod json;
mod explain;
mod comparison;
mod advice;
mod export;
mod notes;
mod open_loop;
mod search;
mod error;
pub mod words;

pub use advice::{advice, advice_json};
pub use bars::bars;
pub use columns::{COLUMNS, Column, Selection, column_list};
pub use comparison::{comparison, comparison_json};
pub use error::ReportError;
pub use explain::explain;
pub use export::{
    bencher, comparison_junit, comparison_markdown, csv, github, hyperfine, junit, markdown, pyperf,
};
pub use in_short::{headlines, in_short};
pub use json::json;
pub use layout::indented;
pub use order::Order;
pub use run_list::{RunLine, run_list};
pub use screen::Screen;
pub use search::{search, search_json};
pub use seed::seed_layout;
pub use side_by_side::side_by_side;
pub use table::table;
pub use view::View;
