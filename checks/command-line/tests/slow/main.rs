//! The real binary with a real worker, from the outside.

#[path = "../../../../xtask/tests/support/mod.rs"]
mod support;
mod service;
mod worker;

mod bench;
#[cfg(target_os = "linux")]
mod dying_server;
mod http;
mod http_faults;
mod http_open_loop;
#[cfg(target_os = "linux")]
mod interruption;
mod matrices;
mod memory;
#[cfg(unix)]
mod own_command;
#[cfg(target_os = "linux")]
mod own_command_costs;
mod own_service;
mod own_service_tls;
mod open_loop;
#[cfg(unix)]
mod process_pool;
#[cfg(target_os = "linux")]
mod resumption;
#[cfg(unix)]
mod shaky;
#[cfg(unix)]
mod surroundings;

use std::path::PathBuf;

use support::{Paceline, journals};
use worker::cargo;

/// The binary under test.
const PROGRAM: &str = env!("CARGO_BIN_EXE_check-command-line");

impl Paceline {
    /// The journal of the only run.
    pub(crate) fn journal(&self) -> PathBuf {
        let mut journals = journals(self.out.path());
        assert_eq!(journals.len(), 1, "{journals:?}");
        journals.remove(0)
    }
}
