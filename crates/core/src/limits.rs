//! How many files the system lets this process open.

/// Raises the limit on open files as far as this process may, and returns the new limit. Returns `None` if
/// there is no limit or the system does not say.
///
/// It is no error if the system refuses. The returned number shows it, and so does whoever lacks a file.
pub fn raise_open_files() -> Option<u64> {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let limit = getrlimit(Resource::Nofile);
        let raised = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit });
        if raised.is_ok() { limit.maximum } else { limit.current }
    }
    #[cfg(not(unix))]
    None
}

/// How large the address space of this process may be, in bytes; `None` where there is no limit or the system
/// does not tell.
#[must_use]
pub fn address_space_bytes() -> Option<u64> {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, getrlimit};
        getrlimit(Resource::As).current
    }
    #[cfg(not(unix))]
    None
}

#[cfg(all(test, unix))]
mod tests {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    use super::*;

    #[test]
    fn the_soft_limit_of_open_files_becomes_the_hard_one() {
        let whole = getrlimit(Resource::Nofile);
        // Low enough to tell, and high enough for the tests beside this one.
        let lower = Rlimit { current: Some(whole.maximum.unwrap_or(2_000) / 2), ..whole };
        setrlimit(Resource::Nofile, lower).expect("a soft limit can be lowered");
        assert_eq!(raise_open_files(), whole.maximum);
        assert_eq!(getrlimit(Resource::Nofile).current, whole.maximum);
    }
}
