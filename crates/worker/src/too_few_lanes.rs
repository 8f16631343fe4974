//! The reason of a row that could have only some of its lanes.

use paceline_core::ExecError;
use paceline_measure::host::ThreadLimits;

/// Turns an executor's error into the reason why its row is broken. For too few lanes, the reason includes the
/// limits that may be the cause, which no executor looks at.
pub(crate) fn reason(error: ExecError, limits: impl FnOnce() -> ThreadLimits) -> anyhow::Error {
    let too_few = matches!(error, ExecError::TooFewLanes { .. });
    let error = anyhow::Error::from(error);
    match too_few {
        true => anyhow::anyhow!("{error:#}; {}", in_words(&limits())),
        false => error,
    }
}

fn in_words(limits: &ThreadLimits) -> String {
    let mib = |bytes: u64| format!("{} MiB", bytes >> 20);
    let set = [
        limits.processes.map(|most| format!("RLIMIT_NPROC {most}")),
        limits.cgroup_processes.map(|most| format!("pids.max {most}")),
        limits.address_space_bytes.map(|most| format!("RLIMIT_AS {}", mib(most))),
        limits.available_memory_bytes.map(|left| format!("available memory {}", mib(left))),
    ];
    match set.into_iter().flatten().collect::<Vec<_>>() {
        none if none.is_empty() => "no limit of this process is known".to_owned(),
        set => format!("limits of this process: {}", set.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_few_lanes_are_told_with_the_limits_that_may_be_behind_it() {
        let error = ExecError::too_few_threads("threads-fake", (190, 1_000), "refused");
        let limits = || ThreadLimits {
            cgroup_processes: Some(200),
            address_space_bytes: Some(1_536_000_000),
            ..ThreadLimits::default()
        };
        let text = format!("{:#}", reason(error, limits));
        assert_eq!(
            text,
            "start the lanes of threads-fake: 190 of 1000 came up: start a thread: refused; \
             limits of this process: pids.max 200, RLIMIT_AS 1464 MiB"
        );
    }

    #[test]
    fn another_error_is_told_without_limits() {
        let error = ExecError::run("threads-fake", "a wheel came off");
        let text = format!("{:#}", reason(error, || unreachable!("no limit is asked for")));
        assert_eq!(text, "run on the lanes of threads-fake: a wheel came off");
    }

    #[test]
    fn a_process_without_limits_says_so() {
        assert_eq!(in_words(&ThreadLimits::default()), "no limit of this process is known");
    }
}
