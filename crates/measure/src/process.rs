//! Which processes there are below another or bear a mark, so that nothing stays behind.

/// A process, told apart from a later one with the same id by the time it started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProcessIdentity {
    /// The process id.
    pub pid: u32,
    /// When it started, in the kernel's clock ticks.
    pub start_ticks: u64,
}

/// A process as one look at the process table shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ObservedProcess {
    /// Which it is.
    pub identity: ProcessIdentity,
    /// The process id of its parent.
    pub parent: u32,
    /// Whether it has ended and nobody has waited for it.
    pub is_zombie: bool,
}

#[cfg(target_os = "linux")]
pub use linux::{descendants, is_there, kill_with_variable, open_descriptors, with_variable};
#[cfg(not(target_os = "linux"))]
pub use unseen::{descendants, is_there, kill_with_variable, open_descriptors, with_variable};

#[cfg(target_os = "linux")]
mod linux {
    use super::{ObservedProcess, ProcessIdentity};
    use nix::sys::signal::{Signal, kill};
    use nix::unistd::Pid;
    use procfs::process::{Process, Stat, all_processes};
    use std::ffi::OsStr;
    use std::time::Duration;

    /// The processes below `root`, without itself; `None` where there is no process table to look at.
    #[must_use]
    pub fn descendants(root: u32) -> Option<Vec<ObservedProcess>> {
        let table: Vec<Stat> =
            all_processes().ok()?.filter_map(|process| process.ok()?.stat().ok()).collect();
        let mut found: Vec<ObservedProcess> = Vec::new();
        let mut parents = vec![i32::try_from(root).ok()?];
        while let Some(parent) = parents.pop() {
            for child in table.iter().filter(|stat| stat.ppid == parent) {
                parents.push(child.pid);
                found.extend(observed(child));
            }
        }
        Some(found)
    }

    /// Whether this very process is still there, be it as a zombie.
    #[must_use]
    pub fn is_there(identity: ProcessIdentity) -> bool {
        let stat =
            i32::try_from(identity.pid).ok().and_then(|pid| Process::new(pid).ok()?.stat().ok());
        stat.is_some_and(|stat| stat.starttime == identity.start_ticks)
    }

    /// The processes that were started with the environment variable `name` set to `value`: a mark that
    /// children inherit, and that finds them after their parents are gone. `None` where there is no
    /// process table to look at.
    #[must_use]
    pub fn with_variable(name: &str, value: &OsStr) -> Option<Vec<ProcessIdentity>> {
        let is_marked = |process: &Process| {
            let environment = process.environ().ok();
            environment.is_some_and(|all| all.get(OsStr::new(name)).is_some_and(|v| v == value))
        };
        let marked = all_processes().ok()?.filter_map(Result::ok).filter(is_marked);
        Some(marked.filter_map(|p| Some(observed(&p.stat().ok()?)?.identity)).collect())
    }

    /// Kills every process that [`with_variable`] finds, but for this one, and those that they start
    /// meanwhile. Where there is no process table to find them in, nothing is done.
    pub fn kill_with_variable(name: &str, value: &OsStr) {
        // One that cannot be killed, in a system call without end, must not keep its caller.
        const MOST_LOOKS: usize = 500;
        let mut without_a_find = 0;
        for _ in 0..MOST_LOOKS {
            let mut marked = with_variable(name, value).unwrap_or_default();
            marked.retain(|process| process.pid != std::process::id());
            without_a_find = if marked.is_empty() { without_a_find + 1 } else { 0 };
            // A thread of this process may be about to start one, so it takes two looks in a row.
            if without_a_find == 2 {
                return;
            }
            for pid in marked.iter().filter_map(|process| i32::try_from(process.pid).ok()) {
                // One that has ended meanwhile is what is wanted.
                let _ = kill(Pid::from_raw(pid), Signal::SIGKILL);
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// How many file descriptors a process has open; `None` if it may not be looked at.
    #[must_use]
    pub fn open_descriptors(pid: u32) -> Option<usize> {
        Process::new(i32::try_from(pid).ok()?).ok()?.fd_count().ok()
    }

    fn observed(stat: &Stat) -> Option<ObservedProcess> {
        let pid = u32::try_from(stat.pid).ok()?;
        let identity = ProcessIdentity { pid, start_ticks: stat.starttime };
        let parent = u32::try_from(stat.ppid).ok()?;
        Some(ObservedProcess { identity, parent, is_zombie: stat.state == 'Z' })
    }
}

#[cfg(not(target_os = "linux"))]
mod unseen {
    use super::{ObservedProcess, ProcessIdentity};
    use std::ffi::OsStr;

    /// Nothing is known here.
    #[must_use]
    pub fn with_variable(_: &str, _: &OsStr) -> Option<Vec<ProcessIdentity>> {
        None
    }

    /// Nothing is found here.
    pub fn kill_with_variable(_: &str, _: &OsStr) {}

    /// Nothing is known here.
    #[must_use]
    pub fn descendants(_: u32) -> Option<Vec<ObservedProcess>> {
        None
    }

    /// Nothing is known here, so nothing is said to be left.
    #[must_use]
    pub fn is_there(_: ProcessIdentity) -> bool {
        false
    }

    /// Nothing is known here.
    #[must_use]
    pub fn open_descriptors(_: u32) -> Option<usize> {
        None
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use std::process::{Command, Stdio};

    #[test]
    fn a_child_is_seen_while_it_runs_as_a_zombie_and_no_longer_once_waited_for() {
        let mut child = Command::new("cat")
            .stdin(Stdio::piped())
            .env("PACELINE_TEST_MARK", "process::tests")
            .spawn()
            .expect("cat can be run");
        let seen = |pid: u32| {
            let below = descendants(std::process::id()).expect("there is a process table");
            below.into_iter().find(|process| process.identity.pid == pid)
        };
        let running = seen(child.id()).expect("it runs");
        assert!(!running.is_zombie && is_there(running.identity));
        assert_eq!(running.parent, std::process::id());
        let marked = with_variable("PACELINE_TEST_MARK", "process::tests".as_ref());
        assert_eq!(marked, Some(vec![running.identity]));
        assert!(open_descriptors(child.id()).is_some_and(|count| count >= 3));

        drop(child.stdin.take());
        while !seen(child.id()).expect("nobody has waited for it").is_zombie {
            std::thread::yield_now();
        }
        assert!(is_there(running.identity));
        child.wait().expect("it has ended");
        assert_eq!(seen(child.id()), None);
        assert!(!is_there(running.identity));
    }

    #[test]
    fn all_that_bear_a_mark_are_killed_and_none_else() {
        let name = "PACELINE_TEST_KILL";
        let count = |mark: &str| with_variable(name, mark.as_ref()).map_or(0, |all| all.len());
        let two_programs = |mark: &str| {
            let mut command = Command::new("sh");
            command.args(["-c", "sleep 100 & exec sleep 100"]).env(name, mark);
            let shell = command.spawn().expect("a shell can be run");
            while count(mark) < 2 {
                std::thread::yield_now();
            }
            shell
        };
        let shells = ["process::tests", "another"].map(two_programs);
        kill_with_variable(name, "process::tests".as_ref());
        assert_eq!((count("process::tests"), count("another")), (0, 2));
        kill_with_variable(name, "another".as_ref());
        assert_eq!(count("another"), 0);
        for mut shell in shells {
            assert!(!shell.wait().expect("it has ended").success());
        }
    }
}
