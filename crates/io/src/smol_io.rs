//! smol.

use std::io;
use std::net::SocketAddr;
use std::process::{Command, ExitStatus, Stdio};
use std::time::Duration;

use paceline_core::{AsyncIo, AsyncStream, BoxFuture, Sink};
use smol::net::TcpStream;

use crate::program::{copy_both, stdio};

/// The timer, the sockets and the child processes of smol.
#[derive(Debug, Clone, Copy, Default)]
pub struct SmolIo;

impl AsyncIo for SmolIo {
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(async move {
            smol::Timer::after(duration).await;
        })
    }

    fn connect(&self, address: SocketAddr) -> BoxFuture<'static, io::Result<Box<dyn AsyncStream>>> {
        Box::pin(async move {
            let stream = TcpStream::connect(address).await?;
            stream.set_nodelay(true)?;
            Ok(Box::new(stream) as Box<dyn AsyncStream>)
        })
    }

    fn run_program<'a>(
        &'a self,
        command: Command,
        stdout: Sink<'a>,
        stderr: Sink<'a>,
    ) -> BoxFuture<'a, io::Result<ExitStatus>> {
        Box::pin(async move {
            let mut command = smol::process::Command::from(command);
            command.stdin(Stdio::null()).stdout(stdio(&stdout)).stderr(stdio(&stderr));
            let mut child = command.kill_on_drop(true).spawn()?;
            copy_both((child.stdout.take(), child.stderr.take()), (stdout, stderr)).await?;
            child.status().await
        })
    }
}
