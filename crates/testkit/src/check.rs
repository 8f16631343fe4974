//! The table of promises.

use crate::checks::{batches, failures, items, leftovers, scale, waits, width};
use crate::process::Turn;
use crate::subject::Subject;
use crate::verdict::{Breach, Verdict};

/// Every promise of an executor, in the order in which a reader of failures should look at them.
pub const CHECKS: &[Check] = &[
    Check {
        name: "each_item_exactly_once",
        promise: "every item is run to its end, and none twice",
        run: items::exactly_once,
    },
    Check {
        name: "digest_as_in_sequence",
        promise: "the products are those of a run in sequence",
        run: items::digest_as_in_sequence,
    },
    Check {
        name: "no_return_before_the_end",
        promise: "when a run returns, every item is settled",
        run: items::no_return_before_the_end,
    },
    Check {
        name: "width_never_exceeded",
        promise: "there are never more items in flight than the width, or than the ceiling",
        run: width::never_exceeded,
    },
    Check {
        name: "width_reached",
        promise: "as many items as the width are in flight at once when the work allows it",
        run: width::reached,
    },
    Check {
        name: "lanes_started_as_told",
        promise: "it tells of as many lanes as the width, the tasks and its ceiling allow",
        run: width::started_as_told,
    },
    Check {
        name: "spans_cover_the_run",
        promise: "items that were in flight together have spans that overlap",
        run: width::spans_cover_the_run,
    },
    Check {
        name: "off_the_callers_thread",
        promise: "threads run no item on the calling thread, and processes none in the calling process",
        run: width::off_the_callers_thread,
    },
    Check {
        name: "batches_honoured",
        promise: "the items of a batch run on one lane, in order, one at a time",
        run: batches::honoured,
    },
    Check {
        name: "failing_item_is_a_value",
        promise: "an item that fails is told with its reason and costs no other item",
        run: failures::failing_item_is_a_value,
    },
    Check {
        name: "panicking_item_is_a_value",
        promise: "an item that panics is told with its message and costs no other item",
        run: failures::panicking_item_is_a_value,
    },
    Check {
        name: "cancellation_settles_every_item",
        promise: "after a cancellation in mid-run every item is either done or cancelled",
        run: failures::cancellation_settles_every_item,
    },
    Check {
        name: "no_items",
        promise: "a workload without items runs and leaves no receipt",
        run: scale::no_items,
    },
    Check {
        name: "one_item",
        promise: "a single item is done, however wide the executor",
        run: scale::one_item,
    },
    Check {
        name: "ten_thousand_items",
        promise: "10,000 tasks of one item are all done",
        run: scale::ten_thousand_items,
    },
    Check {
        name: "a_hundred_thousand_items",
        promise: "100,000 items are all done",
        run: scale::a_hundred_thousand_items,
    },
    Check {
        name: "widths_and_batches",
        promise: "every width from 1 to 1,024 does every item, with batches of 1 and of 5",
        run: scale::widths_and_batches,
    },
    Check {
        name: "two_runs_on_the_same_lanes",
        promise: "lanes that ran one job run the next as well",
        run: scale::two_runs_on_the_same_lanes,
    },
    Check {
        name: "blocking_and_async_items_agree",
        promise: "an item that waits makes the same product on either door, and waits in full",
        run: waits::blocking_and_async_items_agree,
    },
    Check {
        name: "progress_while_an_item_waits",
        promise: "while one item of an asynchronous executor waits, others go on",
        run: waits::progress_while_an_item_waits,
    },
    Check {
        name: "no_thread_stays_behind",
        promise: "lanes that were ended leave no thread",
        run: leftovers::no_thread_stays_behind,
    },
    Check {
        name: "no_child_stays_behind",
        promise: "lanes that were ended leave no child process, not even an unreaped one, nor a child's child",
        run: leftovers::no_child_stays_behind,
    },
    Check {
        name: "no_descriptor_stays_behind",
        promise: "lanes that were ended leave no file descriptor open",
        run: leftovers::no_descriptor_stays_behind,
    },
    Check {
        name: "no_temporary_file_stays_behind",
        promise: "lanes that were ended leave no file in the folder for temporary files",
        run: leftovers::no_temporary_file_stays_behind,
    },
];

/// One promise of an executor, and the way to hold an executor to it.
#[derive(Debug, Clone, Copy)]
pub struct Check {
    /// The name of its test.
    pub name: &'static str,
    /// The promise, as one sentence without its full stop.
    pub promise: &'static str,
    run: fn(&Subject) -> Result<Verdict, Breach>,
}

impl Check {
    /// Holds `subject` to this promise, as soon as no other check of this process is running.
    ///
    /// # Errors
    ///
    /// When the promise is broken, or could not be looked at.
    pub fn run(&self, subject: &Subject) -> Result<Verdict, Breach> {
        let _turn = Turn::wait();
        leftovers::note_what_is_there();
        (self.run)(subject)
    }
}
