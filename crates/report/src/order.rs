//! In which order rows are shown.

use paceline_stats::summary::RowSummary;
use paceline_stats::{Run, Series};

/// The order of the rows in a report for people. What a row lacks puts it last; rows that are equal
/// stay in the plan's order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// The plan's.
    #[default]
    Plan,
    /// The shortest mean first.
    Time,
    /// The least memory first.
    Memory,
    /// The names in the order of their characters, and numbers in them by value.
    Name,
    /// The nearest to its ideal first.
    Ideal,
}

/// The rows of `run` in `order`.
pub(crate) fn sorted(run: &Run, order: Order) -> Vec<&RowSummary> {
    let mut rows: Vec<&RowSummary> = run.rows().iter().collect();
    let by_number = |rows: &mut Vec<&RowSummary>, number: fn(&RowSummary) -> Option<f64>| {
        // Nothing that is measured is infinite, so infinity is behind all.
        rows.sort_by(|a, b| {
            let (a, b) = (number(a), number(b));
            a.unwrap_or(f64::INFINITY).total_cmp(&b.unwrap_or(f64::INFINITY))
        });
    };
    match order {
        Order::Plan => {}
        Order::Time => by_number(&mut rows, |row| row.seconds.as_ref().map(Series::mean)),
        Order::Memory => by_number(&mut rows, |row| Some(row.memory.as_ref()?.peak_bytes as f64)),
        Order::Name => rows.sort_by_cached_key(|row| parts(&row.row.name)),
        Order::Ideal => by_number(&mut rows, |row| Some(row.breakdown?.vs_ideal)),
    }
    rows
}

/// A name as numbers and what stands between them, so that 8 threads come before 16.
fn parts(name: &str) -> Vec<Part> {
    let is_digit = |c: &char| c.is_ascii_digit();
    let characters: Vec<char> = name.chars().collect();
    let runs = characters.chunk_by(|a, b| is_digit(a) == is_digit(b));
    runs.map(|run| run.iter().collect::<String>())
        // More digits than a number has are text.
        .map(|run| run.parse().map_or(Part::Text(run), Part::Number))
        .collect()
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Number(u64),
    Text(String),
}
