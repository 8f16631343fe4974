//! One lane: a thread of the parent and the child it keeps.

use std::mem;
use std::ops::ControlFlow::{self, Break, Continue};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender};

use paceline_core::LaneId;

use crate::child::{Child, Nursery, Remains};
use crate::error::PoolError;
use crate::ledger::{Errand, Flight};
use crate::pace::Pace;
use crate::page::Page;
use crate::run::{Attendance, Run};
use crate::wire::{Broken, FromChild, Report};

/// One place in the pool. It has one child after another, each in the place of one that died.
#[derive(Debug)]
pub(crate) struct Lane {
    number: LaneId,
    nursery: Arc<Nursery>,
    page: Page,
    pace: Pace,
    restarts_left: u32,
    state: State,
}

/// What a lane is doing.
///
/// ```text
/// Starting --ready--> Idle --errand--> Busy --receipts--> Busy, or Idle when nothing is left
///     ^ \                               |
///     |  `-----no child came-----> Dead <--- end of file, timeout, nonsense: all one path
///     `------restarts left----------'
/// ```
#[derive(Debug)]
enum State {
    /// A child is wanted.
    Starting,
    /// The child has nothing to do.
    Idle(Child),
    /// The child has errands.
    Busy(Child, Flight),
    /// There is no child; this is how the last one ended.
    Dead(String),
}

impl Lane {
    /// Starts the first child. The thread that calls this must live as long as the lane: where the
    /// kernel can, it kills a child whose spawning thread ended.
    pub(crate) fn start(
        number: LaneId,
        nursery: Arc<Nursery>,
        page: Page,
    ) -> Result<Self, PoolError> {
        let child = Child::start(&nursery, number, &page)?;
        let restarts_left = nursery.options.restarts_per_lane;
        let state = State::Idle(child);
        Ok(Self { number, nursery, page, pace: Pace::default(), restarts_left, state })
    }

    /// Takes part in one run after another, and ends the child when no further one can come.
    pub(crate) fn live(mut self, runs: &Receiver<Arc<Run>>, done: &Sender<()>) {
        while let Ok(run) = runs.recv() {
            let attendance = Attendance { run: &run, done };
            self.take_part(&run);
            drop(attendance);
        }
        if let State::Idle(child) = self.state {
            child.dismiss();
        }
    }

    fn take_part(&mut self, run: &Run) {
        let mut state = mem::replace(&mut self.state, State::Starting);
        self.state = loop {
            match self.step(state, run) {
                Continue(next) => state = next,
                Break(last) => break last,
            }
        }
    }

    fn step(&mut self, state: State, run: &Run) -> ControlFlow<State, State> {
        match state {
            State::Starting => Continue(self.start_again()),
            State::Idle(child) => match run.wait_for_work(self.number) {
                true => {
                    self.pace.begin_anew();
                    Continue(self.refill(child, Flight::default(), run))
                }
                false => Break(State::Idle(child)),
            },
            State::Busy(child, flight) => Continue(self.exchange(child, flight, run)),
            State::Dead(cause) if self.restarts_left == 0 => {
                run.leave(self.number, &cause);
                Break(State::Dead(cause))
            }
            State::Dead(cause) => match run.wait_for_work(self.number) {
                true => Continue(State::Starting),
                false => Break(State::Dead(cause)),
            },
        }
    }

    fn start_again(&mut self) -> State {
        self.restarts_left -= 1;
        match Child::start(&self.nursery, self.number, &self.page) {
            Ok(child) => State::Idle(child),
            Err(error) => State::Dead(error.to_string()),
        }
    }

    /// Takes in one message and hands out what it makes room for.
    fn exchange(&mut self, mut child: Child, mut flight: Flight, run: &Run) -> State {
        match child.receive() {
            Ok(FromChild::Receipts(reports)) if reports.len() <= flight.items() => {
                self.deliver(&mut flight, reports, run);
                self.refill(child, flight, run)
            }
            Ok(FromChild::Skipped(items)) if items <= flight.items() => {
                run.cancel(self.number, flight.take_due(items));
                self.refill(child, flight, run)
            }
            Err(Broken::Closed) => self.bury(child, flight, run, None),
            // Nothing that this child says can be relied on any more.
            Err(broken) => self.bury(child, flight, run, Some(&broken.to_string())),
            Ok(_) => self.bury(child, flight, run, Some(&Broken::out_of_turn().to_string())),
        }
    }

    /// Hands the child as many errands as it should have, behind those that it has.
    fn refill(&mut self, child: Child, mut flight: Flight, run: &Run) -> State {
        child.page().stop(!run.is_open());
        loop {
            let in_flight = flight.errands();
            let errands = match self.pace.room(in_flight) {
                0 => Vec::new(),
                room => run.take(room, in_flight),
            };
            match (errands.is_empty(), in_flight == 0) {
                (true, false) => return State::Busy(child, flight),
                (true, true) => {
                    child.page().note_idle();
                    return State::Idle(child);
                }
                (false, true) => child.page().note_handed(),
                (false, false) => {}
            }
            let tasks = errands.iter().map(Errand::task).collect();
            // On the books first: whatever becomes of the message, the errands are with this lane.
            errands.into_iter().for_each(|errand| flight.add(errand));
            if child.hand(tasks).is_err() {
                return self.bury(child, flight, run, None);
            }
        }
    }

    fn deliver(&mut self, flight: &mut Flight, reports: Vec<Report>, run: &Run) {
        let count = reports.len();
        for (due, Report { span, outcome }) in flight.take_due(count).zip(reports) {
            self.pace.saw(span.start_ns, span.end_ns, due.ends_errand);
            run.deliver(self.number, &due, span, outcome);
        }
        run.settle(count);
    }

    /// The child is dead or as good as dead: settles what it did, what it was doing and what it had
    /// not begun, each in its own way.
    fn bury(&mut self, child: Child, mut flight: Flight, run: &Run, blame: Option<&str>) -> State {
        let Remains { identity, mut reports, in_work, since_ns } = child.bury(blame);
        reports.truncate(flight.items());
        self.deliver(&mut flight, reports, run);
        // When nobody can say, any item that it had may have been in work.
        let lost = in_work.map_or(flight.items(), usize::from);
        flight.take_due(lost).for_each(|due| run.lose(self.number, due, since_ns, &identity));
        run.put_back(flight.into_errands());
        State::Dead(identity)
    }
}
