//! Where an executor panicked: what a panic says is often not enough to find it.

use std::cell::RefCell;
use std::io::Write as _;
use std::panic;

use paceline_measure::host::address_space_bytes;

thread_local! {
    static LAST: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Has the place of every panic noted from now on, by the thread that panics. Standard error tells it as
/// before, but without a backtrace where the address space is limited.
///
/// Engines panic if the system refuses a thread because the address space ran out. A backtrace needs much more of
/// it. If printing one runs out of memory, the standard library waits for itself without end.
pub(crate) fn note() {
    let usual = panic::take_hook();
    let room_for_backtraces = address_space_bytes().is_none();
    panic::set_hook(Box::new(move |panic| {
        LAST.set(panic.location().map(|place| format!(" at {place}")));
        match room_for_backtraces {
            true => usual(panic),
            // Whoever would read it may be gone.
            false => drop(writeln!(std::io::stderr(), "{panic}")),
        }
    }));
}

/// Where the latest panic of this thread was, as words that follow "panicked"; empty if none was noted.
pub(crate) fn take() -> String {
    LAST.take().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_of_a_panic_is_told_once_and_to_its_own_thread() {
        note();
        let panicking = std::thread::spawn(|| {
            panic::catch_unwind(|| panic!("as the test wants")).expect_err("it panics");
            (take(), take())
        });
        let (place, again) = panicking.join().expect("the panic was caught");
        assert!(place.starts_with(" at ") && place.contains("panic_place.rs:"), "{place}");
        assert_eq!((again, take()), (String::new(), String::new()));
    }
}
