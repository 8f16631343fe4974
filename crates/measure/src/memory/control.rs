//! How the caller and the sampler's thread talk: requests for a sweep, and the order to stop.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The state that both ends share.
///
/// A request is a ticket: the number of requests made so far. A sweep carries the newest ticket that
/// was there before it began, so serving a ticket serves all older ones, and a caller is never
/// answered by a sweep that was already under way when it asked.
#[derive(Debug, Default)]
pub(super) struct Control {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    asked: u64,
    served: u64,
    stopped: bool,
    ended: bool,
}

/// The newest request that a sweep can serve.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ticket(u64);

impl Control {
    /// Asks for a sweep, and returns when one that began after this call is done.
    ///
    /// Returns at once when the sampler's thread has ended.
    pub(super) fn request(&self) {
        let mut state = self.lock();
        state.asked += 1;
        let ticket = state.asked;
        self.changed.notify_all();
        let waiting = |state: &mut State| state.served < ticket && !state.ended;
        drop(self.changed.wait_while(state, waiting).unwrap_or_else(PoisonError::into_inner));
    }

    /// Tells the sampler's thread to end.
    pub(super) fn stop(&self) {
        self.lock().stopped = true;
        self.changed.notify_all();
    }

    /// The ticket for a sweep that is about to begin; `None` once the sampler is to end.
    pub(super) fn begin(&self) -> Option<Ticket> {
        let state = self.lock();
        (!state.stopped).then_some(Ticket(state.asked))
    }

    /// Wakes everyone whose request the sweep with this ticket has served.
    pub(super) fn served(&self, ticket: Ticket) {
        self.lock().served = ticket.0;
        self.changed.notify_all();
    }

    /// Waits until the next sweep is due, is requested, or is no longer wanted.
    pub(super) fn pause(&self, pause: Duration) {
        let idle = |state: &mut State| state.asked == state.served && !state.stopped;
        let waited = self.changed.wait_timeout_while(self.lock(), pause, idle);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Numbers and flags are whole after every statement, so a panic elsewhere spoils nothing.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Frees all who wait when the sampler's thread ends, in whichever way it ends.
#[derive(Debug)]
pub(super) struct EndNotice<'a>(pub(super) &'a Control);

impl Drop for EndNotice<'_> {
    fn drop(&mut self) {
        self.0.lock().ended = true;
        self.0.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::{Control, EndNotice};
    use std::time::Duration;

    #[test]
    fn a_request_is_not_answered_by_a_sweep_that_began_before_it() {
        let control = Control::default();
        let early = control.begin().unwrap();
        std::thread::scope(|scope| {
            let caller = scope.spawn(|| control.request());
            while control.lock().asked == 0 {
                std::thread::yield_now();
            }
            control.served(early);
            assert!(!caller.is_finished());
            let late = control.begin().unwrap();
            control.served(late);
            caller.join().unwrap();
        });
    }

    #[test]
    fn a_request_ends_the_pause() {
        let control = Control::default();
        std::thread::scope(|scope| {
            scope.spawn(|| control.request());
            control.pause(Duration::MAX);
            let ticket = control.begin().unwrap();
            control.served(ticket);
        });
    }

    #[test]
    fn the_end_of_the_sampler_frees_a_caller_and_stopping_begins_no_sweep() {
        let control = Control::default();
        drop(EndNotice(&control));
        control.request();
        control.stop();
        control.pause(Duration::MAX);
        assert!(control.begin().is_none());
    }
}
