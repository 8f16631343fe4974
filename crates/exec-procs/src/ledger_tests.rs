use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::Index;

use super::*;

/// What can happen to the books, with the lane to which it happens.
#[derive(Debug, Clone)]
enum Event {
    /// A lane takes an errand.
    Take(Index),
    /// The receipts of some of a lane's items arrive.
    Settle(Index, Index),
    /// A lane's child dies, an item in work or not; the item may go out again or not.
    Die { lane: Index, in_work: bool, retry: bool },
}

/// Books, lanes and receipts, as a run has them.
#[derive(Debug)]
struct World {
    ledger: Ledger<std::vec::IntoIter<Task>>,
    flights: Vec<Flight>,
    /// The attempt that was reported, by item.
    reported: BTreeMap<u32, u32>,
}

impl World {
    fn new(items: u32, batch: usize, lanes: usize) -> Self {
        let tasks: Vec<Task> = (0..items)
            .step_by(batch)
            .map(|first| Task::new(first..items.min(first + batch as u32)))
            .collect();
        let ledger = Ledger::new(tasks.clone().into_iter(), tasks.len());
        let flights = std::iter::repeat_with(Flight::default).take(lanes).collect();
        Self { ledger, flights, reported: BTreeMap::new() }
    }

    fn happen(&mut self, event: &Event) {
        match event {
            Event::Take(lane) => {
                let taken = self.ledger.take();
                taken.into_iter().for_each(|errand| lane.get_mut(&mut self.flights).add(errand));
            }
            Event::Settle(lane, count) => {
                let lane = lane.index(self.flights.len());
                let count = count.index(self.flights[lane].items() + 1);
                self.settle(lane, count);
            }
            Event::Die { lane, in_work, retry } => {
                let lane = lane.index(self.flights.len());
                let mut flight = std::mem::take(&mut self.flights[lane]);
                for due in flight.take_due(usize::from(*in_work)) {
                    if *retry {
                        self.ledger.put_back(std::iter::once(due.again()));
                    } else {
                        assert_eq!(self.reported.insert(due.item().0, due.attempt()), None);
                        self.ledger.settle(1);
                    }
                }
                self.ledger.put_back(flight.into_errands());
            }
        }
    }

    fn settle(&mut self, lane: usize, count: usize) {
        for due in self.flights[lane].take_due(count) {
            let twice = self.reported.insert(due.item().0, due.attempt());
            assert_eq!(twice, None, "item {} was reported twice", due.item());
        }
        self.ledger.settle(count);
    }

    /// Where every item is: in the queue, with a lane, or reported.
    fn places(&self) -> Vec<u32> {
        let fresh = self.ledger.fresh.clone().flat_map(|task| task.items().map(|item| item.0));
        let with_lanes = self.flights.iter().flat_map(|flight| &flight.0);
        let errands = self.ledger.returned.iter().chain(with_lanes);
        let mut places: Vec<u32> = fresh
            .chain(errands.flat_map(|errand| errand.items.clone()))
            .chain(self.reported.keys().copied())
            .collect();
        places.sort_unstable();
        places
    }
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        3 => any::<Index>().prop_map(Event::Take),
        3 => any::<(Index, Index)>().prop_map(|(lane, count)| Event::Settle(lane, count)),
        1 => any::<(Index, bool, bool)>()
            .prop_map(|(lane, in_work, retry)| Event::Die { lane, in_work, retry }),
    ]
}

proptest! {
    #[test]
    fn every_item_is_in_exactly_one_place_and_in_the_end_reported_once(
        items in 0_u32..60,
        batch in 1_usize..8,
        lanes in 1_usize..5,
        events in proptest::collection::vec(event(), 0..120),
    ) {
        let mut world = World::new(items, batch, lanes);
        let all: Vec<u32> = (0..items).collect();
        for event in &events {
            world.happen(event);
            prop_assert_eq!(&world.places(), &all, "after {:?}", event);
            let with_lanes: usize = world.flights.iter().map(Flight::items).sum();
            prop_assert_eq!(world.ledger.out, with_lanes);
            prop_assert_eq!(world.ledger.is_settled(), world.reported.len() == all.len());
        }
        // Whatever happened, lanes that work on settle the rest.
        while !world.ledger.is_settled() {
            world.ledger.take().into_iter().for_each(|errand| world.flights[0].add(errand));
            for lane in 0..lanes {
                let items = world.flights[lane].items();
                world.settle(lane, items);
            }
        }
        prop_assert_eq!(world.reported.into_keys().collect::<Vec<u32>>(), all);
    }
}

fn ledger(tasks: &[Range<u32>]) -> Ledger<std::vec::IntoIter<Task>> {
    let tasks: Vec<Task> = tasks.iter().cloned().map(Task::new).collect();
    let count = tasks.len();
    Ledger::new(tasks.into_iter(), count)
}

fn errand(items: Range<u32>, attempt: u32) -> Errand {
    Errand { items, attempt }
}

#[test]
fn what_a_dead_child_had_not_begun_goes_out_first_and_in_its_order() {
    let mut ledger = ledger(&[0..3, 3..6, 6..9]);
    let mut flight = Flight::default();
    (0..2).filter_map(|_| ledger.take()).for_each(|errand| flight.add(errand));
    // Item 0 was done and item 1 in work.
    assert_eq!(flight.take_due(2).count(), 2);
    ledger.settle(2);
    ledger.put_back(flight.into_errands());
    let order: Vec<Errand> = std::iter::from_fn(|| ledger.take()).collect();
    assert_eq!(order, [errand(2..3, 1), errand(3..6, 1), errand(6..9, 1)]);
}

#[test]
fn an_item_that_goes_out_again_counts_its_attempts() {
    let mut ledger = ledger(&[0..2, 2..4]);
    let mut flight = Flight::default();
    flight.add(ledger.take().expect("a task is there"));
    let lost = flight.take_due(1).next().expect("the task has items");
    assert_eq!((lost.item(), lost.attempt(), lost.ends_errand), (ItemIndex(0), 1, false));
    ledger.put_back(std::iter::once(lost.again()));
    assert_eq!(ledger.take(), Some(errand(0..1, 2)));
}

#[test]
fn books_over_tasks_that_someone_else_took_still_close() {
    let mut ledger = Ledger::new(std::iter::empty(), 3);
    assert_eq!(ledger.waiting(), 3);
    assert_eq!(ledger.take(), None);
    assert!(ledger.is_settled());
}
