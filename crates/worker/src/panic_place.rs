//! Where an executor panicked: what a panic says is often not enough to find it.

use std::cell::RefCell;
use std::panic;

thread_local! {
    static LAST: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Has the place of every panic noted from now on, by the thread that panics. Standard error tells it as
/// before.
pub(crate) fn note() {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        LAST.set(panic.location().map(|place| format!(" at {place}")));
        usual(panic);
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
