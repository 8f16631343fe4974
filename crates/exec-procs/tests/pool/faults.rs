//! What the pool owes when children do not behave.

use std::thread;
use std::time::Duration;

use paceline_core::Outcome;
use rustix::process::Signal;

use paceline_testkit::fault::began_in;

use crate::Test;
use crate::pass::{Pass, await_true, children_of, done, loss, of_item, run_beside, signal, state};

pub(crate) const TESTS: &[Test] = &[
    (
        "an_item_that_takes_its_child_with_it_is_lost_alone",
        an_item_that_takes_its_child_is_lost_alone,
    ),
    ("an_item_that_fails_or_panics_costs_nothing_else", an_item_that_fails_costs_nothing_else),
    ("a_child_that_hangs_or_stopped_is_killed_when_its_time_is_up", a_child_that_hangs_is_killed),
    ("a_child_that_stopped_can_be_shut_down", a_child_that_stopped_can_be_shut_down),
    ("a_child_that_died_idle_is_replaced_and_costs_no_item", a_child_that_died_idle_is_replaced),
    (
        "children_are_replaced_a_bounded_number_of_times",
        children_are_replaced_a_bounded_number_of_times,
    ),
    ("lanes_without_a_child_leave_the_rest_to_the_others", lanes_without_a_child_leave_the_rest),
    ("a_lost_item_goes_out_again_if_asked", a_lost_item_goes_out_again_if_asked),
    ("no_item_is_missing_or_run_twice_under_random_kills", no_item_is_missing_under_random_kills),
    ("a_child_that_exits_while_it_starts_is_explained", a_child_that_exits_at_start_is_explained),
    ("a_child_that_cannot_build_the_workload_says_why", a_child_that_cannot_build_says_why),
    ("a_child_that_is_not_ready_in_time_is_given_up", a_child_that_is_not_ready_is_given_up),
    ("each_pool_keeps_its_own_handshake_deadline", each_pool_keeps_its_own_handshake_deadline),
    #[cfg(target_os = "linux")]
    ("a_child_that_stopped_before_it_was_a_program_is_given_up", a_child_that_stopped_unborn),
    ("a_replacement_that_cannot_start_is_a_dead_lane", a_replacement_that_cannot_start),
];

/// Tests that take too long for every day.
pub(crate) const LONG_TESTS: &[Test] =
    &[("messages_of_100_megabytes_travel_both_ways", messages_of_100_megabytes_travel_both_ways)];

fn an_item_that_takes_its_child_is_lost_alone() {
    let ways = [
        ("kill", "(signal: 9 (SIGKILL))"),
        ("exit", "(exit status: 7)"),
        ("abort", "(signal: 6 (SIGABRT)"),
        ("segv", "(signal: 11 (SIGSEGV)"),
    ];
    for (fault, status) in ways {
        for batch in [1, 5] {
            let marks = tempfile::tempdir().expect("tests have a temporary folder");
            let pass = Pass::new(30, &format!("7:{fault}"), 2, batch)
                .with("marks", marks.path().display());
            let receipts = pass.run();
            let reason = loss(&receipts, 7);
            let pid = began_in(marks.path(), 7)[0];
            assert!(reason.contains("item 7 ") && reason.contains(status), "{reason}");
            assert!(reason.contains(&format!("process {pid} ")), "{reason}");
            assert_eq!(done(&receipts).len(), 29, "{fault}, batch {batch}");
            (0..30).for_each(|item| assert_eq!(began_in(marks.path(), item).len(), 1));
        }
    }
}

fn an_item_that_fails_costs_nothing_else() {
    let marks = tempfile::tempdir().expect("tests have a temporary folder");
    let receipts = Pass::new(9, "2:fail 5:panic", 1, 3).with("marks", marks.path().display()).run();
    let failed = Outcome::Failed("item 2 fails as asked".to_owned());
    let panicked = Outcome::Panicked("item 5 panics as asked".to_owned());
    assert_eq!(of_item(&receipts, 2).outcome, failed);
    assert_eq!(of_item(&receipts, 5).outcome, panicked);
    assert_eq!(done(&receipts), [0, 1, 3, 4, 6, 7, 8]);
    let first = began_in(marks.path(), 0);
    (0..9).for_each(|item| assert_eq!(began_in(marks.path(), item), first, "one child ran it all"));
}

