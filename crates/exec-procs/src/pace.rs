//! How many tasks a child may have at once.
//!
//! Between two tasks of a child lies a gap: its receipts travel to the parent, wake a thread there,
//! and the next task travels back. A few dozen microseconds pass, many times what a tiny task takes.
//! Tasks handed ahead fill the gap, and several in one message share its cost. But a task handed ahead
//! also waits behind its predecessors while another lane may become free: that is no longer list
//! scheduling. So a child is handed ahead just the tasks that fill the gap, going by the length of its
//! latest ones: none when tasks are longer than the gap, a few when they are much shorter. And it is
//! never handed more than its share of what waits ([`crate::run::Run::take`]), so that the last tasks
//! of a job always go to whoever is free.

/// How long the tasks handed ahead should take together, in nanoseconds: the gap with some reserve.
/// It is also the most that a task loses by waiting, as long as its predecessors are of the usual
/// length.
const GAP_NS: f64 = 100_000.0;

/// The most tasks that are handed ahead, however short they are.
const MOST_AHEAD: f64 = 15.0;

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

    /// No task has begun, although the latest one may not have been seen to its end: its child is gone.
    pub(crate) fn begin_anew(&mut self) {
        self.began_ns = None;
    }

    /// How many tasks to hand, in one message, to a child that has `in_flight`. A child that has many
    /// is handed more when half of them are done: then messages are shared by several tasks, and the
    /// child has work while they travel.
    pub(crate) fn room(&self, in_flight: usize) -> usize {
        let at_once = 1 + self.mean_ns.map_or(0, |ns| (GAP_NS / ns).min(MOST_AHEAD) as usize);
        let half = at_once.div_ceil(2);
        if in_flight + half <= at_once { half } else { 0 }
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

    /// The tasks that a child is handed one after another before the first is done.
    fn at_once(pace: &Pace) -> usize {
        let mut in_flight = 0;
        while let more @ 1.. = pace.room(in_flight) {
            in_flight += more;
        }
        in_flight
    }

    #[test]
    fn nothing_is_handed_ahead_before_a_task_was_seen() {
        assert_eq!(at_once(&Pace::default()), 1);
    }

    #[test]
    fn tasks_are_handed_ahead_only_as_far_as_they_fill_the_gap() {
        assert_eq!(at_once(&after_tasks_of(&[0])), 16);
        assert_eq!(at_once(&after_tasks_of(&[1_000])), 16);
        assert_eq!(at_once(&after_tasks_of(&[30_000])), 4);
        assert_eq!(at_once(&after_tasks_of(&[60_000])), 2);
        assert_eq!(at_once(&after_tasks_of(&[100_001])), 1);
        assert_eq!(at_once(&after_tasks_of(&[330_000_000])), 1);
    }

    #[test]
    fn a_child_with_many_tasks_is_handed_more_when_half_are_done() {
        let pace = after_tasks_of(&[1_000]);
        assert_eq!(pace.room(0), 8);
        assert_eq!(pace.room(8), 8);
        assert_eq!(pace.room(9), 0);
    }

    #[test]
    fn one_long_task_among_short_ones_ends_it_for_a_while() {
        let mut lengths_ns = vec![5_000; 50];
        lengths_ns.push(300_000_000);
        assert_eq!(at_once(&after_tasks_of(&lengths_ns)), 1);
        lengths_ns.extend([5_000; 30]);
        assert_eq!(at_once(&after_tasks_of(&lengths_ns)), 1);
        lengths_ns.extend([5_000; 60]);
        assert_eq!(at_once(&after_tasks_of(&lengths_ns)), 16);
    }

    #[test]
    fn the_length_of_a_task_counts_from_its_first_item() {
        let mut pace = Pace::default();
        pace.saw(0, 50_000, false);
        pace.saw(50_000, 101_000, true);
        assert_eq!(at_once(&pace), 1);
    }

    #[test]
    fn a_task_that_broke_off_lengthens_none_of_the_next_child() {
        let mut pace = after_tasks_of(&[1_000; 20]);
        pace.saw(2_000, 3_000, false);
        pace.begin_anew();
        pace.saw(500_000_000, 500_001_000, true);
        assert_eq!(at_once(&pace), 16);
    }
}
