//! Feeds the reader anything: `cargo +nightly fuzz run read corpus/read seeds/read`.

#![no_main]

#[path = "../body.rs"]
mod body;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| body::read_any_bytes(bytes));
