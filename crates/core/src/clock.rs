//! The one clock of all spans.
//!
//! `std::time::Instant` hides its value, so it cannot be compared across a process border. Spans are
//! therefore read straight from the operating system. This is the only call to it in this crate; it
//! stands here, and not with the other system calls in `paceline-measure`, since the door to an item
//! must not depend on the crate that looks at it from outside.

/// The name of the clock behind [`now_ns`], as it is written into journals.
///
/// Spans of different domains, or of different machines, must never be compared.
pub const DOMAIN: &str = if cfg!(unix) { "CLOCK_MONOTONIC" } else { "system-time" };

/// Nanoseconds of a clock that all processes of this machine share, from an arbitrary zero.
#[cfg(unix)]
#[must_use]
pub fn now_ns() -> u64 {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
    // The kernel never reports a negative monotonic time, and 2^64 ns are 584 years.
    now.tv_sec as u64 * 1_000_000_000 + now.tv_nsec as u64
}

/// Nanoseconds of a clock that all processes of this machine share, from an arbitrary zero.
///
/// Without a shared monotonic clock this is the wall clock, which can step; [`DOMAIN`] says so.
#[cfg(not(unix))]
#[must_use]
pub fn now_ns() -> u64 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |since| u64::try_from(since.as_nanos()).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::now_ns;

    #[test]
    fn the_clock_never_runs_backwards() {
        let readings: Vec<u64> = (0..1_000).map(|_| now_ns()).collect();
        assert!(readings.is_sorted());
        assert!(readings[0] > 0);
    }
}
