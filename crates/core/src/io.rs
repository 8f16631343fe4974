//! What an asynchronous item may ask of the runtime that runs it.

use std::future::{Future, ready};
use std::io::{self, Write};
use std::net::SocketAddr;
use std::pin::Pin;
use std::process::{Command, ExitStatus};
use std::time::Duration;

use futures_io::{AsyncRead, AsyncWrite};

/// What an asynchronous item may wait for. It keeps the runtimes out of the workloads.
///
/// Only sleeping must be there. A runtime without sockets or child processes leaves those methods as
/// they are, and an item that asks for them fails with that reason.
pub trait AsyncIo: Send + Sync {
    /// Completes after `duration`, on the timer of the runtime that runs the item.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;

    /// A TCP connection to `address`, with Nagle's algorithm off, on the reactor of the runtime that
    /// runs the item.
    ///
    /// # Errors
    ///
    /// Whatever kept the connection from standing; `Unsupported` where the runtime has no sockets.
    fn connect(&self, address: SocketAddr) -> BoxFuture<'static, io::Result<Box<dyn AsyncStream>>> {
        let _ = address;
        Box::pin(ready(Err(unsupported("opens no connections"))))
    }

    /// Runs a program to its end, with nothing to read, and copies what it writes into `stdout` and
    /// `stderr` as it comes, so that what is kept of it is the caller's choice. What has no sink goes
    /// nowhere. Dropping the future kills the program.
    ///
    /// # Errors
    ///
    /// When the program cannot be started, or a sink takes no more; `Unsupported` where the runtime has
    /// no child processes. A program that fails is no error here.
    fn run_program<'a>(
        &'a self,
        command: Command,
        stdout: Sink<'a>,
        stderr: Sink<'a>,
    ) -> BoxFuture<'a, io::Result<ExitStatus>> {
        let _ = (command, stdout, stderr);
        Box::pin(ready(Err(unsupported("starts no programs"))))
    }
}

/// Both directions of a connection, in the traits that belong to no runtime.
pub trait AsyncStream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> AsyncStream for T {}

/// Where one stream of a program goes. Writing to it must not block.
pub type Sink<'a> = Option<&'a mut (dyn Write + Send)>;

/// A boxed future that may move between threads.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

fn unsupported(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::Unsupported, format!("the executor's runtime {what}"))
}
