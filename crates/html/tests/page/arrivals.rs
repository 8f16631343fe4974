//! Runs whose items arrived on a schedule: told apart by latency, never by the time of the schedule.

use paceline_html::search;
use paceline_report::Screen;
use paceline_stats::Run;

use crate::{SMOKE, page, parsed};

const ARRIVALS: &str = include_str!("../../../../fixtures/journals/arrivals.ndjson");
const SEARCH: &str = include_str!("../../../../fixtures/journals/search.ndjson");

#[test]
fn a_run_in_open_loop_is_told_by_its_latencies() {
    let journal = parsed(ARRIVALS);
    let page = page(&journal);
    let run = Run::of(journal);
    let p99_s = |row: &paceline_stats::summary::RowSummary| row.latency.expect("it is valid").p99_s;
    let best = run.rows().iter().min_by(|a, b| p99_s(a).total_cmp(&p99_s(b))).expect("rows");
    let heading = format!("Lowest p99: </span><bdi>{}</bdi>", best.row.name);
    assert!(page.contains(&heading), "{heading}");
    assert!(page.contains("Open loop: items arrived on a schedule, 200 a second"));
    for column in ["Offered (1/s)", "Achieved (1/s)", "Late starts (%)"] {
        assert!(page.contains(&format!("{column}<span class=\"arrow\"")), "{column}");
    }
    for of_times in
        ["Probably ", "Take </span>", "Time per row", "Time against memory", "Lanes side by side"]
    {
        assert!(!page.contains(of_times), "{of_times}");
    }
}

#[test]
fn a_run_of_batches_has_no_columns_of_rates() {
    let page = page(&parsed(SMOKE));
    assert!(!page.contains("Offered (1/s)") && page.contains("Time per row"));
}

#[test]
fn the_reference_is_not_beside_times_of_a_schedule() {
    let mut journal = parsed(ARRIVALS);
    journal.header.plan.rows[0].name = "Sequential IO heavy processing".to_owned();
    assert!(!page(&journal).contains("class=\"ghost\""));
}

#[test]
fn a_search_is_a_page_of_what_each_row_bears_and_of_every_rate_that_was_tried() {
    let run = Run::of(parsed(SEARCH));
    let (limits, rows) = run.search().expect("it is a search");
    let page = search(run.header(), limits, rows);
    assert!(page.contains("The highest rate at which p99 stays within 20.00 ms"));
    assert!(page.contains("at least 1000/s, the highest rate tried"), "{page}");
    // What bears more stands first.
    let place = |row: &str| page.find(&format!("<bdi>{row}</bdi>")).expect("the row is there");
    assert!(place("8 threads") < place("2 threads"));
    let tried: usize = rows.iter().map(|row| row.trail.len()).sum();
    let failed = rows.iter().flat_map(|row| &row.trail).filter(|probe| !probe.holds).count();
    assert!(failed > 0 && tried > failed, "{tried} {failed}");
    // Each once for wide screens and once for narrow ones, and once in the legend.
    assert_eq!(page.matches("class=\"ghost\"").count(), 2 * failed + 1);
    assert!(!page.contains("<script"), "there is nothing to do on it");
}

#[test]
fn a_search_says_so_where_its_rates_were_tried_for_too_short_a_time() {
    let run = Run::of(parsed(SEARCH));
    let (limits, rows) = run.search().expect("it is a search");
    let mut limits = *limits;
    let warned = "In so short a time a row may hold the limit at a rate that it falls behind";
    for (for_ms, is_too_short) in [(3_000, false), (1_000, true)] {
        (limits.quantile, limits.limit_ns, limits.for_ms) = (0.99, 50_000_000, for_ms);
        assert_eq!(search(run.header(), &limits, rows).contains(warned), is_too_short);
        let text = paceline_report::search(run.header(), &limits, rows, Screen::default());
        assert_eq!(text.replace('\n', " ").contains(warned), is_too_short, "{text}");
    }
}

#[test]
fn a_search_of_odd_names_gets_no_markup_through() {
    let mut journal = parsed(SEARCH);
    let name = "<script>alert(1)</script> & \u{202e}".to_owned();
    for sample in journal.samples.iter_mut().filter(|sample| sample.row == "2 threads") {
        sample.row.clone_from(&name);
    }
    journal.header.plan.rows[0].name = name;
    journal.header.plan.matrix.title = "<b>".to_owned();
    let run = Run::of(journal);
    let (limits, rows) = run.search().expect("it is a search");
    let page = search(run.header(), limits, rows);
    assert!(!page.contains("<script") && !page.contains("<b>") && !page.contains('\u{202e}'));
}
