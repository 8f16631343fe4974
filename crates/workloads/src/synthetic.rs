//! `spin`, `overlap` and `hold`: work of known size, to test the instrument itself.
//!
//! A measured number can be held against the truth only where the truth is known: how much more one row
//! computes than another, which items overlap, what memory is held at once. An item of any of the three
//! computes, takes memory, waits, and gives the memory back; each workload uses its own part of that. The
//! seed changes nothing, so that one digest serves all rounds.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use paceline_core::{
    AsyncIo, BoxFuture, Checksum, ItemIndex, ItemResult, SpecError, Workload, WorkloadSpec,
};

/// Builds `spin` from `items`; `iterations`, the steps that each computes; and `slowdown_percent`, how
/// many more it computes than that.
pub(crate) fn build_spin(spec: &WorkloadSpec) -> Result<Arc<dyn Workload>, SpecError> {
    spec.only(&["items", "iterations", "slowdown_percent"])?;
    let iterations: u32 = spec.param("iterations")?;
    let slowdown_percent: u16 = spec.param("slowdown_percent")?;
    let steps = u64::from(iterations) * (100 + u64::from(slowdown_percent)) / 100;
    Ok(Arc::new(Synthetic { steps, ..Synthetic::idle(spec)? }))
}

/// Builds `overlap` from `items` and `sleep_us`, the wait of each in microseconds.
pub(crate) fn build_overlap(spec: &WorkloadSpec) -> Result<Arc<dyn Workload>, SpecError> {
    spec.only(&["items", SLEEP_US])?;
    let wait = Duration::from_micros(spec.param(SLEEP_US)?);
    Ok(Arc::new(Synthetic { wait, ..Synthetic::idle(spec)? }))
}

/// Builds `hold` from `items`; `mib`, the memory that each takes and touches; and `hold_ms`, how long it
/// keeps that, in milliseconds.
pub(crate) fn build_hold(spec: &WorkloadSpec) -> Result<Arc<dyn Workload>, SpecError> {
    spec.only(&["items", "mib", HOLD_MS])?;
    let mib: u16 = spec.param("mib")?;
    let held_bytes = u64::from(mib) << 20;
    let wait = Duration::from_millis(spec.param(HOLD_MS)?);
    Ok(Arc::new(Synthetic { held_bytes, wait, ..Synthetic::idle(spec)? }))
}

const SLEEP_US: &str = "sleep_us";
const HOLD_MS: &str = "hold_ms";

#[derive(Debug)]
struct Synthetic {
    spec: WorkloadSpec,
    items: u32,
    /// Steps of [`spin`] that each item computes.
    steps: u64,
    /// Memory that each item holds while it waits.
    held_bytes: u64,
    wait: Duration,
}

/// An item that has computed and taken its memory, and has not waited yet.
struct Begun {
    state: u64,
    held: Vec<u8>,
}

impl Synthetic {
    /// Items that do nothing yet.
    fn idle(spec: &WorkloadSpec) -> Result<Self, SpecError> {
        let items = spec.param("items")?;
        Ok(Self { spec: spec.clone(), items, steps: 0, held_bytes: 0, wait: Duration::ZERO })
    }

    /// Writing a byte that is not zero into every page makes the system give it a page of its own.
    fn begin(&self, item: ItemIndex) -> Begun {
        let fill = item.0.to_le_bytes()[0] | 1;
        let state = spin(item.0.into(), self.steps);
        Begun { state, held: vec![fill; self.held_bytes as usize] }
    }
}

impl Begun {
    /// Reads all the memory, so that it was held all the time.
    fn finish(self) -> Checksum {
        let parts = [self.state, Checksum::of(&self.held).0].map(u64::to_le_bytes);
        Checksum::of(parts.as_flattened())
    }
}

/// Each step needs the result of the one before, so neither a compiler nor a core can shorten the
/// chain: twice the steps take twice the time. The step is a bijection on 64 bits (an xor-shift, the
/// multiplier of splitmix64, and one more, so that zero moves), so items never meet.
fn spin(item: u64, steps: u64) -> u64 {
    (0..steps).fold(item, |state, _| {
        (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9).wrapping_add(1)
    })
}

impl Workload for Synthetic {
    fn spec(&self) -> &WorkloadSpec {
        &self.spec
    }

    fn items(&self) -> usize {
        self.items as usize
    }

    fn run_item(&self, item: ItemIndex) -> ItemResult {
        let begun = self.begin(item);
        thread::sleep(self.wait);
        Ok(begun.finish())
    }

    fn run_item_async<'a>(
        &'a self,
        item: ItemIndex,
        io: &'a dyn AsyncIo,
    ) -> BoxFuture<'a, ItemResult> {
        Box::pin(async move {
            let begun = self.begin(item);
            // A runtime may round even no time at all up to a tick of its timer.
            if !self.wait.is_zero() {
                io.sleep(self.wait).await;
            }
            Ok(begun.finish())
        })
    }

    /// Known where an item does nothing but wait.
    fn planned(&self, _: ItemIndex) -> Option<Duration> {
        (self.steps == 0 && self.held_bytes == 0).then_some(self.wait)
    }

    fn item_memory_bytes(&self, _: ItemIndex) -> u64 {
        self.held_bytes
    }

    fn without_waits(&self) -> WorkloadSpec {
        let mut spec = self.spec.clone();
        for wait in [SLEEP_US, HOLD_MS] {
            if let Some(value) = spec.params.get_mut(wait) {
                "0".clone_into(value);
            }
        }
        spec
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spin_spec(slowdown_percent: u16) -> WorkloadSpec {
        let spec = WorkloadSpec::new("spin").with("items", 2).with("iterations", 1_000);
        spec.with("slowdown_percent", slowdown_percent)
    }

    fn product(workload: &dyn Workload) -> Checksum {
        workload.run_item(ItemIndex(1)).expect("nothing in it can fail")
    }

    #[test]
    fn a_slowdown_computes_exactly_so_many_more_steps() {
        let slow = build_spin(&spin_spec(5)).expect("a good spec");
        let longer = build_spin(&spin_spec(0).with("iterations", 1_050)).expect("a good spec");
        let plain = build_spin(&spin_spec(0)).expect("a good spec");
        assert_eq!(product(&*slow), product(&*longer));
        assert_ne!(product(&*slow), product(&*plain));
    }

    #[test]
    fn held_memory_is_part_of_the_product_and_of_the_estimate() {
        let spec = WorkloadSpec::new("hold").with("items", 2).with(HOLD_MS, 0);
        let one = build_hold(&spec.clone().with("mib", 1)).expect("a good spec");
        let two = build_hold(&spec.with("mib", 2)).expect("a good spec");
        assert_ne!(product(&*one), product(&*two));
        assert_eq!(two.item_memory_bytes(ItemIndex(0)), 2 << 20);
    }

    #[test]
    fn only_items_that_do_nothing_but_wait_have_a_planned_time() {
        let overlap = WorkloadSpec::new("overlap").with("items", 2).with(SLEEP_US, 70);
        let overlap = build_overlap(&overlap).expect("a good spec");
        assert_eq!(overlap.planned(ItemIndex(0)), Some(Duration::from_micros(70)));
        let spin = build_spin(&spin_spec(0)).expect("a good spec");
        assert_eq!(spin.planned(ItemIndex(0)), None);
    }
}
