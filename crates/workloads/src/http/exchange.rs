//! What is said between client and server about one record.

use paceline_api::{Record, company_name, is_updated};
use paceline_core::{Checksum, ItemError};
use paceline_http::Request;

/// A request that is under way, free of any way to send it.
#[derive(Debug)]
pub(crate) struct Exchange {
    seed: u64,
    id: u64,
    asked: Asked,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    Get,
    Put,
}

/// What comes next.
#[derive(Debug)]
pub(crate) enum Step {
    /// Send this, and give the answer to the exchange.
    Send(Request, Exchange),
    /// Nothing: this is the checksum of the record as it ended.
    Done(Checksum),
}

impl Exchange {
    /// The first step about record `id`.
    pub(crate) fn begin(seed: u64, id: u64) -> Step {
        Step::Send(Request::get(path(id)), Self { seed, id, asked: Asked::Get })
    }

    /// Takes the body of the answer.
    pub(crate) fn answered(self, body: &[u8]) -> Result<Step, ItemError> {
        let record = self.read(body)?;
        if self.asked == Asked::Put || !is_updated(self.id) {
            return Ok(Step::Done(record.checksum()));
        }
        let record = Record { company: Some(company_name(self.seed, self.id)), ..record };
        let body = serde_json::to_vec(&record)
            .map_err(|error| ItemError::new(format_args!("write record {}: {error}", self.id)))?;
        Ok(Step::Send(Request::put(path(self.id), body), Self { asked: Asked::Put, ..self }))
    }

    fn read(&self, body: &[u8]) -> Result<Record, ItemError> {
        let request = match self.asked {
            Asked::Get => format!("GET {}", path(self.id)),
            Asked::Put => format!("PUT {}", path(self.id)),
        };
        let record: Record = serde_json::from_slice(body).map_err(|error| {
            ItemError::new(format_args!("{request}: the answer is no record: {error}"))
        })?;
        if record.id != self.id {
            return Err(ItemError::new(format_args!(
                "{request}: the answer is record {}",
                record.id
            )));
        }
        Ok(record)
    }
}

fn path(id: u64) -> String {
    format!("/records/{id}")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use paceline_api::Remote;

    use super::*;

    fn json(record: &Record) -> Vec<u8> {
        serde_json::to_vec(record).unwrap()
    }

    fn sent(step: Step) -> (Request, Exchange) {
        match step {
            Step::Send(request, exchange) => (request, exchange),
            Step::Done(checksum) => panic!("nothing is sent, it is done: {checksum:?}"),
        }
    }

    #[test]
    fn every_third_record_is_put_with_a_company_and_ends_as_it_was_stored() {
        let remote = Remote::new(4, Duration::ZERO).unwrap();
        let (request, exchange) = sent(Exchange::begin(4, 1));
        assert_eq!(request, Request::get("/records/1"));
        let (request, exchange) = sent(exchange.answered(&json(&remote.get(1))).unwrap());
        assert_eq!((request.method.as_str(), request.path.as_str()), ("PUT", "/records/1"));
        let stored = remote.put(serde_json::from_slice(&request.body.unwrap()).unwrap());
        assert_eq!(stored.company, Some(company_name(4, 1)));
        let Step::Done(checksum) = exchange.answered(&json(&stored)).unwrap() else {
            panic!("nothing more is to be sent");
        };
        assert_eq!(checksum, stored.checksum());
    }

    #[test]
    fn another_record_is_only_read() {
        let remote = Remote::new(4, Duration::ZERO).unwrap();
        let (_, exchange) = sent(Exchange::begin(4, 2));
        let step = exchange.answered(&json(&remote.get(2))).unwrap();
        assert!(matches!(step, Step::Done(checksum) if checksum == remote.get(2).checksum()));
    }

    #[test]
    fn an_answer_that_is_no_record_or_another_one_fails_with_the_request() {
        let remote = Remote::new(4, Duration::ZERO).unwrap();
        let answer = |body: &[u8]| {
            let (_, exchange) = sent(Exchange::begin(4, 2));
            exchange.answered(body).unwrap_err().to_string()
        };
        for body in [&b""[..], b"{}", b"[1]", b"<html>", b"{\"id\": 2, \"more\": 1}"] {
            assert!(answer(body).starts_with("GET /records/2: the answer is no record: "));
        }
        assert_eq!(answer(&json(&remote.get(3))), "GET /records/2: the answer is record 3");
    }
}
