//! What an ideal executor needs for a batch of tasks: two bounds that no clock is asked for.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::num::NonZeroUsize;

/// The time below which no schedule can finish, in nanoseconds: the longest task has to run, and
/// `width` lanes share the total at best. Saturates at `u64::MAX`, which is 584 years.
#[must_use]
pub fn lower_bound_ns(tasks_ns: &[u64], width: NonZeroUsize) -> u64 {
    let longest = tasks_ns.iter().copied().max().unwrap_or(0);
    let total: u128 = tasks_ns.iter().map(|task| u128::from(*task)).sum();
    let shared = total.div_ceil(width.get() as u128);
    longest.max(u64::try_from(shared).unwrap_or(u64::MAX))
}

/// The time at which list scheduling finishes, in nanoseconds: tasks start in order, each on the
/// lane that is free first. It is what a perfect executor reaches that does not know how long tasks
/// take, and never more than `2 - 1/width` times the best possible: Graham, "Bounds for Certain
/// Multiprocessing Anomalies", Bell System Technical Journal 45 (1966). Saturates at `u64::MAX`.
#[must_use]
pub fn list_makespan_ns(tasks_ns: &[u64], width: NonZeroUsize) -> u64 {
    // Lanes beyond the number of tasks stay idle, so a huge width costs no memory.
    let lanes = width.get().min(tasks_ns.len());
    let mut free_at_ns: BinaryHeap<Reverse<u64>> = vec![Reverse(0); lanes].into();
    let mut makespan_ns = 0;
    for task_ns in tasks_ns {
        if let Some(mut first_free) = free_at_ns.peek_mut() {
            first_free.0 = first_free.0.saturating_add(*task_ns);
            makespan_ns = makespan_ns.max(first_free.0);
        }
    }
    makespan_ns
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn width(lanes: usize) -> NonZeroUsize {
        NonZeroUsize::new(lanes).unwrap()
    }

    #[test]
    fn no_tasks_take_no_time() {
        assert_eq!(lower_bound_ns(&[], width(3)), 0);
        assert_eq!(list_makespan_ns(&[], width(3)), 0);
    }

    #[test]
    fn grahams_worst_case_is_reached() {
        // m(m-1) tasks of 1, then one of m: the list needs 2m - 1, the optimum m.
        let tasks = [1, 1, 1, 1, 1, 1, 3];
        assert_eq!(lower_bound_ns(&tasks, width(3)), 3);
        assert_eq!(list_makespan_ns(&tasks, width(3)), 5);
    }

    #[test]
    fn a_shared_total_is_rounded_up_to_whole_nanoseconds() {
        assert_eq!(lower_bound_ns(&[1, 1, 1], width(2)), 2);
    }

    #[test]
    fn the_largest_durations_saturate() {
        let tasks = [u64::MAX; 3];
        assert_eq!(lower_bound_ns(&tasks, width(1)), u64::MAX);
        assert_eq!(list_makespan_ns(&tasks, width(2)), u64::MAX);
        assert_eq!(list_makespan_ns(&tasks, width(usize::MAX)), u64::MAX);
    }

    proptest! {
        #[test]
        fn the_makespan_lies_between_the_bound_and_grahams_limit(
            tasks in prop::collection::vec(0..1_000_000_u64, 0..60),
            lanes in 1..20_usize,
        ) {
            let makespan = list_makespan_ns(&tasks, width(lanes));
            prop_assert!(makespan >= lower_bound_ns(&tasks, width(lanes)));
            // Graham's proof gives total/m + (1 - 1/m) * longest, which is the sharper statement.
            let (total, longest): (u64, u64) =
                (tasks.iter().sum(), tasks.iter().copied().max().unwrap_or(0));
            prop_assert!(makespan * lanes as u64 <= total + (lanes as u64 - 1) * longest);
        }

        #[test]
        fn one_lane_needs_the_total_and_enough_lanes_the_longest(
            tasks in prop::collection::vec(0..1_000_000_u64, 1..60),
            spare in 0..20_usize,
        ) {
            let total = tasks.iter().sum::<u64>();
            let longest = tasks.iter().copied().max().unwrap();
            let enough = width(tasks.len() + spare);
            prop_assert_eq!(list_makespan_ns(&tasks, width(1)), total);
            prop_assert_eq!(lower_bound_ns(&tasks, width(1)), total);
            prop_assert_eq!(list_makespan_ns(&tasks, enough), longest);
            prop_assert_eq!(lower_bound_ns(&tasks, enough), longest);
        }
    }
}
