//! Executors that keep every promise: the proof that the suite can be passed, and what each rogue
//! bends in one place.

mod cooperative;
mod pool;

pub use cooperative::{Cooperative, SOUND_COOPERATIVE};
pub(crate) use cooperative::{timer, yield_once};
pub use pool::{Pool, PoolExecutor, SOUND_POOL};
