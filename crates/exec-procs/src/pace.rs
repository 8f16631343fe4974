//! Whether a child may have a second task while it is busy with the first.
//!
//! Between two tasks of a child lies a gap: its receipts travel to the parent, wake a thread there,
//! and the next task travels back, some 50 µs when both wake up on other cores. A task handed ahead
//! fills the gap. But it also waits behind its predecessor, while another lane may become free: that
//! is no longer list scheduling. How long it waits is the length of a task. So a task is handed ahead
//! only where tasks have been short of late, and even then only while every other lane has a task
//! to take too ([`crate::run::Run::errand_ahead`]).

/// The mean length of tasks up to which one is handed ahead: a few gaps, so that what a task may lose
/// by waiting is of the size of what it gains.
const SHORT_NS: u64 = 200_000;

/// How quickly old tasks are forgotten: each new one has this share in the mean.
const SHARE: f64 = 0.125;

/// The length of one lane's latest tasks.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    /// An exponentially weighted mean, in nanoseconds; `None` before the first task.
    mean_ns: Option<f64>,
    began_ns: Option<u64>,
}

impl Pace {
    /// An item ran from `start_ns` to `end_ns`, the last of its task or not.
    pub(crate) fn saw(&mut self, start_ns: u64, end_ns: u64, ends_task: bool) {
        let began_ns = *self.began_ns.get_or_insert(start_ns);
        if ends_task {
            self.began_ns = None;
            let length_ns = end_ns.saturating_sub(began_ns) as f64;
            let mean_ns = self.mean_ns.unwrap_or(length_ns);
            self.mean_ns = Some(mean_ns + SHARE * (length_ns - mean_ns));
        }
    }

    /// How many tasks a child may have at once.
    pub(crate) fn tasks_at_once(&self) -> usize {
        if self.mean_ns.is_some_and(|mean_ns| mean_ns < SHORT_NS as f64) { 2 } else { 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after_tasks_of(lengths_ns: &[u64]) -> Pace {
        let mut pace = Pace::default();
        for length_ns in lengths_ns {
            pace.saw(1_000, 1_000 + length_ns, true);
        }
        pace
    }

    #[test]
    fn nothing_is_handed_ahead_before_a_task_was_seen() {
        assert_eq!(Pace::default().tasks_at_once(), 1);
    }

    #[test]
    fn short_tasks_are_handed_ahead_and_long_ones_are_not() {
        assert_eq!(after_tasks_of(&[5_000]).tasks_at_once(), 2);
        assert_eq!(after_tasks_of(&[1_000_000]).tasks_at_once(), 1);
    }

    #[test]
    fn one_long_task_among_short_ones_ends_it_for_a_while() {
        let mut lengths_ns = vec![5_000; 50];
        lengths_ns.push(300_000_000);
        assert_eq!(after_tasks_of(&lengths_ns).tasks_at_once(), 1);
        lengths_ns.extend([5_000; 30]);
        assert_eq!(after_tasks_of(&lengths_ns).tasks_at_once(), 1);
        lengths_ns.extend([5_000; 30]);
        assert_eq!(after_tasks_of(&lengths_ns).tasks_at_once(), 2);
    }

    #[test]
    fn the_length_of_a_task_counts_from_its_first_item() {
        let mut pace = Pace::default();
        pace.saw(0, 150_000, false);
        pace.saw(150_000, 300_000, true);
        assert_eq!(pace.tasks_at_once(), 1);
    }
}
