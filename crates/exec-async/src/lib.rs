//! Asynchronous strategies on three runtimes.
//!
//! What they share is the lane: a loop that takes the next task and awaits its items. What they
//! differ in is how many such loops run, and where:
//!
//! | executor | lanes | threads |
//! | --- | --- | --- |
//! | [`Tokio`], [`Smol`] | one task each, spawned | one: the caller's |
//! | [`TokioMultiThread`] | one task each, spawned | as many workers as lanes |
//! | [`AsyncStd`] | one task each, spawned | its global pool: one per core |
//! | [`TokioBlocking`] | `spawn_blocking`, so blocking items | as many as lanes, plus the caller's |
//! | [`FalseTokio`], [`FalseAsyncStd`], [`FalseSmol`] | one, awaited in place | one: the caller's |
//!
//! The false ones are what is written by mistake: `async` code that awaits each item before it asks for
//! the next. They run one item at a time whatever their width, and their rows show it.
//!
//! async-std is no longer developed. It stands here because its users want to compare; smol is built
//! from the same parts and is kept up.

mod async_std_runtime;
mod lane;
mod smol_runtime;
mod tokio_blocking;
mod tokio_runtime;

pub use async_std_runtime::{AsyncStd, FalseAsyncStd};
pub use smol_runtime::{FalseSmol, Smol};
pub use tokio_blocking::TokioBlocking;
pub use tokio_runtime::{FalseTokio, Tokio, TokioMultiThread};
