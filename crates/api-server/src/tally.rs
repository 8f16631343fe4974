//! What the server saw: requests, and how many of them were in flight at once.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use paceline_protocol::service::Counters;

/// The books of one setting. A new setting gets new books, so a request that outlives its setting ends
/// in the old ones.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    books: Mutex<Books>,
}

#[derive(Debug, Default)]
struct Books {
    counters: Counters,
    in_flight: u64,
    /// The first arrival and the latest change.
    times: Option<(Instant, Instant)>,
    /// The latest end of a request, and what `area` was then.
    ended: Option<(Instant, f64)>,
    /// Requests in flight, integrated over time, in seconds.
    area: f64,
}

/// A request for a record, in flight until this is dropped.
#[derive(Debug)]
pub(crate) struct Flight {
    tally: Arc<Tally>,
    is_answered: bool,
}

/// What is asked of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    Get,
    Put,
}

impl Tally {
    /// Notes a request's arrival, on a connection that these books have not seen yet if it is `new`.
    pub(crate) fn begin(self: &Arc<Self>, asked: Asked, new: bool) -> Flight {
        let mut books = self.books();
        match asked {
            Asked::Get => books.counters.gets += 1,
            Asked::Put => books.counters.puts += 1,
        }
        books.counters.connections += u64::from(new);
        books.change(1, Instant::now());
        drop(books);
        Flight { tally: Arc::clone(self), is_answered: false }
    }

    /// Notes a request that is for no record.
    pub(crate) fn other(&self) {
        self.books().counters.others += 1;
    }

    /// What was seen so far.
    pub(crate) fn counters(&self) -> Counters {
        let books = self.books();
        let mean = match (books.times, books.ended) {
            (Some((first, _)), Some((last, area))) if last > first => {
                area / (last - first).as_secs_f64()
            }
            _ => 0.0,
        };
        Counters { mean, ..books.counters }
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        // Nothing is left half done by a panic here: each change is complete.
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Books {
    fn change(&mut self, by: i64, now: Instant) {
        let (first, latest) = self.times.unwrap_or((now, now));
        self.area += self.in_flight as f64 * (now - latest).as_secs_f64();
        self.times = Some((first, now));
        self.in_flight = self.in_flight.saturating_add_signed(by);
        self.counters.peak = self.counters.peak.max(self.in_flight);
        if by < 0 {
            self.ended = Some((now, self.area));
        }
    }
}

impl Flight {
    /// The client gets the record it asked for.
    pub(crate) fn answered(mut self) {
        self.is_answered = true;
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        let mut books = self.tally.books();
        books.counters.errors += u64::from(!self.is_answered);
        books.change(-1, Instant::now());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_counted_by_kind_and_the_peak_stays_when_they_are_gone() {
        let tally = Arc::new(Tally::default());
        let flights = [tally.begin(Asked::Get, true), tally.begin(Asked::Put, true)];
        flights.into_iter().for_each(Flight::answered);
        tally.begin(Asked::Get, false).answered();
        let seen = tally.counters();
        assert_eq!((seen.gets, seen.puts, seen.errors), (2, 1, 0));
        assert_eq!((seen.peak, seen.connections), (2, 2));
        assert!(seen.mean > 0.0 && seen.mean <= 2.0, "{seen:?}");
    }

    #[test]
    fn a_request_that_is_dropped_without_an_answer_is_an_error() {
        let tally = Arc::new(Tally::default());
        drop(tally.begin(Asked::Get, true));
        assert_eq!(tally.counters().errors, 1);
    }

    #[test]
    fn books_without_requests_show_nothing() {
        assert_eq!(Arc::new(Tally::default()).counters(), Counters::default());
    }
}
