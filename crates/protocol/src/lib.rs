//! What driver, worker and server say to each other: plain data, one JSON object a line.
//!
//! Journals hold the same types, so these outlive the processes that wrote them. They grow by optional
//! fields alone: an existing field keeps its meaning, and a new one has a default. So recorded journals and
//! the workers of older revisions stay readable.
//!
//! Nothing here measures, runs or reads anything. The modules, in reading order:

mod conversation;
mod measured;
mod registry;
mod spec_check;
pub mod service;

pub mod escape;

mod host;
mod memory;
mod noise;

pub use conversation::{CANCEL, CASE_MARK, Case, FORMAT, GO_ON, PoolLimits, Reply, Request};
pub use host::{Ceiling, HostFacts, ResourceLimit};
pub use measured::{ItemRecords, Latencies, Measured, OpenLoop};
pub use memory::{MemoryKind, ProcessPeak, TreeMemory};
pub use noise::{Noise, PressureScope};
pub use registry::{ExecutorEntry, Registry, WorkloadEntry};
pub use spec_check::{SpecCheck, SpecFault, SpecFaultKind};
