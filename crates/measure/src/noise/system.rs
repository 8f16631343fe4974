//! How busy all cores together were, and how much of their time was stolen.

/// CPU time of the whole system since it was started, in nanoseconds summed over cores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SystemCpu {
    /// Time in user mode, in the kernel and in interrupts.
    pub(super) busy_ns: u64,
    /// Time taken by the hypervisor; `None` if the kernel does not count it.
    pub(super) steal_ns: Option<u64>,
}

impl SystemCpu {
    #[cfg(target_os = "linux")]
    pub(super) fn now() -> Option<Self> {
        use procfs::{CurrentSI, KernelStats};

        let total = KernelStats::current().ok()?.total;
        let ns_per_tick = 1_000_000_000 / procfs::ticks_per_second();
        // Time spent for guests of this machine is already in `user` and `nice`.
        let interrupts = total.irq.unwrap_or(0) + total.softirq.unwrap_or(0);
        let busy = total.user + total.nice + total.system + interrupts;
        Some(Self {
            busy_ns: busy * ns_per_tick,
            steal_ns: total.steal.map(|ticks| ticks * ns_per_tick),
        })
    }

    #[cfg(not(target_os = "linux"))]
    pub(super) fn now() -> Option<Self> {
        None
    }
}
