//! What is run: work whose amount is known, so that a strategy can be judged by how it schedules it.
//!
//! | workload | an item is | it is bound by |
//! | --- | --- | --- |
//! | `api` | one record of a simulated remote API: a GET, for every third record also a PUT | waiting |
//! | `http` | the same record from a server, over HTTP | waiting, on sockets |
//! | `rotate` | one photograph, decoded from disk and rotated again and again | one core |
//! | `noop` | nothing but a checksum | the executor alone |
//! | `primes` | a count of primes, by trial division | one core |
//! | `files` | one file of a folder, read and hashed | the disk, or the memory that caches it |
//! | `command` | a program that is run | what the program does |
//! | `url` | a request to a service of the user's own | waiting, on sockets |
//! | `spin` | a fixed number of steps | one core |
//! | `overlap` | a wait of fixed length | waiting |
//! | `hold` | memory that is taken, touched and kept for a while | waiting |
//!
//! The last three are there for `cargo xtask audit`, which holds what is measured against what is known.
//!
//! [`WORKLOADS`] is the registry, [`build`] the way from a spec to a workload. The crate knows no
//! executor, starts no thread and owns no runtime: an item that waits asynchronously does so through
//! [`paceline_core::AsyncIo`].
//!
//! Invariants:
//!
//! - **A spec decides every product.** Two builds of one spec give the same checksums item by item, in
//!   any order, in any process. Nothing is drawn from a generator that items share, so which items ran
//!   before never shows.
//! - **Skipped work changes the checksum.** A PUT that is not made leaves the record at its first
//!   revision; a rotation that is not made leaves the pixels less turned.
//! - **Waiting is known beforehand.** The waits of a record depend on seed, record and operation alone,
//!   so all cases of a round meet the same latencies, and the planned time is exact.
//! - **An item fails alone.** A picture that cannot be decoded fails the items that use it, with its
//!   name. A folder that cannot be used at all fails the build.
//! - **An unknown parameter is refused**, so that a misspelt one is never ignored.
//!
//! The modules, in reading order:

mod registry;

mod noop;
mod synthetic;

mod api;
mod http;

mod primes;

mod files;

mod command;
mod url;

mod picture;
mod rotate;
mod rotation;

pub use registry::{Entry, WORKLOADS, build};
pub use rotation::{Angle, Rotation, RotationError};
