//! Where nothing is wrong, items and server agree.

use paceline_core::{Checksum, Concurrency, ItemIndex, Outcome, Receipt, Span, WorkloadSpec};
use paceline_exec_async::FalseTokio;
use paceline_protocol::service::Faults;
use paceline_workloads::build;

use crate::support::{Api, SEED, executors, run, spec};

fn checksums(mut receipts: Vec<Receipt>) -> Vec<Checksum> {
    receipts.sort_by_key(|receipt| receipt.item);
    let checksum = |receipt: &Receipt| match receipt.outcome {
        Outcome::Done(checksum) => checksum,
        ref other => panic!("{other:?}"),
    };
    receipts.iter().map(checksum).collect()
}

#[test]
fn every_record_ends_as_in_the_simulated_api_after_as_many_requests_as_are_due() {
    let simulated = WorkloadSpec::new("api").with_seed(SEED).with("records", 50);
    let simulated = build(&simulated.with("max_wait_us", 0)).unwrap();
    let wanted: Vec<Checksum> =
        (0..50).map(|item| simulated.run_item(ItemIndex(item)).unwrap()).collect();
    let api = Api::start();
    for executor in executors() {
        api.set(50, 0, Faults::default());
        let receipts = run(&*executor, &spec(&api.server.url(), 50), 8);
        assert_eq!(checksums(receipts), wanted, "{}", executor.id());
        let seen = api.counters();
        assert_eq!((seen.gets, seen.puts, seen.errors), (50, 17, 0), "{}", executor.id());
    }
}

#[test]
fn the_server_sees_no_more_in_flight_than_the_receipts_and_connections_are_used_again() {
    let api = Api::start();
    for executor in executors() {
        api.set(50, 20_000, Faults::default());
        let receipts = run(&*executor, &spec(&api.server.url(), 50), 8);
        let spans: Vec<Span> = receipts.iter().map(|receipt| receipt.span).collect();
        let (seen, peak) = (api.counters(), Concurrency::of(&spans).peak as u64);
        assert!(seen.peak > 1 && seen.peak <= peak, "{}: {seen:?}", executor.id());
        assert!(seen.connections <= peak, "{}: {seen:?}", executor.id());
    }
}

#[test]
fn false_asynchrony_shows_one_request_in_flight_on_one_connection_at_the_server() {
    let api = Api::start();
    api.set(20, 2_000, Faults::default());
    run(&FalseTokio, &spec(&api.server.url(), 20), 8);
    let seen = api.counters();
    assert_eq!((seen.gets, seen.peak, seen.connections), (20, 1, 1));
}
