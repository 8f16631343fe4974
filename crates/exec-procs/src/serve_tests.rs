//! The outbox against a page and a channel of this process: a child's death at any item is simulated by
//! looking, from inside the item, at what a parent would find.

use std::sync::Mutex;

use ipc_channel::TryRecvError;
use paceline_core::{AsyncIo, BoxFuture, Checksum, ItemError, ItemIndex, ItemResult, LaneId, Span};

use super::*;
use crate::page::Autopsy;

/// Looks from inside each item; items that are a multiple of 400 fail, which makes their receipts text.
#[derive(Debug)]
struct Watched {
    spec: WorkloadSpec,
    items: usize,
    parent: Mutex<Parent>,
}

/// What a parent has.
#[derive(Debug)]
struct Parent {
    page: Page,
    from_child: IpcReceiver<FromChild>,
    received: u64,
    skipped: usize,
    messages: usize,
}

impl Parent {
    fn drain(&mut self) {
        loop {
            match self.from_child.try_recv() {
                Ok(FromChild::Receipts(reports)) => self.received += reports.len() as u64,
                Ok(FromChild::Skipped(items)) => self.skipped += items,
                Err(TryRecvError::Empty) => return,
                other => panic!("not a message for a busy lane: {other:?}"),
            }
            self.messages += 1;
        }
    }

    fn autopsy(&mut self) -> Autopsy {
        self.drain();
        self.page.autopsy(self.received).expect("the page is sound")
    }
}

impl Workload for Watched {
    fn spec(&self) -> &WorkloadSpec {
        &self.spec
    }
    fn items(&self) -> usize {
        self.items
    }
    fn run_item(&self, item: ItemIndex) -> ItemResult {
        let mut parent = self.parent.lock().expect("no item panics");
        let Autopsy { unsent, in_work } = parent.autopsy();
        assert!(in_work, "item {item} is in work");
        assert_eq!(parent.received + unsent.len() as u64, u64::from(item.0), "items done");
        match item.0 % 400 {
            0 => Err(ItemError::new("a multiple of 400")),
            _ => Ok(Checksum(item.0.into())),
        }
    }
    fn run_item_async<'a>(&'a self, _: ItemIndex, _: &'a dyn AsyncIo) -> BoxFuture<'a, ItemResult> {
        unreachable!("children run items in their own thread")
    }
}

fn outbox_and_parent(items: usize) -> (Outbox, Watched) {
    let page = Arc::new(Board::new(1)).page(LaneId(0)).expect("the board has one lane");
    let (receipts, from_child) = ipc::channel().expect("channels can be made");
    let parent = Parent { page: page.clone(), from_child, received: 0, skipped: 0, messages: 0 };
    let spec = WorkloadSpec::new("watched");
    let workload = Watched { spec, items, parent: Mutex::new(parent) };
    // As if receipts were sent just now and time stood still.
    let outbox = Outbox { receipts, page, unsent: Vec::new(), sent_ns: u64::MAX };
    (outbox, workload)
}

#[test]
fn at_any_item_receipts_and_page_together_tell_what_is_done_and_what_is_in_work() {
    let (mut outbox, workload) = outbox_and_parent(1_000);
    outbox.run(&workload, &[Task::new(0..300), Task::new(300..1_000)]).expect("someone listens");
    let mut parent = workload.parent.lock().expect("no item panicked");
    assert_eq!(parent.autopsy(), Autopsy { unsent: Vec::new(), in_work: false });
    assert_eq!(parent.received, 1_000);
}

#[test]
fn receipts_of_short_items_share_messages() {
    let (mut outbox, workload) = outbox_and_parent(9);
    let tasks: Vec<Task> = (1..9).map(|item| Task::new(item..item + 1)).collect();
    // Item 0 is not run, so the count of items done runs behind by one.
    outbox.page.begin();
    outbox.page.note_done(Span { start_ns: 0, end_ns: 0 }, Checksum(0));
    outbox.run(&workload, &tasks).expect("someone listens");
    let mut parent = workload.parent.lock().expect("no item panicked");
    parent.drain();
    assert_eq!((parent.received, parent.messages), (8, 1));
}

#[test]
fn receipts_are_sent_before_the_page_runs_out_of_marks() {
    let (mut outbox, workload) = outbox_and_parent(0);
    for number in 0..MARKS as u64 {
        outbox.page.begin();
        // No time passes.
        let (span, outcome) = (Span { start_ns: 0, end_ns: 0 }, Outcome::Done(Checksum(number)));
        outbox.add(Report { span, outcome }).expect("someone listens");
    }
    let mut parent = workload.parent.lock().expect("no item ran");
    parent.drain();
    assert_eq!((parent.received, parent.messages), (MARKS as u64, 1));
}

#[test]
fn a_receipt_is_sent_at_once_when_the_last_ones_were_sent_long_ago() {
    let (mut outbox, workload) = outbox_and_parent(2);
    outbox.sent_ns = 0;
    outbox.page.begin();
    let outcome = Outcome::Done(Checksum(0));
    let report = Report { span: Span { start_ns: 0, end_ns: 2_000_000 }, outcome };
    outbox.add(report).expect("someone listens");
    let mut parent = workload.parent.lock().expect("no item panicked");
    parent.drain();
    assert_eq!((parent.received, parent.messages), (1, 1));
}

#[test]
fn an_item_whose_receipt_is_text_stays_in_work_until_it_is_sent() {
    let (mut outbox, workload) = outbox_and_parent(1);
    let page = outbox.page.clone();
    page.begin();
    // Nobody listens any more.
    drop(workload);
    let outcome = Outcome::Failed("as asked".to_owned());
    let report = Report { span: Span { start_ns: 1, end_ns: 2 }, outcome };
    assert!(outbox.add(report).is_err());
    assert_eq!(page.autopsy(0), Some(Autopsy { unsent: Vec::new(), in_work: true }));
}

#[test]
fn a_stopped_child_begins_nothing_and_says_how_much_it_left() {
    let (mut outbox, workload) = outbox_and_parent(9);
    outbox.page.stop(true);
    outbox.run(&workload, &[Task::new(0..4), Task::new(4..9)]).expect("someone listens");
    let mut parent = workload.parent.lock().expect("no item panicked");
    assert_eq!(parent.autopsy(), Autopsy { unsent: Vec::new(), in_work: false });
    assert_eq!((parent.received, parent.skipped), (0, 9));
}
