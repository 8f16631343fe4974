//! Good answers with a few bytes changed: whatever comes of them, all forms agree on it.

use paceline_http::Request;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::forms::{ask, client};
use crate::server::{Server, Then};

const GOOD: [&str; 6] = [
    "HTTP/1.1 200 OK\r\nContent-Length: 11\r\nServer: a b\r\n\r\nhello world",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n6 \r\n world\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nb\r\nhello world\r\n0\r\nSum: 1\r\nX: y\r\n\r\n",
    "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 11\r\n\r\nhello world",
    "HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\nHTTP/1.1 200 OK\r\n\r\nhello world",
    "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n",
];

/// Bytes that mean something in an answer.
const TELLING: &[u8] = b"\r\n \t:;,0129afAF+-.x\0\x7f\xc3Hc/";

#[derive(Debug, Clone)]
enum Change {
    Put(Index, u8),
    Insert(Index, u8),
    Remove(Index),
    CutOff(Index),
    /// What stands from the first to the second place comes twice.
    Twice(Index, Index),
}

fn change() -> impl Strategy<Value = Change> {
    let byte = || proptest::sample::select(TELLING);
    prop_oneof![
        (any::<Index>(), byte()).prop_map(|(at, byte)| Change::Put(at, byte)),
        (any::<Index>(), byte()).prop_map(|(at, byte)| Change::Insert(at, byte)),
        any::<Index>().prop_map(Change::Remove),
        any::<Index>().prop_map(Change::CutOff),
        (any::<Index>(), any::<Index>()).prop_map(|(from, to)| Change::Twice(from, to)),
    ]
}

fn apply(change: &Change, bytes: &mut Vec<u8>) {
    let at = |index: &Index| index.index(bytes.len().max(1));
    match change {
        Change::Put(index, byte) => {
            let at = at(index);
            if let Some(place) = bytes.get_mut(at) {
                *place = *byte;
            }
        }
        Change::Insert(index, byte) => bytes.insert(at(index).min(bytes.len()), *byte),
        Change::Remove(index) if !bytes.is_empty() => drop(bytes.remove(at(index))),
        Change::Remove(_) => {}
        Change::CutOff(index) => bytes.truncate(at(index)),
        Change::Twice(from, to) => {
            let (from, to) = (at(from).min(at(to)), at(from).max(at(to)));
            let twice = bytes.get(from..to).unwrap_or_default().to_vec();
            bytes.splice(from..from, twice);
        }
    }
}

#[test]
fn all_forms_take_the_same_answers_for_whole_and_find_the_same_in_them() {
    let config = Config { cases: 1_500, failure_persistence: None, ..Config::default() };
    // The same answers each time: what this finds is found by everyone.
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let answers = (proptest::sample::select(&GOOD[..]), prop::collection::vec(change(), 1..4));
    TestRunner::new_with_rng(config, rng)
        .run(&answers, |(answer, changes)| {
            let mut bytes = answer.as_bytes().to_vec();
            changes.iter().for_each(|change| apply(change, &mut bytes));
            let server = Server::writing(bytes.clone(), Then::Close);
            let [blocking, tokio, smol] = ask(|| client(&server.url), &Request::get("/a"), 1);
            let shown = String::from_utf8_lossy(&bytes);
            let wanted = blocking[0].as_ref().ok();
            prop_assert_eq!(
                wanted,
                tokio[0].as_ref().ok(),
                "{}\n{:?} {:?}",
                shown,
                blocking,
                tokio
            );
            prop_assert_eq!(wanted, smol[0].as_ref().ok(), "{}\n{:?} {:?}", shown, blocking, smol);
            Ok(())
        })
        .unwrap();
}
