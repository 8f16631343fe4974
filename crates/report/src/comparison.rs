//! Two runs or two revisions, row by row.

use paceline_stats::advice::least_rounds;
use paceline_stats::compare::{Judged, Quantity, RowComparison};
use paceline_stats::{Comparison, Level, RunComparison, Verdict};
use serde::Serialize;
use tabled::settings::Color;

use crate::cell::{self, counted};
use crate::grid::{Cell, Grid, Head};
use crate::layout::{careful, fitted, prose};
use crate::screen::Screen;

/// The version of the JSON form. It rises when a field changes its meaning or goes.
const FORMAT: u32 = 1;

/// What stands in the place of a table without rows.
pub(crate) const NO_ROWS: &str = "No row has the same name on both sides.";

/// What stands behind a row's name. Where there is no room, what is said of memory goes first, from the
/// interval to the verdict, and then the interval of the time.
const HEADS: [Head; 6] = [
    Head::new(["Time", "ratio"]),
    Head::new(["95 %", "interval"]).goes(4),
    Head::new(["Verdict", ""]),
    Head::new(["Memory", "ratio"]).goes(2),
    Head::new(["Memory", "95 %"]).goes(1),
    Head::new(["Memory", "verdict"]).goes(3),
];

/// The comparison for people. What makes it doubtful comes first.
#[must_use]
pub fn comparison(comparison: &RunComparison, screen: Screen) -> String {
    let line = screen.width;
    let careful = careful(&comparison.caveats, screen);
    let sides = &comparison.sides;
    let sides = format!("{} against {}\n", cell::name(&sides.head), cell::name(&sides.base));
    let rows = comparison.rows.iter().map(|row| (cell::name(&row.name), both(row)));
    let table = match comparison.rows.is_empty() {
        true => format!("{}\n", fitted(NO_ROWS, line)),
        false => Grid::new(HEADS.to_vec(), rows.collect()).text(screen),
    };
    let named = |names: &[String], side: &str| {
        let rows: String = names.iter().map(|name| format!("  {}\n", cell::name(name))).collect();
        if rows.is_empty() { rows } else { format!("\nOnly in {}:\n{rows}", cell::name(side)) }
    };
    let below = named(&comparison.only_base, &comparison.sides.base)
        + &named(&comparison.only_head, &comparison.sides.head);
    let how = match comparison.rows.is_empty() {
        true => String::new(),
        false => format!("\n{}\n", prose(&how_compared(comparison), line)),
    };
    format!("{careful}{}\n{table}{how}{}", fitted(&sides, line), fitted(&below, line))
}

