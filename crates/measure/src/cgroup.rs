//! The control groups that this process runs in: what they allow, and how often they held it back.
//!
//! A limit of any group on the way up to the root binds, so each question is asked of all of them.
//! Both versions are read, version 1 per controller; the file formats are those of the kernel's
//! `admin-guide/cgroup-v2.rst`, `scheduler/sched-bwc.rst` and `admin-guide/cgroup-v1/memory.rst`.

use crate::sysfs;
use std::path::{Path, PathBuf};

/// The groups of this process, per controller. Without control groups every answer is `None`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cgroup {
    cpu: Levels,
    memory: Levels,
    pids: Levels,
}

/// One controller's groups, from the innermost up to the mount point.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Levels {
    version: Version,
    folders: Vec<PathBuf>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Version {
    One,
    #[default]
    Two,
}

/// What CPU quotas have cost so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Throttling {
    /// Quota periods in which the group had to wait for the next one.
    pub(crate) periods: u64,
    /// Time so waited, in nanoseconds.
    pub(crate) waited_ns: u64,
}

impl Cgroup {
    /// The groups of this process.
    pub(crate) fn of_self() -> Self {
        locate().unwrap_or_default()
    }

    /// The tightest CPU quota, in cores; `None` without one.
    pub(crate) fn cpu_quota_cores(&self) -> Option<f64> {
        self.cpu.each(Levels::quota_cores).min_by(f64::total_cmp)
    }

    /// What quotas have cost so far, summed over the groups; `None` if none of them counts it.
    ///
    /// Time that two nested groups waited at once is in the sum twice.
    pub(crate) fn throttling(&self) -> Option<Throttling> {
        self.cpu.each(Levels::throttling).reduce(|sum, level| Throttling {
            periods: sum.periods + level.periods,
            waited_ns: sum.waited_ns + level.waited_ns,
        })
    }

    /// The innermost group's file of CPU pressure. Version 1 has none.
    pub(crate) fn cpu_pressure_file(&self) -> Option<PathBuf> {
        let folder = self.cpu.folders.first().filter(|_| self.cpu.version == Version::Two)?;
        Some(folder.join("cpu.pressure")).filter(|file| file.exists())
    }

    /// Memory that may still be allocated before the tightest limit, in bytes; `None` without one.
    pub(crate) fn memory_left_bytes(&self) -> Option<u64> {
        self.memory.each(Levels::memory_left_bytes).min()
    }

    /// The most processes and threads that may exist at once; `None` without a limit.
    pub(crate) fn pids_limit(&self) -> Option<u64> {
        self.pids.each(|_, folder| sysfs::value(&folder.join("pids.max"))).min()
    }
}

impl Levels {
    fn new(version: Version, mount_point: &Path, mount_root: &Path, group: &Path) -> Self {
        // A group outside of the mounted part, as some containers show it, leaves the mount point:
        // that is the outermost group that can be seen at all.
        let inner = group.strip_prefix(mount_root).unwrap_or(Path::new(""));
        let visible = |folder: &&Path| folder.starts_with(mount_point);
        let folder = mount_point.join(inner);
        let folders = folder.ancestors().take_while(visible).map(Path::to_owned).collect();
        Self { version, folders }
    }

    fn each<T>(&self, ask: impl Fn(Version, &Path) -> Option<T>) -> impl Iterator<Item = T> {
        self.folders.iter().filter_map(move |folder| ask(self.version, folder))
    }

    fn quota_cores(version: Version, folder: &Path) -> Option<f64> {
        match version {
            Version::Two => parse_cpu_max(&sysfs::text(&folder.join("cpu.max"))?),
            Version::One => cores(
                // Without a quota the file says -1, which is no unsigned number and so no quota.
                sysfs::value(&folder.join("cpu.cfs_quota_us"))?,
                sysfs::value(&folder.join("cpu.cfs_period_us"))?,
            ),
        }
    }

