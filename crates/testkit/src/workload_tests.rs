use std::num::NonZeroUsize;

use paceline_core::{Executor, Job, Outcome, Setup};

use super::*;
use crate::reference::SOUND_COOPERATIVE;

fn job(spec: &WorkloadSpec) -> Arc<Job> {
    Arc::new(Job::new(build(spec).unwrap(), NonZeroUsize::MIN))
}

fn blocking(spec: &WorkloadSpec) -> Vec<Outcome> {
    let job = job(spec);
    job.tasks().for_each(|task| job.run_task(&task));
    job.receipts().into_iter().map(|receipt| receipt.outcome).collect()
}

fn asynchronous(spec: &WorkloadSpec) -> Vec<Outcome> {
    let job = job(spec);
    let setup = Setup { width: NonZeroUsize::MIN, tasks: job.task_count(), spec };
    SOUND_COOPERATIVE.start(&setup).unwrap().run(&job).unwrap();
    job.receipts().into_iter().map(|receipt| receipt.outcome).collect()
}

fn spec(conduct: &str) -> WorkloadSpec {
    WorkloadSpec::new(format!("testkit-{conduct}")).with("items", 8).with_seed(3)
}

/// A place where whoever waits waits in vain at once.
fn hopeless(folder: &tempfile::TempDir) -> Place {
    Place::new(folder.path().to_owned(), Duration::ZERO)
}

#[test]
fn both_doors_give_the_same_outcomes_whatever_the_items_do() {
    for conduct in ["plain", "fails", "panics"] {
        let spec = spec(conduct);
        assert_eq!(blocking(&spec), asynchronous(&spec), "{conduct}");
    }
    let waits = spec("waits").with("wait_ms", 1);
    assert_eq!(blocking(&waits), asynchronous(&waits));
}

#[test]
fn bad_items_complain_and_others_are_done() {
    let failed = blocking(&spec("fails"));
    assert_eq!(failed[1], Outcome::Failed("item 1 is bad on purpose".to_owned()));
    assert_eq!(failed[7], Outcome::Failed("item 7 is bad on purpose".to_owned()));
    assert_eq!(failed[0], blocking(&spec("plain"))[0]);
    let panicked = blocking(&spec("panics"));
    assert_eq!(panicked[1], Outcome::Panicked("item 1 is bad on purpose".to_owned()));
}

#[test]
fn a_rebuilt_workload_has_the_same_products_without_its_waits() {
    let waits = spec("waits").with("wait_ms", 1);
    let without = build(&waits).unwrap().without_waits();
    assert_eq!(blocking(&waits), blocking(&without));
    assert_ne!(blocking(&without), blocking(&without.clone().with_seed(4)));
}

#[test]
fn items_that_never_meet_fail_and_a_single_one_meets_itself() {
    let folder = tempfile::tempdir().unwrap();
    let alone = hopeless(&folder).on(spec("meets")).with("items", 1);
    let waited = format!("waited {:?} in vain for the mark `full`", Duration::ZERO);
    assert_eq!(blocking(&alone.clone().with("count", 2)), [Outcome::Failed(waited)]);
    assert!(matches!(blocking(&alone.with("count", 1))[..], [Outcome::Done(_)]));
}

#[test]
fn an_item_knows_whether_it_runs_where_it_must_not() {
    let stays_off = |caller: String| blocking(&spec("stays-off").with("caller", caller));
    let process = format!("{}/", std::process::id());
    let failed = |outcome: &Outcome| matches!(outcome, Outcome::Failed(_));
    assert!(stays_off(whereabouts()).iter().all(failed));
    assert!(stays_off(process).iter().all(failed));
    assert!(!stays_off("another process/".to_owned()).iter().any(failed));
}

#[test]
fn specs_that_are_not_of_the_checks_are_refused() {
    let refused = |spec: &WorkloadSpec| build(spec).unwrap_err();
    assert!(matches!(refused(&spec("plays")), SpecError::NoSuchWorkload { .. }));
    assert!(matches!(refused(&spec("waits")), SpecError::Missing { .. }));
    assert!(matches!(refused(&spec("plain").with("x", 1)), SpecError::Unknown { .. }));
    assert!(matches!(refused(&spec("plain").with("items", "x")), SpecError::Invalid { .. }));
}
