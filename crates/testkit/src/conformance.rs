//! One test for each promise.

use paceline_core::Executor;

use crate::check::CHECKS;
use crate::subject::Subject;
use crate::verdict::Verdict;

/// Makes one `#[test]` of each check, named for the promise, for the executor that the expression
/// gives. The expression is evaluated once in every test.
#[macro_export]
macro_rules! conformance {
    ($executor:expr) => {
        $crate::conformance! {
            @each $executor;
            each_item_exactly_once
            digest_as_in_sequence
            no_return_before_the_end
            width_never_exceeded
            width_reached
            lanes_started_as_told
            spans_cover_the_run
            off_the_callers_thread
            batches_honoured
            failing_item_is_a_value
            panicking_item_is_a_value
            cancellation_settles_every_item
            no_items
            one_item
            ten_thousand_items
            a_hundred_thousand_items
            widths_and_batches
            two_runs_on_the_same_lanes
            blocking_and_async_items_agree
            progress_while_an_item_waits
            no_thread_stays_behind
            no_child_stays_behind
            no_descriptor_stays_behind
            no_temporary_file_stays_behind
        }
    };
    (@each $executor:expr; $($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                let verdict = $crate::assert_kept(stringify!($name), $executor);
                if let $crate::Verdict::Skipped(reason) = verdict {
                    println!("skipped: {reason}");
                }
            }
        )*

        #[test]
        fn every_check_has_its_test() {
            let checks: Vec<&str> = $crate::CHECKS.iter().map(|check| check.name).collect();
            assert_eq!(checks, [$(stringify!($name)),*]);
        }
    };
}

/// Holds `executor` to the promise of the check called `name`. For [`conformance!`](crate::conformance!).
///
/// Returns what the check found, which is why a promise was skipped where it was.
///
/// # Panics
///
/// When the promise is broken, with the promise and how it was broken; when there is no such check.
pub fn assert_kept(name: &str, executor: impl Executor + 'static) -> Verdict {
    let check = CHECKS.iter().find(|check| check.name == name);
    let check = check.unwrap_or_else(|| panic!("there is no check called {name}"));
    // A test's executor may be left behind on a hanging thread, so it lives until the process ends.
    let subject = Subject::new(Box::leak(Box::new(executor)));
    match check.run(&subject) {
        Ok(verdict) => verdict,
        Err(breach) => panic!("promised: {}; but it failed to {breach}", check.promise),
    }
}
