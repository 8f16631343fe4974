//! Every subject on its fine and on its bad side, from literal facts.

use std::num::NonZeroUsize;

use paceline_core::WorkloadSpec;
use paceline_protocol::Case;
use paceline_protocol::{Ceiling, ResourceLimit};

use super::Grade::{Fine, Note, Warning};
use super::*;

/// A host with nothing to say against it, for [`rows`].
fn quiet() -> HostFacts {
    let ample = ResourceLimit { soft: Ceiling::At(1 << 16), hard: Ceiling::At(1 << 20) };
    HostFacts {
        os: "linux".to_owned(),
        arch: "x86_64".to_owned(),
        kernel_release: None,
        cpu_model: None,
        logical_cores: Some(8),
        usable_cores: 8,
        cpu_quota_cores: None,
        total_memory_bytes: Some(32 << 30),
        available_memory_bytes: Some(24 << 30),
        virtualised: Some(false),
        governor: Some("performance".to_owned()),
        turbo: Some(false),
        on_battery: Some(false),
        load_average: Some([0.1, 0.1, 0.1]),
        open_files: Some(ample),
        processes: Some(ample),
        cgroup_processes: None,
    }
}

fn row(executor: &str, width: Option<usize>, group: &str) -> Row {
    let case = Case {
        spec: WorkloadSpec::new("noop"),
        executor: executor.to_owned(),
        width: width.and_then(NonZeroUsize::new),
        batch: NonZeroUsize::MIN,
    };
    let name = format!("{executor} {width:?} {group}");
    Row { name, case, revision: None, group: Some(group.to_owned()) }
}

fn rows() -> Vec<Row> {
    vec![
        row("seq", Some(1), "cpu"),
        row("async-tokio", None, "io"),
        row("threads-rayon", Some(8), "cpu"),
        row("threads-threadpool", Some(256), "io"),
        row("procs-ipc", Some(32), "io"),
        row("procs-ipc", Some(4), "cpu"),
    ]
}

/// Fails unless `subject` gets `grade` on a quiet host that `change` was done to, for `rows`, and says
/// all of `words`.
#[track_caller]
fn finds(
    subject: &str,
    rows: &[Row],
    change: impl FnOnce(&mut HostFacts),
    grade: Grade,
    words: &[&str],
) {
    let mut host = quiet();
    change(&mut host);
    let examination = examine(&host, rows);
    let found = examination.findings.iter().find(|finding| finding.subject == subject);
    let finding = found.unwrap_or_else(|| panic!("nothing on {subject}: {examination:?}"));
    assert_eq!(finding.grade, grade, "{finding:?}");
    for word in words {
        let told = finding.what.contains(word) || finding.means.contains(word);
        assert!(told, "`{word}` in {finding:?}");
    }
}

#[test]
fn a_quiet_host_is_fine_in_every_subject_in_the_stated_order() {
    let examination = examine(&quiet(), &rows());
    let subjects: Vec<&str> = examination.findings.iter().map(|f| f.subject).collect();
    assert_eq!(subjects, CHECKS.map(|(subject, _)| subject));
    assert!(examination.findings.iter().all(|f| f.grade == Fine), "{examination:#?}");
    assert!(examination.unknown.is_empty() && examination.warnings().is_empty());
    assert_eq!(examination.verdict(), "This host is ready to measure.");
}

#[test]
fn facts_that_a_system_cannot_tell_are_unknown_and_never_fine() {
    let host = HostFacts {
        os: "plan9".to_owned(),
        logical_cores: None,
        total_memory_bytes: None,
        available_memory_bytes: None,
        virtualised: None,
        governor: None,
        turbo: None,
        on_battery: None,
        load_average: None,
        open_files: None,
        processes: None,
        ..quiet()
    };
    let examination = examine(&host, &rows());
    let known: Vec<&str> = examination.findings.iter().map(|f| f.subject).collect();
    assert_eq!(known, ["cores"]);
    assert_eq!(examination.unknown, CHECKS[..10].iter().map(|(s, _)| *s).collect::<Vec<_>>());
}

