//! The outcome of a trial, and what must never happen in one.

use std::path::PathBuf;
use std::sync::mpsc::RecvTimeoutError;

use paceline_core::Violation;
use paceline_protocol::{Measured, Reply};

use super::marks::Marks;
use super::{PATIENCE, Tally};

/// How a worker ended.
#[derive(Debug)]
pub(super) enum Answer {
    Measured(Box<Measured>),
    /// The pool could not be brought up, or not be ended.
    Broken(String),
    ParentKilled,
    Silence,
    Hang,
    Unexpected(String),
}

impl Answer {
    pub(super) fn of(reply: Result<Reply, RecvTimeoutError>, parent_killed: bool) -> Self {
        match reply {
            Ok(Reply::Measured(measured)) => Self::Measured(measured),
            Ok(Reply::Broken { reason }) => Self::Broken(reason),
            Ok(other) => Self::Unexpected(format!("{other:?}")),
            Err(_) if parent_killed => Self::ParentKilled,
            Err(RecvTimeoutError::Disconnected) => Self::Silence,
            Err(RecvTimeoutError::Timeout) => Self::Hang,
        }
    }

    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Measured(_) => "measured",
            Self::Broken(_) => "refused",
            Self::ParentKilled => "worker killed",
            Self::Silence => "silence",
            Self::Hang => "hang",
            Self::Unexpected(_) => "unexpected answer",
        }
    }

    pub(super) fn count(&self, tally: &mut Tally) {
        match self {
            Self::Measured(measured) => {
                tally.items += measured.items.item.len() as u64;
                tally.retried += measured.items.retried.len() as u64;
                tally.lost += lost(measured);
            }
            Self::Broken(_) => tally.refused += 1,
            _ => {}
        }
    }
}

/// How many items were lost with their child.
fn lost(measured: &Measured) -> u64 {
    let counts = measured.violations.iter().map(|violation| match violation {
        Violation::Lost { items, .. } => items.count as u64,
        _ => 0,
    });
    counts.sum()
}

/// What one trial left to be judged.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) answer: Answer,
    /// Children, running or zombies, that the worker has after its answer.
    pub(super) processes_left: usize,
    /// Descriptors that the worker has open after its answer.
    pub(super) descriptors: Option<usize>,
    /// Processes of the trial that are there after the worker is gone.
    pub(super) orphans: usize,
    pub(super) files_left: Vec<PathBuf>,
    /// Whether signals were sent to children, which excuses a pool that could not start.
    pub(super) meddled: bool,
    /// What began, in a trial whose items leave marks.
    pub(super) marks: Option<Marks>,
}

/// Everything that must never be. Lost items may be, since their children were killed.
pub(super) fn judge(outcome: &Outcome, calm_descriptors: Option<usize>) -> Vec<String> {
    let mut found = Vec::new();
    match &outcome.answer {
        Answer::Measured(measured) => {
            let broken =
                measured.violations.iter().filter(|v| !matches!(v, Violation::Lost { .. }));
            found.extend(broken.map(ToString::to_string));
            if !is_one_for_each(&measured.items.item) {
                found.push("the receipts are not one for each item".to_owned());
            }
            if let Some(marks) = &outcome.marks {
                found.extend(marks.against(&measured.items, lost(measured)));
            }
        }
        Answer::Broken(reason) if !outcome.meddled => found.push(format!("broken: {reason}")),
        // A pool hands out items only once it is up. Whatever is killed then costs items, never the pool.
        Answer::Broken(reason) if outcome.marks.as_ref().is_some_and(|marks| marks.count() > 0) => {
            found.push(format!("broken after items had begun: {reason}"));
        }
        Answer::Broken(_) | Answer::ParentKilled => {}
        Answer::Silence => found.push("the worker ended without an answer".to_owned()),
        Answer::Hang => found.push(format!("no answer within {} s", PATIENCE.as_secs())),
        Answer::Unexpected(reply) => found.push(format!("the worker answered {reply}")),
    }
    if outcome.processes_left > 0 {
        found.push(format!("{} children left after the answer", outcome.processes_left));
    }
    if let (Some(before), Some(after)) = (calm_descriptors, outcome.descriptors)
        && after > before
        && matches!(outcome.answer, Answer::Measured(_) | Answer::Broken(_))
    {
        found.push(format!("{} file descriptors more than before", after - before));
    }
    if outcome.orphans > 0 {
        found.push(format!("{} processes outlived the worker", outcome.orphans));
    }
    if !outcome.files_left.is_empty() {
        found.push(format!("left in the temporary folder: {:?}", outcome.files_left));
    }
    found
}

/// Whether these are the numbers from 0, each once, in any order. The worker's own verification says how many
/// there should be.
fn is_one_for_each(items: &[u32]) -> bool {
    let mut items = items.to_vec();
    items.sort_unstable();
    items.iter().copied().eq(0..items.len() as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(answer: Answer) -> Outcome {
        Outcome {
            answer,
            processes_left: 0,
            descriptors: Some(5),
            orphans: 0,
            files_left: Vec::new(),
            meddled: true,
            marks: None,
        }
    }

    fn found(outcome: &Outcome) -> String {
        judge(outcome, Some(5)).join("; ")
    }

    #[test]
    fn a_killed_parent_is_fine_only_if_it_leaves_nothing_behind() {
        assert_eq!(found(&outcome(Answer::ParentKilled)), "");
        let files_left = vec![PathBuf::from("/t/.paceline-1")];
        let left = Outcome { files_left, ..outcome(Answer::ParentKilled) };
        assert!(found(&left).contains("/t/.paceline-1"));
    }

    #[test]
    fn an_item_with_two_receipts_and_one_with_none_are_found() {
        assert!(is_one_for_each(&[2, 0, 1]));
        assert!(!is_one_for_each(&[0, 1, 1, 2]));
        assert!(!is_one_for_each(&[0, 2]));
    }

    #[test]
    fn whatever_stays_behind_is_named() {
        let calm = || outcome(Answer::Broken("a child was killed before it was ready".to_owned()));
        assert_eq!(found(&calm()), "");
        let left = Outcome { processes_left: 2, ..calm() };
        assert_eq!(found(&left), "2 children left after the answer");
        let open = Outcome { descriptors: Some(7), ..calm() };
        assert_eq!(found(&open), "2 file descriptors more than before");
        let orphans = Outcome { orphans: 1, ..calm() };
        assert_eq!(found(&orphans), "1 processes outlived the worker");
        let files = Outcome { files_left: vec![PathBuf::from("/t/socket")], ..calm() };
        assert!(found(&files).contains("/t/socket"));
    }

    #[test]
    fn signals_excuse_a_pool_that_did_not_start_but_none_that_had_begun() {
        let broken = |marks: &[u32]| Outcome {
            marks: Some(marks.iter().copied().collect()),
            ..outcome(Answer::Broken("why".to_owned()))
        };
        assert_eq!(found(&broken(&[])), "");
        assert_eq!(found(&broken(&[4])), "broken after items had begun: why");
    }

    #[test]
    fn a_hang_a_silent_end_and_a_broken_calm_trial_are_named() {
        assert!(found(&outcome(Answer::Hang)).contains("no answer"));
        assert!(found(&outcome(Answer::Silence)).contains("without an answer"));
        let broken = Outcome { meddled: false, ..outcome(Answer::Broken("why".to_owned())) };
        assert_eq!(found(&broken), "broken: why");
    }
}
