//! The real binary, from the outside.

mod support;

mod advice;
mod command_line;
#[cfg(target_os = "linux")]
mod interruption;
#[cfg(target_os = "linux")]
mod resumption;
