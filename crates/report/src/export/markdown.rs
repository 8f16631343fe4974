//! Tables for pull requests and pages: GitHub Flavored Markdown.
//!
//! Source: <https://github.github.com/gfm/>, section 4.10, tables: a pipe in a cell is escaped, and any
//! punctuation may be.

use paceline_stats::compare::{Quantity, RowComparison};
use paceline_stats::{Run, RunComparison, Verdict, summary::RowSummary};

use crate::cell;
use crate::columns;
use crate::comparison::{NO_ROWS, cells as cells_of, how_compared};
use crate::layout::prose;
use crate::notes::{how_measured, notes};
use crate::open_loop;

/// The run as a table, and below it, folded, how it was measured and what is missing.
#[must_use]
pub fn markdown(run: &Run) -> String {
    let header = [
        "Benchmark",
        "Mean time (s)",
        "95 %",
        "vs ideal",
        "Memory (MiB)",
        "In flight asked → seen",
    ];
    let rows = run.rows().iter().map(cells);
    let how = how_measured(run, |_| true);
    let how: String = how.iter().map(|text| prose(text, None) + "\n").collect();
    let below = how + &notes(run);
    let title = text(&run.header().plan.matrix.title);
    let (grid, open_loop) = (grid(header, rows), on_schedule(run));
    format!("### {title}\n\n{grid}\n{open_loop}{}", folded("How this was measured", &below))
}

/// The comparison as a table. What makes it doubtful comes first.
#[must_use]
pub fn comparison_markdown(comparison: &RunComparison) -> String {
    let careful: String = comparison
        .caveats
        .iter()
        .map(|caveat| format!("> **Careful:** {}.\n>\n", text(caveat)))
        .collect();
    let careful = if careful.is_empty() { careful } else { careful + "\n" };
    let header = [
        "Benchmark",
        "Time ratio",
        "95 % interval",
        "Verdict",
        "Memory ratio",
        "Memory 95 %",
        "Memory verdict",
    ];
    let sides = &comparison.sides;
    let how = prose(&how_compared(comparison), None);
    let table = match comparison.rows.is_empty() {
        true => format!("{NO_ROWS}\n"),
        false => grid(header, comparison.rows.iter().map(compared_cells)),
    };
    format!(
        "### {} against {}\n\n{careful}{table}\n{}",
        text(&sides.head),
        text(&sides.base),
        folded("How this was compared", &format!("{how}\n{}", unmatched(comparison)))
    )
}

/// The rates and latencies of a run in open loop; empty for any other.
fn on_schedule(run: &Run) -> String {
    let records = open_loop::records(run);
    match records.is_empty() {
        true => String::new(),
        false => {
            let rows = records.into_iter().map(|record| record.map(|cell| text(&cell)));
            format!("{}\n", grid(open_loop::titles().each_ref().map(String::as_str), rows))
        }
    }
}

fn cells(row: &RowSummary) -> [String; 6] {
    let mut time = columns::time(row);
    if row.seconds.is_none() && time != "-" {
        time = format!("**{time}**");
    }
    [
        text(&row.row.name),
        time,
        columns::interval(row).replace("+-", "±"),
        columns::vs_ideal(row),
        columns::memory(row).replace("+-", "±"),
        columns::in_flight(row).replace("->", "→"),
    ]
}

fn compared_cells(row: &RowComparison) -> [String; 7] {
    let cells = |quantity| {
        let [ratio, interval, verdict] = cells_of(row, quantity);
        // What somebody has to look at.
        let stands_out = row.of(quantity).is_none_or(|judged| {
            judged.comparison.reaches_its_level()
                && matches!(judged.verdict, Verdict::Faster | Verdict::Slower)
        });
        let verdict = if stands_out && verdict != "-" { format!("**{verdict}**") } else { verdict };
        [ratio, interval, verdict]
    };
    let [time, time_interval, verdict] = cells(Quantity::Time);
    let [memory, memory_interval, of_memory] = cells(Quantity::Memory);
    [text(&row.name), time, time_interval, verdict, memory, memory_interval, of_memory]
}

/// Rows that only one side has.
fn unmatched(comparison: &RunComparison) -> String {
    let named = |names: &[String], side: &str| -> String {
        let rows: String = names.iter().map(|name| format!("  {}\n", cell::name(name))).collect();
        if rows.is_empty() { rows } else { format!("\nOnly in {}:\n{rows}", cell::name(side)) }
    };
    named(&comparison.only_base, &comparison.sides.base)
        + &named(&comparison.only_head, &comparison.sides.head)
}

/// A table whose first column is text and whose others are numbers.
fn grid<const N: usize>(header: [&str; N], rows: impl Iterator<Item = [String; N]>) -> String {
    let ruler = [":---"].into_iter().chain(std::iter::repeat_n("---:", N - 1)).collect::<Vec<_>>();
    let mut text = format!("| {} |\n| {} |\n", header.join(" | "), ruler.join(" | "));
    for row in rows {
        text += &format!("| {} |\n", row.join(" | "));
    }
    text
}

/// Text as it is, below a line that opens it.
fn folded(title: &str, text: &str) -> String {
    // A fence ends at a run of as many backticks as began it.
    let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let text = text.trim_end();
    format!("<details><summary>{title}</summary>\n\n{fence}text\n{text}\n{fence}\n\n</details>\n")
}

/// A text on one line, with everything escaped that would be read as markup.
fn text(text: &str) -> String {
    let is_markup = |character: char| r"\`*_[]<>#|~&$".contains(character);
    let mut escaped = String::new();
    for character in cell::name(text).chars() {
        if is_markup(character) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}
