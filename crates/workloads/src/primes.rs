//! `primes`: counts primes by trial division. Pure computing: it touches no memory beyond its stack, so
//! what keeps its rows from scaling is the cores and the strategy, never the memory that they share.

use std::hint::black_box;
use std::num::NonZeroU32;
use std::sync::Arc;

use paceline_core::{
    AsyncIo, BoxFuture, Checksum, ItemIndex, ItemResult, SpecError, Workload, WorkloadSpec,
};

/// Below this there is no number to divide, and an item would do nothing.
const LEAST_BELOW: u32 = 3;

/// Builds the workload `primes` from `items`; `below`, up to which each counts; and `repetitions`, how
/// often it does so. All items cost the same, and none of them nothing.
pub(crate) fn build(spec: &WorkloadSpec) -> Result<Arc<dyn Workload>, SpecError> {
    spec.only(&["items", "below", "repetitions"])?;
    let items: u32 = spec.param("items")?;
    let below: u32 = spec.param("below")?;
    if below < LEAST_BELOW {
        let reason = format!(
            "count primes below {below}: at least {LEAST_BELOW} is needed, or items do nothing"
        );
        return Err(spec.unusable("below", reason));
    }
    let repetitions: NonZeroU32 = spec.param("repetitions")?;
    Ok(Arc::new(Primes { spec: spec.clone(), items, below, repetitions }))
}

#[derive(Debug)]
struct Primes {
    spec: WorkloadSpec,
    items: u32,
    below: u32,
    repetitions: NonZeroU32,
}

impl Workload for Primes {
    fn spec(&self) -> &WorkloadSpec {
        &self.spec
    }

    fn items(&self) -> usize {
        self.items as usize
    }

    fn run_item(&self, item: ItemIndex) -> ItemResult {
        // The compiler must not see that every repetition counts the same numbers.
        let counted =
            (0..self.repetitions.get()).map(|_| u64::from(primes_below(black_box(self.below))));
        let parts = [item.0.into(), counted.sum::<u64>()].map(u64::to_le_bytes);
        Ok(Checksum::of(parts.as_flattened()))
    }

    fn run_item_async<'a>(
        &'a self,
        item: ItemIndex,
        _: &'a dyn AsyncIo,
    ) -> BoxFuture<'a, ItemResult> {
        Box::pin(async move { self.run_item(item) })
    }
}

/// How many primes there are below `limit`, by division of each number by all up to its root.
fn primes_below(limit: u32) -> u32 {
    (2..limit).map(|number| u32::from(is_prime(number))).sum()
}

fn is_prime(number: u32) -> bool {
    // In 64 bits, a divisor's square does not overflow.
    let divisors = (2..).take_while(|divisor| u64::from(*divisor).pow(2) <= number.into());
    divisors.into_iter().all(|divisor: u32| !number.is_multiple_of(divisor))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_primes_are_counted_as_there_are() {
        // Source: OEIS A006880 for the powers of ten.
        let known = [(0, 0), (2, 0), (3, 1), (10, 4), (100, 25), (1_000, 168), (100_000, 9_592)];
        for (limit, count) in known {
            assert_eq!(primes_below(limit), count, "{limit}");
        }
        assert!(is_prime(4_294_967_291) && !is_prime(4_294_967_295));
    }

    #[test]
    fn items_that_would_do_nothing_are_refused() {
        let spec = WorkloadSpec::new("primes").with("items", 1);
        let built = |below: u32, repetitions: u32| {
            let spec = spec.clone().with("below", below).with("repetitions", repetitions);
            build(&spec).map_err(|error| error.to_string())
        };
        let refused = |below, repetitions| built(below, repetitions).expect_err("it is refused");
        assert!(
            refused(100, 0)
                .contains("`0` for parameter `repetitions` is not a whole number from 1")
        );
        assert!(refused(2, 1).contains("count primes below 2: at least 3 is needed"));
        assert!(refused(0, 1).contains("count primes below 0"));
        assert!(built(3, 1).is_ok());
    }

    #[test]
    fn a_repetition_that_is_left_out_changes_the_product() {
        let spec = WorkloadSpec::new("primes").with("items", 1).with("below", 100);
        let product = |repetitions: u32| {
            let built = build(&spec.clone().with("repetitions", repetitions)).expect("a good spec");
            built.run_item(ItemIndex(0)).expect("nothing in it can fail")
        };
        assert_ne!(product(2), product(3));
    }
}
