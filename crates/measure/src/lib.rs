//! What Paceline sees of the machine and of processes from outside.
//!
//! A benchmark row rests on more than a stopwatch: on the CPU time that the work cost ([`cpu`]), on
//! the memory that a whole tree of processes held at its peak ([`memory`]), on the machine it ran
//! on ([`host`]) and on what disturbed it meanwhile ([`noise`]). This crate asks the operating system
//! for all four, and for nothing else.
//!
//! Invariants that the rest of the workspace builds on:
//!
//! - A fact that cannot be read is `None`, never zero: a journal must be able to tell "no steal time"
//!   from "this kernel does not count steal time".
//! - Nothing is subtracted, smoothed or clamped. A difference of two counters that ran backwards is
//!   absent.
//! - Looking changes nothing: no setting of the host or of a process is ever written. One function acts,
//!   [`process::kill_with_variable`], and on processes alone that were given a mark to be found by.
//! - Nothing here names the host or its user; a journal can be shown to anyone.
//! - Every number that a kernel counts in its own unit leaves this crate in nanoseconds, bytes or
//!   hertz, with the unit in its name.
//!
//! Linux is covered in full. Other systems compile, and report what they can: CPU time, context
//! switches, kernel release and resource limits wherever there is `getrusage`, the rest as absent.
//! The code of one operating system stands in the module of its concern, behind a `cfg` in that
//! module; callers need none.
//!
//! The modules, in reading order:

pub mod cpu;
pub mod memory;
pub mod process;

mod cgroup;
mod sysfs;

pub mod host;
pub mod noise;

pub use cpu::CpuTimes;
pub use host::{available_memory_bytes, usable_cores};
pub use memory::{MeasureError, TreeSampler};
pub use noise::{NoiseProbe, Own, OwnNoise};
