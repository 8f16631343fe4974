//! Numbers that say how right they are.
//!
//! This crate turns measured numbers into statements with error bars. It is pure: slices of numbers,
//! or a journal, go in, statistics come out, and nothing here reads a clock, a file or the environment.
//!
//! - **Every input is checked once.** A [`Series`] is never empty and holds only finite numbers, so
//!   what is computed from it is a number or an explicit `None`, never a NaN and never a panic.
//! - **Exact where exact is affordable.** Rank tests use the exact distribution for the numbers of
//!   rounds that a benchmark really has; every approximation names the size at which it takes over.
//! - **Small samples are told apart from small effects.** An interval carries the confidence level
//!   that it *achieves*; where the rounds cannot carry the level asked for, the [`Verdict`] is
//!   inconclusive whatever the numbers look like.
//! - **Nothing is removed.** Outliers, drift and two modes are flagged and stay in every statistic.
//! - **The same input gives the same output.** Resampling is seeded and uses PCG32, a generator
//!   with published, fixed output. The last digits may differ between mathematical libraries.
//!
//! A row is described by [`describe`], its mean gets an interval from [`bootstrap`], and [`flags`]
//! warns of what a mean hides. Two rows are compared by [`ratio`], which rests on the rank tests
//! [`signed_rank`] (same rounds) and [`rank_sum`] (different runs); [`holm`] corrects the p-values
//! when many rows are judged, [`power`] says what a comparison could have missed, and [`every_round`] what
//! rounds show that are too few for a test. [`schedule`] computes what an ideal executor would have needed.
//!
//! [`summary`] maps a journal to rows with all of these; [`noise`] tells which samples the machine
//! disturbed, [`ideal`] takes a row's time apart, and [`latency`] adds up how long its items took.
//! [`advice`] says which row of a run to use, and [`search`] finds the rate of arrivals that a row holds. A
//! [`run`] is a journal with all of these; [`compare`] holds two runs against each other.
//!
//! The values are checked against SciPy: see `fixtures/reference/stats`.

pub mod bootstrap;
pub mod describe;
pub mod flags;
pub mod holm;
pub mod power;
pub mod rank_sum;
pub mod ratio;
pub mod every_round;
pub mod schedule;
pub mod signed_rank;
pub mod ideal;
pub mod latency;
pub mod noise;
pub mod summary;
pub mod search;
pub mod advice;
pub mod run;
pub mod compare;

mod dip;
mod differences;
mod error;
mod level;
mod null;
mod pairs;
mod range;
mod ranks;
mod shift;

pub use advice::Advice;
pub use compare::RunComparison;
pub use describe::Series;
pub use differences::differences;
pub use error::StatsError;
pub use every_round::EveryRound;
pub use level::Level;
pub use ratio::{Comparison, Margin, Verdict};
pub use run::Run;
pub use search::Search;
pub use shift::Shift;
pub use summary::Summary;
