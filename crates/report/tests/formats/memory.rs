//! Memory that was read in several rounds, in every form that shows it.

use paceline_journal::{Journal, Purpose, Sample};
use paceline_report::{
    Screen, View, bencher, comparison, comparison_json, comparison_junit, comparison_markdown, csv,
    explain, github, hyperfine, json, markdown, pyperf, table,
};
use paceline_stats::compare::{Quantity, Side};
use paceline_stats::{Margin, RunComparison};
use serde_json::Value;

use crate::journals::{ROW, read_often, recorded, run};
use crate::tables::{cells, records, tests};

/// The mean of the readings, in bytes.
const MEAN: u64 = 2_003_500;

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).expect("the document is JSON")
}

#[test]
fn tables_show_the_mean_and_how_far_it_may_be_off() {
    let often = run(&read_often(100));
    let text = table(&often, &View::default());
    let line = text.lines().find(|line| line.contains(ROW)).expect("the row is shown");
    assert!(line.contains("1.9 +-0.1 %"), "{line}");
    assert!(text.split_whitespace().collect::<Vec<_>>().join(" ").contains(
        "of the whole process tree, mean of 8 rounds that read it, with its 95 % interval."
    ));
    assert!(markdown(&often).contains("| 1.9 ±0.1 % |"), "{}", markdown(&often));
    let words = explain(&often, ROW, Screen::default());
    assert!(
        words.contains("held 1.9 MiB, the mean of 8 rounds, between 1.9 and 1.9 MiB"),
        "{words}"
    );
    // A row of one reading is as it was.
    assert!(!table(&run(&recorded()), &View::default()).contains("mean of 8 rounds"));
}

#[test]
fn documents_have_every_reading_or_the_mean_with_its_interval() {
    let journal = read_often(100);
    let run = run(&journal);
    let memory = &parsed(&json(&run).unwrap())["rows"][2]["memory"];
    assert_eq!(memory["peak_bytes"], MEAN);
    assert_eq!(memory["rounds"].as_array().unwrap().len(), 8);
    assert_eq!(memory["round_peak_bytes"][7], 2_007_000);
    let end = |key: &str| memory[key].as_f64().expect("an interval");
    let (low, high) = (end("peak_low_bytes"), end("peak_high_bytes"));
    assert!(low > 2_000_000.0 && low < MEAN as f64 && high > MEAN as f64 && high < 2_007_000.0);

    let text = csv(&run).unwrap();
    let all = records(&text);
    let column = |name: &str| all[0].iter().position(|head| head == name).expect("a column");
    assert_eq!(all[3][column("memory_peak_bytes")], MEAN.to_string());
    assert_eq!(all[3][column("memory_readings")], "8");
    assert_eq!(all[3][column("memory_low_bytes")], low.to_string());
    assert_eq!(all[1][column("memory_readings")], "1");
    assert_eq!(all[1][column("memory_high_bytes")], "");

    let usage = &parsed(&hyperfine(&run).unwrap())["results"][2]["memory_usage_byte"];
    assert_eq!(usage, &memory["round_peak_bytes"]);
    let suite = parsed(&pyperf(&run).unwrap());
    assert_eq!(suite["benchmarks"][2]["metadata"]["mem_max_rss"], 2_007_000);
    let metric = parsed(&bencher(&run).unwrap());
    let metric = &metric[ROW]["peak-memory"];
    assert_eq!((&metric["value"], &metric["lower_value"]), (&(MEAN as f64).into(), &low.into()));
    let entry = &parsed(&github(&run).unwrap())[5];
    assert_eq!((&entry["range"], &entry["unit"]), (&"± 0.00".into(), &"MiB".into()));
    assert!(entry["extra"].as_str().unwrap().ends_with("mean of 8 readings"), "{entry}");
}

fn compared(base: &Journal, head: &Journal) -> RunComparison {
    RunComparison::of_sides(&Side::of(&run(base)), &Side::of(&run(head)), Margin::THREE_PERCENT)
}

#[test]
fn a_row_that_takes_a_tenth_more_is_larger_in_every_form_of_a_comparison() {
    // One row alone, so that the correction for six rows takes nothing away.
    let alone = |percent| {
        let mut journal = read_often(percent);
        journal.header.plan.rows.retain(|row| row.name == ROW);
        journal.samples.retain(|sample| sample.row == ROW);
        journal
    };
    let grown = compared(&alone(100), &alone(110));
    let text = comparison(&grown, Screen::default());
    assert!(text.contains("1.100 | 1.100 to 1.100 |         larger"), "{text}");
    assert!(text.contains("Memory: above 1 is larger, judged as\ntime is.\n"), "{text}");
    assert_eq!(cells(&comparison_markdown(&grown))[1][6], "larger");
    assert!(comparison_markdown(&grown).contains("**larger**"));
    let row = &parsed(&comparison_json(&grown).unwrap())["rows"][0];
    assert_eq!(
        (&row["memory"]["verdict"], &row["memory"]["rounds"]),
        (&"larger".into(), &8.into())
    );
    assert_eq!(row["memory_ratio"], row["memory"]["ratio"]);
    let shrunk = comparison(&compared(&alone(110), &alone(100)), Screen::default());
    assert!(shrunk.contains("|        smaller"), "{shrunk}");
}

#[test]
fn too_few_readings_say_so_and_name_the_option() {
    let once = comparison(&compared(&recorded(), &recorded()), Screen::default());
    assert_eq!(once.matches("       1.000 |           - |    one reading").count(), 6, "{once}");
    assert!(
        once.contains(
            "so a ratio\nand no verdict; `bench --memory-rounds 8` reads so many rows often enough."
        ),
        "{once}"
    );

    let thrice = |percent| {
        let mut journal = read_often(percent);
        journal.header.plan.rows.retain(|row| row.name == ROW);
        let is_kept = |sample: &Sample| sample.purpose == Purpose::Time || sample.round <= 2;
        journal.samples.retain(|sample| sample.row == ROW && is_kept(sample));
        journal
    };
    let few = compared(&thrice(100), &thrice(150));
    let text = comparison(&few, Screen::default());
    let on_one_line = text.replace('\n', " ");
    assert!(text.contains("1.500 | 1.500 to 1.500 | only 3 readings"), "{text}");
    let reason = "3 readings are too few for a verdict at 95 %; `bench --memory-rounds 6` reads";
    assert!(on_one_line.contains(reason), "{text}");
    assert!(comparison_markdown(&few).contains("| only 3 readings |"));
    let row = &parsed(&comparison_json(&few).unwrap())["rows"][0]["memory"];
    assert_eq!((&row["verdict"], &row["achieved_level"]), (&"inconclusive".into(), &0.75.into()));
}

#[test]
fn a_gate_on_memory_is_a_test_of_its_own() {
    let grown = compared(&read_often(100), &read_often(120));
    let gates = [(Quantity::Time, 0.05), (Quantity::Memory, 0.1)];
    let (totals, cases) = tests(&comparison_junit(&grown, &gates).unwrap());
    assert_eq!(totals, ["12", "1", "5", "0"], "five rows have one reading");
    assert_eq!(cases[4], (ROW.to_owned(), "passed".to_owned()));
    assert_eq!(cases[5], (ROW.to_owned(), "failure".to_owned()));
    let text = comparison_junit(&grown, &gates[1..]).unwrap();
    assert!(text.contains("memory ratio 1.200, 1.200 to 1.200; the gate is 10 %"), "{text}");
}
