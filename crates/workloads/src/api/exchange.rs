//! What is said between client and API about one record.

use std::time::Duration;

use paceline_api::{Operation, Record, Remote, company_name, is_updated};
use paceline_core::Checksum;

/// The exchange about one record, free of any way to wait: whoever runs it takes a step, waits as long
/// as the step says, and takes the next.
pub(crate) struct Exchange<'a> {
    remote: &'a Remote,
    id: u64,
    pending: Pending,
}

/// What an exchange wants next.
pub(crate) enum Step<'a> {
    /// Wait this long, then go on with the rest.
    Wait(Duration, Exchange<'a>),
    /// Nothing: this is the checksum of the record as it ended.
    Done(Checksum),
}

/// The request whose answer is under way.
enum Pending {
    Nothing,
    Get,
    Put(Record),
}

impl<'a> Exchange<'a> {
    /// The exchange about record `id`, before its first request.
    pub(crate) fn begin(remote: &'a Remote, id: u64) -> Self {
        Self { remote, id, pending: Pending::Nothing }
    }

    /// Takes the answer that was waited for and sends the next request.
    pub(crate) fn step(self) -> Step<'a> {
        match self.pending {
            Pending::Nothing => self.request(Operation::Get, Pending::Get),
            Pending::Get => {
                let mut record = self.remote.get(self.id);
                if !is_updated(self.id) {
                    return Step::Done(record.checksum());
                }
                record.company = Some(company_name(self.remote.seed(), self.id));
                self.request(Operation::Put, Pending::Put(record))
            }
            Pending::Put(record) => Step::Done(self.remote.put(record).checksum()),
        }
    }

    fn request(self, operation: Operation, pending: Pending) -> Step<'a> {
        let latency = self.remote.latency(self.id, operation);
        Step::Wait(latency, Self { pending, ..self })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The waits of record `id` and the checksum it ends with.
    fn run(remote: &Remote, id: u64) -> (Vec<Duration>, Checksum) {
        let mut waits = Vec::new();
        let mut exchange = Exchange::begin(remote, id);
        loop {
            match exchange.step() {
                Step::Wait(duration, rest) => {
                    waits.push(duration);
                    exchange = rest;
                }
                Step::Done(checksum) => return (waits, checksum),
            }
        }
    }

    fn remote(seed: u64) -> Remote {
        Remote::new(seed, Duration::from_millis(660)).unwrap()
    }

    #[test]
    fn seventeen_of_fifty_records_are_put() {
        let requests: Vec<usize> = (1..=50).map(|id| run(&remote(1), id).0.len()).collect();
        assert_eq!(requests.iter().filter(|count| **count == 2).count(), 17);
        assert_eq!(requests.iter().filter(|count| **count == 1).count(), 33);
        assert_eq!(requests[..4], [2, 1, 1, 2]);
    }

    #[test]
    fn the_planned_time_is_the_sum_of_the_waits() {
        let remote = remote(2);
        for id in 1..=50 {
            let waits: Duration = run(&remote, id).0.iter().sum();
            assert_eq!(remote.planned(id), waits);
        }
    }

    #[test]
    fn get_and_put_of_one_record_wait_differently() {
        let (waits, _) = run(&remote(3), 1);
        assert_ne!(waits[0], waits[1]);
    }

    #[test]
    fn a_record_that_is_only_changed_locally_has_another_checksum() {
        let remote = remote(4);
        let mut unsent = remote.get(1);
        unsent.company = Some(company_name(remote.seed(), 1));
        assert_ne!(run(&remote, 1).1, unsent.checksum());
        assert_eq!(run(&remote, 1).1, remote.put(unsent).checksum());
    }

    #[test]
    fn a_record_that_is_only_read_ends_as_it_was_read() {
        let remote = remote(5);
        assert_eq!(run(&remote, 2).1, remote.get(2).checksum());
    }
}