fn a_child_that_hangs_is_killed() {
    for fault in ["hang", "stop"] {
        let marks = tempfile::tempdir().expect("tests have a temporary folder");
        let mut pass = Pass::new(40, &format!("3:{fault}"), 2, 4)
            .with("wait_us", 1_000)
            .with("marks", marks.path().display())
            .item_timeout(1_000);
        // No other limit ends this test.
        pass.options.handshake_timeout = Duration::from_secs(3_600);
        let receipts = pass.run();
        let reason = loss(&receipts, 3);
        assert!(reason.contains("its time for one item was up"), "{reason}");
        assert!(of_item(&receipts, 3).span.duration_ns() >= 1_000_000_000);
        assert_eq!(done(&receipts).len(), 39);
        (0..40).for_each(|item| assert_eq!(began_in(marks.path(), item).len(), 1));
        // The other lane went on meanwhile, with more than the task that it had when the item began.
        let hung = of_item(&receipts, 3);
        let meanwhile = receipts.iter().filter(|receipt| {
            receipt.span.start_ns > hung.span.start_ns && receipt.span.end_ns < hung.span.end_ns
        });
        assert!(meanwhile.count() > 4, "the other lane waited for the one that hung");
    }
}

fn a_child_that_stopped_can_be_shut_down() {
    let lanes = Pass::new(4, "", 1, 1).start().expect("children start");
    signal_children(Signal::STOP);
    lanes.shutdown().expect("children end");
}

fn a_child_that_died_idle_is_replaced() {
    let pass = Pass::new(20, "", 2, 1);
    let mut lanes = pass.start().expect("children start");
    let first = children_of(std::process::id());
    signal_children(Signal::KILL);
    let job = pass.job();
    lanes.run(&job).expect("the pool holds");
    assert!(pass.is_sound(&job.receipts()));
    // A lane notices when it next has a task for its child, and one lane may have run everything.
    assert!(!children_of(std::process::id()).is_subset(&first));
    lanes.shutdown().expect("children end");
}

fn children_are_replaced_a_bounded_number_of_times() {
    let every: Vec<String> = (0..10).map(|item| format!("{item}:kill")).collect();
    let mut pass = Pass::new(10, &every.join(" "), 1, 2);
    pass.options.restarts_per_lane = 2;
    let receipts = pass.run();
    assert_eq!(receipts.len(), 10);
    (0..3).for_each(|item| assert!(loss(&receipts, item).contains("was in work")));
    (3..10).for_each(|item| assert!(loss(&receipts, item).contains("no child is left")));
}

fn lanes_without_a_child_leave_the_rest() {
    let mut pass = Pass::new(30, "0:kill", 2, 1).with("wait_us", 1_000);
    pass.options.restarts_per_lane = 0;
    let receipts = pass.run();
    assert!(loss(&receipts, 0).contains("SIGKILL"));
    assert_eq!(done(&receipts).len(), 29);
}

fn a_lost_item_goes_out_again_if_asked() {
    let marks = tempfile::tempdir().expect("tests have a temporary folder");
    let mut pass = Pass::new(12, "5:kill-once", 2, 3).with("marks", marks.path().display());
    pass.options.retry_lost = 1;
    let receipts = pass.run();
    assert!(pass.is_sound(&receipts));
    assert_eq!(of_item(&receipts, 5).attempt, 2);
    assert_eq!(of_item(&receipts, 4).attempt, 1);
    assert_eq!(began_in(marks.path(), 5).len(), 2);

    let mut pass = Pass::new(12, "5:kill", 2, 3);
    pass.options.retry_lost = 1;
    let receipts = pass.run();
    assert!(loss(&receipts, 5).contains("SIGKILL"));
    assert_eq!(of_item(&receipts, 5).attempt, 2);
}

/// A child is killed whenever some more receipts have come, wherever it is just then.
fn no_item_is_missing_under_random_kills() {
    for (batch, wait_us) in [(1, 0), (7, 0), (50, 0), (3, 300)] {
        let marks = tempfile::tempdir().expect("tests have a temporary folder");
        let mut pass = Pass::new(2_000, "", 3, batch)
            .with("wait_us", wait_us)
            .with("marks", marks.path().display());
        pass.options.restarts_per_lane = 1_000;
        let job = pass.job();
        let mut lanes = pass.start().expect("children start");
        run_beside(lanes.as_mut(), &job, |may_go_on| {
            let mut next_kill_at = 20;
            while may_go_on() {
                if job.receipts().len() >= next_kill_at {
                    next_kill_at += 97;
                    let victim = children_of(std::process::id()).into_iter().nth(next_kill_at % 3);
                    victim.into_iter().for_each(|pid| signal(pid, Signal::KILL));
                }
                thread::yield_now();
            }
        });
        lanes.shutdown().expect("children end");
        let receipts = job.receipts();
        assert_eq!(receipts.len(), 2_000);
        let lost = receipts.iter().filter(|receipt| match receipt.outcome {
            Outcome::Done(_) => {
                assert_eq!(began_in(marks.path(), receipt.item.0).len(), 1);
                false
            }
            Outcome::Lost(_) => {
                assert!(began_in(marks.path(), receipt.item.0).len() <= 1);
                true
            }
            ref other => panic!("neither done nor lost: {other:?}"),
        });
        let lost = lost.count();
        assert!(lost <= next_multiple(2_000, 97), "{lost} items were lost");
    }
}

