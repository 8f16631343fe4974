//! What the pool owes where its surroundings are hostile.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use rustix::process::{Signal, WaitOptions, kill_process_group, set_child_subreaper, waitpid};

use paceline_testkit::fault::began_in;

use crate::Test;
use crate::pass::{Pass, await_true, entries, pid_of, signal, state};
use crate::rogue::{LoneParent, PART, orphan_at_an_open_door};
use crate::scenario::{SOUND, command, conclude, play};

pub(crate) const TESTS: &[Test] = &[
    ("what_items_write_goes_to_standard_error", what_items_write_goes_to_standard_error),
    ("children_are_gone_with_their_parent", children_are_gone_with_their_parent),
    ("a_busy_child_ends_when_its_leash_is_cut", a_busy_child_ends_when_its_leash_is_cut),
    ("a_child_removes_the_door_of_a_killed_parent", a_child_removes_the_door_of_a_killed_parent),
    ("an_interruption_reaches_the_parent_alone", an_interruption_reaches_the_parent_alone),
    ("children_start_after_the_executable_was_replaced", children_start_after_replacement),
    ("a_child_of_another_build_is_refused", a_child_of_another_build_is_refused),
    ("a_child_that_leaves_at_once_is_explained", a_child_that_leaves_at_once_is_explained),
    ("a_child_that_never_connects_is_given_up", a_child_that_never_connects_is_given_up),
    ("a_child_that_sends_nonsense_is_given_up", a_child_that_sends_nonsense_is_given_up),
    ("a_child_that_speaks_out_of_turn_is_killed", a_child_that_speaks_out_of_turn_is_killed),
    ("the_soft_limit_of_files_is_raised", the_soft_limit_of_files_is_raised),
    ("too_low_limits_are_named_before_anything_starts", too_low_limits_are_named),
    ("as_many_files_as_are_asked_for_are_enough", as_many_files_as_are_asked_for_are_enough),
    ("a_useless_temporary_folder_is_replaced", a_useless_temporary_folder_is_replaced),
    ("nothing_is_left_in_the_temporary_folder", nothing_is_left_in_the_temporary_folder),
];

fn what_items_write_goes_to_standard_error() {
    let (out, err) = play("floods", &[]);
    assert_eq!(out, SOUND);
    // 1 MB from an item, 8 MB from another, and 8 MB from each of two children that start.
    let written: usize = [1, 8, 8, 8].into_iter().map(paceline_testkit::fault::flood_bytes).sum();
    assert_eq!(err.len(), written);
}

/// The children share the standard error of the scenario, so its end is theirs. This process takes them
/// in when their parent dies, as a shell does that is the first process of a container: then the kernel
/// leaves stopped ones as they are.
fn children_are_gone_with_their_parent() {
    let own = rustix::process::getpid();
    set_child_subreaper(Some(own)).expect("orphans can be taken in");
    for faults in ["0:hang 1:hang 2:hang", "0:stop 1:stop 2:stop"] {
        let [folder, marks] = [(); 2].map(|()| tempfile::tempdir().expect("there is a folder"));
        let own = std::env::current_exe().expect("this binary has a path");
        let mut scenario = command(&own, "busy")
            .env("FAULTS", faults)
            .env("MARKS", marks.path())
            .env("TMPDIR", folder.path())
            .spawn()
            .expect("this binary can be run again");
        let pids = await_children(marks.path());
        if faults.contains("stop") {
            await_true("the children to stop", || pids.iter().all(|pid| state(*pid) == Some('T')));
        }
        scenario.kill().expect("it is still there");
        let mut err = scenario.stderr.take().expect("it is piped");
        scenario.wait().expect("it can be waited for");
        let (gone, all_gone) = mpsc::channel();
        let read = thread::spawn(move || {
            let _ = err.read_to_end(&mut Vec::new());
            let _ = gone.send(());
        });
        let seen = all_gone.recv_timeout(Duration::from_secs(10));
        // Whatever the protection did, no child of this test stays.
        pids.iter().for_each(|pid| signal(*pid, Signal::KILL));
        for pid in &pids {
            waitpid(Some(pid_of(*pid)), WaitOptions::empty()).expect("it was taken in");
        }
        read.join().expect("reading does not panic");
        assert!(seen.is_ok(), "children that {faults} outlived their parent");
        assert_eq!(entries(folder.path()), 0);
    }
    set_child_subreaper(None).expect("as it was");
}

/// The thread that spawned the child lives on, so that the kernel has no reason to kill it.
fn a_busy_child_ends_when_its_leash_is_cut() {
    let marks = tempfile::tempdir().expect("there is a folder");
    let pass = Pass::new(1, "0:hang", 1, 1).with("marks", marks.path().display());
    let mut parent = LoneParent::of_busy_child(&pass);
    await_true("the item to begin", || began_in(marks.path(), 0).len() == 1);
    drop(parent.child.stdin.take());
    await_true("the child to end", || parent.child.try_wait().is_ok_and(|status| status.is_some()));
}

fn a_child_removes_the_door_of_a_killed_parent() {
    let folder = tempfile::tempdir().expect("there is a folder");
    let (mut child, door) = orphan_at_an_open_door(folder.path());
    assert!(child.wait().expect("it can be waited for").success());
    assert!(!door.exists(), "the child removes what its parent made");
}

