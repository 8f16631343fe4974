//! The table of a run at scale `quick`, held against values that are computed here from the lines of its
//! journal as they are on disk: nothing of the crates that read and summarise it is used for them.

use std::path::Path;

use paceline_journal::Journal;
use paceline_report::{View, table};
use serde_json::Value;
use statrs::distribution::{ContinuousCDF, Normal};

use crate::run;

const QUICK: &str = include_str!("../../../../docs/results/quick-2026-11-24.ndjson");

/// Its waits are planned, its tasks are one item each, and no sample of it was taken twice.
const WAITS: &str = "Threaded IO heavy processing (8 threads)";
/// It computes: what its items cost is known from the row in sequence.
const COMPUTES: &str = "Threaded CPU heavy processing (2 threads, 64 images)";
const IN_SEQUENCE: &str = "Sequential CPU heavy processing";

/// The table's cells of a row by the headers of their columns.
fn shown(row: &str) -> Vec<(String, String)> {
    let journal = Journal::parse(Path::new("quick.ndjson"), QUICK.as_bytes());
    let text = table(&run(&journal.expect("it can be read")), &View::default());
    let split = |line: &str| line.split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    let header = text.lines().find(|line| line.contains("Benchmark")).expect("a header");
    let line = text.lines().find(|line| split(line)[0] == row).expect("the row is shown");
    split(header).into_iter().zip(split(line)).collect()
}

fn cell(row: &str, column: &str) -> String {
    let cells = shown(row);
    let found = cells.iter().find(|(header, _)| header.starts_with(column));
    found.unwrap_or_else(|| panic!("no column {column} in {cells:?}")).1.clone()
}

/// What the journal has of a row, round by round.
fn samples(row: &str) -> Vec<Value> {
    let lines = QUICK.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let samples = lines.map(|line| line["record"]["sample"].clone());
    let mut samples: Vec<Value> = samples.filter(|sample| sample["row"] == row).collect();
    samples.sort_by_key(|sample| sample["round"].as_u64());
    assert!(samples.iter().all(|sample| sample["take"] == 1), "{row} was taken again");
    samples
}

fn measured(sample: &Value) -> &Value {
    &sample["outcome"]["measured"]["measured"]
}

fn numbers(value: &Value) -> Vec<u64> {
    value
        .as_array()
        .expect("numbers")
        .iter()
        .map(|number| number.as_u64().expect("a number"))
        .collect()
}

fn seconds(sample: &Value) -> f64 {
    let part = |name: &str| measured(sample)[name].as_u64().expect("a time");
    (part("startup_ns") + part("run_ns") + part("shutdown_ns")) as f64 / 1e9
}

