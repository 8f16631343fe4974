//! Thread pools: one operating system thread for every item in flight.
//!
//! Each pool has a module that shows how its crate is used, and nothing else:
//!
//! - [`Threadpool`]: the crate `threadpool`, one queue behind a lock. Tasks start in order, each on the
//!   first free thread, which is list scheduling.
//! - [`Rayon`]: the crate `rayon`, a deque per thread and work stealing. It is made for computing: it
//!   splits the items in halves instead of queueing them, so they do not start in order.
//!
//! Neither crate lets anyone wait for its threads to be gone: both end them after the pool is dropped,
//! on their own time. `shutdown_ns` of these rows is therefore the time of that drop.

mod rayon_pool;
mod threadpool_pool;

pub use rayon_pool::Rayon;
pub use threadpool_pool::Threadpool;
