use super::{
    Cgroup, Levels, Throttling, Version, memory_left_bytes, parse_cpu_max, parse_cpu_stat,
};
use std::fs;
use std::path::Path;

#[test]
fn a_quota_is_a_fraction_of_cores_and_max_is_none() {
    assert_eq!(parse_cpu_max("150000 100000"), Some(1.5));
    assert_eq!(parse_cpu_max("max 100000"), None);
    assert_eq!(parse_cpu_max("150000 0"), None);
    assert_eq!(parse_cpu_max("150000"), None);
}

#[test]
fn throttling_of_both_versions_comes_in_nanoseconds() {
    let two = "usage_usec 917\nnr_periods 9\nnr_throttled 4\nthrottled_usec 250\nnr_bursts 0\n";
    let one = "nr_periods 9\nnr_throttled 4\nthrottled_time 250000\n";
    let expected = Some(Throttling { periods: 4, waited_ns: 250_000 });
    assert_eq!(parse_cpu_stat(two), expected);
    assert_eq!(parse_cpu_stat(one), expected);
}

#[test]
fn a_root_group_that_counts_no_throttling_is_absent() {
    assert_eq!(parse_cpu_stat("usage_usec 917\nuser_usec 17\nsystem_usec 900\n"), None);
}

#[test]
fn cached_files_count_as_free_and_nothing_is_left_beyond_the_limit() {
    assert_eq!(memory_left_bytes(100, 70, 20), 50);
    assert_eq!(memory_left_bytes(100, 130, 20), 0);
    assert_eq!(memory_left_bytes(100, 10, 20), 100);
}

#[test]
fn groups_are_listed_from_the_innermost_to_the_mount_point() {
    let mount = Path::new("/sys/fs/cgroup");
    let levels = |root: &str, group: &str| {
        Levels::new(Version::Two, mount, Path::new(root), Path::new(group)).folders
    };
    let both = [mount.join("a/b"), mount.join("a"), mount.to_owned()];
    assert_eq!(levels("/", "/a/b"), both);
    assert_eq!(levels("/docker/1", "/docker/1/a/b"), both);
    assert_eq!(levels("/", "/"), [mount]);
    assert_eq!(levels("/docker/1", "/elsewhere"), [mount]);
}

/// Writes two nested groups and returns them as this process's own for every controller.
fn nested(
    version: Version,
    mount: &Path,
    inner: &[(&str, &str)],
    outer: &[(&str, &str)],
) -> Cgroup {
    let group = mount.join("inner");
    fs::create_dir(&group).unwrap();
    for (folder, files) in [(&group, inner), (&mount.to_owned(), outer)] {
        for (name, text) in files {
            fs::write(folder.join(name), text).unwrap();
        }
    }
    let levels = Levels::new(version, mount, Path::new("/"), Path::new("/inner"));
    Cgroup { cpu: levels.clone(), memory: levels.clone(), pids: levels }
}

#[test]
fn the_tightest_limit_on_the_way_up_binds() {
    let mount = tempfile::tempdir().unwrap();
    let cgroup = nested(
        Version::Two,
        mount.path(),
        &[
            ("cpu.max", "max 100000\n"),
            ("memory.max", "9000\n"),
            ("memory.current", "1000\n"),
            ("memory.stat", "anon 900\ninactive_file 100\n"),
            ("pids.max", "512\n"),
        ],
        &[
            ("cpu.max", "50000 100000\n"),
            ("memory.max", "5000\n"),
            ("memory.current", "4000\n"),
            ("memory.stat", "anon 3000\ninactive_file 500\n"),
            ("pids.max", "max\n"),
        ],
    );
    assert_eq!(cgroup.cpu_quota_cores(), Some(0.5));
    assert_eq!(cgroup.memory_left_bytes(), Some(1_500));
    assert_eq!(cgroup.pids_limit(), Some(512));
    assert_eq!(cgroup.throttling(), None);
    assert_eq!(cgroup.cpu_pressure_file(), None);
}

#[test]
fn version_one_is_read_from_its_own_files() {
    let mount = tempfile::tempdir().unwrap();
    let cgroup = nested(
        Version::One,
        mount.path(),
        &[
            ("cpu.cfs_quota_us", "250000\n"),
            ("cpu.cfs_period_us", "100000\n"),
            ("cpu.stat", "nr_periods 5\nnr_throttled 2\nthrottled_time 70\n"),
            ("memory.limit_in_bytes", "9000\n"),
            ("memory.usage_in_bytes", "1000\n"),
            ("memory.stat", "inactive_file 1\ntotal_inactive_file 100\n"),
        ],
        &[
            ("cpu.cfs_quota_us", "-1\n"),
            ("cpu.cfs_period_us", "100000\n"),
            ("cpu.stat", "nr_periods 5\nnr_throttled 1\nthrottled_time 30\n"),
        ],
    );
    assert_eq!(cgroup.cpu_quota_cores(), Some(2.5));
    assert_eq!(cgroup.throttling(), Some(Throttling { periods: 3, waited_ns: 100 }));
    assert_eq!(cgroup.memory_left_bytes(), Some(8_100));
    assert_eq!(cgroup.pids_limit(), None);
}

#[test]
fn without_control_groups_every_answer_is_absent() {
    let none = Cgroup::default();
    assert_eq!(none.cpu_quota_cores(), None);
    assert_eq!(none.throttling(), None);
    assert_eq!(none.memory_left_bytes(), None);
    assert_eq!(none.pids_limit(), None);
}