    fn throttling(_: Version, folder: &Path) -> Option<Throttling> {
        parse_cpu_stat(&sysfs::text(&folder.join("cpu.stat"))?)
    }

    fn memory_left_bytes(version: Version, folder: &Path) -> Option<u64> {
        let (limit, usage, inactive) = match version {
            Version::Two => ("memory.max", "memory.current", "inactive_file"),
            Version::One => {
                ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")
            }
        };
        let limit: u64 = sysfs::value(&folder.join(limit))?;
        let usage: u64 = sysfs::value(&folder.join(usage))?;
        let stat = sysfs::text(&folder.join("memory.stat"))?;
        Some(memory_left_bytes(limit, usage, sysfs::keyed(&stat, inactive)?))
    }
}

/// Reads `cpu.max`: "quota period" in microseconds, or "max period" for no quota.
fn parse_cpu_max(text: &str) -> Option<f64> {
    let (quota, period) = text.split_once(' ')?;
    cores(quota.parse().ok()?, period.trim().parse().ok()?)
}

fn cores(quota_us: u64, period_us: u64) -> Option<f64> {
    (period_us > 0).then(|| quota_us as f64 / period_us as f64)
}

/// Reads `cpu.stat`: the time is `throttled_usec` in version 2, `throttled_time` (ns) in version 1.
fn parse_cpu_stat(text: &str) -> Option<Throttling> {
    let waited_ns = match sysfs::keyed(text, "throttled_usec") {
        Some(us) => us.checked_mul(1_000)?,
        None => sysfs::keyed(text, "throttled_time")?,
    };
    Some(Throttling { periods: sysfs::keyed(text, "nr_throttled")?, waited_ns })
}

/// The distance to a limit. File pages that nobody used lately count as free: the kernel drops them
/// before it refuses memory. This is the "working set" rule of cAdvisor and the kubelet.
fn memory_left_bytes(limit: u64, usage: u64, inactive_file: u64) -> u64 {
    // The three numbers are read one after the other, so each difference may be a little negative;
    // usage above the limit means that nothing is left.
    limit.saturating_sub(usage.saturating_sub(inactive_file))
}

#[cfg(target_os = "linux")]
fn locate() -> Option<Cgroup> {
    use procfs::ProcessCGroups;
    use procfs::process::{MountInfos, Process};

    let this = Process::myself().ok()?;
    let ProcessCGroups(groups) = this.cgroups().ok()?;
    let MountInfos(mounts) = this.mountinfo().ok()?;
    let find = |controller: &str| {
        let serves = |list: &Vec<String>| list.iter().any(|name| name == controller);
        let (version, group, mount) = match groups.iter().find(|group| serves(&group.controllers)) {
            Some(group) => {
                let mount = mounts.iter().find(|mount| {
                    mount.fs_type == "cgroup" && mount.super_options.contains_key(controller)
                });
                (Version::One, group, mount)
            }
            None => {
                let group = groups.iter().find(|group| group.hierarchy == 0)?;
                (Version::Two, group, mounts.iter().find(|mount| mount.fs_type == "cgroup2"))
            }
        };
        let mount = mount?;
        let root = Path::new(&mount.root);
        Some(Levels::new(version, &mount.mount_point, root, Path::new(&group.pathname)))
    };
    Some(Cgroup {
        cpu: find("cpu").unwrap_or_default(),
        memory: find("memory").unwrap_or_default(),
        pids: find("pids").unwrap_or_default(),
    })
}

#[cfg(not(target_os = "linux"))]
fn locate() -> Option<Cgroup> {
    // Naming version 1 here keeps the compiler from calling its code dead.
    let none = Levels::new(Version::One, Path::new(""), Path::new(""), Path::new("/"));
    Some(Cgroup { cpu: none.clone(), memory: none.clone(), pids: none })
}

#[cfg(test)]
mod tests;
