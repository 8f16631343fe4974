//! The columns that a table can have. Another one is another entry of [`COLUMNS`], and nothing else.

use paceline_protocol::MemoryKind;
use paceline_stats::Series;
use paceline_stats::ideal::Breakdown;
use paceline_stats::latency::Latency;
use paceline_stats::summary::{LanesSeen, RowSummary};

use crate::ReportError;
use crate::cell::{mib, milliseconds, name, state_and_reasons, word};
use crate::grid::Head;

/// All columns, in the order in which they stand. The row's name comes before them in every table.
pub const COLUMNS: &[Column] = &[
    Column::new("time", "usual", ["Mean time", "(sec)"], "mean of the counted rounds", time)
        .wanted(0),
    Column::new("interval", "usual", ["95 %", ""], "how far the mean may be off", interval)
        .wanted(2),
    Column::new("ideal", "usual", ["vs ideal", ""], "the mean over list scheduling's", vs_ideal)
        .wanted(4),
    Column::new("memory", "usual", ["Memory", "(MiB)"], "peak of the process tree", memory)
        .wanted(1),
    Column::new(
        "flight",
        "usual",
        ["In flight", "asked -> seen"],
        "most items at once, asked and seen",
        in_flight,
    )
    .wanted(3),
    Column::new("median", "spread", ["Median", "(sec)"], "median of the counted rounds", |row| {
        seconds(row.seconds.as_ref().map(Series::median))
    })
    .wanted(5),
    Column::new("min", "spread", ["Least", "(sec)"], "the shortest counted round", |row| {
        seconds(row.seconds.as_ref().map(Series::min))
    })
    .wanted(6),
    Column::new("max", "spread", ["Most", "(sec)"], "the longest counted round", |row| {
        seconds(row.seconds.as_ref().map(Series::max))
    })
    .wanted(7),
    Column::new("cv", "spread", ["CV", "(%)"], "coefficient of variation", |row| {
        let cv = row.seconds.as_ref().and_then(Series::coefficient_of_variation);
        or_dash(cv.map(|cv| format!("{:.1}", cv * 100.0)))
    }),
    Column::new("bound", "parts", ["Bound", "(sec)"], "no schedule is shorter", |row| {
        part(row, |parts| parts.lower_bound_s)
    }),
    Column::new("imbalance", "parts", ["Imbalance", "(sec)"], "lanes out of work early", |row| {
        part(row, |parts| parts.imbalance_s)
    }),
    Column::new("startup", "parts", ["Startup", "(sec)"], "bringing the lanes up", |row| {
        part(row, |parts| parts.startup_s)
    }),
    Column::new("dispatch", "parts", ["Dispatch", "(sec)"], "the rest of the run", |row| {
        part(row, |parts| parts.dispatch_s)
    }),
    Column::new("shutdown", "parts", ["Shutdown", "(sec)"], "ending the lanes", |row| {
        part(row, |parts| parts.shutdown_s)
    }),
    Column::new("lanes", "concurrency", ["Lanes", "started"], "lanes that came up", |row| {
        lanes(row, |lanes| lanes.started.to_string())
    }),
    Column::new(
        "busy",
        "concurrency",
        ["In flight,", "mean"],
        "items in flight in the mean",
        |row| lanes(row, |lanes| format!("{:.1}", lanes.mean)),
    ),
    Column::new("executor", "case", ["Executor", ""], "the executor's id", |row| {
        name(&row.row.case.executor)
    }),
    Column::new("workload", "case", ["Workload", ""], "the workload's name", |row| {
        name(&row.row.case.spec.workload)
    }),
    Column::new("batch", "case", ["Batch", ""], "items per task", |row| {
        row.row.case.batch.to_string()
    }),
    Column::new("p50", "latency", ["p50", "(ms)"], "half of the items took no longer", |row| {
        latency(row, |latency| latency.p50_s)
    }),
    Column::new("p90", "latency", ["p90", "(ms)"], "90 % of the items took no longer", |row| {
        latency(row, |latency| latency.p90_s)
    }),
    Column::new("p99", "latency", ["p99", "(ms)"], "99 % of the items took no longer", |row| {
        latency(row, |latency| latency.p99_s)
    }),
    Column::new("p99.9", "latency", ["p99.9", "(ms)"], "99.9 % took no longer", |row| {
        latency(row, |latency| latency.p999_s)
    }),
    Column::new("slowest", "latency", ["Slowest", "(ms)"], "no item took longer", |row| {
        latency(row, |latency| latency.max_s)
    }),
    Column::new("rounds", "quality", ["Rounds", ""], "counted rounds in the mean", |row| {
        row.rounds.len().to_string()
    }),
    Column::new("disturbed", "quality", ["Disturbed", ""], "samples disturbed", |row| {
        row.noise.disturbed.to_string()
    }),
    Column::new("state", "quality", ["State", ""], "valid, or why there is no result", |row| {
        state_and_reasons(&row.state).0.replace('_', " ")
    }),
];

