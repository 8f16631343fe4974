//! Whether an executor keeps its promises: the conformance suite, and the rogues that test the suite.
//!
//! Each [`Check`] of [`CHECKS`] states one promise in one sentence and looks at nothing else, so that
//! one broken promise fails one test, and its name is the diagnosis. [`conformance!`] makes an
//! ordinary test of each:
//!
//! ```no_run
//! // tests/conformance.rs
//! # use paceline_testkit::reference::SOUND_POOL as MyExecutor;
//! paceline_testkit::conformance!(MyExecutor);
//! ```
//!
//! Several executors go into one file with a `mod` around each `conformance!`. A test of a skipped
//! promise prints the reason and passes.
//!
//! An executor whose lanes are processes of the test binary itself needs a `main` of its own
//! (`harness = false`): its children rebuild the checks' workloads with [`build`], and its tests are
//! made from the table, here with libtest-mimic:
//!
//! ```ignore
//! fn main() -> ExitCode {
//!     serve_if_child(paceline_testkit::build).unwrap_or_else(|| {
//!         let subject = Subject::new(&MyProcesses);
//!         let held_to = |check: &'static Check| {
//!             Trial::test(check.name, move || Ok(check.run(&subject).map(drop)?))
//!         };
//!         let tests = CHECKS.iter().map(held_to).collect();
//!         libtest_mimic::run(&Arguments::from_args(), tests).exit_code()
//!     })
//! }
//! ```
//!
//! Invariants:
//!
//! - No verdict rests on how long something took. Items that have to be in flight together wait for
//!   each other, by files in a folder that their spec names, so that it works the same for threads,
//!   tasks and processes; deadlines only keep a broken executor from hanging its test. The one bound
//!   on a duration is from below, which no load can break: a wait must not end early.
//! - Some checks look at the whole process (threads, children, descriptors). All checks of a process
//!   therefore take turns, behind one lock. A binary with these tests should hold no other tests that
//!   start threads or children or open files.
//! - What cannot be looked at on a system, or is not promised by a family, is [`Verdict::Skipped`]
//!   with the reason, never silently kept.
//! - Every check has a rogue in [`rogues::ROGUES`] that is caught by it, and by it alone. The test
//!   `mutation` asserts that and prints the score.
//!
//! The modules, in reading order:

mod check;
mod checks;
mod conformance;
pub mod fault;
mod place;
mod process;
pub mod reference;
pub mod rogues;
mod subject;
mod verdict;
mod workload;

pub use check::{CHECKS, Check};
pub use conformance::assert_kept;
pub use subject::Subject;
pub use verdict::{Breach, Verdict};
pub use workload::build;
