//! What stands on the page of a recorded run.

use base64::Engine;
use paceline_html::{Options, html};
use paceline_journal::SampleOutcome;
use paceline_protocol::Latencies;
use paceline_stats::Run;
use sha2::{Digest, Sha256};

use crate::{QUICK, SEED, SMOKE, of_rows, page, parsed};

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
        assert_eq!(bars.matches("<rect class=\"bar s-").count(), rows * 2);
        assert_eq!(bars.matches("<path class=\"guide ").count(), rows * 2);
        assert!(bars.contains("time per run, log scale"));
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
fn the_lanes_side_by_side_are_a_telling_row_of_each_family_and_those_that_the_cards_name() {
    let page = page(&parsed(SEED));
    let bands = |workload: usize, class: &str| -> Vec<usize> {
        let lanes = figure(&page, &format!("lanes-{workload}"));
        let of_family =
            lanes.split("<svg ").filter(|svg| svg.contains(&format!("lanes {class}\"")));
        of_family.map(|svg| svg.matches("<path d=").count()).collect()
    };
    let io = ["s-seq", "s-false", "s-async", "s-threads", "s-procs"].map(|of| bands(0, of));
    assert_eq!(io, [vec![1], vec![1], vec![50], vec![8, 50], vec![2, 32]]);
    let cpu = ["s-seq", "s-async", "s-threads", "s-procs"].map(|of| bands(1, of));
    assert_eq!(cpu, [vec![1], vec![1], vec![2, 8], vec![2, 4]]);
    for (workload, taken) in [(0, "Truly-asyncronous"), (1, "Threaded (2 threads, 64 images)")] {
        let lanes = figure(&page, &format!("lanes-{workload}"));
        assert_eq!(lanes.matches("probably the row to take").count(), 1);
        let badge = lanes.find("probably the row to take").expect("it is there");
        assert!(lanes[..badge].rsplit("<h4>").next().is_some_and(|head| head.contains(taken)));
    }
}

#[test]
fn a_row_is_shown_in_the_round_nearest_its_mean_time() {
    let mut journal = parsed(SMOKE);
    let row = journal.header.plan.rows[2].name.clone();
    for sample in journal.samples.iter_mut().filter(|sample| sample.row == row) {
        let SampleOutcome::Measured { measured, .. } = &mut sample.outcome else { continue };
        // Round 4 is the nearest to the mean of those that count, and neither the first nor the fastest.
        let times_ms = [9, 90, 1, 80, 40, 2, 50];
        measured.run_ns = times_ms[sample.round as usize] * 1_000_000;
        (measured.startup_ns, measured.shutdown_ns) = (0, 0);
    }
    let page = page(&journal);
    let lanes = figure(&page, "lanes-0");
    let head = lanes.split("<h4>").find(|part| part.contains("Threaded")).expect("it is shown");
    assert!(head.contains("8 threads, at most 8 in flight</span>"), "{head}");
    let times = "<strong>40.0 ms</strong><span class=\"faint\"> round 4</span><span class=\"faint\"> mean 43.8 ms";
    assert!(head.contains(times), "{head}");
    assert!(figure(&page, "timeline").contains("of round 4, the counted one nearest"));
}

#[test]
fn a_row_that_ran_far_fewer_at_once_than_asked_stands_at_what_ran() {
    let page = page(&parsed(SEED));
    let scaling = figure(&page, "scaling-1");
    let (wide, narrow) = scaling.split_once("chart narrow").expect("the wide one comes first");
    assert!(wide.contains(">async: asked 64, ran 1<"), "{wide}");
    assert!(narrow.contains(">asked 64, ran 1<"), "{narrow}");
    assert_eq!(scaling.matches("<g class=\"instead\">").count(), 2, "wide and narrow");
    // More lanes than there are items are not held against a row.
    assert!(!figure(&page, "scaling-0").contains("<g class=\"instead\">"));
}

#[test]
fn what_is_not_plain_is_explained_where_it_stands() {
    let seed = page(&parsed(SEED));
    let cards = &seed[..seed.find("<figure").expect("charts follow the cards")];
    assert_eq!(cards.matches("<dt>vs ideal</dt>").count(), 2);
    assert!(cards.contains("the figure is the mean of these ratios, and 1 is perfect"));
    assert!(figure(&seed, "bars-0").contains("another program on another machine"));
    assert!(!figure(&seed, "bars-0").contains("image library"), "nothing is decoded there");
    assert!(figure(&seed, "bars-1").contains("and another image library"));
    let alone = html(&Run::of(parsed(SEED)), &Options::default());
    assert!(!alone.contains("another machine"), "without the reference there is nothing to say");
}