/// One column of a table.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// What it is called on the command line.
    pub name: &'static str,
    /// The name under which it is asked for together with others.
    pub group: &'static str,
    /// What it holds, in a few words.
    pub about: &'static str,
    /// How much it is wanted when nobody asks for columns: those of the highest number are the first to
    /// go, and the last to come. `None`: only when it is asked for.
    pub wanted: Option<u8>,
    /// Its header, on two lines.
    title: [&'static str; 2],
    cell: fn(&RowSummary) -> String,
}

impl Column {
    const fn new(
        name: &'static str,
        group: &'static str,
        title: [&'static str; 2],
        about: &'static str,
        cell: fn(&RowSummary) -> String,
    ) -> Self {
        Self { name, group, about, wanted: None, title, cell }
    }

    const fn wanted(mut self, rank: u8) -> Self {
        self.wanted = Some(rank);
        self
    }

    /// Whether it is shown where there is room for everything and nobody asks.
    #[must_use]
    pub fn is_usual(&self) -> bool {
        self.group == "usual"
    }

    /// The head over it, which stays.
    pub(crate) fn head(&self) -> Head {
        Head::new(self.title)
    }

    /// What stands in it for a row: on one line, and a dash where nothing is known.
    #[must_use]
    pub fn cell(&self, row: &RowSummary) -> String {
        (self.cell)(row)
    }
}

impl PartialEq for Column {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// Which columns a table has.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Selection {
    /// Columns that are there however narrow the table must be.
    pub(crate) asked: Vec<&'static Column>,
    /// Columns that are not there.
    pub(crate) unwanted: Vec<&'static Column>,
    /// Whether the usual columns are there too, as far as there is room.
    pub(crate) only_asked: bool,
}

impl Selection {
    /// Reads names or groups of columns separated by commas: either the columns themselves
    /// (`time,memory`), or changes to the usual ones (`+spread,-ideal`).
    ///
    /// # Errors
    ///
    /// When there is no such column, or changes are mixed with plain names.
    pub fn parse(text: &str) -> Result<Self, ReportError> {
        let mut selection = Self::default();
        let mut plain = 0;
        let entries: Vec<&str> = text.split(',').map(str::trim).filter(|e| !e.is_empty()).collect();
        for entry in &entries {
            let found = find(entry.trim_start_matches(['+', '-']))?;
            match entry.starts_with('-') {
                true => selection.unwanted.extend(found),
                false => selection.asked.extend(found),
            }
            plain += usize::from(!entry.starts_with(['+', '-']));
        }
        if plain != 0 && plain != entries.len() {
            return Err(ReportError::MixedColumns { text: text.to_owned() });
        }
        selection.only_asked = plain != 0;
        Ok(selection)
    }
}

/// The columns of a name or a group. The row's name is in every table, so asking for it adds nothing.
fn find(wanted: &str) -> Result<Vec<&'static Column>, ReportError> {
    let is_meant = |column: &&Column| column.name == wanted || column.group == wanted;
    let found: Vec<&'static Column> = COLUMNS.iter().filter(is_meant).collect();
    match found.is_empty() && wanted != "name" {
        true => Err(ReportError::UnknownColumn { name: wanted.to_owned(), known: column_list() }),
        false => Ok(found),
    }
}

/// All columns with their groups, a group a line, for people who ask what there is.
#[must_use]
pub fn column_list() -> String {
    let mut groups: Vec<&str> = COLUMNS.iter().map(|column| column.group).collect();
    groups.dedup();
    let line = |group: &&str| {
        let of_group = COLUMNS.iter().filter(|column| column.group == *group);
        let names: Vec<&str> = of_group.map(|column| column.name).collect();
        format!("  {group:12} {}\n", names.join(", "))
    };
    groups.iter().map(line).collect()
}

/// What is in the columns besides the usual ones, in words, for below a table that shows them.
pub(crate) fn explained(columns: &[&Column]) -> String {
    let unusual = columns.iter().filter(|column| !column.is_usual());
    let words: Vec<String> = unusual
        .map(|column| format!("{}: {}", column.head().on_one_line(), column.about))
        .collect();
    if words.is_empty() { String::new() } else { words.join("; ") + "." }
}

