//! The real binary, from the outside, without a worker. Tests that need one stand in `checks/command-line`.

#[path = "../support/mod.rs"]
mod support;
mod skip;

mod advice;
mod command_line;
mod formats;
mod matrices;
mod memory;
mod open_loop;
#[cfg(unix)]
mod own_command;
mod own_service;
mod page;
mod resumption;
mod runs;
mod shell;
mod terminal;

/// The binary under test.
const PROGRAM: &str = env!("CARGO_BIN_EXE_xtask");

/// Nothing can be built, so that a test that wants a worker fails instead of taking minutes.
fn cargo() -> &'static str {
    "no-such-cargo"
}
