//! The calls to the operating system that the standard library does not make for us.

/// Has the kernel end this process when the thread that started it ends. Where there is no such call,
/// the end of standard input does it.
pub(crate) fn die_with_parent() {
    #[cfg(any(target_os = "linux", target_os = "android", target_os = "freebsd"))]
    {
        use rustix::process::{Signal, set_parent_process_death_signal};
        // A refusal leaves the end of standard input, as elsewhere.
        let _ = set_parent_process_death_signal(Some(Signal::KILL));
    }
}