#[test]
fn a_warning_is_one_line_and_the_verdict_counts_warnings_before_notes() {
    let host = HostFacts { on_battery: Some(true), turbo: Some(true), ..quiet() };
    let examination = examine(&host, &rows());
    let warnings = examination.warnings();
    assert_eq!(warnings.len(), 1);
    assert!(warnings[0].starts_with("battery: in use. The machine saves power"), "{warnings:?}");
    assert!(!warnings[0].contains('\n'));
    let verdict = examination.verdict();
    assert!(verdict.starts_with("1 warning: some rows would fail now"), "{verdict}");

    let host = HostFacts { turbo: Some(true), virtualised: Some(true), ..quiet() };
    let verdict = examine(&host, &rows()).verdict();
    assert_eq!(verdict, "This host is ready to measure, with 2 notes in mind.");
}

#[test]
fn needs_are_the_widest_rows_of_a_family_and_the_widths_of_cpu_work() {
    let needs = Needs::of(&rows());
    assert_eq!((needs.widest_processes, needs.widest_threads), (Some(32), Some(256)));
    assert_eq!(needs.cpu_widths, [Some(1), Some(8), Some(4)]);
    assert_eq!(Needs::of(&[]), Needs::default());
}

#[test]
fn a_governor_that_saves_power_or_differs_by_core_is_a_warning() {
    let judged = |name: &str, grade, words: &[&str]| {
        finds("governor", &rows(), |host| host.governor = Some(name.to_owned()), grade, words);
    };
    judged("performance", Fine, &[]);
    judged("schedutil", Note, &["schedutil", "follows load"]);
    judged("powersave", Warning, &["slow to follow"]);
    judged("performance, powersave", Warning, &["Cores differ"]);
}

#[test]
fn turbo_is_noted_where_rows_keep_the_cores_busy() {
    finds("turbo", &rows(), |host| host.turbo = Some(true), Note, &["on", "wide rows"]);
    let io = [row("threads-rayon", Some(8), "io")];
    finds("turbo", &io, |host| host.turbo = Some(true), Fine, &["on"]);
}

#[test]
fn a_battery_in_use_is_a_warning() {
    finds("battery", &rows(), |host| host.on_battery = Some(true), Warning, &["drift"]);
}

#[test]
fn load_is_judged_by_what_it_takes_of_the_usable_cores() {
    let judged = |load: f32, usable: usize, grade, words: &[&str]| {
        let change = |host: &mut HostFacts| {
            host.load_average = Some([load, 9.0, 9.0]);
            host.usable_cores = usable;
        };
        finds("load", &rows(), change, grade, words);
    };
    judged(0.7, 8, Fine, &["0.70", "8 usable cores"]);
    judged(0.9, 8, Note, &["as wide as the cores"]);
    judged(3.9, 8, Note, &[]);
    judged(4.0, 8, Warning, &["woken late"]);
    // Four cores that a run may not use have room for it.
    judged(4.0, 4, Fine, &["4 usable cores"]);
    judged(6.5, 4, Warning, &[]);
}

#[test]
fn a_quota_warns_of_the_rows_that_it_will_stop() {
    let judged = |quota: f64, usable: usize, rows: &[Row], grade, words: &[&str]| {
        let change = |host: &mut HostFacts| {
            host.cpu_quota_cores = Some(quota);
            host.usable_cores = usable;
        };
        finds("CPU quota", rows, change, grade, words);
    };
    judged(2.5, 2, &rows(), Warning, &["2.50 cores", "2 rows with CPU work"]);
    judged(2.5, 2, &[row("threads-rayon", Some(8), "io")], Note, &["No row here"]);
    judged(2.5, 2, &[row("async-tokio", None, "cpu")], Warning, &["1 row with"]);
    judged(8.0, 8, &rows(), Fine, &["no less than"]);
    // Affinity leaves two cores, of a quota of four.
    judged(4.0, 2, &rows(), Fine, &["no less than"]);
}

#[test]
fn a_virtual_machine_is_noted() {
    finds("virtual machine", &rows(), |host| host.virtualised = Some(true), Note, &["unseen"]);
}

