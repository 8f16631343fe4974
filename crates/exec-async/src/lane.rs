//! The loop that every asynchronous lane is.

use std::sync::Arc;

use paceline_core::{AsyncIo, Job, LaneId};

/// Takes tasks until none is left and awaits the items of each, one after the other. Many of these
/// spawned side by side are true asynchrony; one of them awaited in place is false asynchrony.
pub(crate) async fn lane(job: Arc<Job>, number: usize, io: impl AsyncIo) {
    // A workload has at most 2^32 items, and there are no more lanes than tasks.
    let lane = LaneId(number as u32);
    while let Some(task) = job.next_task() {
        job.run_task_async(&task, lane, &io).await;
    }
}
