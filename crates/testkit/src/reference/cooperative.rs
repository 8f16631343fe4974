//! An asynchronous executor on one thread, with the smallest runtime that is one: it polls its tasks
//! in turn.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::{Duration, Instant};

use paceline_core::{AsyncIo, BoxFuture, ExecError, Executor, Job, LaneId, Lanes, Setup};

/// An executor that polls as many tasks as its width, one after the other, on the calling thread.
#[derive(Debug, Clone, Copy)]
pub struct Cooperative {
    /// Its id.
    pub id: &'static str,
    /// How its items sleep.
    pub sleep: fn(Duration) -> BoxFuture<'static, ()>,
}

/// The executor as it should be.
pub const SOUND_COOPERATIVE: Cooperative = Cooperative { id: "async-reference", sleep: timer };

impl Executor for Cooperative {
    fn id(&self) -> &'static str {
        self.id
    }

    fn about(&self) -> &'static str {
        "the asynchronous executor of the conformance suite"
    }

    fn start(&self, setup: &Setup<'_>) -> Result<Box<dyn Lanes>, ExecError> {
        Ok(Box::new(Polled { lanes: setup.lanes(), io: Io(self.sleep) }))
    }
}

struct Polled {
    lanes: usize,
    io: Io,
}

impl Lanes for Polled {
    fn started(&self) -> usize {
        self.lanes
    }

    fn run(&mut self, job: &Arc<Job>) -> Result<(), ExecError> {
        let mut lanes: Vec<Lane<'_>> =
            (0_u32..).map(|lane| Lane { id: LaneId(lane), task: None }).take(self.lanes).collect();
        loop {
            let states: Vec<State> =
                lanes.iter_mut().map(|lane| lane.advance(job, &self.io)).collect();
            if states.iter().all(|state| *state == State::Idle) {
                return Ok(());
            }
            if !states.contains(&State::Moved) {
                // Nobody wakes this runtime; it looks again after a while.
                thread::sleep(Duration::from_micros(200));
            }
        }
    }
}

struct Lane<'a> {
    id: LaneId,
    task: Option<BoxFuture<'a, ()>>,
}

#[derive(PartialEq)]
enum State {
    Idle,
    Waiting,
    Moved,
}

impl<'a> Lane<'a> {
    /// Polls this lane's task, or takes one that it has yet to poll.
    fn advance(&mut self, job: &'a Job, io: &'a Io) -> State {
        if let Some(task) = &mut self.task {
            return match task.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                Poll::Pending => State::Waiting,
                Poll::Ready(()) => {
                    self.task = None;
                    State::Moved
                }
            };
        }
        let Some(task) = job.next_task() else { return State::Idle };
        let id = self.id;
        self.task = Some(Box::pin(async move { job.run_task_async(&task, id, io).await }));
        State::Moved
    }
}

struct Io(fn(Duration) -> BoxFuture<'static, ()>);

impl AsyncIo for Io {
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        (self.0)(duration)
    }
}

/// Completes once `duration` has passed.
pub(crate) fn timer(duration: Duration) -> BoxFuture<'static, ()> {
    let until = Instant::now() + duration;
    Box::pin(poll_fn(move |_| match Instant::now() {
        now if now >= until => Poll::Ready(()),
        _ => Poll::Pending,
    }))
}

/// Lets the other tasks have one turn.
pub(crate) async fn yield_once() {
    let mut yielded = false;
    poll_fn(
        move |_| {
            if std::mem::replace(&mut yielded, true) { Poll::Ready(()) } else { Poll::Pending }
        },
    )
    .await;
}
