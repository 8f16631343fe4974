//! tokio.

use std::io;
use std::net::SocketAddr;
use std::process::{Command, ExitStatus, Stdio};
use std::time::Duration;

use paceline_core::{AsyncIo, AsyncStream, BoxFuture, Sink};
use tokio::net::TcpStream;
use tokio_util::compat::TokioAsyncReadCompatExt;

use crate::program::{copy_both, stdio};
use crate::tokio_stream::Stream;

/// tokio's timer, whose resolution is one millisecond and which rounds up, its sockets and its child
/// processes. The runtime that runs the items needs `enable_all`.
#[derive(Debug, Clone, Copy, Default)]
pub struct TokioIo;

impl AsyncIo for TokioIo {
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }

    fn connect(&self, address: SocketAddr) -> BoxFuture<'static, io::Result<Box<dyn AsyncStream>>> {
        Box::pin(async move {
            let stream = TcpStream::connect(address).await?;
            stream.set_nodelay(true)?;
            Ok(Box::new(Stream::new(stream)) as Box<dyn AsyncStream>)
        })
    }

    fn run_program<'a>(
        &'a self,
        command: Command,
        stdout: Sink<'a>,
        stderr: Sink<'a>,
    ) -> BoxFuture<'a, io::Result<ExitStatus>> {
        Box::pin(async move {
            let mut command = tokio::process::Command::from(command);
            command.stdin(Stdio::null()).stdout(stdio(&stdout)).stderr(stdio(&stderr));
            let mut child = command.kill_on_drop(true).spawn()?;
            let written = (
                child.stdout.take().map(TokioAsyncReadCompatExt::compat),
                child.stderr.take().map(TokioAsyncReadCompatExt::compat),
            );
            copy_both(written, (stdout, stderr)).await?;
            child.wait().await
        })
    }
}
