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

/// Takes as many file descriptors as it may have: each connection needs one.
pub(crate) fn raise_open_files() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let limit = getrlimit(Resource::Nofile);
        // A refusal shows when connections are refused.
        let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit });
    }
}
