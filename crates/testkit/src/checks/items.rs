//! Every item, once, with its product, before the run returns.

use paceline_core::{Digest, Job, WorkloadSpec, digest};

use super::spec;
use crate::subject::{Shape, Subject};
use crate::verdict::{Breach, Verdict};

/// The items are a multiple of no batch here, so that the last task is a short one.
pub(crate) fn exactly_once(subject: &Subject) -> Result<Verdict, Breach> {
    for (width, batch) in [(1, 1), (3, 1), (4, 3), (8, 5)] {
        let ran = subject.run(spec("plain", 23), Shape::new(width, batch))?;
        Breach::unless_none(ran.not_done())?;
    }
    Ok(Verdict::Kept)
}

/// Two seeds, so that products remembered from an earlier run do not pass.
pub(crate) fn digest_as_in_sequence(subject: &Subject) -> Result<Verdict, Breach> {
    for seed in [1, 2] {
        let spec = spec("plain", 24).with_seed(seed);
        let shape = Shape::new(3, 4);
        let expected = in_sequence(&spec, shape)?;
        let ran = subject.run(spec, shape)?;
        Breach::unless_none(ran.wrong_products(expected))?;
    }
    Ok(Verdict::Kept)
}

pub(crate) fn no_return_before_the_end(subject: &Subject) -> Result<Verdict, Breach> {
    let ran = subject.run(spec("waits", 8).with("wait_ms", 20), Shape::new(2, 1))?;
    let (settled, in_the_end) = (ran.settled_at_return, ran.receipts.len());
    if settled < in_the_end {
        let seen = format!("{settled} items were settled on return, {in_the_end} in the end");
        return Err(Breach::Seen(seen));
    }
    Ok(Verdict::Kept)
}

/// The digest of a run on this thread, through the door and without any executor.
fn in_sequence(spec: &WorkloadSpec, shape: Shape) -> Result<Option<Digest>, Breach> {
    let job: std::sync::Arc<Job> = shape.job(spec)?;
    job.tasks().for_each(|task| job.run_task(&task));
    Ok(digest(&job.receipts(), job.workload().items()))
}
