//! What the browser makes of the page: errors, requests, charts, and text that looks like markup.

use paceline_html::search;
use paceline_stats::Run;

use crate::session::Session;
use crate::{ARRIVALS, SEARCH, SEED, called, page, parsed};

#[test]
fn the_page_runs_without_an_error_and_asks_for_nothing() {
    let Some(session) = Session::open(&page(&parsed(SEED)), 1100) else { return };
    session.act(
        "document.querySelectorAll('button').forEach(b => b.click()); \
         document.querySelectorAll('details').forEach(d => { d.open = true; }); \
         const c = document.querySelector('#choose-row'); \
         for (const o of c.options) { c.value = o.value; c.dispatchEvent(new Event('change')); }",
    );
    assert_eq!(session.complaints(), [""; 0]);
    assert_eq!(session.requests(), [""; 0]);
}

#[test]
fn pages_of_arrivals_and_of_a_search_run_without_an_error_and_fit_a_phone() {
    let arrivals = parsed(ARRIVALS);
    let searched = Run::of(parsed(SEARCH));
    let (limits, rows) = searched.search().expect("it is a search");
    for (page, charts) in [(page(&arrivals), 1.0), (search(searched.header(), limits, rows), 1.0)] {
        let Some(session) = Session::open(&page, 1100) else { return };
        for width in [1100, 360] {
            session.screen(width, 900);
            let drawn = "[...document.querySelectorAll('svg.chart')].filter(s => s.getClientRects().length && \
                         s.querySelectorAll('.mark').length > 3).length";
            assert_eq!(session.number(drawn), charts, "{width}");
            let too_wide =
                "document.documentElement.scrollWidth - document.documentElement.clientWidth";
            assert_eq!(session.number(too_wide), 0.0, "{width}");
        }
        assert_eq!(session.complaints(), [""; 0]);
        assert_eq!(session.requests(), [""; 0]);
    }
}

#[test]
fn what_goes_wrong_on_a_page_is_seen() {
    let Some(session) = Session::open(&page(&parsed(SEED)), 1100) else { return };
    session.act("await fetch('http://localhost:9/').catch(() => 0)");
    let complaints = session.complaints().join("\n");
    assert!(complaints.contains("Content Security Policy"), "{complaints}");
}

#[test]
fn names_of_rows_run_nothing() {
    let attack = [
        "<script>window.injected = 1</script>",
        "\"><img src=x onerror=\"window.injected = 1\">",
        "</textarea></script><svg onload=\"window.injected = 1\">",
        "javascript:window.injected=1 \u{202e}txet\u{202c} שלום | 🚀 'q'",
        "two\nlines\u{1b}[31m",
    ];
    let Some(session) = Session::open(&page(&called(&attack)), 1100) else { return };
    assert!(session.holds("window.injected === undefined"));
    assert_eq!(session.number("document.scripts.length"), 1.0);
    assert_eq!(session.number("document.images.length"), 0.0);
    assert_eq!(session.number("document.querySelector('#rows').tBodies[0].rows.length"), 6.0);
    assert_eq!(session.complaints(), [""; 0]);
    // Even markup that got in would run nothing.
    session.act(
        "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.injected = 1\">'); \
         await new Promise(done => setTimeout(done, 0))",
    );
    session.act("const s = document.createElement('script'); s.text = 'window.injected = 1'; document.body.append(s);");
    assert!(session.holds("window.injected === undefined"));
}

#[test]
fn every_chart_is_drawn_where_it_can_be_seen() {
    let Some(session) = Session::open(&page(&parsed(SEED)), 1100) else { return };
    for (width, shown) in [(1100, "wide"), (360, "narrow")] {
        session.screen(width, 900);
        for workload in [0, 1] {
            for (chart, marks) in
                [("bars", ".bar"), ("tradeoff", "g > .mark"), ("scaling", "g > .mark")]
            {
                let drawn = session.number(&format!(
                    "[...document.querySelectorAll('#{chart}-{workload} svg.{shown} {marks}')].filter(mark => {{ \
                     const box = mark.getBoundingClientRect(); \
                     return box.width > 0 && box.height > 0 && box.left >= 0 && box.right <= innerWidth; }}).length"
                ));
                let rows = if workload == 0 { 15.0 } else { 13.0 };
                assert_eq!(drawn, rows, "{chart} of workload {workload} at {width} pixels");
            }
        }
        let lanes = "[...document.querySelectorAll('#lanes-0 svg.lanes')]";
        assert!(
            session
                .holds(&format!("{lanes}.length === 7 && {lanes}.every(l => l.clientHeight > 5)"))
        );
        assert!(session.holds("document.querySelector('.panel:not([hidden]) .area').getBoundingClientRect().width > 200"));
    }
}

#[test]
fn labels_hide_neither_each_other_nor_leave_the_page() {
    let Some(session) = Session::open(&page(&parsed(SEED)), 1100) else { return };
    for (width, shown) in [(1100, "wide"), (360, "narrow")] {
        session.screen(width, 900);
        let overlapping = session.text(&format!(
            "(() => {{ const found = []; \
             for (const svg of document.querySelectorAll('#tradeoff-0 svg.{shown}, #tradeoff-1 svg.{shown}, #scaling-0 svg.{shown}, #scaling-1 svg.{shown}')) {{ \
               const labels = [...svg.querySelectorAll('text.label')].map(t => [t.textContent, t.getBBox()]); \
               labels.forEach(([a, p], i) => labels.slice(i + 1).forEach(([b, q]) => {{ \
                 const x = Math.min(p.x + p.width, q.x + q.width) - Math.max(p.x, q.x); \
                 const y = Math.min(p.y + p.height, q.y + q.height) - Math.max(p.y, q.y); \
                 if (x > 1 && y > 3.5) found.push(a + ' / ' + b); }})); \
             }} return found.join('; '); }})()"
        ));
        assert_eq!(overlapping, "", "at {width} pixels");
    }
}
