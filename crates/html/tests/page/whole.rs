//! What stands on the page of a recorded run.

use base64::Engine;
use sha2::{Digest, Sha256};

use crate::{SEED, SMOKE, of_rows, page, parsed};

/// The part of the page from the element with this id to the end of its figure.
fn figure<'a>(page: &'a str, id: &str) -> &'a str {
    let start = page.find(&format!("<figure id=\"{id}\"")).expect("the figure is there");
    let length = page[start..].find("</figure>").expect("a figure ends");
    &page[start..start + length]
}

#[test]
fn the_full_matrix_takes_less_than_a_megabyte() {
    let page = page(&parsed(SEED));
    assert!(page.len() < 1_000_000, "{} bytes", page.len());
}

#[test]
fn every_chart_has_every_row_once_for_wide_and_once_for_narrow_screens() {
    let page = page(&parsed(SEED));
    for (workload, rows) in [(0, 15), (1, 13)] {
        let bars = figure(&page, &format!("bars-{workload}"));
        assert_eq!(bars.matches("<rect class=\"bar ").count(), rows * 2);
        assert_eq!(bars.matches("class=\"ideal\" d=").count(), rows * 2 + 1, "and its key");
        assert_eq!(bars.matches("class=\"ghost\" d=").count(), rows * 2 + 1, "and its key");
        let tradeoff = figure(&page, &format!("tradeoff-{workload}"));
        assert!(tradeoff.matches("class=\"mark ").count() > rows * 2);
        assert_eq!(tradeoff.matches("class=\"front\" d=").count(), 3);
        let scaling = figure(&page, &format!("scaling-{workload}"));
        assert!(scaling.matches("class=\"mark ").count() > rows * 2);
        assert!(scaling.contains("class=\"ideal-line\""));
    }
    for row in 0..28 {
        assert!(page.contains(&format!("<div class=\"panel\" id=\"row-{row}\"")), "row {row}");
    }
    assert_eq!(page.matches("class=\"area\" d=").count(), 28);
}

#[test]
fn every_row_is_named_in_the_chart_of_time_and_memory() {
    for journal in [SMOKE, SEED] {
        let page = page(&parsed(journal));
        for workload in 0..2 {
            let chart = figure(&page, &format!("tradeoff-{workload}"));
            let wide = chart.split("chart narrow").next().expect("the wide one comes first");
            let legend = wide.matches("<li>").count() - 1;
            let marks = wide.matches("class=\"mark ").count() - legend;
            assert_eq!(wide.matches("<text class=\"label").count(), marks);
        }
    }
}

#[test]
fn the_lanes_side_by_side_are_of_different_strategies_on_one_axis() {
    let page = page(&parsed(SEED));
    let lanes = figure(&page, "lanes-0");
    let bands = |class: &str| {
        let svg = lanes.split("<svg ").find(|svg| svg.contains(&format!("lanes {class}\"")));
        svg.expect("the strategy is there").matches("<path d=").count()
    };
    assert_eq!(["s-false", "s-async", "s-threads", "s-procs"].map(bands), [1, 50, 8, 2]);
}

#[test]
fn the_page_asks_for_nothing_and_names_its_own_script_only() {
    let page = page(&parsed(SMOKE));
    for way in ["http://", "https://", " src=", "url(", "@import", "<iframe", "<object", "onload="]
    {
        assert!(!page.contains(way), "{way}");
    }
    assert_eq!(page.matches("<script>").count(), 1);
    let start = page.find("<script>").expect("there is one") + "<script>".len();
    let length = page[start..].find("</script>").expect("it ends");
    let hash = Sha256::digest(&page.as_bytes()[start..start + length]);
    let hash = base64::engine::general_purpose::STANDARD.encode(hash);
    assert!(
        page.contains(&format!("&#39;sha256-{hash}&#39;"))
            || page.contains(&format!("'sha256-{hash}'")),
        "the policy of the page must name sha256-{hash}"
    );
}

#[test]
fn every_id_is_unique() {
    let page = page(&parsed(SEED));
    let mut ids: Vec<&str> =
        page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all);
}

#[test]
fn too_few_rounds_are_said_to_be_an_estimate_and_enough_to_tell() {
    let few = page(&parsed(SEED));
    assert!(few.contains("an estimate") && few.contains("too few to tell"));
    let enough = page(&parsed(SMOKE));
    assert!(enough.contains("told at 95 %"));
}

#[test]
fn a_thousand_rows_are_told_and_their_charts_are_bounded() {
    let page = page(&of_rows(1_000));
    assert!(page.contains("row 999"));
    assert!(page.contains("The 880 slowest rows are left out of the picture"));
    assert!(page.contains("Its timeline is left out"), "the budget is used up");
    assert!(page.len() < 5_000_000, "{} bytes", page.len());
}
