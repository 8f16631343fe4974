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
        let folder = os::socket_folder()?;
        let system = |what| move |source| PoolError::System { what, source };
        let build = os::build_id().map_err(system("identify this executable"))?;
        let board = guarded(|| Ok::<_, IpcError>(Board::new(lanes)))
            .map_err(|source| PoolError::NoChannel { source })?;
        let (warden, thread) = Warden::start(lanes).map_err(system("start a thread"))?;
        let (options, spec, board) = (options.clone(), setup.spec.clone(), Arc::new(board));
        let nursery = Arc::new(Nursery { options, spec, build, board, warden, folder });

        let (done_sender, done) = mpsc::channel();
        let (up_sender, up) = mpsc::channel();
        let mut pool =
            Self { nursery, lanes: Vec::with_capacity(lanes), done, warden: Some(thread) };
        for (number, page) in pool.nursery.board.pages() {
            let lane = pool.spawn_lane(number, page, up_sender.clone(), done_sender.clone());
            pool.lanes.push(lane.map_err(PoolError::spawn)?);
        }
        drop(up_sender);
        // The first failure decides; dropping the pool waits for all the others.
        match up.into_iter().sum::<Result<usize, PoolError>>()? {
            ready if ready == lanes => Ok(pool),
            _ => Err(PoolError::LanePanicked),
        }
    }

    fn spawn_lane(
        &self,
        number: LaneId,
        page: Page,
        up: Sender<Result<usize, PoolError>>,
        done: Sender<()>,
    ) -> std::io::Result<LaneThread> {
        let nursery = Arc::clone(&self.nursery);
        let (runs, orders) = mpsc::channel();
        let live = move || match Lane::start(number, nursery, page) {
            Ok(lane) => {
                let _ = up.send(Ok(1));
                drop(up);
                lane.live(&orders, &done);
            }
            Err(error) => {
                let _ = up.send(Err(error));
            }
        };
        let thread = thread::Builder::new().name(format!("procs-lane-{}", number.0)).spawn(live)?;
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
