//! Feeds the reader anything; CONTRIBUTING.md has the command.

#![no_main]

#[path = "../body.rs"]
mod body;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| body::read_any_bytes(bytes));
