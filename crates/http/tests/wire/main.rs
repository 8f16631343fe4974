//! Both forms of the client against servers that write whatever bytes a test wants, over real sockets.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod answers;
mod connections;
mod forms;
mod mutations;
mod requests;
mod server;
mod time_limits;
