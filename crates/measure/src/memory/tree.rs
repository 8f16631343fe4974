//! Which processes belong to a tree, and what each of them holds.

#[cfg(target_os = "linux")]
pub(super) use linux::Tree;
#[cfg(not(target_os = "linux"))]
pub(super) use unseen::Tree;

#[cfg(target_os = "linux")]
mod linux {
    use crate::memory::tally::Sweep;
    use paceline_protocol::ProcessPeak;
    use procfs::process::{Process, StatFlags, all_processes};
    use std::collections::{BTreeMap, BTreeSet};
    use std::time::{Duration, Instant};

    /// How long a child may take from `fork` to `exec` before it counts as a program of its own.
    ///
    /// The two calls are a fraction of a millisecond apart unless the machine is overloaded. A child
    /// counted too early doubles its parent's memory in the peak for good; one counted too late is
    /// missing from ten sweeps, and only if it never calls `exec`.
    const EXEC_GRACE: Duration = Duration::from_millis(100);

    /// A process, told apart from a later one with the same id by the time it started.
    ///
    /// The start time comes first so that an ordered map is in the order of starting.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
    struct Identity {
        start_ticks: u64,
        pid: i32,
    }

    /// What one look at the process table tells about a process.
    #[derive(Clone, Copy, Debug)]
    struct Seen {
        identity: Identity,
        parent: i32,
        has_called_exec: bool,
    }

    #[derive(Debug)]
    struct Member {
        first_seen: Instant,
        /// `None` while no sweep has measured it.
        peak_rss_bytes: Option<u64>,
    }

    /// A process and all its descendants, remembered over many sweeps.
    ///
    /// A member stays a member while it lives, even if its parent ends and it is handed to another.
    #[derive(Debug)]
    pub(in crate::memory) struct Tree {
        root: i32,
        members: BTreeMap<Identity, Member>,
    }

    impl Tree {
        pub(in crate::memory) fn of(root: u32) -> Option<Self> {
            Some(Self { root: i32::try_from(root).ok()?, members: BTreeMap::new() })
        }

        /// Sums the memory of all processes of the tree; `None` if none of them is alive.
        pub(in crate::memory) fn sweep(&mut self, now: Instant) -> Option<Sweep> {
            let mut sum: Option<Sweep> = None;
            for seen in self.find(process_table()) {
                let member = self
                    .members
                    .entry(seen.identity)
                    .or_insert(Member { first_seen: now, peak_rss_bytes: None });
                let settled = seen.has_called_exec
                    || seen.identity.pid == self.root
                    || now.duration_since(member.first_seen) >= EXEC_GRACE;
                let Some(held) = settled.then(|| Held::by(seen.identity.pid)).flatten() else {
                    continue;
                };
                member.peak_rss_bytes = Some(held.peak_rss_bytes);
                let before = sum.unwrap_or(Sweep { pss_bytes: Some(0), rss_bytes: 0 });
                sum = Some(Sweep {
                    pss_bytes: before.pss_bytes.zip(held.pss_bytes).map(|(sum, own)| sum + own),
                    rss_bytes: before.rss_bytes + held.rss_bytes,
                });
            }
            sum
        }

        pub(in crate::memory) fn peaks(&self) -> Vec<ProcessPeak> {
            let peak = |(identity, member): (&Identity, &Member)| {
                Some(ProcessPeak {
                    pid: u32::try_from(identity.pid).ok()?,
                    peak_rss_bytes: member.peak_rss_bytes?,
                })
            };
            self.members.iter().filter_map(peak).collect()
        }

        /// The processes of the table that descend from the root or from a member already known.
        fn find(&self, table: Vec<Seen>) -> Vec<Seen> {
            let mut children: BTreeMap<i32, Vec<Seen>> = BTreeMap::new();
            let mut open = Vec::new();
            for seen in table {
                if self.is_known(seen.identity) {
                    open.push(seen);
                }
                children.entry(seen.parent).or_default().push(seen);
            }
            let mut found = Vec::new();
            let mut taken = BTreeSet::new();
            while let Some(seen) = open.pop() {
                if taken.insert(seen.identity) {
                    found.push(seen);
                    open.extend(children.get(&seen.identity.pid).into_iter().flatten());
                }
            }
            found
        }

        fn is_known(&self, identity: Identity) -> bool {
            // The first sweep takes the root by its id, later ones by its start time as well.
            let is_root = self.members.is_empty() && identity.pid == self.root;
            is_root || self.members.contains_key(&identity)
        }
    }

