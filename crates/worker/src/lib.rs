//! Runs one case in a fresh process: all of the program `paceline-worker` but its list of executors.
//!
//! The driver starts it, writes one request to its standard input and reads the replies from its
//! standard output ([`paceline_protocol`] has the conversation). Its standard error is the case's
//! log, into which goes what executors print, too. It holds nothing of statistics or reports, so that the process that is measured is small.
//!
//! ```text
//! paceline-worker case    serve one request
//! paceline-worker list    print the registry as JSON
//! paceline-worker check   read a list of workloads as JSON, print what is wrong with each
//! ```
//!
//! Which executors there are is the program's: `src/registry.rs` has the one list. So another program can
//! be the worker of executors that no list should have (`examples/shaky-worker.rs`).
//!
//! The modules, in reading order:

mod case;
mod check;
mod driver;
mod known;
mod leftovers;
mod latency;
#[cfg(test)]
mod latency_tests;
mod open_loop;
mod panic_place;
mod too_few_lanes;

use std::process::ExitCode;

use anyhow::{Context, bail};
use paceline_core::{Executor, raise_open_files};
use paceline_protocol::{FORMAT, PoolLimits, Reply, Request};

use crate::driver::Driver;

/// Every executor, in the order in which they are listed. The limits are for those with child processes.
pub type Executors = fn(PoolLimits) -> Vec<Box<dyn Executor>>;

/// All that a worker's `main` does, with these executors.
#[must_use]
pub fn run(executors: Executors) -> ExitCode {
    // A child of the process pool is this same binary; it must not come any further than here.
    if let Some(code) = paceline_exec_procs::serve_if_child(paceline_workloads::build) {
        return code;
    }
    match serve(executors) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // The driver shows the end of this log together with the exit code.
            let _ = std::io::Write::write_all(
                &mut std::io::stderr(),
                format!("paceline-worker: failed to {error:#}\n").as_bytes(),
            );
            ExitCode::FAILURE
        }
    }
}

fn serve(executors: Executors) -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["case"] => {
            // Each item in flight may hold a connection. If the system refuses more, items fail without one.
            raise_open_files();
            panic_place::note();
            let (driver, request) = Driver::connect().context("read the request")?;
            let reply = answer(request, executors, &driver);
            driver.finish(&reply).context("write the reply")
        }
        ["list"] => {
            let registry = known::contents(executors).context("list the executors")?;
            driver::print(&registry).context("print the registry")
        }
        ["check"] => check::serve(),
        _ => bail!(
            "read its arguments: it takes `case`, `list` or `check`, and is run by `cargo xtask bench`"
        ),
    }
}

fn answer(request: Request, executors: Executors, driver: &Driver) -> Reply {
    let (Request::Digest { format, .. } | Request::Run { format, .. }) = request;
    if format != FORMAT {
        let reason = format!("speak version {format} of the protocol: this worker has {FORMAT}");
        return Reply::Broken { reason };
    }
    let have_bytes = paceline_measure::available_memory_bytes();
    match request {
        Request::Digest { spec, .. } => case::digest(&spec, have_bytes, |job| driver.watch(job)),
        Request::Run { case, expected, hold, pool, schedule, .. } => {
            let executor = known::executor(&case.executor, executors(pool));
            executor.and_then(|executor| {
                case::run(&case, &*executor, have_bytes, expected, hold, schedule, driver)
            })
        }
    }
    .unwrap_or_else(|error| Reply::Broken { reason: format!("{error:#}") })
}
