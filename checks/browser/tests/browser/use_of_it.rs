//! Sorting, filtering, choosing, copying; by keyboard and without JavaScript.

use headless_chrome::protocol::cdp::Emulation;

use crate::session::Session;
use crate::{SEED, SMOKE, page, parsed, with_a_broken_row};

/// The cells of the column of means, from the top.
const MEANS: &str = "[...document.querySelector('#rows').tBodies[0].rows].map(row => row.cells[1].textContent).join('|')";

fn means(session: &Session) -> Vec<String> {
    session.text(MEANS).split('|').map(str::to_owned).collect()
}

fn is_sorted(cells: &[String], descending: bool) -> bool {
    let numbers: Vec<f64> = cells.iter().filter_map(|cell| cell.parse().ok()).collect();
    numbers.windows(2).all(|pair| if descending { pair[0] >= pair[1] } else { pair[0] <= pair[1] })
}

#[test]
fn a_column_is_sorted_both_ways_and_what_is_missing_stays_last() {
    let Some(session) = Session::open(&page(&with_a_broken_row()), 1100) else { return };
    assert!(!is_sorted(&means(&session), false), "the plan's order is another one");
    for descending in [false, true] {
        session.act("document.querySelectorAll('#rows thead button')[1].click()");
        let cells = means(&session);
        assert_eq!(cells.len(), 6);
        assert!(is_sorted(&cells, descending), "{cells:?}");
        assert_eq!(cells[5], "-");
        let told = session
            .text("document.querySelectorAll('#rows thead th')[1].getAttribute('aria-sort')");
        assert_eq!(told, if descending { "descending" } else { "ascending" });
    }
}

#[test]
fn names_are_sorted_by_letters_and_numbers_in_them() {
    let Some(session) = Session::open(&page(&parsed(SEED)), 1100) else { return };
    session.act("document.querySelectorAll('#rows thead button')[0].click()");
    let names = session.text(
        "[...document.querySelectorAll('#rows tbody th')].map(c => c.textContent).join('\\n')",
    );
    let place = |name: &str| names.find(name).expect("the row is there");
    assert!(place("IO heavy processing (8 threads)") < place("IO heavy processing (32 threads)"));
}

#[test]
fn a_filter_leaves_the_rows_with_all_its_words() {
    let Some(session) = Session::open(&page(&with_a_broken_row()), 1100) else { return };
    let filter = |words: &str| {
        session.act(&format!(
            "const f = document.querySelector('#filter'); f.value = '{words}'; f.dispatchEvent(new Event('input'))"
        ));
        let seen = session.number("[...document.querySelectorAll('#rows tbody tr')].filter(r => r.offsetHeight > 0).length");
        (seen, session.text("document.querySelector('#shown-rows').textContent"))
    };
    assert_eq!(filter("THREADS io"), (1.0, "1 of 6 rows".to_owned()));
    // A word is found where one begins: neither in `tokio` nor in `invalid`.
    assert_eq!(filter("okio").0, 0.0);
    assert_eq!(filter("io").0, 4.0);
    assert_eq!(filter("roken").0, 0.0);
    assert_eq!(filter("broken"), (1.0, "1 of 6 rows".to_owned()));
    assert_eq!(filter("nothing like it"), (0.0, "0 of 6 rows".to_owned()));
    assert_eq!(filter(""), (6.0, "6 rows".to_owned()));
}

#[test]
fn a_number_in_a_filter_is_a_whole_one() {
    let Some(session) = Session::open(&page(&parsed(SEED)), 1100) else { return };
    let shown = |words: &str| {
        session.act(&format!(
            "const f = document.querySelector('#filter'); f.value = '{words}'; f.dispatchEvent(new Event('input'))"
        ));
        session.text("document.querySelector('#shown-rows').textContent")
    };
    // Not the rows of 128 threads, nor those of 1024.
    assert_eq!(shown("8 threads"), "2 of 28 rows");
    assert_eq!(shown("thread 128"), "1 of 28 rows");
}