fn messages_of_100_megabytes_travel_both_ways() {
    for batch in [1, 3] {
        let pass = Pass::new(6, "1:huge", 1, batch).with("ballast", "y".repeat(100_000_000));
        let receipts = pass.run();
        assert_eq!(done(&receipts), [0, 2, 3, 4, 5]);
        match &of_item(&receipts, 1).outcome {
            Outcome::Failed(text) => assert_eq!(text.len(), 100_000_000),
            other => panic!("the item was to fail: {other:?}"),
        }
    }
}

fn a_child_that_exits_at_start_is_explained() {
    let error = Pass::new(3, "build:exit", 2, 1).start().err().expect("no child can start");
    let text = error.to_string();
    assert!(text.contains("ended before it was ready (exit status: 7)"), "{text}");

    let error = Pass::new(3, "build:panic", 2, 1).start().err().expect("no child can start");
    let text = error.to_string();
    assert!(text.contains("last words") && text.contains("the build panics as asked"), "{text}");
}

fn a_child_that_cannot_build_says_why() {
    let error = Pass::new(3, "build:fail", 2, 1).start().err().expect("no child can start");
    let text = error.to_string();
    assert!(text.contains("it cannot build workload `fault`: the build fails as asked"), "{text}");
}

fn a_child_that_is_not_ready_is_given_up() {
    for fault in ["build:hang", "build:stop"] {
        let mut pass = Pass::new(3, fault, 2, 1);
        pass.options.handshake_timeout = Duration::from_millis(300);
        let text = pass.start().err().expect("no child can start").to_string();
        assert!(text.contains("was not ready within 0.3 s"), "{text}");
    }
}

/// A pool of little patience gives up while one that began earlier, with the usual ten seconds, waits on.
fn each_pool_keeps_its_own_handshake_deadline() {
    let patient = Pass::new(1, "build:hang", 1, 1);
    let mut hasty = patient.clone();
    hasty.options.handshake_timeout = Duration::from_millis(200);
    thread::scope(|scope| {
        let patient = scope.spawn(|| patient.start().err().expect("no child can start"));
        await_true("the first child", || !children_of(std::process::id()).is_empty());
        let text = hasty.start().err().expect("no child can start").to_string();
        assert!(text.contains("was not ready within 0.2 s"), "{text}");
        signal_children(Signal::KILL);
        let text = patient.join().expect("starting does not panic").to_string();
        assert!(text.contains("ended before it was ready (signal: 9"), "{text}");
    });
}

/// Until it is the executable, a child holds the thread that spawns it in the kernel.
#[cfg(target_os = "linux")]
fn a_child_that_stopped_unborn() {
    let mut pass = Pass::new(1, "", 4, 1);
    pass.options.handshake_timeout = Duration::from_millis(100);
    let own_command = command_line_of(std::process::id());
    let mut stopped_in_time = false;
    while !stopped_in_time {
        thread::scope(|scope| {
            let starting = scope.spawn(|| pass.start().map(drop));
            while !starting.is_finished() && !stopped_in_time {
                for child in children_of_threads() {
                    signal(child, Signal::STOP);
                    await_true("it to stop", || !matches!(state(child), Some('R' | 'S' | 'D')));
                    stopped_in_time |= command_line_of(child) == own_command;
                }
            }
            let started = starting.join().expect("starting does not panic");
            assert!(!stopped_in_time || started.is_err(), "a child was stopped");
        });
    }
}

#[cfg(target_os = "linux")]
fn command_line_of(pid: u32) -> Vec<u8> {
    std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default()
}

/// The children of this process, seen more quickly than by looking at all processes.
#[cfg(target_os = "linux")]
fn children_of_threads() -> Vec<u32> {
    let threads = std::fs::read_dir("/proc/self/task").expect("this system has /proc").flatten();
    let lists =
        threads.filter_map(|thread| std::fs::read_to_string(thread.path().join("children")).ok());
    let lists: Vec<String> = lists.collect();
    lists
        .iter()
        .flat_map(|list| list.split_whitespace())
        .filter_map(|pid| pid.parse().ok())
        .collect()
}

fn a_replacement_that_cannot_start() {
    let marks = tempfile::tempdir().expect("tests have a temporary folder");
    // The first child finds no mark and serves; its successors find one and fail to build.
    let mut pass =
        Pass::new(6, "1:kill build:fail-later", 1, 1).with("marks", marks.path().display());
    pass.options.restarts_per_lane = 2;
    let receipts = pass.run();
    assert_eq!(done(&receipts), [0]);
    assert!(loss(&receipts, 1).contains("was in work"));
    assert!(loss(&receipts, 2).contains("no child is left to run it"), "{}", loss(&receipts, 2));
    assert!(loss(&receipts, 2).contains("cannot build"), "{}", loss(&receipts, 2));
}

fn signal_children(what: Signal) {
    children_of(std::process::id()).into_iter().for_each(|pid| signal(pid, what));
}

fn next_multiple(of: usize, step: usize) -> usize {
    of.div_ceil(step) + 1
}
