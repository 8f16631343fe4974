//! The real binary, from the outside.

mod service;
mod support;

mod advice;
mod command_line;
#[cfg(target_os = "linux")]
mod dying_server;
mod formats;
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
mod page;
#[cfg(unix)]
mod process_pool;
#[cfg(target_os = "linux")]
mod resumption;
mod runs;
#[cfg(unix)]
mod shaky;
mod shell;
mod surroundings;
mod terminal;
