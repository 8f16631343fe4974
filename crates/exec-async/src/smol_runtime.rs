//! smol: an executor without threads of its own, over the reactor of async-io.

use std::sync::Arc;

use paceline_core::{ExecError, Executor, Job, Lanes, Setup};
use paceline_io::SmolIo;
use smol::LocalExecutor;

use crate::lane::{InTurn, lane};

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
}