fn or_dash(text: Option<String>) -> String {
    text.unwrap_or_else(|| "-".to_owned())
}

fn seconds(value: Option<f64>) -> String {
    or_dash(value.map(|value| format!("{value:.4}")))
}

fn latency(row: &RowSummary, part: fn(&Latency) -> f64) -> String {
    or_dash(row.latency.as_ref().map(|latency| milliseconds(part(latency))))
}

fn part(row: &RowSummary, part: fn(&Breakdown) -> f64) -> String {
    seconds(row.breakdown.as_ref().map(part))
}

fn lanes(row: &RowSummary, part: fn(&LanesSeen) -> String) -> String {
    or_dash(row.lanes.as_ref().map(part))
}

pub(crate) fn time(row: &RowSummary) -> String {
    let mean = row.seconds.as_ref().map(|seconds| format!("{:.4}", seconds.mean()));
    mean.unwrap_or_else(|| word(&row.state).to_owned())
}

/// The distance from the mean to the farther end of its interval, as a share of the mean.
pub(crate) fn interval(row: &RowSummary) -> String {
    let (Some(seconds), Some(interval)) = (&row.seconds, row.interval) else {
        return "-".to_owned();
    };
    let mean = seconds.mean();
    plus_minus((interval.high - mean).max(mean - interval.low), mean)
}

/// Half the width of an interval, as a share of the mean.
fn plus_minus(half_width: f64, mean: f64) -> String {
    match mean > 0.0 {
        true => format!("+-{:.1} %", half_width / mean * 100.0),
        false => "-".to_owned(),
    }
}

pub(crate) fn vs_ideal(row: &RowSummary) -> String {
    or_dash(row.breakdown.map(|breakdown| format!("{:.3}", breakdown.vs_ideal)))
}

pub(crate) fn memory(row: &RowSummary) -> String {
    let Some(memory) = &row.memory else { return "-".to_owned() };
    let mib = mib(memory.peak_bytes);
    let spread = memory
        .half_width_bytes()
        .map_or_else(String::new, |bytes| format!(" {}", plus_minus(bytes, memory.peaks.mean())));
    match memory.kind {
        MemoryKind::Pss => format!("{mib:.1}{spread}"),
        MemoryKind::Rss => format!("{mib:.1}{spread} (RSS)"),
    }
}

pub(crate) fn in_flight(row: &RowSummary) -> String {
    lanes(row, |lanes| format!("{} -> {}", lanes.asked, lanes.seen))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_name_stands_for_two_columns_and_none_is_a_group_s() {
        let names: HashSet<&str> = COLUMNS.iter().map(|column| column.name).collect();
        assert_eq!(names.len(), COLUMNS.len());
        assert!(COLUMNS.iter().all(|column| !names.contains(column.group)));
        let ranks: HashSet<u8> = COLUMNS.iter().filter_map(|column| column.wanted).collect();
        let wanted = COLUMNS.iter().filter(|column| column.wanted.is_some()).count();
        assert_eq!(ranks, (0..wanted as u8).collect());
        assert!(COLUMNS.iter().all(|column| !column.is_usual() || column.wanted.is_some()));
    }

    #[test]
    fn every_column_and_group_can_be_asked_for_added_and_taken_away() {
        for column in COLUMNS {
            for asked in [column.name, column.group] {
                let plain = Selection::parse(asked).expect("it is known");
                assert!(plain.only_asked && plain.asked.contains(&column), "{asked}");
                let more = Selection::parse(&format!("+{asked}")).expect("it is known");
                assert!(!more.only_asked && more.asked.contains(&column), "{asked}");
                let less = Selection::parse(&format!("-{asked}")).expect("it is known");
                assert!(!less.only_asked && less.unwanted.contains(&column), "{asked}");
            }
            assert!(column_list().contains(column.name));
        }
    }

    #[test]
    fn what_is_no_column_is_refused_with_those_that_are() {
        let refused = Selection::parse("time,speed").expect_err("there is no speed").to_string();
        assert!(refused.contains("`speed`") && refused.contains("median"), "{refused}");
        let refused = Selection::parse("time,+spread").expect_err("mixed").to_string();
        assert!(refused.contains("`time,+spread`"), "{refused}");
        let names_alone = Selection { only_asked: true, ..Selection::default() };
        assert_eq!(Selection::parse("name").expect("it is in every table"), names_alone);
        assert_eq!(Selection::parse("").expect("nothing is asked"), Selection::default());
    }
}
