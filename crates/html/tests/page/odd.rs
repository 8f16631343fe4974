//! Names and sizes that a page must survive.

use paceline_journal::Journal;

use crate::{SMOKE, broken, of_rows, page, parsed, renamed};

const ROW: &str = "Threaded IO heavy processing (8 threads)";

#[test]
fn a_name_is_text_wherever_it_stands() {
    for odd in [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "</textarea><script>alert(1)</script>",
        "</title></svg><script>alert(1)</script>",
        "a & b 'c'",
    ] {
        let page = page(&renamed(parsed(SMOKE), ROW, odd));
        assert_eq!(page.matches("<script>").count(), 1, "{odd}");
        assert!(!page.contains("<img"), "{odd}");
        assert_eq!(page.matches("</textarea>").count(), 1, "{odd}");
    }
}

#[test]
fn control_characters_are_made_visible_and_foreign_scripts_kept() {
    let page = page(&renamed(parsed(SMOKE), ROW, "two\nlines\u{0}\u{1b}[31m שלום 🚀"));
    assert!(page.contains("two\\nlines\\u{0}\\u{1b}[31m שלום 🚀"));
    assert!(page.chars().all(|character| character == '\n' || !character.is_control()));
}

#[test]
fn reasons_are_text_too() {
    let page = page(&broken(parsed(SMOKE), "<b>no</b>"));
    assert!(page.contains("&lt;b&gt;no&lt;/b&gt;") && !page.contains("<b>no"));
}

#[test]
fn marks_that_turn_the_direction_of_writing_are_shown_in_reasons_too() {
    let page = page(&broken(parsed(SMOKE), "first\nsecond \u{202e}\u{1b}[31m"));
    assert!(page.contains("first\nsecond \\u{202e}\\u{1b}[31m"));
    assert!(!page.contains(['\u{202e}', '\u{1b}']));
}

#[test]
fn a_run_without_a_valid_row_says_so_at_the_top() {
    let page = page(&broken(parsed(SMOKE), "it ended"));
    assert!(page.contains("6 rows are shown without a result"));
    assert!(page.contains("No row to choose from"));
}

#[test]
fn a_run_without_a_sample_and_one_of_one_row() {
    let none = page(&Journal::begin(parsed(SMOKE).header));
    assert!(none.contains("This report is partial") && none.contains("6 rows were not run"));
    assert!(page(&of_rows(1)).contains("row 0"));
}

#[test]
fn folders_of_the_machine_are_not_passed_on() {
    let mut journal = parsed(SMOKE);
    for row in &mut journal.header.plan.rows {
        row.case
            .spec
            .params
            .insert("images".to_owned(), "/home/someone/secret/pictures".to_owned());
    }
    let page = page(&journal);
    assert!(page.contains("the set “pictures”") && !page.contains("secret"));
}

#[test]
fn many_reasons_are_folded_and_none_is_lost() {
    let page = page(&broken(parsed(SMOKE), "it ended"));
    let reasons = &page[page.find("Rows without a result").expect("they are told")..];
    let first = reasons.split("<dt>").nth(1).expect("there is a row");
    let (shown, folded) = first.split_once("<details>").expect("the others are folded");
    assert_eq!(shown.matches("it ended").count(), 3, "{first}");
    assert!(folded.contains("more reason") && folded.contains("it ended"));
}

#[test]
fn without_a_time_there_is_no_axis_of_time() {
    assert!(!page(&broken(parsed(SMOKE), "it ended")).contains("id=\"bars-0\""));
}

#[test]
fn of_many_rows_those_that_none_beats_are_named_in_the_chart_of_memory() {
    let page = page(&of_rows(60));
    let start = page.find("<figure id=\"tradeoff-0\"").expect("the chart is there");
    let chart = &page[start..start + page[start..].find("</figure>").expect("it ends")];
    assert!(chart.contains("rows of the Pareto set alone are named"));
    assert_eq!(chart.matches("class=\"label\"").count(), 0);
    assert!(chart.matches("class=\"label best\"").count() > 0);
}

#[test]
fn without_a_row_in_sequence_the_chart_says_that_no_ideal_is_known() {
    let whole = parsed(SMOKE);
    let mut journal = whole.clone();
    let is_sequential = |name: &str| name.starts_with("Sequential CPU");
    journal.header.plan.rows.retain(|row| !is_sequential(&row.name));
    journal.samples.retain(|sample| !is_sequential(&sample.row));
    let bars = |journal: &Journal| {
        let page = page(journal);
        let start = page.find("<figure id=\"bars-1\"").expect("the chart is there");
        page[start..start + page[start..].find("</figure>").expect("it ends")].to_owned()
    };
    let without = bars(&journal);
    assert!(without.contains("no ideal is known") && !without.contains("class=\"ideal\""));
    let with = bars(&whole);
    assert!(!with.contains("no ideal is known") && with.contains("bar: from the ideal"));
}