#[test]
fn memory_that_was_read_in_several_rounds_has_its_interval_on_card_and_chart() {
    let mut journal = parsed(SMOKE);
    assert!(page(&journal).contains("peak of the whole process tree, one reading"));
    let first: Vec<_> = journal.samples.iter().filter(|s| s.is_warmup()).cloned().collect();
    for sample in journal.samples.iter_mut().filter(|sample| !sample.is_warmup()) {
        let read = first.iter().find(|other| other.row == sample.row).expect("it warmed up");
        let SampleOutcome::Measured { memory: read, .. } = &read.outcome else { continue };
        let SampleOutcome::Measured { memory, .. } = &mut sample.outcome else { continue };
        memory.clone_from(read);
        if let Some(memory) = memory {
            memory.peak_bytes += u64::from(sample.round) * 40_000;
        }
    }
    let page = page(&journal);
    assert!(page.contains(" at 95 %; peak of the whole process tree"));
    let chart = figure(&page, "tradeoff-0");
    assert_eq!(chart.matches("class=\"whisker\"").count(), 4 * 2 + 1, "and its key");
}

#[test]
fn the_pareto_set_is_of_all_rows_that_are_drawn_those_of_another_revision_too() {
    let mut journal = parsed(SMOKE);
    let best = journal.header.plan.rows[1].clone();
    let name = format!("{} @ abc1234", best.name);
    let again: Vec<_> =
        journal.samples.iter().filter(|sample| sample.row == best.name).cloned().collect();
    journal.samples.extend(again.into_iter().map(|mut sample| {
        sample.row.clone_from(&name);
        sample
    }));
    let revision = Some("abc1234".to_owned());
    journal.header.plan.rows.push(paceline_journal::Row { name: name.clone(), revision, ..best });
    let page = page(&journal);
    let table = &page[page.find("<caption>Time and memory</caption>").expect("the table")..];
    let line = &table[table.find(&name).expect("the row")..];
    let line = &line[..line.find("</tr>").expect("an end")];
    assert!(line.ends_with("<td>yes</td>"), "{line}");
}

#[test]
fn a_run_that_was_disturbed_for_the_most_part_says_so_at_the_top() {
    let said = "The machine was busy with other things: ";
    assert!(!page(&parsed(QUICK)).contains(said));
    let mut busy = parsed(QUICK);
    for sample in &mut busy.samples {
        if let SampleOutcome::Measured { measured, noise, .. } = &mut sample.outcome {
            // Both cores were others' for as long as the sample took, and ticks can tell.
            measured.run_ns += 10_000_000_000;
            noise.window_ns = Some(measured.total_ns());
            noise.others_cpu_ns = Some(2 * measured.total_ns() as i64);
        }
    }
    let page = page(&busy);
    let top = &page[..page.find("In short").expect("the cards")];
    assert!(top.contains(said) && top.contains("of 112 counted samples were disturbed"), "{top}");
}

#[test]
fn the_table_has_the_latencies_behind_the_usual_columns() {
    let mut journal = parsed(SMOKE);
    for sample in &mut journal.samples {
        if let SampleOutcome::Measured { measured, .. } = &mut sample.outcome {
            let (value_ns, count) = (vec![1_000_000, 8_000_000], vec![98, 2]);
            measured.latency = Some(Latencies { value_ns, count });
        }
    }
    let page = page(&journal);
    let table = &page[page.find("<table id=\"rows\"").expect("the table is there")..];
    for head in ["p50 (ms)", "p90 (ms)", "p99 (ms)", "p99.9 (ms)", "Slowest (ms)"] {
        assert!(table.contains(&format!("{head}<span")), "{head}");
    }
    let row = table.split("<tr data-find").nth(1).expect("there is a row");
    assert_eq!(row.matches(">1.000<").count(), 2, "{row}");
    // Their buckets are a tenth of a percent wide.
    assert_eq!(row.matches(">8.004<").count(), 3, "{row}");
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
fn a_thousand_rows_are_told_and_their_charts_are_bounded() {
    let page = page(&of_rows(1_000));
    assert!(page.contains("row 999"));
    assert!(page.contains("The 880 slowest rows are left out of the picture"));
    assert!(page.contains("Its timeline is left out"), "the budget is used up");
    assert!(page.len() < 5_000_000, "{} bytes", page.len());
}
