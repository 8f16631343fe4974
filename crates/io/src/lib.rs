//! What asynchronous items may wait for, ready for use: timers, connections and programs of a runtime.
//!
//! An item asks for these through [`paceline_core::AsyncIo`], so that no workload knows a runtime. Every
//! executor over the same runtime would answer alike; so the answers stand here, and an executor names
//! one of them in a line:
//!
//! | type | feature | for executors over |
//! | --- | --- | --- |
//! | `TokioIo` | `tokio` | tokio, either flavour, with its io and its timer enabled |
//! | `SmolIo` | `smol` | smol, and any other runtime on its reactor (async-io), which has a thread of its own |
//!
//! For another runtime, [`paceline_core::AsyncIo`] is to be written; sleeping alone must be there.

#[cfg(any(feature = "smol", feature = "tokio"))]
mod program;
#[cfg(feature = "smol")]
mod smol_io;
#[cfg(feature = "tokio")]
mod tokio_io;
#[cfg(feature = "tokio")]
mod tokio_stream;

#[cfg(feature = "smol")]
pub use smol_io::SmolIo;
#[cfg(feature = "tokio")]
pub use tokio_io::TokioIo;