#[test]
fn a_hard_limit_of_files_below_the_widest_pool_is_a_warning_and_a_soft_one_is_not() {
    let judged = |soft: u64, hard: u64, rows: &[Row], grade, words: &[&str]| {
        let limit = ResourceLimit { soft: Ceiling::At(soft), hard: Ceiling::At(hard) };
        finds("open files", rows, |host| host.open_files = Some(limit), grade, words);
    };
    // 64 open, 32 in reserve, 10 for each of 32 processes.
    judged(
        64,
        416,
        &rows(),
        Fine,
        &["at most 416, once a pool has raised it from 64", "32 processes", "416"],
    );
    judged(415, 415, &rows(), Warning, &["at most 415", "more than 31 will be refused"]);
    judged(8, 8, &rows(), Warning, &["more than 0 will be refused"]);
    judged(8, 8, &[row("threads-rayon", Some(8), "io")], Fine, &["No row here"]);
    let none = ResourceLimit { soft: Ceiling::At(8), hard: Ceiling::Unlimited };
    finds("open files", &rows(), |h| h.open_files = Some(none), Fine, &["no limit"]);
}

#[test]
fn a_limit_on_processes_is_judged_by_the_row_that_needs_most_of_them() {
    let judged = |limit: u64, rows: &[Row], grade, words: &[&str]| {
        let soft = ResourceLimit { soft: Ceiling::At(limit), hard: Ceiling::Unlimited };
        finds("process limit", rows, |h| h.processes = Some(soft), grade, words);
        let group = |host: &mut HostFacts| host.cgroup_processes = Some(limit);
        finds("group limit", rows, group, grade, words);
    };
    judged(514, &rows(), Fine, &["Enough for 256 threads, which need 257"]);
    judged(513, &rows(), Note, &["256 threads needs 257"]);
    judged(
        256,
        &rows(),
        Warning,
        &["256 threads needs 257 if it has as many items, and then it fails"],
    );
    judged(96, &[row("procs-ipc", Some(32), "io")], Warning, &["32 processes needs 97"]);
    judged(1, &[row("seq", Some(1), "io")], Fine, &["No row here"]);
    let none = ResourceLimit { soft: Ceiling::Unlimited, hard: Ceiling::Unlimited };
    finds("process limit", &rows(), |h| h.processes = Some(none), Fine, &["no limit"]);
}

#[test]
fn little_free_memory_is_noted_for_images_and_a_warning_for_all_when_scarce() {
    let judged = |free: u64, rows: &[Row], grade, words: &[&str]| {
        finds("memory", rows, |h| h.available_memory_bytes = Some(free), grade, words);
    };
    judged(8 << 30, &rows(), Fine, &["8.0 GiB free of 32.0 GiB"]);
    judged(2 << 30, &rows(), Note, &["2.0 GiB free", "large images"]);
    judged(2 << 30, &[row("seq", Some(1), "io")], Fine, &[]);
    judged(1 << 29, &[row("seq", Some(1), "io")], Warning, &["0.5 GiB", "skipped"]);
}

#[test]
fn cpu_work_on_more_lanes_than_cores_is_noted_and_on_one_core_a_warning() {
    let judged = |usable: usize, grade, words: &[&str]| {
        finds("cores", &rows(), |host| host.usable_cores = usable, grade, words);
    };
    judged(8, Fine, &["8 usable"]);
    judged(3, Note, &["3 usable of 8", "2 rows with CPU work", "up to 8", "faster than 3 lanes"]);
    judged(1, Warning, &["2 wider rows"]);
}

#[test]
fn what_a_process_pool_takes_is_what_the_pool_itself_counts() {
    let pool = include_str!("../../../exec-procs/src/os.rs");
    for line in [
        format!("const FILES_PER_LANE: usize = {};", limits::FILES_PER_LANE),
        format!("const FILES_IN_RESERVE: usize = {};", limits::FILES_IN_RESERVE),
        format!("1 + {} * lanes", limits::TASKS_PER_PROCESS_LANE),
    ] {
        assert!(pool.contains(&line), "`{line}` is no longer what the pool says");
    }
}
