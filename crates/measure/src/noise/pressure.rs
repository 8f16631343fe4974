//! Pressure stall information: how long tasks waited for a core.

use crate::sysfs;
use paceline_protocol::PressureScope;
use std::path::Path;

/// The time since the start of the system during which some task waited for a core.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pressure {
    pub(super) some_ns: u64,
    pub(super) scope: PressureScope,
}

impl Pressure {
    /// Reads the control group's file if it has one, else the system's.
    pub(super) fn now(cgroup: Option<&Path>) -> Option<Self> {
        let read = |file: &Path| parse_some_ns(&sysfs::text(file)?);
        match cgroup.and_then(read) {
            Some(some_ns) => Some(Self { some_ns, scope: PressureScope::Cgroup }),
            None => read(Path::new("/proc/pressure/cpu"))
                .map(|some_ns| Self { some_ns, scope: PressureScope::System }),
        }
    }
}

/// Reads the `some` line of a pressure file; its total is in microseconds.
///
/// Kernels before 5.13 have no `full` line for the CPU, so only this one is looked at.
fn parse_some_ns(text: &str) -> Option<u64> {
    let line = text.lines().find(|line| line.starts_with("some "))?;
    let total = line.split(' ').find_map(|field| field.strip_prefix("total="))?;
    total.parse::<u64>().ok()?.checked_mul(1_000)
}

#[cfg(test)]
mod tests {
    use super::{Pressure, PressureScope, parse_some_ns};

    #[test]
    fn the_total_of_the_some_line_comes_in_nanoseconds() {
        let text = "some avg10=1.46 avg60=1.66 avg300=4.46 total=33233478\n\
                    full avg10=0.00 avg60=0.00 avg300=0.00 total=7\n";
        assert_eq!(parse_some_ns(text), Some(33_233_478_000));
    }

    #[test]
    fn an_older_kernel_without_a_full_line_is_read_too() {
        assert_eq!(parse_some_ns("some avg10=0.00 avg60=0.00 avg300=0.00 total=5"), Some(5_000));
    }

    #[test]
    fn anything_else_is_absent() {
        assert_eq!(parse_some_ns(""), None);
        assert_eq!(parse_some_ns("full avg10=0.00 total=7"), None);
        assert_eq!(parse_some_ns("some avg10=0.00 total=-7"), None);
    }

    #[test]
    fn the_pressure_of_the_own_group_comes_before_that_of_the_machine() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "some avg10=0.00 avg60=0.00 avg300=0.00 total=9\n").unwrap();
        let pressure = Pressure::now(Some(file.path()));
        assert_eq!(pressure, Some(Pressure { some_ns: 9_000, scope: PressureScope::Cgroup }));
    }
}
