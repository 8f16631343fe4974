//! Faults on command appear as exactly that many failed items, each with its reason.

use std::sync::Mutex;
use std::thread;

use paceline_protocol::service::Faults;

use crate::support::{Api, all_executors, executors, failures, run, spec};

/// Sets `faults` on 500 records and returns the reasons of the failed items, for each executor.
fn with(faults: Faults, check: impl Fn(&str, &[String])) {
    let api = Api::start();
    for executor in all_executors() {
        api.set(500, 0, faults);
        let spec = spec(&api.server.url(), 500).with("timeout_ms", 1_000);
        let reasons = failures(&run(&*executor, &spec, 16));
        check(executor.id(), &reasons);
        assert_eq!(api.counters().gets, 500, "nothing is asked for twice: {}", executor.id());
    }
}

#[test]
fn one_per_cent_of_status_500_fails_exactly_five_of_five_hundred_items() {
    with(Faults { errors: 0.01, ..Faults::default() }, |id, reasons| {
        assert_eq!(reasons.len(), 5, "{id}: {reasons:?}");
        for reason in reasons {
            assert!(reason.starts_with("GET /records/"), "{id}: {reason}");
            assert!(reason.contains(": status 500"), "{id}: {reason}");
        }
    });
}

#[test]
fn one_per_cent_of_resets_fails_exactly_five_of_five_hundred_items() {
    with(Faults { resets: 0.01, ..Faults::default() }, |id, reasons| {
        assert_eq!(reasons.len(), 5, "{id}: {reasons:?}");
        for reason in reasons {
            assert!(reason.contains("reset"), "{id}: {reason}");
        }
    });
}

#[test]
fn one_per_cent_of_truncated_bodies_fails_exactly_five_of_five_hundred_items() {
    with(Faults { truncated: 0.01, ..Faults::default() }, |id, reasons| {
        assert_eq!(reasons.len(), 5, "{id}: {reasons:?}");
        for reason in reasons {
            assert!(reason.starts_with("GET /records/"), "{id}: {reason}");
        }
    });
}

#[test]
fn one_per_cent_of_stalls_fails_exactly_five_of_five_hundred_items_at_their_timeout() {
    with(Faults { stalls: 0.01, ..Faults::default() }, |id, reasons| {
        assert_eq!(reasons.len(), 5, "{id}: {reasons:?}");
        for reason in reasons {
            assert!(reason.ends_with("no answer within 1s"), "{id}: {reason}");
        }
    });
}

#[test]
fn refused_connections_fail_every_item_until_the_server_is_set_anew() {
    let api = Api::start();
    for executor in executors() {
        api.set(10, 0, Faults { refuse: true, ..Faults::default() });
        let reasons = failures(&run(&*executor, &spec(&api.server.url(), 10), 4));
        assert_eq!(reasons.len(), 10, "{}", executor.id());
        assert!(reasons[0].contains("refused"), "{}: {}", executor.id(), reasons[0]);
        api.set(10, 0, Faults::default());
        let receipts = run(&*executor, &spec(&api.server.url(), 10), 4);
        assert_eq!(failures(&receipts), [""; 0], "{}", executor.id());
    }
}

#[test]
fn a_server_that_dies_in_mid_run_fails_the_items_in_flight_and_all_later_ones() {
    for executor in executors() {
        let api = Api::start();
        // Nothing is answered in the time of this test.
        api.set(20, 0, Faults { stalls: 1.0, ..Faults::default() });
        let spec = spec(&api.server.url(), 20).with("timeout_ms", 60_000);
        let receipts = Mutex::new(Vec::new());
        thread::scope(|scope| {
            scope.spawn(|| *receipts.lock().unwrap() = run(&*executor, &spec, 4));
            while api.counters().gets < 4 {
                thread::yield_now();
            }
            drop(api);
        });
        let reasons = failures(&receipts.into_inner().unwrap());
        assert_eq!(reasons.len(), 20, "{}", executor.id());
        for reason in reasons {
            assert!(!reason.contains("no answer within"), "{}: {reason}", executor.id());
        }
    }
}