fn an_interruption_reaches_the_parent_alone() {
    let folder = tempfile::tempdir().expect("there is a folder");
    let own = std::env::current_exe().expect("this binary has a path");
    let mut command = command(&own, "interrupted");
    // As a terminal does, the signal goes to a whole process group.
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut scenario =
        command.env("TMPDIR", folder.path()).spawn().expect("this binary can be run again");
    let mut running = [0; 8];
    let out = scenario.stdout.as_mut().expect("it is piped");
    out.read_exact(&mut running).expect("it says that it runs");
    assert_eq!(&running, b"running\n");
    kill_process_group(pid_of(scenario.id()), Signal::INT).expect("the group is there");
    let (out, _) = conclude(scenario);
    assert_eq!(out, SOUND);
    assert_eq!(entries(folder.path()), 0);
}

fn children_start_after_replacement() {
    let folder = tempfile::tempdir().expect("there is a folder");
    let copy = folder.path().join("copy");
    fs::copy(std::env::current_exe().expect("this binary has a path"), &copy).expect("it is read");
    let scenario = command(&copy, "replaced").spawn().expect("the copy can be run");
    assert_eq!(conclude(scenario).0, SOUND);
}

fn a_child_of_another_build_is_refused() {
    let (out, _) = play("no-child-starts", &[(PART, "other-build")]);
    assert!(out.contains("another build than its parent"), "{out}");
}

fn a_child_that_leaves_at_once_is_explained() {
    let (out, _) = play("no-child-starts", &[(PART, "leaves-at-once")]);
    assert!(out.contains("ended before it was ready (exit status: 3)"), "{out}");
    assert!(out.ends_with("some library is missing | so this process ends\nsound\n"), "{out}");
    assert!(out.len() < 3_000, "the last words, not all of them: {out}");
}

fn a_child_that_never_connects_is_given_up() {
    let (out, _) = play("no-child-starts", &[(PART, "never-connects")]);
    assert!(out.contains("was not ready within 0.5 s"), "{out}");
}

fn a_child_that_sends_nonsense_is_given_up() {
    let (out, _) = play("no-child-starts", &[(PART, "sends-nonsense")]);
    assert!(out.contains("ended before it was ready"), "{out}");
}

fn a_child_that_speaks_out_of_turn_is_killed() {
    for part in ["speaks-out-of-turn", "reports-too-much"] {
        let (out, _) = play("no-child-answers", &[(PART, part)]);
        assert!(out.contains("killed: it spoke out of turn"), "{part}: {out}");
    }
}

fn the_soft_limit_of_files_is_raised() {
    assert_eq!(play("low-soft-limit-of-files", &[]).0, SOUND);
}

fn too_low_limits_are_named() {
    let (out, _) = play("hard-limit-of-files", &[("LIMIT", "64")]);
    assert!(out.contains("file descriptors, RLIMIT_NOFILE allows 64"), "{out}");
    assert_eq!(play("low-limit-of-processes", &[]).0, SOUND);
    assert_eq!(play("low-limit-of-address-space", &[]).0, SOUND);
}

fn as_many_files_as_are_asked_for_are_enough() {
    let (out, _) = play("hard-limit-of-files", &[("LIMIT", "64")]);
    let need = out.split("they take ").nth(1).and_then(|rest| rest.split(' ').next());
    let need: u64 = need.and_then(|need| need.parse().ok()).expect("the error says how many");
    let too_few = (need - 1).to_string();
    let (out, _) = play("hard-limit-of-files", &[("LIMIT", &too_few)]);
    assert!(out.contains(&format!("RLIMIT_NOFILE allows {too_few}")), "{out}");
    assert_eq!(play("hard-limit-of-files", &[("LIMIT", &need.to_string())]).0, SOUND);
}

fn a_useless_temporary_folder_is_replaced() {
    let folder = tempfile::tempdir().expect("there is a folder");
    let missing = folder.path().join("missing");
    let long = folder.path().join("x".repeat(120));
    fs::create_dir(&long).expect("the folder can be written to");
    // Nobody can make a folder there, whoever runs this test.
    let unwritable = Path::new("/proc/self");
    for useless in [&missing, &long, unwritable] {
        let useless = useless.to_str().expect("the path is text");
        assert_eq!(play("plain", &[("TMPDIR", useless)]).0, SOUND, "TMPDIR={useless}");
    }
}

fn nothing_is_left_in_the_temporary_folder() {
    let folder = tempfile::tempdir().expect("there is a folder");
    let path = folder.path().to_str().expect("the path is text");
    play("plain", &[("TMPDIR", path)]);
    for part in ["leaves-at-once", "never-connects", "other-build", "sends-nonsense"] {
        play("no-child-starts", &[("TMPDIR", path), (PART, part)]);
        assert_eq!(entries(folder.path()), 0, "after a child that {part}");
    }
}

/// Waits until each of three items has begun, and returns where.
fn await_children(marks: &Path) -> Vec<u32> {
    await_true("the items to begin", || (0..3).all(|item| began_in(marks, item).len() == 1));
    (0..3).flat_map(|item| began_in(marks, item)).collect()
}
