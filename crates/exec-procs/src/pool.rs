//! The pool: lanes that are up.

use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::{self, JoinHandle};

use ipc_channel::IpcError;
use paceline_core::{ExecError, Job, LaneId, Lanes, Setup};

use crate::child::Nursery;
use crate::error::PoolError;
use crate::lane::Lane;
use crate::page::{Board, Page};
use crate::run::Run;
use crate::warden::Warden;
use crate::wire::guarded;
use crate::{EXECUTOR_ID, Options, os};

/// Children that are up, each with the thread of its lane.
#[derive(Debug)]
pub(crate) struct Pool {
    nursery: Arc<Nursery>,
    lanes: Vec<LaneThread>,
    done: Receiver<()>,
    warden: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct LaneThread {
    runs: Sender<Arc<Run>>,
    thread: JoinHandle<()>,
}

impl Pool {
    /// Starts all children at once and waits until each is ready, or until all are gone again.
    pub(crate) fn start(options: &Options, setup: &Setup<'_>) -> Result<Self, PoolError> {
        let lanes = setup.lanes();
        os::provide_for(lanes)?;
        os::provide_stacks_for(lanes)?;
        let folder = os::socket_folder()?;
        let system = |what| move |source| PoolError::System { what, source };
        let build = os::build_id().map_err(system("identify this executable"))?;
        let board = guarded(|| Ok::<_, IpcError>(Board::new(lanes)))
            .map_err(|source| PoolError::NoChannel { source })?;
        let (warden, thread) = Warden::start(lanes)
            .map_err(|error| system("start a thread")(error).with_counts(lanes, 0))?;
        let (options, spec, board) = (options.clone(), setup.spec.clone(), Arc::new(board));
        let nursery = Arc::new(Nursery { options, spec, build, board, warden, folder });

        let (done_sender, done) = mpsc::channel();
        let (up_sender, up) = mpsc::channel();
        let mut pool =
            Self { nursery, lanes: Vec::with_capacity(lanes), done, warden: Some(thread) };
        for (number, page) in pool.nursery.board.pages() {
            match pool.spawn_lane(number, page, up_sender.clone(), done_sender.clone()) {
                Ok(lane) => pool.lanes.push(lane),
                Err(error) => {
                    // The lanes whose threads did start still report, so that the error counts them.
                    let _ = up_sender.send(Err(system("start a thread for a child")(error)));
                    break;
                }
            }
        }
        drop(up_sender);
        // Dropping the pool after a failure ends the lanes that came up.
        all_up(up, lanes).map(|()| pool)
    }

    fn spawn_lane(
        &self,
        number: LaneId,
        page: Page,
        up: Sender<Result<(), PoolError>>,
        done: Sender<()>,
    ) -> std::io::Result<LaneThread> {
        let nursery = Arc::clone(&self.nursery);
        let (runs, orders) = mpsc::channel();
        let live = move || match Lane::start(number, nursery, page) {
            Ok(lane) => {
                let _ = up.send(Ok(()));
                drop(up);
                lane.live(&orders, &done);
            }
            Err(error) => {
                let _ = up.send(Err(error));
            }
        };
        let thread = thread::Builder::new().name(format!("procs-lane-{}", number.0));
        let thread = thread.stack_size(os::STACK_MIB << 20).spawn(live)?;
        Ok(LaneThread { runs, thread })
    }

    /// Ends all lanes and waits for their threads. Returns how many of them panicked.
    fn end(&mut self) -> usize {
        let lanes: Vec<JoinHandle<()>> = self.lanes.drain(..).map(|lane| lane.thread).collect();
        let panicked = lanes.into_iter().filter_map(|thread| thread.join().err()).count();
        self.nursery.warden.dismiss();
        let warden = self.warden.take().and_then(|thread| thread.join().err());
        panicked + usize::from(warden.is_some())
    }
}

/// Waits until every lane has said whether it is up. The error is that of the first lane that is not.
fn all_up(
    said: impl IntoIterator<Item = Result<(), PoolError>>,
    lanes: usize,
) -> Result<(), PoolError> {
    let mut reached = 0;
    let mut first = None;
    for lane in said {
        match lane {
            Ok(()) => reached += 1,
            Err(error) => first = first.or(Some(error)),
        }
    }
    match first {
        Some(error) => Err(error.with_counts(lanes, reached)),
        None if reached == lanes => Ok(()),
        None => Err(PoolError::LanePanicked),
    }
}

impl Lanes for Pool {
    fn started(&self) -> usize {
        self.lanes.len()
    }

    fn run(&mut self, job: &Arc<Job>) -> Result<(), ExecError> {
        let failed =
            |reason: &str| ExecError::Run { executor: EXECUTOR_ID, reason: reason.to_owned() };
        if job.workload().spec() != &self.nursery.spec {
            return Err(failed("the children were started for another workload"));
        }
        let run = Arc::new(Run::new(job, self.lanes.len(), self.nursery.options.retry_lost));
        for lane in &self.lanes {
            lane.runs.send(Arc::clone(&run)).map_err(|_| failed("a lane's thread is gone"))?;
        }
        for _ in &self.lanes {
            self.done.recv().map_err(|_| failed("the threads of all lanes are gone"))?;
        }
        if run.is_abandoned() {
            return Err(failed("the thread of a lane panicked"));
        }
        Ok(())
    }

    fn shutdown(mut self: Box<Self>) -> Result<(), ExecError> {
        match self.end() {
            0 => Ok(()),
            panicked => Err(ExecError::Shutdown {
                executor: EXECUTOR_ID,
                reason: format!("{panicked} of its threads panicked"),
            }),
        }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.end();
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[test]
    fn a_pool_whose_children_are_refused_tells_how_many_came_up() {
        let refused = |what| PoolError::System { what, source: io::ErrorKind::WouldBlock.into() };
        let said = [Ok(()), Err(refused("first")), Ok(()), Err(refused("second"))];
        let error = all_up(said, 8).expect_err("two were refused").into_start();
        let text = "start the lanes of procs-ipc: 2 of 8 came up: first";
        assert_eq!(error.to_string(), text);
        assert!(std::error::Error::source(&error).is_some(), "the system's own words are kept");
    }

    #[test]
    fn a_child_that_is_unfit_is_no_matter_of_how_many_came_up() {
        let unfit = PoolError::Unfit { pid: 7, reason: "build it".to_owned() };
        let error = all_up([Ok(()), Err(unfit)], 2).expect_err("one is unfit").into_start();
        assert!(matches!(error, ExecError::Start { .. }), "{error}");
    }

    #[test]
    fn a_lane_that_says_nothing_has_panicked() {
        let error = all_up([Ok(())], 2).expect_err("one is silent");
        assert!(matches!(error, PoolError::LanePanicked), "{error}");
    }
}
