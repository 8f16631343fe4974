//! Two runs or two revisions, row by row.

use paceline_stats::advice::least_rounds;
use paceline_stats::compare::{Judged, RowComparison};
use paceline_stats::{Comparison, Level, RunComparison, Verdict};
use serde::Serialize;

use crate::cell;
use crate::grid::{Grid, Head};
use crate::layout::{fitted, prose};
use crate::view::Screen;

/// The version of the JSON form. It rises when a field changes its meaning or goes.
const FORMAT: u32 = 1;

/// What stands behind a row's name. Where there is no room the memory ratio goes first, then the interval.
const HEADS: [Head; 4] = [
    Head::new(["Time", "ratio"]),
    Head::new(["95 %", "interval"]).goes(2),
    Head::new(["Verdict", ""]),
    Head::new(["Memory", "ratio"]).goes(1),
];

/// The comparison for people. What makes it doubtful comes first.
#[must_use]
pub fn comparison(comparison: &RunComparison, screen: Screen) -> String {
    let line = screen.width;
    let careful: String =
        comparison.caveats.iter().map(|caveat| format!("Careful: {caveat}.\n")).collect();
    let above = format!("{careful}{} against {}\n", comparison.sides.head, comparison.sides.base);
    let rows = comparison.rows.iter().map(|row| (cell::name(&row.name), cells(row)));
    let table = Grid { heads: HEADS.to_vec(), rows: rows.collect() }.fitted(line);
    let named = |names: &[String], side: &str| {
        let rows: String = names.iter().map(|name| format!("  {}\n", cell::name(name))).collect();
        if rows.is_empty() { rows } else { format!("\nOnly in {side}:\n{rows}") }
    };
    let below = named(&comparison.only_base, &comparison.sides.base)
        + &named(&comparison.only_head, &comparison.sides.head);
    let how = prose(&how_compared(comparison), line);
    format!("{}\n{table}\n{how}\n{}", fitted(&above, line), fitted(&below, line))
}

/// The comparison for programs.
///
/// # Errors
///
/// When a value has no form in JSON, which would be a bug.
pub fn comparison_json(comparison: &RunComparison) -> serde_json::Result<String> {
    let document = Document {
        format: FORMAT,
        base: &comparison.sides.base,
        head: &comparison.sides.head,
        caveats: &comparison.caveats,
        rows: comparison.rows.iter().map(Row::of).collect(),
        only_base: &comparison.only_base,
        only_head: &comparison.only_head,
    };
    serde_json::to_string_pretty(&document).map(|text| text + "\n")
}

fn cells(row: &RowComparison) -> Vec<String> {
    let memory = row.memory_ratio.map_or("-".to_owned(), |ratio| format!("{ratio:.3}"));
    match &row.time {
        Some(judged) => {
            let compared = &judged.comparison;
            let interval = format!("{:.3} to {:.3}", compared.low, compared.high);
            let ratio = format!("{:.3}", compared.ratio);
            vec![ratio, interval, verdict(judged).to_owned(), memory]
        }
        None => vec!["-".to_owned(), "-".to_owned(), "not valid on both sides".to_owned(), memory],
    }
}

pub(crate) fn verdict(judged: &Judged) -> &'static str {
    match judged.verdict {
        Verdict::Faster => "faster",
        Verdict::Slower => "slower",
        Verdict::Equivalent => "equivalent",
        Verdict::Inconclusive => "inconclusive",
    }
}

/// A paragraph without line breaks.
pub(crate) fn how_compared(comparison: &RunComparison) -> String {
    let judged = || comparison.rows.iter().filter_map(|row| row.time.as_ref());
    let pairing = match (judged().any(|j| j.paired), judged().any(|j| !j.paired)) {
        (true, false) => "Rounds of the same seed were compared one by one.",
        (false, true) => "The sides share no seeds, so their rounds were compared as wholes.",
        _ => "Rounds of the same seed were compared one by one, where there were any.",
    };
    let few = judged().find(|row| !row.comparison.reaches_its_level()).map(|row| {
        let (rounds, rows) = (row.comparison.rounds, judged().count());
        // Rounds that are compared as wholes have other levels, which depend on both sides.
        let enough = match row.paired {
            true => format!("; {} rounds can", least_rounds(rows, Level::NINETY_FIVE)),
            false => String::new(),
        };
        format!(" {rounds} rounds are too few for a verdict at 95 % on {rows} rows{enough}.")
    });
    // The correction can take a verdict away that the interval alone would give.
    let corrected = judged().any(|judged| {
        let Comparison { low, high, .. } = judged.comparison;
        judged.comparison.reaches_its_level()
            && judged.verdict == Verdict::Inconclusive
            && (low > 1.0 || high < 1.0)
    });
    let corrected = match corrected {
        true => " So many rows need more rounds before an interval that excludes 1 is a verdict.",
        false => "",
    };
    format!(
        "Time ratio: above 1 is slower; Hodges-Lehmann estimate and rank interval, verdicts after Holm's \
         correction. {pairing}{}{corrected} Memory: one reading a side, so a ratio and no verdict.",
        few.unwrap_or_default()
    )
}

#[derive(Serialize)]
struct Document<'a> {
    format: u32,
    base: &'a str,
    head: &'a str,
    caveats: &'a [String],
    rows: Vec<Row<'a>>,
    only_base: &'a [String],
    only_head: &'a [String],
}

#[derive(Serialize)]
struct Row<'a> {
    name: &'a str,
    time: Option<Time>,
    memory_ratio: Option<f64>,
}

#[derive(Serialize)]
struct Time {
    ratio: f64,
    low: f64,
    high: f64,
    achieved_level: f64,
    p_value: f64,
    adjusted_p: f64,
    rounds: usize,
    paired: bool,
    verdict: &'static str,
}

impl<'a> Row<'a> {
    fn of(row: &'a RowComparison) -> Self {
        let time = row.time.as_ref().map(|judged| Time {
            ratio: judged.comparison.ratio,
            low: judged.comparison.low,
            high: judged.comparison.high,
            achieved_level: judged.comparison.achieved_level,
            p_value: judged.comparison.p_value,
            adjusted_p: judged.adjusted_p,
            rounds: judged.comparison.rounds,
            paired: judged.paired,
            verdict: verdict(judged),
        });
        Self { name: &row.name, time, memory_ratio: row.memory_ratio }
    }
}
