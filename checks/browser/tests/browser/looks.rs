//! Both colour schemes, a phone, and paper.

use crate::session::Session;
use crate::{SEED, called, page, parsed};

/// The contrast of the colour of each kind of text with what it stands on, by WCAG 2.2's formula; the
/// lowest of them, with its text.
const LOWEST_CONTRAST: &str = "(() => { \
    const part = c => { c /= 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; }; \
    const numbers = c => c.match(/[\\d.]+/g).map(Number); \
    const light = c => { const [r, g, b] = numbers(c).map(part); return 0.2126 * r + 0.7152 * g + 0.0722 * b; }; \
    const behind = e => { for (; e; e = e.parentElement) { \
        const c = getComputedStyle(e).backgroundColor; const n = numbers(c); \
        if (n.length < 4 || n[3] > 0) return c; } return 'rgb(255, 255, 255)'; }; \
    let lowest = [99, '']; \
    for (const e of document.querySelectorAll('h1, h2, h3, p, .faint, .note, .badge, th, td, button, summary, text, .legend li')) { \
        if (!e.textContent.trim() || !e.getClientRects().length) continue; \
        const style = getComputedStyle(e); \
        const own = e.tagName === 'text' ? style.fill : style.color; \
        const [a, b] = [light(own), light(behind(e))].sort((x, y) => y - x); \
        const contrast = (a + 0.05) / (b + 0.05); \
        if (contrast < lowest[0]) lowest = [contrast, e.textContent.slice(0, 40)]; \
    } return lowest.join(' '); })()";

#[test]
fn text_can_be_read_in_both_schemes() {
    let Some(session) = Session::open(&page(&parsed(SEED)), 1100) else { return };
    let mut grounds = Vec::new();
    for scheme in ["light", "dark"] {
        session.prefer(scheme, "screen");
        grounds.push(session.text("getComputedStyle(document.body).backgroundColor"));
        let lowest = session.text(LOWEST_CONTRAST);
        assert!(
            lowest.split(' ').next().and_then(|n| n.parse().ok()).is_some_and(|n: f64| n >= 4.5),
            "{scheme}: {lowest}"
        );
    }
    assert_ne!(grounds[0], grounds[1]);
}

#[test]
fn the_button_sets_a_scheme_against_that_of_the_system() {
    let Some(session) = Session::open(&page(&parsed(SEED)), 1100) else { return };
    session.prefer("dark", "screen");
    let ground = || session.text("getComputedStyle(document.body).backgroundColor");
    let dark = ground();
    let press = || session.act("document.querySelector('#scheme').click()");
    let said = || session.text("document.querySelector('#scheme').textContent");
    assert_eq!(said(), "Theme: auto");
    press();
    assert_eq!(said(), "Theme: light");
    let light = ground();
    assert_ne!(light, dark, "light on a dark system");
    session.prefer("light", "screen");
    press();
    assert_eq!(ground(), dark, "dark on a light system");
    press();
    assert_eq!(ground(), light, "as the system");
}

#[test]
fn a_phone_needs_no_scrolling_to_the_side() {
    let long = "A".repeat(300);
    let names = [long.as_str(), "short", "a name of many words that goes on and on and on and on"];
    for journal in [parsed(SEED), called(&names)] {
        let Some(session) = Session::open(&page(&journal), 360) else { return };
        for width in [360, 320, 768] {
            session.screen(width, 800);
            let needed = session.number("document.documentElement.scrollWidth");
            let wide = session.text(
                "[...document.querySelectorAll('main *, header *')].filter(e => !e.closest('.scroll') && \
                 e.getBoundingClientRect().right > screen.width + 0.5).map(e => e.outerHTML.slice(0, 90)).join('\\n')",
            );
            assert!(needed <= f64::from(width), "{needed} pixels are needed of {width}: {wide}");
        }
    }
}

#[test]
fn the_tables_of_the_cards_are_whole_on_every_screen() {
    let Some(session) = Session::open(&page(&parsed(SEED)), 1100) else { return };
    for width in [320, 360, 414, 600, 768, 900, 960, 1024, 1100, 1280] {
        session.screen(width, 800);
        let clipped = session.number(
            "[...document.querySelectorAll('.card .scroll')].filter(s => s.scrollWidth > s.clientWidth).length",
        );
        assert_eq!(clipped, 0.0, "at {width} pixels");
        let seen = session.number(
            "[...document.querySelectorAll('.best td:last-child')].filter(c => c.getClientRects().length).length",
        );
        assert_eq!(seen, 9.0, "memory at {width} pixels");
    }
}

#[test]
fn paper_has_the_light_scheme_and_no_controls() {
    let Some(session) = Session::open(&page(&parsed(SEED)), 760) else { return };
    session.prefer("dark", "print");
    assert_eq!(
        session.text("getComputedStyle(document.body).backgroundColor"),
        "rgb(255, 255, 255)"
    );
    assert!(session.holds("document.querySelector('#copy').offsetHeight === 0"));
    assert!(session.holds("document.querySelector('#bars-0 svg.wide').clientHeight > 100"));
    let needed = session.number("document.querySelector('#rows').scrollWidth");
    assert!(needed <= 760.0, "the table is {needed} pixels wide");
}

#[test]
fn charts_are_whole_on_paper() {
    let Some(session) = Session::open(&page(&parsed(SEED)), 760) else { return };
    session.prefer("light", "print");
    let cut = session.text(
        "[...document.querySelectorAll('figure:has(svg.chart), .multiple, .card')]\
         .filter(e => getComputedStyle(e).breakInside !== 'avoid').map(e => e.id).join()",
    );
    assert_eq!(cut, "");
    // A sheet of A4 has 297 mm, and margins.
    let tallest = session.number(
        "Math.max(...[...document.querySelectorAll('svg.wide')].map(svg => svg.getBoundingClientRect().height))",
    );
    assert!(tallest > 100.0 && tallest < 240.0 / 25.4 * 96.0, "{tallest} pixels");
}

#[test]
fn a_table_that_is_wider_than_its_frame_says_so() {
    let Some(session) = Session::open(&page(&parsed(SEED)), 1100) else { return };
    let is_said = || session.holds("document.querySelector('.hint').getClientRects().length > 0");
    assert!(!is_said(), "the usual columns fit");
    session.act("document.querySelector('#more-columns').click()");
    assert!(is_said(), "all columns do not");
    session.act("document.querySelector('#more-columns').click()");
    session.screen(360, 800);
    assert!(is_said(), "on a phone they never do");
    session.prefer("light", "print");
    assert!(!is_said(), "paper does not scroll");
}
