//! What items have started and what would outlive this process.

/// Kills every process that bears this worker's mark, and none else. A worker without a mark, which
/// nobody drives, kills nothing.
#[cfg(target_os = "linux")]
pub(crate) fn kill() {
    use paceline_core::wire::CASE_MARK;
    use paceline_measure::process::with_variable;
    use rustix::process::{Pid, Signal, kill_process};
    use std::time::Duration;

    // An item may be about to start its program, so it takes two looks in a row without a find.
    const MOST_LOOKS: usize = 100;
    let Some(mark) = std::env::var_os(CASE_MARK) else { return };
    let mut empty = 0;
    for _ in 0..MOST_LOOKS {
        let marked = with_variable(CASE_MARK, &mark).unwrap_or_default();
        let others =
            marked.iter().map(|process| process.pid).filter(|pid| *pid != std::process::id());
        let others: Vec<Pid> = others.filter_map(|pid| Pid::from_raw(pid.cast_signed())).collect();
        empty = if others.is_empty() { empty + 1 } else { 0 };
        if empty == 2 {
            return;
        }
        for pid in others {
            // One that has ended meanwhile is what is wanted.
            let _ = kill_process(pid, Signal::KILL);
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Without a process table there is nothing to find them in.
#[cfg(not(target_os = "linux"))]
pub(crate) fn kill() {}