#[test]
fn few_columns_are_shown_and_all_on_demand() {
    let Some(session) = Session::open(&page(&parsed(SMOKE)), 1100) else { return };
    let shown = || {
        session.number(
            "[...document.querySelectorAll('#rows thead th')].filter(h => h.getClientRects().length).length",
        )
    };
    let overflow = "document.querySelector('#rows').parentElement.scrollWidth > \
                    document.querySelector('#rows').parentElement.clientWidth";
    assert_eq!(shown(), 9.0);
    assert!(!session.holds(overflow), "the usual columns fit");
    let press = || session.act("document.querySelector('#more-columns').click()");
    press();
    assert_eq!(shown(), 31.0);
    let pressed = "document.querySelector('#more-columns').getAttribute('aria-pressed')";
    assert_eq!(session.text(pressed), "true");
    press();
    assert_eq!((shown(), session.text(pressed).as_str()), (9.0, "false"));
}

#[test]
fn one_timeline_is_shown_and_another_on_demand() {
    let Some(session) = Session::open(&page(&parsed(SMOKE)), 1100) else { return };
    let shown = "[...document.querySelectorAll('.panel')].filter(p => p.offsetHeight > 0).map(p => p.id).join()";
    assert_eq!(session.text(shown), "row-2");
    session.act(
        "const c = document.querySelector('#choose-row'); c.value = 'row-1'; c.dispatchEvent(new Event('change'))",
    );
    assert_eq!(session.text(shown), "row-1");
}

#[test]
fn the_table_is_copied_as_markdown() {
    let Some(session) = Session::open(&page(&parsed(SMOKE)), 1100) else { return };
    session.act(
        "Object.defineProperty(navigator, 'clipboard', { value: { writeText: async t => { window.copied = t; } } }); \
         document.querySelector('#copy').click(); await new Promise(done => setTimeout(done, 0))",
    );
    let copied = session.text("window.copied");
    assert!(copied.contains("| Benchmark | Mean time (s) |"), "{copied}");
    assert_eq!(copied.lines().filter(|line| line.starts_with("| ")).count(), 2 + 6);
    assert_eq!(session.text("document.querySelector('#said').textContent"), "Copied");
}

#[test]
fn everything_is_reached_and_named_by_keyboard_and_screen_reader() {
    let Some(session) = Session::open(&page(&parsed(SMOKE)), 1100) else { return };
    session.tab.press_key("Tab").expect("a key");
    assert_eq!(session.text("document.activeElement.className"), "skip");
    session.act("document.querySelectorAll('#rows thead button')[1].focus()");
    session.tab.press_key("Enter").expect("a key");
    assert!(is_sorted(&means(&session), false));
    let nameless = session.number(
        "[...document.querySelectorAll('svg[role=img]')].filter(s => \
         !s.getAttribute('aria-label') && !(s.getAttribute('aria-labelledby') || '').split(' ').every(id => document.getElementById(id)?.textContent)).length",
    );
    assert_eq!(nameless, 0.0);
    assert_eq!(session.number("document.querySelectorAll('figure:not(:has(table))').length"), 0.0);
    assert_eq!(session.number("document.querySelectorAll('h1').length"), 1.0);
}

#[test]
fn without_javascript_everything_but_the_controls_is_there() {
    let Some(session) = Session::open(&page(&parsed(SMOKE)), 1100) else { return };
    let off = Emulation::SetScriptExecutionDisabled { value: true };
    session.tab.call_method(off).expect("scripts can be turned off");
    session.load();
    assert!(session.holds("!document.documentElement.classList.contains('script')"));
    assert!(session.holds("document.querySelector('#copy').offsetHeight === 0"));
    assert_eq!(
        session.number(
            "[...document.querySelectorAll('.panel')].filter(p => p.offsetHeight > 50).length"
        ),
        1.0
    );
    assert_eq!(session.number("document.querySelectorAll('#rows tbody tr').length"), 6.0);
    let hidden = "[...document.querySelectorAll('#rows thead th')].filter(h => !h.getClientRects().length).length";
    assert_eq!(session.number(hidden), 0.0, "what cannot be asked for is there");
}
