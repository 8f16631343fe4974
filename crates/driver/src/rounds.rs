//! What one round runs: its seed, its rows, and their order.

use paceline_journal::{Plan, Purpose};
use rand::seq::SliceRandom as _;
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

/// One sample of a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Turn {
    /// The position of the row in the plan.
    pub(crate) row: usize,
    /// What it is run for.
    pub(crate) purpose: Purpose,
}

/// Whether samples for memory alone are run in a round. The warm-up round reads memory anyway.
fn reads_memory_apart(plan: &Plan, round: u32) -> bool {
    round > 0 && round < plan.conduct.memory_rounds
}

/// The seed of one round's inputs, which all its cases share.
#[must_use]
pub(crate) fn seed(plan: &Plan, round: u32) -> u64 {
    generator(plan, round).next_u64()
}

/// The order in which one round runs the rows, those for memory alone among the others.
#[must_use]
pub(crate) fn order(plan: &Plan, round: u32) -> Vec<Turn> {
    let mut generator = generator(plan, round);
    // The first number is the round's seed.
    generator.next_u64();
    let turns = |purpose| (0..plan.rows.len()).map(move |row| Turn { row, purpose });
    let mut order: Vec<Turn> = turns(Purpose::Time).collect();
    if reads_memory_apart(plan, round) {
        order.extend(turns(Purpose::Memory));
    }
    order.shuffle(&mut generator);
    order
}

/// ChaCha has a stream for every round, and gives the same numbers on every machine.
fn generator(plan: &Plan, round: u32) -> ChaCha8Rng {
    let mut generator = ChaCha8Rng::seed_from_u64(plan.seed);
    generator.set_stream(round.into());
    generator
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroUsize;

    use paceline_core::WorkloadSpec;
    use paceline_journal::{Conduct, MatrixName, Row};
    use paceline_protocol::Case;

    use super::*;
    use crate::words;

    /// 28 rows in four rounds.
    fn plan() -> Plan {
        let row = |number: usize| {
            let (spec, batch) = (WorkloadSpec::new("noop"), NonZeroUsize::MIN);
            let case = Case { spec, executor: "seq".to_owned(), width: None, batch };
            Row { name: number.to_string(), case, revision: None, group: None }
        };
        Plan {
            matrix: MatrixName { name: "m".to_owned(), title: "M".to_owned() },
            scale: "quick".to_owned(),
            seed: 1,
            conduct: Conduct::rounds(4),
            only: Vec::new(),
            rows: (0..28).map(row).collect(),
        }
    }

    #[test]
    fn every_round_has_its_own_seed_and_order_and_the_same_ones_again_for_the_same_seed() {
        let again = plan();
        let other = Plan { seed: 2, ..plan() };
        let plan = plan();
        assert_ne!(seed(&plan, 0), seed(&plan, 1));
        assert_ne!(order(&plan, 0), order(&plan, 1));
        assert_eq!((seed(&plan, 3), order(&plan, 3)), (seed(&again, 3), order(&again, 3)));
        assert_ne!(seed(&plan, 0), seed(&other, 0));
        assert_eq!(rows(&order(&plan, 2), Purpose::Time), (0..28).collect::<Vec<_>>());
    }

    /// The rows of a round that are run for `purpose`, sorted.
    fn rows(order: &[Turn], purpose: Purpose) -> Vec<usize> {
        let turns = order.iter().filter(|turn| turn.purpose == purpose);
        let mut rows: Vec<usize> = turns.map(|turn| turn.row).collect();
        rows.sort_unstable();
        rows
    }

    #[test]
    fn rounds_that_read_memory_run_every_row_once_more_in_one_shuffled_order() {
        let mut plan = plan();
        let before: Vec<Vec<Turn>> = (0..5).map(|round| order(&plan, round)).collect();
        plan.conduct.memory_rounds = 3;
        for round in [0, 3, 4] {
            assert_eq!(order(&plan, round), before[round as usize], "{round}");
        }
        let all: Vec<usize> = (0..28).collect();
        for round in [1, 2] {
            let order = order(&plan, round);
            assert_eq!(rows(&order, Purpose::Time), all);
            assert_eq!(rows(&order, Purpose::Memory), all);
            let early = order[..28].iter().filter(|turn| turn.purpose == Purpose::Memory).count();
            assert!((4..24).contains(&early), "{early} of 28: they are not among the others");
        }
        assert_eq!(plan.samples(), 5 * 28 + 2 * 28);
        assert!(
            words::in_words(&plan)
                .contains("196 samples, of which 56 are for memory alone, in rounds 1 to 2")
        );
    }
}
