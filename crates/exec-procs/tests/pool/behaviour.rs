//! What the pool owes when all goes well.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::thread;

use paceline_core::{Family, LaneId, Outcome, Setup};
use paceline_exec_procs::{Options, ProcsIpc};

use crate::Test;
use crate::pass::{Holdings, Pass, done, of_item, run_beside};
use paceline_testkit::fault::{self, began_in};

pub(crate) const TESTS: &[Test] = &[
    ("every_item_runs_once_at_any_width_and_batch", every_item_runs_once_at_any_width_and_batch),
    ("tiny_tasks_in_any_number_block_neither_end", tiny_tasks_in_any_number_block_neither_end),
    ("lanes_run_one_job_after_another", lanes_run_one_job_after_another),
    ("receipts_name_the_lanes_of_children", receipts_name_the_lanes_of_children),
    ("no_more_children_start_than_there_are_tasks", no_more_children_start_than_there_are_tasks),
    ("a_long_item_keeps_nothing_waiting_behind_it", a_long_item_keeps_nothing_waiting_behind_it),
    (
        "a_cancelled_job_ends_in_the_middle_of_a_batch",
        a_cancelled_job_ends_in_the_middle_of_a_batch,
    ),
    ("a_job_of_another_workload_is_refused", a_job_of_another_workload_is_refused),
    ("dropped_lanes_are_ended_too", dropped_lanes_are_ended_too),
    ("a_child_costs_its_parent_three_file_descriptors", a_child_costs_three_file_descriptors),
    ("options_survive_the_wire", options_survive_the_wire),
    ("the_id_names_its_family", the_id_names_its_family),
];

fn every_item_runs_once_at_any_width_and_batch() {
    for width in [1, 2, 7] {
        for batch in [1, 3, 1_000] {
            let pass = Pass::new(701, "", width, batch);
            assert!(pass.is_sound(&pass.run()), "width {width}, batch {batch}");
        }
    }
}

/// What is handed ahead must fit into a socket, or parent and child wait for each other to receive.
fn tiny_tasks_in_any_number_block_neither_end() {
    let pass = Pass::new(200_000, "", 1, 1);
    assert!(pass.is_sound(&pass.run()));
}

fn lanes_run_one_job_after_another() {
    let mut pass = Pass::new(300, "", 3, 1);
    let mut lanes = pass.start().expect("children start");
    for batch in [1, 4, 100] {
        pass.batch = batch;
        let job = pass.job();
        lanes.run(&job).expect("the pool holds");
        assert!(pass.is_sound(&job.receipts()), "batch {batch}");
    }
    lanes.shutdown().expect("children end");
}

fn receipts_name_the_lanes_of_children() {
    let marks = tempfile::tempdir().expect("tests have a temporary folder");
    let pass = Pass::new(40, "", 4, 1).with("wait_us", 3_000).with("marks", marks.path().display());
    let receipts = pass.run();
    let lanes: BTreeSet<LaneId> = receipts.iter().map(|receipt| receipt.lane).collect();
    assert_eq!(lanes, (0..4).map(LaneId).collect());
    for first in &receipts {
        for second in &receipts {
            let one_child =
                began_in(marks.path(), first.item.0) == began_in(marks.path(), second.item.0);
            assert_eq!(first.lane == second.lane, one_child);
        }
    }
}

fn no_more_children_start_than_there_are_tasks() {
    let pass = Pass::new(3, "", 8, 1);
    let width = NonZeroUsize::new(8).expect("8 is positive");
    let setup = Setup { width, tasks: 3, spec: &pass.spec };
    let lanes =
        paceline_core::Executor::start(&ProcsIpc::default(), &setup).expect("children start");
    assert_eq!(lanes.started(), 3);
    assert_eq!(crate::pass::children_of(std::process::id()).len(), 3);
    lanes.shutdown().expect("children end");
}

/// List scheduling: while one child is busy with a long item, the other one runs all the rest.
fn a_long_item_keeps_nothing_waiting_behind_it() {
    let receipts = Pass::new(20, "3:wait", 2, 1).with("wait_us", 1_000).run();
    let long = of_item(&receipts, 3);
    let waited = receipts
        .iter()
        .filter(|receipt| receipt.lane == long.lane && receipt.span.start_ns >= long.span.end_ns);
    assert_eq!(waited.count(), 0);
}

fn a_cancelled_job_ends_in_the_middle_of_a_batch() {
    let marks = tempfile::tempdir().expect("tests have a temporary folder");
    let pass = Pass::new(10_000, "", 2, 5_000)
        .with("wait_us", 2_000)
        .with("marks", marks.path().display());
    let job = pass.job();
    let mut lanes = pass.start().expect("children start");
    run_beside(lanes.as_mut(), &job, |_| {
        while job.receipts().is_empty() {
            thread::yield_now();
        }
        job.cancel();
    });
    lanes.shutdown().expect("children end");
    let receipts = job.receipts();
    assert_eq!(receipts.len(), 10_000);
    for receipt in &receipts {
        let began = began_in(marks.path(), receipt.item.0).len();
        match receipt.outcome {
            Outcome::Done(_) => assert_eq!(began, 1),
            Outcome::Cancelled => assert_eq!(began, 0),
            ref other => panic!("neither done nor cancelled: {other:?}"),
        }
    }
    let done = done(&receipts).len();
    assert!((1..5_000).contains(&done), "{done} items were done");
}

fn a_job_of_another_workload_is_refused() {
    let mut lanes = Pass::new(5, "", 1, 1).start().expect("children start");
    let error =
        lanes.run(&Pass::new(6, "", 1, 1).job()).expect_err("the children have other items");
    assert!(error.to_string().contains("another workload"), "{error}");
    lanes.shutdown().expect("children end");
}

fn dropped_lanes_are_ended_too() {
    let before = Holdings::now();
    drop(Pass::new(5, "", 3, 1).start().expect("children start"));
    before.await_again();
}

fn a_child_costs_three_file_descriptors() {
    let before = Holdings::now().files();
    let pass = Pass::new(50, "", 10, 1);
    let lanes = pass.start().expect("children start");
    let for_pool = 1;
    assert_eq!(Holdings::now().files() - before, 3 * pass.width + for_pool);
    lanes.shutdown().expect("children end");
}

fn options_survive_the_wire() {
    let options = Options { retry_lost: 2, ..Pass::new(1, "", 1, 1).item_timeout(250).options };
    let json = serde_json::to_string(&options).expect("options are plain data");
    assert_eq!(serde_json::from_str::<Options>(&json).expect("they were just written"), options);
}

fn the_id_names_its_family() {
    let executor = ProcsIpc::default();
    let id = paceline_core::Executor::id(&executor);
    assert_eq!(Family::of(id), Some(Family::Multiproc));
    assert_eq!(fault::NAME, "fault");
}
