//! smol: an executor without threads of its own, over the reactor of async-io.

use std::io;
use std::net::SocketAddr;
use std::process::{Command, ExitStatus};
use std::sync::Arc;
use std::time::Duration;

use paceline_core::{
    AsyncIo, AsyncStream, BoxFuture, ExecError, Executor, Job, Lanes, Setup, Sink,
};
use smol::LocalExecutor;
use smol::net::TcpStream;

use crate::lane::{InTurn, lane};
use crate::program;

/// Tasks on smol's `LocalExecutor`: true asynchrony on one thread.
#[derive(Debug, Clone, Copy, Default)]
pub struct Smol;

impl Executor for Smol {
    fn id(&self) -> &'static str {
        "async-smol"
    }

    fn about(&self) -> &'static str {
        "smol, LocalExecutor: a task for each lane, all on one thread"
    }

    fn ceiling(&self) -> Option<usize> {
        None
    }

    fn start(&self, setup: &Setup<'_>) -> Result<Box<dyn Lanes>, ExecError> {
        Ok(Box::new(Together { executor: LocalExecutor::new(), lanes: setup.lanes() }))
    }
}

/// One item awaited after the other on smol: asynchronous in name only.
#[derive(Debug, Clone, Copy, Default)]
pub struct FalseSmol;

impl Executor for FalseSmol {
    fn id(&self) -> &'static str {
        "async-false-smol"
    }

    fn about(&self) -> &'static str {
        "smol, one item awaited after the other: asynchronous in name only"
    }

    fn ceiling(&self) -> Option<usize> {
        Some(1)
    }

    fn start(&self, _: &Setup<'_>) -> Result<Box<dyn Lanes>, ExecError> {
        Ok(Box::new(InTurn(|job| smol::block_on(lane(job, 0, SmolIo)))))
    }
}

/// Every lane a task of its own.
struct Together {
    executor: LocalExecutor<'static>,
    lanes: usize,
}

impl Lanes for Together {
    fn started(&self) -> usize {
        self.lanes
    }

    fn run(&mut self, job: &Arc<Job>) -> Result<(), ExecError> {
        let spawn = |number| self.executor.spawn(lane(Arc::clone(job), number, SmolIo));
        let tasks: Vec<_> = (0..self.lanes).map(spawn).collect();
        smol::block_on(self.executor.run(async {
            for task in tasks {
                task.await;
            }
        }));
        Ok(())
    }

    fn shutdown(self: Box<Self>) -> Result<(), ExecError> {
        Ok(())
    }
}

struct SmolIo;

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
        Box::pin(program::run(command, stdout, stderr))
    }
}
