//! Rogues whose runtime does not wait as it should.

use std::thread;
use std::time::Duration;

use paceline_core::BoxFuture;

use super::Rogue;
use crate::reference::{Cooperative, timer, yield_once};

pub(super) const ROGUES: &[Rogue] = &[
    Rogue {
        flaw: "has a timer that counts in steps of 10 ms, and rounds down",
        caught_by: "blocking_and_async_items_agree",
        executor: &Cooperative { id: "async-coarse-timer", sleep: sleep_in_coarse_steps },
    },
    Rogue {
        flaw: "blocks its runtime while an item waits",
        caught_by: "progress_while_an_item_waits",
        executor: &Cooperative { id: "async-blocks", sleep: block_the_runtime },
    },
];

fn sleep_in_coarse_steps(duration: Duration) -> BoxFuture<'static, ()> {
    let steps = duration.as_millis() as u64 / 10;
    Box::pin(async move {
        yield_once().await;
        timer(Duration::from_millis(steps * 10)).await;
    })
}

/// It is polite and gives way after each wait, so items still meet and every item is done in the end.
fn block_the_runtime(duration: Duration) -> BoxFuture<'static, ()> {
    Box::pin(async move {
        thread::sleep(duration);
        yield_once().await;
    })
}
