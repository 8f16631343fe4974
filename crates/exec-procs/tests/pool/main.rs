//! The pool with real processes: what it owes when children behave, when they do not, and when the
//! surroundings are hostile. docs/process-pool.md has the table of faults that these tests prove.
//!
//! This binary plays every part. As a test it starts pools; as their child it serves; and what must not
//! happen to the process of the tests happens to another one of it, in a scenario.

mod behaviour;
mod faults;
mod pass;
mod rogue;
mod scenario;
mod surroundings;
mod torture;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};
use paceline_exec_procs::serve_if_child;
use paceline_testkit::fault;

use crate::pass::Holdings;

fn main() -> ExitCode {
    rogue::serve_if_asked()
        .or_else(|| serve_if_child(fault::build))
        .or_else(scenario::play_if_asked)
        .unwrap_or_else(test)
}

fn test() -> ExitCode {
    let mut arguments = Arguments::from_args();
    // What a test leaves behind can only be told while no other test runs.
    arguments.test_threads = Some(1);
    let tests = [behaviour::TESTS, faults::TESTS, surroundings::TESTS, torture::TESTS].concat();
    let trials = tests.into_iter().map(|(name, test)| {
        Trial::test(name, move || {
            let before = Holdings::now();
            test();
            before.await_again();
            Ok(())
        })
    });
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}

/// A test and its name.
type Test = (&'static str, fn());
