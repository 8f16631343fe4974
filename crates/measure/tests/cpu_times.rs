//! CPU times and a process's own noise against real work. The counters are those of the whole
//! process, so this binary has one test.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test may fail where it stands")]

use paceline_measure::{CpuTimes, NoiseProbe, Own};
use std::hint::black_box;
use std::process::Command;

const ROLE: &str = "PACELINE_MEASURE_BURN";
const BURN_NS: u64 = 200_000_000;
/// The system's busy time is counted in ticks, the exact times in microseconds.
const TICKS_NS: i64 = 100_000_000;

#[test]
fn work_is_charged_to_whoever_did_it() {
    if std::env::var_os(ROLE).is_some() {
        return burn();
    }
    let start = CpuTimes::now().unwrap();
    let own = Own::now();
    let busy = busy_ns();
    let probe = NoiseProbe::start();
    burn();
    let spent_here = CpuTimes::now().unwrap().since(start).unwrap();
    assert!(spent_here.total_ns() >= BURN_NS);

    burn_in_a_child();
    let spent = CpuTimes::now().unwrap().since(start).unwrap();
    assert!(spent.total_ns() >= spent_here.total_ns() + BURN_NS, "the child's time is missing");

    // All that a child has done is its own, be it timed or not; what this process does is that of another.
    let by_others = probe.finish().others_cpu_ns.unwrap();
    assert!(by_others >= BURN_NS as i64 - TICKS_NS, "only {by_others} ns");
    let by_all = (busy_ns() - busy) as i64;
    assert!(by_others <= by_all - BURN_NS as i64, "{by_others} of {by_all} ns, with the child's");

    let noise = Own::now().since(&own);
    assert!(noise.involuntary_switches.is_some());
}

/// What the whole machine has done since it was started, in nanoseconds, rounded as the kernel rounds it.
fn busy_ns() -> u64 {
    use procfs::CurrentSI as _;
    let total = procfs::KernelStats::current().unwrap().total;
    let interrupts = total.irq.unwrap() + total.softirq.unwrap();
    let ticks = total.user + total.nice + total.system + interrupts;
    ticks * (1_000_000_000 / procfs::ticks_per_second())
}

fn burn_in_a_child() {
    let child = Command::new(std::env::current_exe().unwrap()).env(ROLE, "1").output().unwrap();
    assert!(child.status.success());
}

/// Works until this process has spent [`BURN_NS`] more of CPU time.
fn burn() {
    let start = CpuTimes::now().unwrap();
    while CpuTimes::now().unwrap().since(start).unwrap().total_ns() < BURN_NS {
        black_box((0..10_000_u64).fold(0, |sum: u64, n| black_box(sum.wrapping_add(n))));
    }
}
