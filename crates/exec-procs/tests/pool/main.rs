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

use std::process::ExitCode;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use libtest_mimic::{Arguments, Failed, Trial};
use paceline_exec_procs::serve_if_child;
use paceline_testkit::fault;
use rustix::process::Signal;

use crate::pass::{Holdings, children_of, signal};

/// A test that has not ended by then hangs, as tests do when some protection of the pool is gone. It is
/// many times what the longest of them takes.
const PATIENCE: Duration = Duration::from_secs(60);

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
    let trial = |(name, test): &Test| {
        let test = *test;
        Trial::test(*name, move || bounded(move || leaving_nothing(test)))
    };
    let tests = [behaviour::TESTS, faults::TESTS, surroundings::TESTS].concat();
    let tests = tests.iter().map(trial);
    let long = faults::LONG_TESTS.iter().map(|test| trial(test).with_ignored_flag(true));
    libtest_mimic::run(&arguments, tests.chain(long).collect()).exit_code()
}

/// Runs a test and looks for what it left behind.
fn leaving_nothing(test: fn()) {
    let before = Holdings::now();
    test();
    before.await_again();
}

/// Fails a test that hangs. All that it waits for are processes, so killing them lets it end, or the
/// tests after it at least find none of its.
fn bounded(test: impl FnOnce() + Send + 'static) -> Result<(), Failed> {
    let (running, end) = mpsc::channel::<()>();
    let thread = thread::spawn(move || {
        let _running = running;
        test();
    });
    match end.recv_timeout(PATIENCE) {
        Err(RecvTimeoutError::Disconnected) => thread.join().map_err(|panic| {
            // The message itself went to standard error.
            Failed::from(paceline_core::panic_message(panic.as_ref()))
        }),
        _ => {
            let own = std::process::id();
            children_of(own).into_iter().for_each(|child| signal(child, Signal::KILL));
            Err(Failed::from(format!("it hangs: no end within {} s", PATIENCE.as_secs())))
        }
    }
}

/// A test and its name.
type Test = (&'static str, fn());
