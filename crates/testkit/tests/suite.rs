//! How the suite itself behaves towards executors that cannot even be run.

use std::panic;
use std::time::Duration;

use paceline_core::{ExecError, Executor, Lanes, Setup};
use paceline_testkit::reference::SOUND_COOPERATIVE;
use paceline_testkit::{Breach, CHECKS, Subject, Verdict, assert_kept};

/// What an executor may do instead of starting its lanes.
#[derive(Clone, Copy)]
struct NeverStarts(fn() -> ExecError);

impl Executor for NeverStarts {
    fn id(&self) -> &'static str {
        "threads-never-starts"
    }

    fn about(&self) -> &'static str {
        "starts no lanes"
    }

    fn start(&self, _: &Setup<'_>) -> Result<Box<dyn Lanes>, ExecError> {
        Err((self.0)())
    }
}

const REFUSES: NeverStarts = NeverStarts(|| ExecError::Start {
    executor: "threads-never-starts",
    reason: "there are no threads".to_owned(),
    source: None,
});

fn breaches(executor: &'static dyn Executor, patience: Duration) -> Vec<Breach> {
    let subject = Subject::new(executor).with_patience(patience);
    CHECKS.iter().filter_map(|check| check.run(&subject).err()).collect()
}

#[test]
fn an_executor_that_refuses_to_start_breaks_every_promise_but_those_of_other_families() {
    let breaches = breaches(&REFUSES, Duration::from_secs(40));
    assert_eq!(breaches.len(), CHECKS.len() - 1);
    assert!(breaches.iter().all(|breach| matches!(breach, Breach::Machinery(_))));
}

#[test]
fn a_panic_in_the_executor_is_a_breach_and_not_a_panic_of_the_check() {
    static PANICS: NeverStarts = NeverStarts(|| panic!("no lanes today"));
    let breaches = breaches(&PANICS, Duration::from_secs(40));
    assert!(!breaches.is_empty());
    assert!(breaches.iter().all(|breach| matches!(breach, Breach::Panicked(_))));
}

#[test]
fn an_executor_that_does_not_come_back_is_told_as_hung() {
    static HANGS: NeverStarts = NeverStarts(|| {
        loop {
            std::thread::park();
        }
    });
    let breaches = breaches(&HANGS, Duration::from_millis(10));
    assert!(!breaches.is_empty());
    assert!(breaches.iter().all(|breach| matches!(breach, Breach::Hung(_))));
}

#[test]
fn a_promise_of_another_family_is_skipped_with_its_reason() {
    let verdict = assert_kept("off_the_callers_thread", SOUND_COOPERATIVE);
    assert!(matches!(verdict, Verdict::Skipped(reason) if reason.contains("family")));
}

#[test]
fn a_failed_test_names_the_promise_and_the_breach() {
    let panicked = panic::catch_unwind(|| assert_kept("one_item", REFUSES)).unwrap_err();
    assert_eq!(
        panicked.downcast_ref::<String>().map(String::as_str),
        Some(
            "promised: a single item is done, however wide the executor; but it failed to start \
             the lanes of threads-never-starts: there are no threads"
        )
    );
}

#[test]
fn no_two_checks_share_a_name_and_every_promise_is_a_sentence_without_its_stop() {
    let mut names: Vec<&str> = CHECKS.iter().map(|check| check.name).collect();
    names.sort_unstable();
    assert!(names.windows(2).all(|pair| pair[0] != pair[1]));
    assert!(CHECKS.iter().all(|check| !check.promise.is_empty() && !check.promise.ends_with('.')));
}
