//! The workloads of the checks: items that wait, fail, panic, meet each other or watch where they run.
//!
//! They are rebuilt from their spec in any process, and know of each other through files alone.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::{Duration, Instant};

use paceline_core::{
    AsyncIo, BoxFuture, Checksum, ItemError, ItemIndex, ItemResult, SpecError, Workload,
    WorkloadSpec,
};

use crate::place::{ARRIVED, GATE, Place};

/// Rebuilds a workload of the checks, in the process of the test or in a child of it.
///
/// # Errors
///
/// When `spec` names no workload of the checks, or its parameters are not that workload's.
pub fn build(spec: &WorkloadSpec) -> Result<Arc<dyn Workload>, SpecError> {
    let items = spec.param("items")?;
    let conduct = Conduct::of(spec)?;
    Ok(Arc::new(Probe { spec: spec.clone(), items, conduct }))
}

/// What the items of a check do before they give their product.
#[derive(Debug)]
enum Conduct {
    /// Nothing.
    Plain,
    /// Each waits, and fails if its wait was too short.
    Waits { wait: Duration },
    /// Every sixth fails.
    Fails,
    /// Every sixth panics.
    Panics,
    /// Each waits until `count` of them are in flight.
    Meets { count: usize, place: Place },
    /// Each waits for the gate to open.
    Gate { place: Place },
    /// Item 0 waits, and fails unless item 1 ticks on meanwhile.
    Ticks { place: Place },
    /// Each fails if it runs at the place so named (see [`whereabouts`]).
    StaysOff { caller: String },
}

impl Conduct {
    const KNOWN: &str = "testkit-plain, testkit-waits, testkit-fails, testkit-panics, \
                         testkit-meets, testkit-gate, testkit-ticks, testkit-stays-off";

    fn of(spec: &WorkloadSpec) -> Result<Self, SpecError> {
        let (conduct, params): (_, &[&str]) = match spec.workload.as_str() {
            "testkit-plain" => (Self::Plain, &["items"]),
            "testkit-waits" => {
                let wait = Duration::from_millis(spec.param("wait_ms")?);
                (Self::Waits { wait }, &["items", "wait_ms"])
            }
            "testkit-fails" => (Self::Fails, &["items"]),
            "testkit-panics" => (Self::Panics, &["items"]),
            "testkit-meets" => {
                let (count, place) = (spec.param("count")?, Place::of(spec)?);
                (Self::Meets { count, place }, &["items", "count", "folder", "deadline_ms"])
            }
            "testkit-gate" => {
                (Self::Gate { place: Place::of(spec)? }, &["items", "folder", "deadline_ms"])
            }
            "testkit-ticks" => {
                (Self::Ticks { place: Place::of(spec)? }, &["items", "folder", "deadline_ms"])
            }
            "testkit-stays-off" => {
                (Self::StaysOff { caller: spec.param("caller")? }, &["items", "caller"])
            }
            unknown => {
                let (workload, known) = (unknown.to_owned(), Self::KNOWN.to_owned());
                return Err(SpecError::NoSuchWorkload { workload, known });
            }
        };
        spec.only(params)?;
        Ok(conduct)
    }
}

/// The process and the thread that call, as text. A prefix of it names the process alone.
pub(crate) fn whereabouts() -> String {
    format!("{}/{:?}/", std::process::id(), thread::current().id())
}

/// Whether `item` is one of those that fail or panic: the second of every six, so that in batches of
/// three it has neighbours on both sides.
pub(crate) fn is_bad(item: ItemIndex) -> bool {
    item.0 % 6 == 1
}

/// What a bad item says, as its error or as its panic.
pub(crate) fn complaint(item: ItemIndex) -> String {
    format!("item {item} is bad on purpose")
}

#[derive(Debug)]
struct Probe {
    spec: WorkloadSpec,
    items: usize,
    conduct: Conduct,
}

impl Probe {
    async fn run(&self, item: ItemIndex, io: &dyn AsyncIo) -> ItemResult {
        match &self.conduct {
            Conduct::Plain => {}
            Conduct::Waits { wait } => wait_in_full(*wait, io).await?,
            Conduct::Fails if is_bad(item) => return Err(ItemError::new(complaint(item))),
            Conduct::Panics if is_bad(item) => panic!("{}", complaint(item)),
            Conduct::Fails | Conduct::Panics => {}
            Conduct::Meets { count, place } => place.meet(item, *count, io).await?,
            Conduct::Gate { place } => {
                place.mark(ARRIVED)?;
                place.wait_for(GATE, io).await?;
            }
            Conduct::Ticks { place } if item.0 == 0 => place.count_ticks(io).await?,
            Conduct::Ticks { place } => place.tick(io).await?,
            Conduct::StaysOff { caller } => stay_off(caller)?,
        }
        let mut seeded = self.spec.seed.to_le_bytes().to_vec();
        seeded.extend(item.0.to_le_bytes());
        Ok(Checksum::of(&seeded))
    }
}

impl Workload for Probe {
    fn spec(&self) -> &WorkloadSpec {
        &self.spec
    }

    fn items(&self) -> usize {
        self.items
    }

    fn run_item(&self, item: ItemIndex) -> ItemResult {
        let run = pin!(self.run(item, &BlockingIo));
        match run.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(result) => result,
            Poll::Pending => Err(ItemError::new("a blocking wait did not block")),
        }
    }

    fn run_item_async<'a>(
        &'a self,
        item: ItemIndex,
        io: &'a dyn AsyncIo,
    ) -> BoxFuture<'a, ItemResult> {
        Box::pin(self.run(item, io))
    }

    fn without_waits(&self) -> WorkloadSpec {
        WorkloadSpec::new("testkit-plain").with_seed(self.spec.seed).with("items", self.items)
    }
}

/// Sleeps by blocking the thread: with it the asynchronous form of an item is its blocking form too.
struct BlockingIo;

impl AsyncIo for BlockingIo {
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(async move { thread::sleep(duration) })
    }
}

async fn wait_in_full(wait: Duration, io: &dyn AsyncIo) -> Result<(), ItemError> {
    let begun = Instant::now();
    io.sleep(wait).await;
    let waited = begun.elapsed();
    if waited < wait {
        return Err(ItemError::new(format!("a wait of {wait:?} was over after {waited:?}")));
    }
    Ok(())
}

fn stay_off(caller: &str) -> Result<(), ItemError> {
    if whereabouts().starts_with(caller) {
        return Err(ItemError::new("it ran where the caller runs"));
    }
    Ok(())
}

#[cfg(test)]
#[path = "workload_tests.rs"]
mod tests;
