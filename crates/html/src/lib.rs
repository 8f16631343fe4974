//! The report as one page of HTML that people can pass on.
//!
//! [`html`] is a pure function of a run. The page is a single file that asks the
//! network for nothing, works in light and dark, on paper, on a phone, by keyboard and with a screen
//! reader, and without JavaScript (which only sorts, filters, copies and switches).
//!
//! - A journal is made of other people's text: every piece of it goes through [`maud`], which escapes,
//!   and the page's own policy forbids any script but the one that stands in this crate.
//! - A chart is drawn from the numbers that stand in the table below it. Text is never scaled out of its
//!   size: charts with text inside are drawn once for wide and once for narrow screens.
//! - Colour is never the only sign: families differ in the shape of their marks and by labels.
//! - The size is bounded: the timelines share a budget of bytes, and rows beyond it are told as left out.
//! - Nothing is hidden: a row that is invalid, skipped or not run has its place and its reason.
//! - A length is drawn only where it means something: on a logarithmic axis it is a ratio, so a bar lies
//!   between two values and never begins at the edge.
//!
//! The page from top to bottom: `answer` with the `work` in words and its `certainty`, the charts `bars`,
//! `tradeoff` and `scaling`, the lanes side by side and the `timeline` of one row with `lanes` and `flight`
//! in the rounds that are `typical`, all figures in `rows`, and `measured`. Where items arrived on a schedule,
//! `arrivals` has the card and the chart instead; what a search for rates found is a page of its own
//! ([`search()`]).

mod number;
mod family;
mod label;
mod work;
mod typical;
mod reference;
mod options;
mod model;
mod axis;
mod placing;
mod mark;
mod figure;
mod strip;
mod certainty;
mod answer;
mod arrivals;
mod bars;
mod tradeoff;
mod scaling;
mod lanes;
mod flight;
mod timeline;
mod columns;
mod rows;
mod measured;
mod page;
mod search;

pub use options::Options;
pub use page::html;
pub use reference::{Reference, ReferenceError};
pub use search::search;
