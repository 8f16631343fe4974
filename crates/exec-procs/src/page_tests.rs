use super::*;

fn page() -> Page {
    Arc::new(Board::new(1)).page(LaneId(0)).expect("the board has one lane")
}

fn report(number: u64) -> Report {
    let span = Span { start_ns: 10 * number, end_ns: 10 * number + 5 };
    Report { span, outcome: Outcome::Done(Checksum(number)) }
}

fn do_item(page: &Page, number: u64) {
    page.begin();
    page.note_done(report(number).span, Checksum(number));
}

#[test]
fn a_board_has_a_page_of_its_own_for_each_lane_and_none_beyond() {
    let board = Arc::new(Board::new(3));
    let pages: Vec<Page> = board.pages().map(|(_, page)| page).collect();
    assert_eq!(pages.len(), 3);
    pages[1].begin();
    let begun = pages.iter().map(|page| page.autopsy(0).expect("it is sound").in_work);
    assert_eq!(begun.collect::<Vec<bool>>(), [false, true, false]);
}

#[test]
fn both_ends_of_a_board_see_the_same_words() {
    let ours = Arc::new(Board::new(2));
    let theirs = Arc::new(Board::map(ours.share()));
    let (ours, theirs) = (ours.page(LaneId(1)), theirs.page(LaneId(1)));
    theirs.expect("the lane exists").begin();
    assert!(ours.expect("the lane exists").autopsy(0).expect("it is sound").in_work);
}

#[test]
fn items_done_but_not_sent_are_found_after_death() {
    let page = page();
    (0..5).for_each(|number| do_item(&page, number));
    let unsent = vec![report(3), report(4)];
    assert_eq!(page.autopsy(3), Some(Autopsy { unsent: unsent.clone(), in_work: false }));
    page.begin();
    assert_eq!(page.autopsy(3), Some(Autopsy { unsent, in_work: true }));
}

#[test]
fn marks_are_used_again_once_their_receipts_are_sent() {
    let page = page();
    let marks = MARKS as u64;
    (0..3 * marks).for_each(|number| do_item(&page, number));
    let autopsy = page.autopsy(2 * marks).expect("it is sound");
    assert_eq!(autopsy.unsent, (2 * marks..3 * marks).map(report).collect::<Vec<Report>>());
}

#[test]
fn an_item_whose_receipt_was_sent_but_not_noted_is_not_in_work() {
    let page = page();
    page.begin();
    // Killed between the two: the receipt has arrived.
    assert_eq!(page.autopsy(1), Some(Autopsy { unsent: Vec::new(), in_work: false }));
    page.note_sent();
    assert_eq!(page.autopsy(1), Some(Autopsy { unsent: Vec::new(), in_work: false }));
}

#[test]
fn a_page_that_cannot_be_true_is_not_believed() {
    let page = page();
    (0..3).for_each(|number| do_item(&page, number));
    // More receipts than items.
    assert_eq!(page.autopsy(4), None);
    // More items done than begun.
    page.words[DONE].store(9, Ordering::Relaxed);
    assert_eq!(page.autopsy(3), None);
    // Two items in work at once.
    page.words[BEGUN].store(11, Ordering::Relaxed);
    assert_eq!(page.autopsy(3), None);
    // More receipts unsent than there are marks.
    page.words[DONE].store(MARKS as u64 + 1, Ordering::Relaxed);
    page.words[BEGUN].store(MARKS as u64 + 1, Ordering::Relaxed);
    assert_eq!(page.autopsy(0), None);
}

#[test]
fn the_time_of_an_item_counts_from_the_end_of_the_one_before() {
    let page = page();
    assert_eq!(page.busy_since_ns(), None);
    page.note_handed();
    let handed_ns = page.busy_since_ns().expect("it has a task");
    assert!(handed_ns > 0);
    page.begin();
    let span = Span { start_ns: handed_ns, end_ns: handed_ns + 7 };
    page.note_done(span, Checksum(0));
    assert_eq!(page.busy_since_ns(), Some(handed_ns + 7));
    page.note_idle();
    assert_eq!(page.busy_since_ns(), None);
}

#[test]
fn a_page_is_as_new_for_the_next_child() {
    let page = page();
    do_item(&page, 0);
    page.stop(true);
    page.note_handed();
    page.reset();
    assert_eq!(page.autopsy(0), Some(Autopsy { unsent: Vec::new(), in_work: false }));
    assert!(!page.is_stopped());
    assert_eq!(page.busy_since_ns(), None);
}
