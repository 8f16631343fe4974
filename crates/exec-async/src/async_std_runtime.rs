//! async-std: one global runtime, which nothing starts or ends but the process.

use std::io;
use std::net::SocketAddr;
use std::panic::catch_unwind;
use std::process::{Command, ExitStatus};
use std::sync::Arc;
use std::time::Duration;

use async_std::net::TcpStream;
use async_std::task;
use paceline_core::{
    AsyncIo, AsyncStream, BoxFuture, ExecError, Executor, Job, Lanes, Setup, Sink, panic_message,
};
use paceline_io::SmolIo;

use crate::lane::{InTurn, lane};

/// Tasks on async-std's global runtime, one thread per core.
#[derive(Debug, Clone, Copy, Default)]
pub struct AsyncStd;

impl Executor for AsyncStd {
    fn id(&self) -> &'static str {
        "async-async-std"
    }

    fn about(&self) -> &'static str {
        "async-std (no longer developed): a task for each lane on its global threads"
    }

    fn start(&self, setup: &Setup<'_>) -> Result<Box<dyn Lanes>, ExecError> {
        // The global threads start with the first task; an empty one has them start here, where
        // starting is timed. async-std panics when the system refuses it one of them.
        let lanes = setup.lanes();
        let started = catch_unwind(|| task::block_on(task::spawn(async {})));
        started.map_err(|panic| {
            ExecError::too_few_threads(self.id(), (0, lanes), panic_message(panic.as_ref()))
        })?;
        Ok(Box::new(Together { lanes }))
    }
}

/// One item awaited after the other on async-std: asynchronous in name only.
#[derive(Debug, Clone, Copy, Default)]
pub struct FalseAsyncStd;

impl Executor for FalseAsyncStd {
    fn id(&self) -> &'static str {
        "async-false-async-std"
    }

    fn about(&self) -> &'static str {
        "async-std, one item awaited after the other: asynchronous in name only"
    }

    fn ceiling(&self) -> Option<usize> {
        Some(1)
    }

    fn start(&self, _: &Setup<'_>) -> Result<Box<dyn Lanes>, ExecError> {
        Ok(Box::new(InTurn(|job| task::block_on(lane(job, 0, AsyncStdIo)))))
    }
}

/// Every lane a task of its own on the global runtime.
struct Together {
    lanes: usize,
}

impl Lanes for Together {
    fn started(&self) -> usize {
        self.lanes
    }

    fn run(&mut self, job: &Arc<Job>) -> Result<(), ExecError> {
        let (job, lanes) = (Arc::clone(job), self.lanes);
        task::block_on(async move {
            let spawn = |number| task::spawn(lane(Arc::clone(&job), number, AsyncStdIo));
            let handles: Vec<_> = (0..lanes).map(spawn).collect();
            for handle in handles {
                handle.await;
            }
        });
        Ok(())
    }
}

/// async-std's own timer and sockets. Its own child processes stand behind its feature `unstable` and are
/// those of smol.
struct AsyncStdIo;

impl AsyncIo for AsyncStdIo {
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(task::sleep(duration))
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
        SmolIo.run_program(command, stdout, stderr)
    }
}