fn times(row: &str) -> Vec<f64> {
    samples(row)[1..].iter().map(seconds).collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Each task in order to the lane that is free first.
fn list_scheduling_s(tasks_ns: &[f64], lanes: usize) -> f64 {
    let mut free_at = vec![0.0; lanes];
    for task_ns in tasks_ns {
        free_at.sort_by(f64::total_cmp);
        free_at[0] += task_ns;
    }
    free_at.into_iter().fold(0.0, f64::max) / 1e9
}

/// The most items in flight at the beginning of any of them: it can rise nowhere else.
fn most_in_flight(sample: &Value) -> usize {
    let items = &measured(sample)["items"];
    let (starts, lengths) = (numbers(&items["start_ns"]), numbers(&items["duration_ns"]));
    let spans: Vec<(u64, u64)> = starts.iter().zip(lengths).map(|(s, l)| (*s, s + l)).collect();
    let at = |moment: u64| spans.iter().filter(|(s, e)| (*s..*e).contains(&moment)).count();
    starts.iter().map(|start| at(*start)).max().expect("it has items")
}

/// The farther end of the BCa interval, as a share of the mean: of four values all 256 resamples are
/// listed, where the report draws ten thousand at random.
fn half_width(values: &[f64]) -> f64 {
    let count = values.len();
    let mut means: Vec<f64> = (0..count.pow(count as u32))
        .map(|code| {
            let draw = |place: usize| values[code / count.pow(place as u32) % count];
            (0..count).map(draw).sum::<f64>() / count as f64
        })
        .collect();
    means.sort_by(f64::total_cmp);
    let (centre, normal) = (mean(values), Normal::standard());
    let below = means.iter().filter(|mean| **mean < centre - 1e-12).count();
    let within = means.iter().filter(|mean| (**mean - centre).abs() <= 1e-12).count();
    let bias = normal.inverse_cdf((below as f64 + within as f64 / 2.0) / means.len() as f64);
    let power = |exponent| values.iter().map(|value| (value - centre).powi(exponent)).sum::<f64>();
    let acceleration = power(3) / (6.0 * power(2).powf(1.5));
    let end = |tail: f64| {
        let z = bias + normal.inverse_cdf(tail);
        let share = normal.cdf(bias + z / (1.0 - acceleration * z));
        means[((share * means.len() as f64) as usize).min(means.len() - 1)]
    };
    (end(0.975) - centre).max(centre - end(0.025)) / centre
}

#[test]
fn the_table_has_time_interval_ideal_memory_and_flight() {
    let headers: Vec<String> = shown(WAITS).into_iter().map(|(header, _)| header).collect();
    let expected = [
        "Benchmark",
        "Mean time (sec)",
        "95 %",
        "vs ideal",
        "Memory (MiB)",
        "In flight asked -> seen",
    ];
    assert_eq!(headers, expected);
}

#[test]
fn the_mean_and_its_interval_are_those_of_the_counted_rounds() {
    for row in [WAITS, COMPUTES] {
        let times = times(row);
        assert_eq!(times.len(), 4);
        assert_eq!(cell(row, "Mean time"), format!("{:.4}", mean(&times)));
        let shown = cell(row, "95 %");
        let percent = shown.trim_start_matches("+-").trim_end_matches(" %");
        let (shown, exact): (f64, f64) = (percent.parse().unwrap(), half_width(&times) * 100.0);
        assert!((shown - exact).abs() <= 0.05 + 0.05 * exact, "{row}: {shown} and {exact}");
    }
}

#[test]
fn memory_is_the_peak_that_the_warm_up_saw() {
    for row in [WAITS, COMPUTES] {
        let warm_up = &samples(row)[0];
        let peak = warm_up["outcome"]["measured"]["memory"]["peak_bytes"].as_u64().unwrap();
        assert_eq!(cell(row, "Memory"), format!("{:.1}", peak as f64 / 1_048_576.0));
    }
}

#[test]
fn seen_in_flight_is_what_the_spans_of_the_items_show() {
    for (row, asked) in [(WAITS, 8), (COMPUTES, 2)] {
        let seen = samples(row).iter().map(most_in_flight).max().unwrap();
        assert_eq!(cell(row, "In flight"), format!("{asked} -> {seen}"));
    }
}

#[test]
fn vs_ideal_of_waits_is_over_the_schedule_of_the_waits_themselves() {
    let ratio = |sample: &Value| {
        let planned: Vec<f64> =
            numbers(&measured(sample)["planned_ns"]).iter().map(|ns| *ns as f64).collect();
        seconds(sample) / list_scheduling_s(&planned, 8)
    };
    let ratios: Vec<f64> = samples(WAITS)[1..].iter().map(ratio).collect();
    assert_eq!(cell(WAITS, "vs ideal"), format!("{:.3}", mean(&ratios)));
}

#[test]
fn vs_ideal_of_computing_is_over_the_cpu_time_of_the_row_in_sequence() {
    let in_sequence = samples(IN_SEQUENCE);
    let ratio = |sample: &Value| {
        let of_round = in_sequence.iter().find(|other| other["round"] == sample["round"]);
        let of_round = measured(of_round.expect("it ran in every round"));
        let cpu_ns = (of_round["user_ns"].as_u64().unwrap()
            + of_round["system_ns"].as_u64().unwrap()) as f64;
        let items = &of_round["items"];
        let mut costs: Vec<(u64, u64)> =
            numbers(&items["item"]).into_iter().zip(numbers(&items["duration_ns"])).collect();
        costs.sort_unstable();
        let all_ns: u64 = costs.iter().map(|(_, ns)| ns).sum();
        let costs: Vec<f64> =
            costs.iter().map(|(_, ns)| *ns as f64 * cpu_ns / all_ns as f64).collect();
        seconds(sample) / list_scheduling_s(&costs, 2)
    };
    let ratios: Vec<f64> = samples(COMPUTES)[1..].iter().map(ratio).collect();
    assert_eq!(cell(COMPUTES, "vs ideal"), format!("{:.3}", mean(&ratios)));
}
