//! Messages grow by optional fields: today's driver reads what the oldest worker of this format said, and its
//! requests have every field that this worker needs.

use std::num::NonZeroUsize;

use paceline_core::WorkloadSpec;
use paceline_protocol::{Case, FORMAT, PoolLimits, Registry, Reply, Request, SpecCheck};
use serde_json::{Value, json};

#[test]
fn the_oldest_workers_registry_can_be_read() {
    let text = include_str!("../../../fixtures/protocol/format-1/list.json");
    let registry: Registry = serde_json::from_str(text).expect("a registry");
    assert_eq!(registry.format, FORMAT, "a new format needs its own recorded answers");
    assert_eq!((registry.executors.len(), registry.workloads.len()), (12, 11));
}

#[test]
fn the_oldest_workers_look_at_workloads_can_be_read() {
    let text = include_str!("../../../fixtures/protocol/format-1/check.json");
    let checks: Vec<SpecCheck> = serde_json::from_str(text).expect("checks");
    assert_eq!(checks[1].items, Some(5));
    assert_eq!((checks[0].faults.len(), checks[2].faults.len()), (1, 1));
}

#[test]
fn every_reply_of_the_oldest_worker_can_be_read() {
    let text = include_str!("../../../fixtures/protocol/format-1/replies.ndjson");
    let replies = text.lines().map(|line| serde_json::from_str(line).expect("a reply"));
    let kinds: Vec<&str> = replies
        .map(|reply| match reply {
            Reply::LanesUp => "lanes up",
            Reply::Measured(measured) if measured.open_loop.is_some() => "open loop",
            Reply::Measured(measured) => {
                assert_eq!(measured.violations.len(), 1, "its digest was another");
                "measured"
            }
            Reply::Broken { .. } => "broken",
            Reply::TooLittleMemory { .. } => "too little memory",
            Reply::Digest { digest: Some(_), .. } => "digest",
            Reply::Digest { .. } => "no digest",
        })
        .collect();
    let all =
        ["lanes up", "measured", "open loop", "broken", "digest", "too little memory", "broken"];
    assert_eq!(kinds, all);
}

/// The oldest worker needs every field without a default, and ignores fields that it does not know.
#[test]
fn a_request_has_every_field_that_the_oldest_worker_needs() {
    let spec = WorkloadSpec::new("noop").with("items", 3);
    let case = Case { spec, executor: "seq".to_owned(), width: None, batch: NonZeroUsize::MIN };
    let request = Request::Run {
        format: FORMAT,
        case,
        expected: None,
        hold: true,
        pool: PoolLimits::default(),
        schedule: None,
    };
    let asked = serde_json::to_value(&request).expect("JSON");
    let known = json!({"run": {
        "format": 1,
        "case": {
            "spec": {"workload": "noop", "seed": 0, "params": {"items": "3"}},
            "executor": "seq", "width": null, "batch": 1
        },
        "expected": null,
        "hold": true,
        "pool": {"handshake_timeout_ms": 10_000, "item_timeout_ms": null, "retry_lost": 0},
        "schedule": null
    }});
    assert!(contains(&asked, &known), "{asked}");
}

/// Whether `value` has everything that `part` has.
fn contains(value: &Value, part: &Value) -> bool {
    match (value, part) {
        (Value::Object(value), Value::Object(part)) => {
            part.iter().all(|(key, part)| value.get(key).is_some_and(|value| contains(value, part)))
        }
        _ => value == part,
    }
}
