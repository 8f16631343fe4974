//! A child's end, with its other end of the channels in this process. The process that is killed is this
//! test binary once more, which as a child of no pool finds no test to run.

use ipc_channel::ipc;
use paceline_core::{Checksum, Outcome, Span};

use super::*;

/// What the child's process would hold.
#[derive(Debug)]
struct OtherEnd {
    page: Page,
    receipts: IpcSender<FromChild>,
    _tasks: IpcReceiver<ToChild>,
}

impl OtherEnd {
    fn run_item(&self, number: u64) -> Report {
        let span = Span { start_ns: number, end_ns: number + 1 };
        self.page.begin();
        self.page.note_done(span, Checksum(number));
        Report { span, outcome: Outcome::Done(Checksum(number)) }
    }
}

fn child_and_other_end() -> (Child, OtherEnd) {
    let board = Arc::new(Board::new(1));
    let (warden, _) = Warden::start(1).expect("threads can be started");
    let (options, spec) = (Options::default(), WorkloadSpec::new("unbuilt"));
    let nursery =
        Arc::new(Nursery { options, spec, build: 0, board, warden, folder: std::env::temp_dir() });
    let page = nursery.board.page(LaneId(0)).expect("the board has one lane");
    let first_words = tempfile::tempfile().expect("tests have a temporary folder");
    let process = Arc::new(Process::spawn(&first_words).expect("this binary can be run again"));
    let (tasks, from_parent) = ipc::channel().expect("channels can be made");
    let (receipts, from_child) = ipc::channel().expect("channels can be made");
    let other_end = OtherEnd { page: page.clone(), receipts, _tasks: from_parent };
    (Child::new(nursery, LaneId(0), page, process, (tasks, from_child)), other_end)
}

#[test]
fn what_a_child_sent_and_what_it_had_not_sent_are_both_found_after_its_death() {
    let (mut child, other_end) = child_and_other_end();
    let reports: Vec<Report> = (0..5).map(|number| other_end.run_item(number)).collect();
    for sent in [&reports[..2], &reports[2..4]] {
        let message = FromChild::Receipts(sent.to_vec());
        send(&other_end.receipts, message).expect("the parent is there");
    }
    assert!(child.receive().is_ok());
    other_end.page.begin();
    drop(other_end);
    let remains = child.bury(None);
    assert_eq!(remains.reports, reports[2..]);
    assert_eq!(remains.in_work, Some(true));
}

/// The page has no room for text: it only says that the item is done.
#[test]
fn a_failure_that_a_child_sent_just_before_its_death_is_not_lost() {
    let (child, other_end) = child_and_other_end();
    let span = Span { start_ns: 1, end_ns: 2 };
    let report = Report { span, outcome: Outcome::Failed("as asked".to_owned()) };
    other_end.page.begin();
    send(&other_end.receipts, FromChild::Receipts(vec![report.clone()])).expect("it is there");
    other_end.page.note_sent();
    drop(other_end);
    let remains = child.bury(None);
    assert_eq!((remains.reports, remains.in_work), (vec![report], Some(false)));
}

#[test]
fn a_child_that_could_not_be_understood_is_not_believed() {
    let (child, other_end) = child_and_other_end();
    let message = FromChild::Receipts(vec![other_end.run_item(0)]);
    send(&other_end.receipts, message).expect("the parent is there");
    let remains = child.bury(Some("it spoke in tongues"));
    assert_eq!((remains.reports, remains.in_work), (Vec::new(), None));
    assert!(remains.identity.ends_with("(killed: it spoke in tongues)"), "{}", remains.identity);
}