/// Green for what is better, red for what is worse.
fn tint(verdict: &str) -> Option<Color> {
    match verdict {
        "faster" | "smaller" => Some(Color::FG_GREEN),
        "slower" | "larger" => Some(Color::FG_RED),
        _ => None,
    }
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

fn both(row: &RowComparison) -> Vec<Cell> {
    let of = |quantity| {
        let [ratio, interval, verdict] = cells(row, quantity);
        let color = tint(&verdict);
        [ratio.into(), interval.into(), Cell::colored(verdict, color)]
    };
    [Quantity::Time, Quantity::Memory].into_iter().flat_map(of).collect()
}

/// Ratio, interval and verdict.
pub(crate) fn cells(row: &RowComparison, quantity: Quantity) -> [String; 3] {
    let nothing = || "-".to_owned();
    let Some(judged) = row.of(quantity) else {
        let why = match quantity {
            Quantity::Time => "not valid".to_owned(),
            Quantity::Memory => nothing(),
        };
        return [nothing(), nothing(), why];
    };
    let compared = &judged.comparison;
    let interval = match compared.rounds {
        1 => nothing(),
        _ => format!("{:.3} to {:.3}", compared.low, compared.high),
    };
    [format!("{:.3}", compared.ratio), interval, verdict(judged, quantity)]
}

/// What is said of a row. Memory is read in fewer rounds than time, so where they are too few it says so.
fn verdict(judged: &Judged, quantity: Quantity) -> String {
    match (quantity, judged.comparison.rounds) {
        (Quantity::Memory, 1) => "one reading".to_owned(),
        (Quantity::Memory, few) if !judged.comparison.reaches_its_level() => {
            format!("only {few} readings")
        }
        _ => word(judged.verdict, quantity).to_owned(),
    }
}

/// A verdict in one word.
pub(crate) fn word(verdict: Verdict, quantity: Quantity) -> &'static str {
    match (verdict, quantity) {
        (Verdict::Faster, Quantity::Time) => "faster",
        (Verdict::Slower, Quantity::Time) => "slower",
        (Verdict::Faster, Quantity::Memory) => "smaller",
        (Verdict::Slower, Quantity::Memory) => "larger",
        (Verdict::Equivalent, _) => "equivalent",
        (Verdict::Inconclusive, _) => "inconclusive",
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
        let are = if rounds == 1 { "is" } else { "are" };
        let (rounds, rows) = (counted(rounds, "round", "rounds"), counted(rows, "row", "rows"));
        format!(" {rounds} {are} too few for a verdict at 95 % on {rows}{enough}.")
    });
    let corrected = match judged().any(lost_its_verdict) {
        true => " So many rows need more rounds before an interval that excludes 1 is a verdict.",
        false => "",
    };
    format!(
        "Time ratio: above 1 is slower; Hodges-Lehmann estimate and rank interval, verdicts after Holm's \
         correction. {pairing}{}{corrected}{}",
        few.unwrap_or_default(),
        how_memory(comparison)
    )
}

/// How memory was compared, or what is missing for a verdict on it.
fn how_memory(comparison: &RunComparison) -> String {
    let judged = || comparison.rows.iter().filter_map(|row| row.memory.as_ref());
    let rounds = least_rounds(judged().count(), Level::NINETY_FIVE);
    let enough = format!("; `bench --memory-rounds {rounds}` reads so many rows often enough");
    let few = judged().filter(|judged| !judged.comparison.reaches_its_level());
    let (text, enough) = match few.map(|judged| judged.comparison.rounds).min() {
        _ if judged().next().is_none() => return String::new(),
        Some(1) => ("one reading a side, so a ratio and no verdict".to_owned(), enough),
        Some(few) => (format!("{few} readings are too few for a verdict at 95 %"), enough),
        None if judged().any(lost_its_verdict) => {
            let more =
                "so many rows need more readings before an interval that excludes 1 is a verdict";
            (more.to_owned(), enough)
        }
        None => ("above 1 is larger, judged as time is".to_owned(), String::new()),
    };
    format!(" Memory: {text}{enough}.")
}

/// Whether the correction for many rows took a verdict away that the interval alone would give.
fn lost_its_verdict(judged: &Judged) -> bool {
    let Comparison { low, high, .. } = judged.comparison;
    judged.comparison.reaches_its_level()
        && judged.verdict == Verdict::Inconclusive
        && (low > 1.0 || high < 1.0)
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
    time: Option<Ratio>,
    memory: Option<Ratio>,
    /// As in `memory`: it was here before that had an interval.
    memory_ratio: Option<f64>,
}

#[derive(Serialize)]
struct Ratio {
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
        let ratio = |quantity| row.of(quantity).map(|judged| Ratio::of(judged, quantity));
        Self {
            name: &row.name,
            time: ratio(Quantity::Time),
            memory: ratio(Quantity::Memory),
            memory_ratio: row.memory.map(|judged| judged.comparison.ratio),
        }
    }
}

impl Ratio {
    fn of(judged: &Judged, quantity: Quantity) -> Self {
        let compared = &judged.comparison;
        Self {
            ratio: compared.ratio,
            low: compared.low,
            high: compared.high,
            achieved_level: compared.achieved_level,
            p_value: compared.p_value,
            adjusted_p: judged.adjusted_p,
            rounds: compared.rounds,
            paired: judged.paired,
            verdict: word(judged.verdict, quantity),
        }
    }
}
