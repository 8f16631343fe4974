//! `paceline-worker`: the worker with the executors of this workspace.

mod registry;

use std::process::ExitCode;

fn main() -> ExitCode {
    paceline_worker::run(registry::executors)
}