    /// What a living process holds.
    #[derive(Debug)]
    struct Held {
        /// `None` if the kernel does not show it.
        pss_bytes: Option<u64>,
        rss_bytes: u64,
        peak_rss_bytes: u64,
    }

    impl Held {
        /// Reads one process; `None` if it has ended.
        ///
        /// A process that ends between the two reads has no resident set in the second, so a PSS that
        /// is missing here is one that may not be read, and never one that came too late.
        fn by(pid: i32) -> Option<Self> {
            let process = Process::new(pid).ok()?;
            let rollup = process.smaps_rollup();
            let status = process.status().ok()?;
            Some(Self {
                pss_bytes: rollup.ok().and_then(|rollup| {
                    rollup.memory_map_rollup.0.first()?.extension.map.get("Pss").copied()
                }),
                rss_bytes: status.vmrss? * 1_024,
                peak_rss_bytes: status.vmhwm? * 1_024,
            })
        }
    }

    /// All processes of the system; one that ends during the walk is left out.
    ///
    /// The whole table is walked since the kernel offers no list of a process's children that is
    /// complete: `/proc/PID/task/TID/children` may skip entries while children come and go.
    fn process_table() -> Vec<Seen> {
        let seen = |process: Process| {
            let stat = process.stat().ok()?;
            Some(Seen {
                identity: Identity { start_ticks: stat.starttime, pid: stat.pid },
                parent: stat.ppid,
                has_called_exec: stat.flags & StatFlags::PF_FORKNOEXEC.bits() == 0,
            })
        };
        all_processes().into_iter().flatten().flatten().filter_map(seen).collect()
    }

    #[cfg(test)]
    mod tests {
        use super::{Identity, Instant, Member, Seen, Tree};

        fn seen(pid: i32, parent: i32, start_ticks: u64) -> Seen {
            let identity = Identity { start_ticks, pid };
            Seen { identity, parent, has_called_exec: true }
        }

        fn pids(tree: &Tree, table: &[Seen]) -> Vec<i32> {
            let mut pids: Vec<i32> =
                tree.find(table.to_vec()).iter().map(|seen| seen.identity.pid).collect();
            pids.sort_unstable();
            pids
        }

        fn with_members(members: &[(i32, u64)]) -> Tree {
            let mut tree = Tree::of(10).unwrap();
            for &(pid, start_ticks) in members {
                let member = Member { first_seen: Instant::now(), peak_rss_bytes: None };
                tree.members.insert(Identity { start_ticks, pid }, member);
            }
            tree
        }

        #[test]
        fn all_generations_below_the_root_belong_to_the_tree_in_any_order_of_the_table() {
            let table = [seen(12, 11, 3), seen(1, 0, 0), seen(10, 1, 1), seen(11, 10, 2)];
            assert_eq!(pids(&with_members(&[]), &table), [10, 11, 12]);
        }

        #[test]
        fn a_member_whose_parent_has_ended_stays_with_its_own_children() {
            let table = [seen(1, 0, 0), seen(11, 1, 2), seen(12, 11, 3), seen(13, 1, 4)];
            assert_eq!(pids(&with_members(&[(10, 1), (11, 2)]), &table), [11, 12]);
        }

        #[test]
        fn a_process_that_got_the_id_of_a_member_is_a_stranger() {
            let table = [seen(1, 0, 0), seen(10, 1, 7), seen(14, 10, 8)];
            assert_eq!(pids(&with_members(&[(10, 1)]), &table), [] as [i32; 0]);
        }

        #[test]
        fn a_table_without_the_root_is_an_empty_tree() {
            assert_eq!(pids(&with_members(&[]), &[seen(1, 0, 0)]), [] as [i32; 0]);
        }
    }
}

/// Systems whose process table this crate cannot read.
#[cfg(not(target_os = "linux"))]
mod unseen {
    use crate::memory::tally::Sweep;
    use paceline_protocol::ProcessPeak;
    use std::time::Instant;

    /// A tree that cannot be built; its memory is absent.
    #[derive(Debug)]
    pub(in crate::memory) enum Tree {}

    impl Tree {
        pub(in crate::memory) fn of(_root: u32) -> Option<Self> {
            None
        }

        pub(in crate::memory) fn sweep(&mut self, _now: Instant) -> Option<Sweep> {
            match *self {}
        }

        pub(in crate::memory) fn peaks(&self) -> Vec<ProcessPeak> {
            match *self {}
        }
    }
}
